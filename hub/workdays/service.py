"""Filling and changing the calendar and the clocks. Every change of the calendar is a version of its own."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import insert, select

from hub import clock
from hub.audit.rules import SYSTEM, Actor
from hub.audit.service import record
from hub.extensions import db
from hub.workdays import decree, queries
from hub.workdays.limits import CLOCKS
from hub.workdays.models import CalendarVersion, Clock, DayOff
from hub.workdays.rules import NamedDay, Unit, Verification


def seed() -> None:
    """Calendar version 1 and the clocks, where they are missing. What people have changed stays as it is."""
    if db.session.scalar(select(CalendarVersion.id).limit(1)) is None:
        _make_calendar()
    known = set(db.session.scalars(select(Clock.key)))
    columns = ("key", "amount", "unit", "starts_at", "basis", "verification")
    missing = [{**dict(zip(columns, row, strict=True)), "network": ""} for row in CLOCKS if row[0] not in known]
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
    queries.forget()
    told = {
        "version": version.id,
        "added": [[one.day.isoformat(), one.name, one.region_code or ""] for one in added],
        "taken_out": [[one.day.isoformat(), one.name, one.region_code or ""] for one in gone],
        "source": source,
        "note": note,
    }
    record("calendar", "calendar_changed", by, told)
    return version


@dataclass(frozen=True)
class Limit:
    """What a clock says."""

    amount: int
    unit: Unit
    basis: str
    verification: Verification


def set_clock(key: str, network: str, limit: Limit, by: Actor) -> None:
    """Change a limit, or give a network one of its own. It holds for what starts from now on.

    Raises LookupError for a key that does not exist.
    """
    general = queries.clock(key)
    found = db.session.get(Clock, (key, network))
    old = _told(found) if found else None
    if found is None:
        found = Clock(key=key, network=network, starts_at=general.starts_at)
        db.session.add(found)
    found.amount, found.unit = limit.amount, limit.unit
    found.basis, found.verification = limit.basis, limit.verification
    db.session.flush()
    queries.forget()
    if (new := _told(found)) != old:
        record("clocks", "clock_changed", by, {"clock": key, "network": network, "old": old, "new": new})


def drop_clock(key: str, network: str, by: Actor) -> None:
    """The limit of all networks holds in this one again. The limit of all networks itself stays."""
    found = db.session.get(Clock, (key, network)) if network else None
    if found is not None:
        record("clocks", "clock_changed", by, {"clock": key, "network": network, "old": _told(found), "new": None})
        db.session.delete(found)
        queries.forget()


def _told(clock: Clock) -> dict[str, str | int]:
    return {
        "amount": clock.amount,
        "unit": clock.unit,
        "basis": clock.basis,
        "verification": clock.verification,
    }


def _make_calendar() -> None:
    years = f"{decree.YEARS[0]}-{decree.YEARS[-1]}"
    version = CalendarVersion(made_at=clock.now(), note=f"Hari libur nasional dan cuti bersama {years}")
    db.session.add(version)
    db.session.flush()
    days = [{**asdict(day), "added_in": version.id} for year in decree.YEARS for day in decree.days_off(year)]
    db.session.execute(insert(DayOff), days)
    record("calendar", "calendar_made", SYSTEM, {"version": version.id, "days_off": len(days)})
