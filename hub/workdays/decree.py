"""Days off as decreed each year (SKB of three ministers), read from the `holidays` library. Seeds the calendar."""

from dataclasses import dataclass
from datetime import date

from holidays import country_holidays

from hub.workdays.rules import DayKind

YEARS = range(2023, 2029)
"""Joint leave for 2028 was not decreed yet: due dates that reach into it are provisional."""

_CATEGORIES = {DayKind.HOLIDAY: "public", DayKind.JOINT_LEAVE: "government"}
_ESTIMATED = " (perkiraan)"


@dataclass(frozen=True)
class DecreedDay:
    """A nationwide day off. `is_estimated` while it waits for the moon to be sighted."""

    day: date
    name: str
    kind: DayKind
    is_estimated: bool


def days_off(year: int) -> list[DecreedDay]:
    """Holidays and joint leave of `year`, in order of date. Empty for years that nobody has decreed."""
    found = [
        DecreedDay(day, name.replace(_ESTIMATED, ""), kind, _ESTIMATED in name)
        for kind, category in _CATEGORIES.items()
        for day, name in country_holidays("ID", years=year, categories=(category,), language="id").items()
    ]
    return sorted(found, key=lambda one: (one.day, one.kind))
