"""The calendar of a place, and the clocks."""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, or_, select

from hub.extensions import db
from hub.workdays.models import CalendarVersion, Clock, DayOff
from hub.workdays.rules import Calendar


def calendar_for(region_code: str | None) -> Calendar:
    """Days off nationwide, and in the region and its province when one is given.

    Raises LookupError while the hub has no calendar at all: every day would look like a working day.
    """
    version = db.session.scalar(select(func.max(CalendarVersion.id)))
    if version is None:
        raise LookupError("There is no calendar yet. Run `hub init` first.")
    places = {region_code, region_code[:2]} if region_code else set()
    days = db.session.scalars(
        select(DayOff)
        .where(DayOff.removed_in.is_(None), or_(DayOff.region_code.is_(None), DayOff.region_code.in_(places)))
        .order_by(DayOff.day, DayOff.id)
    )
    names: defaultdict[date, list[str]] = defaultdict(list)
    for one in days:
        names[one.day].append(f"{one.name} (perkiraan)" if one.is_estimated else one.name)
    return Calendar(version, {day: ", ".join(shown) for day, shown in names.items()})


def clock(key: str) -> Clock:
    """The clock named `key`. Raises LookupError naming all that exist."""
    found = db.session.get(Clock, key)
    if found is None:
        raise LookupError(f'There is no clock "{key}". There are: {", ".join(clock_keys())}.')
    return found


def clock_keys() -> list[str]:
    return list(db.session.scalars(select(Clock.key).order_by(Clock.key)))
