"""Telling whoever read an address that it was replaced."""


def tell() -> int:
    """Queue a mail to the old address and the office mailbox for each change not yet told. Returns how many changes."""
    return 0
