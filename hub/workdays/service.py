"""Filling the calendar and the clocks."""

from dataclasses import asdict

from sqlalchemy import insert, select

from hub import clock
from hub.audit.rules import SYSTEM
from hub.audit.service import record
from hub.extensions import db
from hub.workdays import decree
from hub.workdays.limits import CLOCKS
from hub.workdays.models import CalendarVersion, Clock, DayOff


def seed() -> None:
    """Calendar version 1 and the clocks, where they are missing. What people have changed stays as it is."""
    if db.session.scalar(select(CalendarVersion.id).limit(1)) is None:
        _make_calendar()
    known = set(db.session.scalars(select(Clock.key)))
    columns = ("key", "amount", "unit", "starts_at", "basis", "verification")
    missing = [dict(zip(columns, row, strict=True)) for row in CLOCKS if row[0] not in known]
    if missing:
        db.session.execute(insert(Clock), missing)


def _make_calendar() -> None:
    years = f"{decree.YEARS[0]}-{decree.YEARS[-1]}"
    version = CalendarVersion(made_at=clock.now(), note=f"Hari libur nasional dan cuti bersama {years}")
    db.session.add(version)
    db.session.flush()
    days = [{**asdict(day), "added_in": version.id} for year in decree.YEARS for day in decree.days_off(year)]
    db.session.execute(insert(DayOff), days)
    record("calendar", "calendar_made", SYSTEM, {"version": version.id, "days_off": len(days)})
