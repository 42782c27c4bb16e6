"""A year as twelve small months, as a wall calendar shows it. Pure."""

from calendar import Calendar as Weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DayLook(StrEnum):
    """How a day is shown. A named day off at a weekend counts once: it is shown as what it is called."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    JOINT_LEAVE = "joint_leave"
    REGIONAL = "regional"


@dataclass(frozen=True)
class Named:
    """What is known of a day off: `names` of all that falls on it."""

    look: DayLook
    names: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    day: date
    look: DayLook
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Month:
    """`weeks`: seven places each from Monday on, None where the day belongs to another month."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]


def months(year: int, named: Mapping[date, Named]) -> list[Month]:
    """The twelve months of a year with every day in its place."""
    return [Month(date(year, number, 1), _weeks(year, number, named)) for number in range(1, 13)]


def working_days(year: list[Month]) -> int:
    """How many days of these months count."""
    return sum(
        cell is not None and cell.look is DayLook.WORKING for month in year for week in month.weeks for cell in week
    )


def _weeks(year: int, month: int, named: Mapping[date, Named]) -> tuple[tuple[Cell | None, ...], ...]:
    return tuple(
        tuple(_cell(day, named) if day.month == month else None for day in week)
        for week in Weeks().monthdatescalendar(year, month)
    )


def _cell(day: date, named: Mapping[date, Named]) -> Cell:
    if known := named.get(day):
        return Cell(day, known.look, known.names)
    return Cell(day, DayLook.WEEKEND if day.weekday() in (5, 6) else DayLook.WORKING)
