"""What the worker does for the directory in each round."""

from datetime import datetime

from hub.upkeep import address_changes, faults, handover, rounds


def keep_up(now: datetime) -> dict[str, int]:
    """Notice dead contacts, tell owners of replaced addresses, look after ended terms, ask who is still the PIC.

    How many of each.
    """
    return {
        "faults": faults.notice(),
        "told": address_changes.tell(),
        "ended": handover.catch_up(now),
        "asked": rounds.ask_due(now),
    }
