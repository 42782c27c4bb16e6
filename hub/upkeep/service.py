"""What the worker does for the directory in each round."""

from datetime import datetime

from hub.upkeep import address_changes, faults, rounds


def keep_up(now: datetime) -> dict[str, int]:
    """Notice contacts that died, tell owners of replaced addresses, ask who is still the PIC. How many of each."""
    return {"faults": faults.notice(), "told": address_changes.tell(), "asked": rounds.ask_due(now)}
