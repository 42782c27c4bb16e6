"""Keeping the routing rules."""


def seed() -> None:
    """The rules a new hub starts with, where there are none."""
