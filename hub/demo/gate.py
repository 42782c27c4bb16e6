"""Demonstration parts work only where `HUB_DEMO` is on."""

from flask import current_app, has_app_context

from hub import config


class DemoOff(RuntimeError):
    """A demonstration part was used in a hub that works for real."""


def is_demo() -> bool:
    """As the application around us was made; without one, as the environment says."""
    settings: config.Settings = current_app.extensions["settings"] if has_app_context() else config.load()
    return settings.demo


def require_demo() -> None:
    """Raise DemoOff unless this is a demonstration."""
    if not is_demo():
        raise DemoOff("This is a part of the demonstration and works only with HUB_DEMO=1.")
