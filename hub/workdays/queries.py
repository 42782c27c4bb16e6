"""The calendar of a place, and the clocks."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
        self._days = db.session.execute(
            select(DayOff.day, DayOff.name, DayOff.region_code, DayOff.is_estimated, newest.label("version"))
            .where(DayOff.removed_in.is_(None))
            .order_by(DayOff.day, DayOff.id)
        ).all()
        if not self._days:
            raise LookupError("There is no calendar yet. Run `hub init` first.")
        self._version: int = self._days[0].version
        self._regional = {one.region_code for one in self._days if one.region_code}
        self._known: dict[frozenset[str], Calendar] = {}
        self.clocks: dict[str, Clock] = {}

    def of(self, region_code: str | None) -> Calendar:
        """Days off nationwide, and in the region and its province when one is given."""
        places = frozenset({region_code, region_code[:2]} & self._regional if region_code else ())
        if places not in self._known:
            self._known[places] = self._counted(places)
        return self._known[places]

    def _counted(self, places: frozenset[str]) -> Calendar:
        names: defaultdict[date, list[str]] = defaultdict(list)
        for one in self._days:
            if one.region_code is None or one.region_code in places:
                names[one.day].append(f"{one.name} (perkiraan)" if one.is_estimated else one.name)
        return Calendar(self._version, {day: ", ".join(shown) for day, shown in names.items()})


_kept: ContextVar[Calendars | None] = ContextVar("kept", default=None)


def calendar_for(region_code: str | None) -> Calendar:
    """The calendar of one place."""
    return (_kept.get() or Calendars()).of(region_code)


@contextmanager
def keeping_calendars() -> Iterator[None]:
    """Within, calendar and clocks are read once. For a long transaction that does not change them."""
    token = _kept.set(Calendars())
    try:
        yield
    finally:
        _kept.reset(token)


def clock(key: str) -> Clock:
    """The clock named `key`. Raises LookupError naming all that exist."""
    kept = _kept.get()
    found = (kept.clocks.get(key) if kept else None) or db.session.get(Clock, key)
    if kept and found:
        kept.clocks[key] = found
    if found is None:
        raise LookupError(f'There is no clock "{key}". There are: {", ".join(clock_keys())}.')
    return found


def clock_keys() -> list[str]:
    return list(db.session.scalars(select(Clock.key).order_by(Clock.key)))
