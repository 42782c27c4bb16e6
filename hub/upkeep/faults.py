"""Contacts that died: what came back marks the address it was sent to."""


def notice() -> int:
    """Mark the address of every mail and letter that came back since the last time. Returns how many."""
    return 0
