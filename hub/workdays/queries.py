"""The calendar of a place, and the clocks."""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select

from hub.extensions import db
from hub.workdays.models import CalendarVersion, Clock, DayOff
from hub.workdays.rules import Calendar


class Calendars:
    """The calendar of every place, read once: for a sweep that counts in hundreds of regions."""

    def __init__(self) -> None:
        """One query. Raises LookupError while the hub has no calendar: every day would look like a working day."""
        newest = select(func.max(CalendarVersion.id)).scalar_subquery()
        rows = db.session.execute(
            select(newest, DayOff).where(DayOff.removed_in.is_(None)).order_by(DayOff.day, DayOff.id)
        ).all()
        if not rows:
            raise LookupError("There is no calendar yet. Run `hub init` first.")
        self._version: int = rows[0][0]
        self._days = [day for _, day in rows]
        self._known: dict[str | None, Calendar] = {}

    def of(self, region_code: str | None) -> Calendar:
        """Days off nationwide, and in the region and its province when one is given."""
        if region_code not in self._known:
            places = {None, region_code, region_code[:2]} if region_code else {None}
            names: defaultdict[date, list[str]] = defaultdict(list)
            for one in self._days:
                if one.region_code in places:
                    names[one.day].append(f"{one.name} (perkiraan)" if one.is_estimated else one.name)
            self._known[region_code] = Calendar(self._version, {day: ", ".join(shown) for day, shown in names.items()})
        return self._known[region_code]


def calendar_for(region_code: str | None) -> Calendar:
    """The calendar of one place."""
    return Calendars().of(region_code)


def clock(key: str) -> Clock:
    """The clock named `key`. Raises LookupError naming all that exist."""
    found = db.session.get(Clock, key)
    if found is None:
        raise LookupError(f'There is no clock "{key}". There are: {", ".join(clock_keys())}.')
    return found


def clock_keys() -> list[str]:
    return list(db.session.scalars(select(Clock.key).order_by(Clock.key)))
