"""Filling the calendar and the clocks, and changing the calendar: every change is a version of its own."""

from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlalchemy import insert, select

from hub import clock
from hub.audit.rules import SYSTEM, Actor
from hub.audit.service import record
from hub.extensions import db
from hub.workdays import decree, queries
from hub.workdays.limits import CLOCKS
from hub.workdays.models import CalendarVersion, Clock, DayOff
from hub.workdays.rules import NamedDay


def seed() -> None:
    """Calendar version 1 and the clocks, where they are missing. What people have changed stays as it is."""
    if db.session.scalar(select(CalendarVersion.id).limit(1)) is None:
        _make_calendar()
    known = set(db.session.scalars(select(Clock.key)))
    columns = ("key", "amount", "unit", "starts_at", "basis", "verification")
    missing = [dict(zip(columns, row, strict=True)) for row in CLOCKS if row[0] not in known]
    if missing:
        db.session.execute(insert(Clock), missing)


class CalendarChanged(ValueError):
    """Somebody else has changed the calendar since it was looked at."""


def change(
    added: Sequence[NamedDay], without: Collection[int], source: str, note: str, seen: int, by: Actor
) -> CalendarVersion:
    """A new version of the calendar with days added and others (ids of DayOff) taken out.

    Open due dates follow with the next sweep. Raises CalendarChanged unless `seen` is the newest version.
    """
    db.session.execute(select(CalendarVersion.id).order_by(CalendarVersion.id.desc()).limit(1).with_for_update())
    if queries.newest_version() != seen:
        raise CalendarChanged
    version = CalendarVersion(made_at=clock.now(), note=note, source=source)
    db.session.add(version)
    db.session.flush()
    gone = queries.standing(without)
    for one in gone:
        one.removed_in = version.id
    db.session.add_all(DayOff(**asdict(one), added_in=version.id) for one in added)
    told = {
        "version": version.id,
        "added": [[one.day.isoformat(), one.name, one.region_code or ""] for one in added],
        "taken_out": [[one.day.isoformat(), one.name, one.region_code or ""] for one in gone],
        "source": source,
        "note": note,
    }
    record("calendar", "calendar_changed", by, told)
    return version


def _make_calendar() -> None:
    years = f"{decree.YEARS[0]}-{decree.YEARS[-1]}"
    version = CalendarVersion(made_at=clock.now(), note=f"Hari libur nasional dan cuti bersama {years}")
    db.session.add(version)
    db.session.flush()
    days = [{**asdict(day), "added_in": version.id} for year in decree.YEARS for day in decree.days_off(year)]
    db.session.execute(insert(DayOff), days)
    record("calendar", "calendar_made", SYSTEM, {"version": version.id, "days_off": len(days)})
