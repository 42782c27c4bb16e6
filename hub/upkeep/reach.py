"""Reach checks: are you still the PIC?"""

from datetime import datetime


def ask_due(now: datetime) -> int:
    """Ask every PIC whose turn it is at `now`. Returns how many were asked."""
    return 0
