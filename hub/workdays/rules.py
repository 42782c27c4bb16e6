"""Counting days: which days are skipped, why, and when a limit ends. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain
from itertools import count as _numbers
from math import ceil

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
OFFICE_OPENS, OFFICE_CLOSES = time(8), time(16)
_WEEKEND = (5, 6)


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    JOINT_LEAVE = "joint_leave"


@dataclass(frozen=True)
class NamedDay:
    """A day that is no working day: nationwide, or in a region ("35": that province, "35.13": that regency).

    `is_estimated` while it waits for the moon to be sighted.
    """

    day: date
    name: str
    kind: DayKind = DayKind.HOLIDAY
    region_code: str | None = None
    is_estimated: bool = False


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    HOURS = "hours"


UNIT_WORDS = {Unit.WORKING_DAYS: "hari kerja", Unit.CALENDAR_DAYS: "hari kalender", Unit.HOURS: "jam"}
"""In Indonesian, as letters write them; pages use the labels."""


class Verification(StrEnum):
    """How far the legal basis of a clock was checked: read at its source, second-hand, not at all, or a house rule."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"
    OWN = "own"


@dataclass(frozen=True)
class Calendar:
    """The named days off that hold at one place, in one version of the calendar. Weekends need no name."""

    version: int
    days_off: Mapping[date, str]


@dataclass(frozen=True)
class Skipped:
    """A day that did not count, and why (in Indonesian, as letters and pages quote it)."""

    day: date
    reason: str


@dataclass(frozen=True)
class Pause:
    """Days on which a limit stood still, the first and the last among them. `until` is None while it still does."""

    since: date
    until: date | None = None

    def length(self, unit: Unit, calendar: Calendar) -> int:
        """By how many units the limit ends later for it; 0 while nobody knows."""
        if self.until is None or self.until < self.since:
            return 0
        if unit is Unit.WORKING_DAYS:
            return working_days_between(self.since - timedelta(days=1), self.until, calendar)
        days = (self.until - self.since).days + 1
        return days if unit is Unit.CALENDAR_DAYS else days * 24


@dataclass(frozen=True)
class Paused:
    """A pause that is over, and the units that it added."""

    pause: Pause
    amount: int
    unit: Unit


@dataclass(frozen=True)
class DueDate:
    """The last day of a limit, with everything needed to explain it. What `paused` added is not in `amount`."""

    start: date
    due: date
    amount: int
    unit: Unit
    skipped: tuple[Skipped, ...]
    calendar_version: int
    paused: tuple[Paused, ...] = ()


def reason_off(day: date, calendar: Calendar) -> str:
    """Why `day` is no working day: "Sabtu", the name of the holiday, or both. Empty for a working day."""
    weekend = WEEKDAYS[day.weekday()] if day.weekday() in _WEEKEND else ""
    return ", ".join(filter(None, (weekend, calendar.days_off.get(day))))


def is_working_day(day: date, calendar: Calendar) -> bool:
    return not reason_off(day, calendar)


def first_working_day(day: date, calendar: Calendar) -> date:
    """`day` itself, or the first working day after it."""
    return next(one for one in chain([day], _days_after(day)) if is_working_day(one, calendar))


def count(start: date, amount: int, unit: Unit, calendar: Calendar, pauses: Iterable[Pause] = ()) -> DueDate:
    """The last day of a limit of `amount` units; the day after `start` is the first that counts.

    Calendar days count as they come. Hours end on the day that holds the last of them: 4 hours are due the next day.
    Each of `pauses` began while the limit ran, and puts its end off by as many units as it lasted.
    """
    if amount < 0:
        raise ValueError(f"a limit cannot be negative: {amount}")
    if unit is Unit.WORKING_DAYS:
        due, skipped = _count_working_days(start, amount, calendar)
    else:
        due, skipped = start + timedelta(days=amount if unit is Unit.CALENDAR_DAYS else ceil(amount / 24)), ()
    counted = DueDate(start, due, amount, unit, skipped, calendar.version)
    for pause in pauses:
        counted = _put_off(counted, pause, calendar)
    return counted


def _put_off(counted: DueDate, pause: Pause, calendar: Calendar) -> DueDate:
    if not (amount := pause.length(counted.unit, calendar)):
        return counted
    more = count(counted.due, amount, counted.unit, calendar)
    paused = (*counted.paused, Paused(pause, amount, counted.unit))
    return replace(counted, due=more.due, skipped=(*counted.skipped, *more.skipped), paused=paused)


def is_office_hour(local_moment: datetime, calendar: Calendar) -> bool:
    """True when a mail that asks for something may arrive: a working day, 8 to 16 on the recipient's clocks."""
    return is_working_day(local_moment.date(), calendar) and OFFICE_OPENS <= local_moment.time() < OFFICE_CLOSES


def add_working_days(start: date, amount: int, calendar: Calendar) -> date:
    """The `amount`-th working day after `start`; `start` itself for 0."""
    return count(start, amount, Unit.WORKING_DAYS, calendar).due


def working_days_between(earlier: date, later: date, calendar: Calendar) -> int:
    """Working days after `earlier` up to and including `later`; negative when `later` comes first."""
    if later < earlier:
        return -working_days_between(later, earlier, calendar)
    days = (earlier + timedelta(days=n) for n in range(1, (later - earlier).days + 1))
    return sum(is_working_day(day, calendar) for day in days)


def _count_working_days(start: date, amount: int, calendar: Calendar) -> tuple[date, tuple[Skipped, ...]]:
    due, skipped = start, []
    days = _days_after(start)
    while amount:
        due = next(days)
        if reason := reason_off(due, calendar):
            skipped.append(Skipped(due, reason))
        else:
            amount -= 1
    return due, tuple(skipped)


def _days_after(start: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in _numbers(1))
