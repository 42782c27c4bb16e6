"""Addresses in mails and behind the codes on slips. What a token opens is derived each time, in no table or log."""

from flask import current_app

from hub.config import Settings
from hub.webkit import tokens

PATHS = {"mail": "a", "slip": "a", "reach": "r", "invitation": "i"}
"""The page that opens a token, by its purpose."""


def address(purpose: str, id: int, nonce: str) -> str:
    """Where the link of this row leads. The newest key signs it."""
    return f"{_settings().base_url}/{PATHS[purpose]}/{tokens.derive(_keys(), purpose, id, nonce)}"


def page(path: str) -> str:
    """Address of a page for who signs in, as a mail names it."""
    return f"{_settings().base_url}{path}"


def is_genuine(token: str, purpose: str, id: int, nonce: str) -> bool:
    """True when this hub made `token` for this row, with any of its keys."""
    return tokens.is_genuine(token, _keys(), purpose, id, nonce)


def macs(purpose: str, id: int, nonce: str) -> list[bytes]:
    """What each key makes of this row, the newest first: the ground of codes that people type."""
    return [tokens.mac(key, purpose, id, nonce) for key in _keys()]


def _keys() -> tuple[str, ...]:
    return tuple(key.get_secret_value() for key in _settings().link_keys)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
