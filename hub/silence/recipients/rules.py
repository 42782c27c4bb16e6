"""How an institution usually responds, fairly counted: who still waits is counted as waiting, not left out. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

FEWEST = 5
"""Letters below which a median says nothing about an institution: then only the counts are shown."""


@dataclass(frozen=True)
class Wait:
    """How long one letter waited for something: working days until it came, or so far."""

    days: int
    came: bool


@dataclass(frozen=True)
class Figure:
    """`median` and `ninety`: working days within which half, and nine of ten, had come. None where that is not known:

    too few letters (`is_told` is False), or so many still wait that the share was not reached.
    """

    letters: int
    came: int
    median: int | None
    ninety: int | None

    @property
    def is_told(self) -> bool:
        return self.letters >= FEWEST


def figure(waits: Collection[Wait]) -> Figure:
    """Counts, and from FEWEST letters on median and ninth decile."""
    is_told = len(waits) >= FEWEST
    return Figure(
        letters=len(waits),
        came=sum(one.came for one in waits),
        median=within(waits, 0.5) if is_told else None,
        ninety=within(waits, 0.9) if is_told else None,
    )


def within(waits: Collection[Wait], share: float) -> int | None:
    """Working days within which `share` had come, by Kaplan and Meier; None when that was not reached.

    A letter that still waits counts as long as it has waited; afterwards nobody knows.
    """
    waiting = 1.0
    for day in sorted({one.days for one in waits if one.came}):
        still_there = sum(one.days >= day for one in waits)
        came = sum(one.came and one.days == day for one in waits)
        waiting *= 1 - came / still_there
        if waiting <= 1 - share + 1e-9:  # 1 - 0.9 is a little more than 0.1
            return day
    return None
