"""The calendar and the clocks as the database holds them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from holidays import country_holidays
from sqlalchemy import func, select

from hub import clock
from hub.audit.rules import SYSTEM
from hub.extensions import db
from hub.workdays import queries, service
from hub.workdays.limits import CLOCKS
from hub.workdays.models import CalendarVersion, Clock, DayOff
from hub.workdays.rules import DayKind, NamedDay, Unit, Verification, add_working_days, count, is_working_day

Counting = Callable[[], AbstractContextManager[list[str]]]

NYEPI = date(2026, 3, 19)
COUNTED = (1, 3, 5, 14, 60)
"""Working days of the limits, and the next working day."""
ORDINARY_FRIDAY = date(2026, 7, 10)


def add_regional_holiday(region_code: str) -> None:
    day_off = DayOff(day=ORDINARY_FRIDAY, name="Hari jadi", kind=DayKind.HOLIDAY, region_code=region_code, added_in=1)
    db.session.add(day_off)
    db.session.flush()


def test_next_years_holidays_are_known(app: Flask) -> None:
    """Fails in time: raise hub.workdays.decree.YEARS and publish a new calendar version."""
    next_year = clock.today("WIB").year + 1
    in_year = DayOff.day.between(date(next_year, 1, 1), date(next_year, 12, 31))
    assert (db.session.scalar(select(func.count()).select_from(DayOff).where(in_year)) or 0) >= 15


def test_the_due_date_of_an_ordinary_complaint_spans_lebaran(app: Flask) -> None:
    limit = queries.clock("response_ordinary")
    counted = count(date(2026, 3, 13), limit.amount, limit.unit, queries.calendar_for("35.13"))
    assert (counted.due, counted.calendar_version) == (date(2026, 4, 10), 1)


def test_a_transaction_reads_the_calendar_once_and_the_next_one_again(app: Flask, count_queries: Counting) -> None:
    with count_queries() as statements:
        for region in (None, "35.13", "35"):
            queries.calendar_for(region)
            queries.clock("acknowledge")
    assert len(statements) == 2
    db.session.commit()
    with count_queries() as statements:
        queries.calendar_for(None)
    assert len(statements) == 1


def test_what_a_transaction_changes_holds_in_it_at_once(app: Flask) -> None:
    assert is_working_day(ORDINARY_FRIDAY, queries.calendar_for(None))
    service.change([NamedDay(ORDINARY_FRIDAY, "Pilkada")], (), "SKB", "Pilkada", queries.newest_version(), SYSTEM)
    assert not is_working_day(ORDINARY_FRIDAY, queries.calendar_for(None))
    assert queries.clock("acknowledge", "ombudsman").amount == 3
    limit = service.Limit(5, Unit.WORKING_DAYS, "Aturan contoh", Verification.OWN)
    service.set_clock("acknowledge", "ombudsman", limit, SYSTEM)
    assert [queries.clock("acknowledge", network).amount for network in ("ombudsman", "kemensetneg")] == [5, 3]
    service.drop_clock("acknowledge", "ombudsman", SYSTEM)
    db.session.flush()
    assert queries.clock("acknowledge", "ombudsman").amount == 3


def test_estimated_days_say_so(app: Flask) -> None:
    assert queries.calendar_for(None).days_off[date(2027, 3, 10)] == "Hari Raya Idul Fitri (perkiraan)"
    assert db.session.scalar(select(DayOff.is_estimated).where(DayOff.day == NYEPI)) is False


@pytest.mark.parametrize(
    ("holds_in", "asked_for", "is_free"),
    [("35.13", "35.13", True), ("35", "35.13", True), ("35.13", "35.74", False), ("35.13", None, False)],
)
def test_a_regional_holiday_frees_its_region_alone(
    app: Flask, holds_in: str, asked_for: str | None, is_free: bool
) -> None:
    add_regional_holiday(holds_in)
    assert is_working_day(ORDINARY_FRIDAY, queries.calendar_for(asked_for)) is not is_free


def test_a_removed_day_off_is_a_working_day_again(app: Flask) -> None:
    version = CalendarVersion(made_at=clock.now(), note="Nyepi dipindahkan")
    db.session.add(version)
    db.session.flush()
    nyepi = db.session.scalars(select(DayOff).where(DayOff.day == NYEPI)).one()
    nyepi.removed_in = version.id
    db.session.flush()
    calendar = queries.calendar_for(None)
    assert calendar.version == version.id
    assert add_working_days(date(2026, 3, 17), 1, calendar) == NYEPI


def test_every_clock_of_the_table_is_there_with_its_basis(app: Flask) -> None:
    assert set(queries.clock_keys()) == {row[0] for row in CLOCKS}
    supervisory = queries.clock("response_supervisory")
    assert (supervisory.amount, supervisory.unit) == (60, Unit.WORKING_DAYS)
    assert supervisory.verification is Verification.SECONDARY
    assert queries.clock("ombudsman_first_request").unit is Unit.CALENDAR_DAYS
    assert queries.clock("dispatch_mail").unit is Unit.HOURS


def test_an_unknown_clock_is_refused_with_the_names_of_all(app: Flask) -> None:
    with pytest.raises(LookupError, match=r"lunch.*acknowledge.*verify"):
        queries.clock("lunch")


def test_filling_in_again_keeps_what_people_changed(app: Flask) -> None:
    queries.clock("review").amount = 7
    service.seed()
    db.session.expire_all()
    assert queries.clock("review").amount == 7
    assert db.session.scalar(select(func.count()).select_from(CalendarVersion)) == 1
    assert db.session.scalar(select(func.count()).select_from(Clock)) == len(CLOCKS)


def test_without_a_calendar_nothing_is_counted(app: Flask) -> None:
    db.session.query(DayOff).delete()
    db.session.query(CalendarVersion).delete()
    with pytest.raises(LookupError, match="hub init"):
        queries.calendar_for(None)


def test_every_day_of_four_years_is_counted_as_the_library_counts_it(app: Flask) -> None:
    """An independent count: `holidays` has a working-day function of its own, fed by itself, not by our table."""
    library = country_holidays("ID", categories=("public", "government"))
    calendar = queries.calendar_for(None)
    first, last = date(2024, 1, 1), date(2027, 12, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert [day for day in days if is_working_day(day, calendar) is not library.is_working_day(day)] == []
    counted = [(day, amount) for day in days for amount in COUNTED if day.year < last.year or amount < 60]
    wrong = [
        (day, amount)
        for day, amount in counted
        if add_working_days(day, amount, calendar) != library.get_nth_working_day(day, amount)
    ]
    assert wrong == []
