"""How limits are counted through Lebaran weeks, weekends and year ends."""

from datetime import date

import pytest

from hub.workdays import decree
from hub.workdays.rules import (
    Calendar,
    DayKind,
    Skipped,
    Unit,
    add_working_days,
    count,
    is_working_day,
    working_days_between,
)

FRIDAY_BEFORE_LEBARAN = date(2026, 3, 13)
WEEK_BEFORE_LEBARAN_2025 = date(2025, 3, 26)
MONDAY_BEFORE_CHRISTMAS = date(2026, 12, 21)


def decreed(*kinds: DayKind) -> Calendar:
    days = [day for year in decree.YEARS for day in decree.days_off(year) if day.kind in kinds]
    return Calendar(1, {day.day: day.name for day in days})


WITH_JOINT_LEAVE = decreed(DayKind.HOLIDAY, DayKind.JOINT_LEAVE)
WITHOUT_JOINT_LEAVE = decreed(DayKind.HOLIDAY)


@pytest.mark.parametrize(
    ("start", "amount", "with_joint_leave", "without"),
    [
        (FRIDAY_BEFORE_LEBARAN, 3, date(2026, 3, 25), date(2026, 3, 18)),
        (FRIDAY_BEFORE_LEBARAN, 5, date(2026, 3, 27), date(2026, 3, 23)),
        (FRIDAY_BEFORE_LEBARAN, 14, date(2026, 4, 10), date(2026, 4, 6)),
        (FRIDAY_BEFORE_LEBARAN, 60, date(2026, 6, 24), date(2026, 6, 15)),
        (WEEK_BEFORE_LEBARAN_2025, 3, date(2025, 4, 9), date(2025, 4, 2)),
        (WEEK_BEFORE_LEBARAN_2025, 14, date(2025, 4, 25), date(2025, 4, 17)),
        (WEEK_BEFORE_LEBARAN_2025, 60, date(2025, 7, 10), date(2025, 6, 30)),
        (MONDAY_BEFORE_CHRISTMAS, 3, date(2026, 12, 28), date(2026, 12, 24)),
        (MONDAY_BEFORE_CHRISTMAS, 14, date(2027, 1, 14), date(2027, 1, 13)),
    ],
)
def test_joint_leave_moves_the_due_date(start: date, amount: int, with_joint_leave: date, without: date) -> None:
    assert add_working_days(start, amount, WITH_JOINT_LEAVE) == with_joint_leave
    assert add_working_days(start, amount, WITHOUT_JOINT_LEAVE) == without


def test_each_skipped_day_says_why() -> None:
    counted = count(FRIDAY_BEFORE_LEBARAN, 3, Unit.WORKING_DAYS, WITH_JOINT_LEAVE)
    assert counted.skipped[:4] == (
        Skipped(date(2026, 3, 14), "Sabtu"),
        Skipped(date(2026, 3, 15), "Minggu"),
        Skipped(date(2026, 3, 18), "Cuti Bersama Hari Suci Nyepi"),
        Skipped(date(2026, 3, 19), "Hari Suci Nyepi"),
    )
    assert Skipped(date(2026, 3, 21), "Sabtu, Hari Raya Idul Fitri") in counted.skipped


def test_counted_and_skipped_days_together_fill_the_whole_span() -> None:
    counted = count(FRIDAY_BEFORE_LEBARAN, 60, Unit.WORKING_DAYS, WITH_JOINT_LEAVE)
    assert (counted.due - counted.start).days == 60 + len(counted.skipped)


def test_a_limit_never_ends_on_a_day_off() -> None:
    for amount in range(1, 120):
        assert is_working_day(add_working_days(FRIDAY_BEFORE_LEBARAN, amount, WITH_JOINT_LEAVE), WITH_JOINT_LEAVE)


def test_calendar_days_run_through_weekends_and_holidays() -> None:
    counted = count(FRIDAY_BEFORE_LEBARAN, 14, Unit.CALENDAR_DAYS, WITH_JOINT_LEAVE)
    assert (counted.due, counted.skipped) == (date(2026, 3, 27), ())


@pytest.mark.parametrize(("hours", "due"), [(0, 13), (4, 14), (24, 14), (25, 15)])
def test_hours_are_due_on_the_day_that_holds_the_last_of_them(hours: int, due: int) -> None:
    assert count(FRIDAY_BEFORE_LEBARAN, hours, Unit.HOURS, WITH_JOINT_LEAVE).due == date(2026, 3, due)


def test_a_mail_of_saturday_counts_from_monday() -> None:
    plain = Calendar(1, {})
    assert add_working_days(date(2026, 7, 4), 1, plain) == date(2026, 7, 6)


def test_days_between_are_those_that_were_added() -> None:
    for amount in (0, 1, 14, 60):
        due = add_working_days(FRIDAY_BEFORE_LEBARAN, amount, WITH_JOINT_LEAVE)
        assert working_days_between(FRIDAY_BEFORE_LEBARAN, due, WITH_JOINT_LEAVE) == amount
        assert working_days_between(due, FRIDAY_BEFORE_LEBARAN, WITH_JOINT_LEAVE) == -amount


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        count(FRIDAY_BEFORE_LEBARAN, -1, Unit.WORKING_DAYS, WITH_JOINT_LEAVE)
