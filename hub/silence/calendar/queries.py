"""What the page of the calendar shows, and what a change would do to open due dates."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from hub.forwardings import recounting
from hub.silence.calendar.rules import DayLook, Named
from hub.workdays import queries as workdays
from hub.workdays.models import DayOff
from hub.workdays.queries import Calendars
from hub.workdays.rules import DayKind, NamedDay


@dataclass(frozen=True)
class Preview:
    """Open due dates that a change would move: how many from which date to which, and of how many offices."""

    moved: int
    offices: int
    shifts: list[tuple[date, date, int]]


def named(year: int, region_code: str | None) -> dict[date, Named]:
    """Days off of a year at a place, as the picture of the year shows them."""
    found: dict[date, list[DayOff]] = {}
    for one in workdays.days_off(year, region_code):
        found.setdefault(one.day, []).append(one)
    return {day: Named(_look(ones), tuple(_name(one) for one in ones)) for day, ones in found.items()}


def preview(added: Sequence[NamedDay], without: Collection[int]) -> Preview:
    """What would move. Writes nothing."""
    moves = recounting.moves(Calendars(without, added))
    shifts = Counter((move.deadline.due_on, move.due_on) for move in moves)
    offices = {move.deadline.forwarding.recipient_id for move in moves}
    return Preview(len(moves), len(offices), [(old, new, count) for (old, new), count in sorted(shifts.items())])


def _look(ones: list[DayOff]) -> DayLook:
    if all(one.region_code for one in ones):
        return DayLook.REGIONAL
    return DayLook.HOLIDAY if any(one.kind is DayKind.HOLIDAY for one in ones) else DayLook.JOINT_LEAVE


def _name(one: DayOff) -> str:
    return f"{one.name} (perkiraan)" if one.is_estimated else one.name
