"""The calendar of a place, and the clocks."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import SessionTransaction

from hub.extensions import db
from hub.workdays.models import CalendarVersion, Clock, DayOff
from hub.workdays.rules import Calendar, DayKind, NamedDay


class Calendars:
    """The calendar of every place, read once: for a sweep that counts in hundreds of regions."""

    def __init__(self, without: Collection[int] = (), added: Sequence[NamedDay] = ()) -> None:
        """One query. `without` (ids of DayOff) and `added`: as it would be after a change that nobody has made yet.

        Raises LookupError while the hub has no calendar: every day would look like a working day.
        """
        newest = select(func.max(CalendarVersion.id)).scalar_subquery()
        found = db.session.execute(
            select(DayOff.id, DayOff.day, DayOff.name, DayOff.region_code, DayOff.is_estimated, newest.label("version"))
            .where(DayOff.removed_in.is_(None))
            .order_by(DayOff.day, DayOff.id)
        ).all()
        if not found:
            raise LookupError("There is no calendar yet. Run `hub init` first.")
        self.version: int = found[0].version
        self._days: list[Row[Any] | NamedDay] = [*(one for one in found if one.id not in without), *added]
        self._regional = {one.region_code for one in self._days if one.region_code}
        self._known: dict[frozenset[str], Calendar] = {}
        self.clocks: dict[tuple[str, str], Clock] = {}

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
        return Calendar(self.version, {day: ", ".join(shown) for day, shown in names.items()})


_kept: WeakKeyDictionary[SessionTransaction, Calendars] = WeakKeyDictionary()
"""What a transaction has read: it counts with one calendar throughout."""


def calendars() -> Calendars:
    """The calendar of every place, read once in a transaction."""
    known = _kept.get(_transaction())
    if known is None:
        known = _kept[_transaction()] = Calendars()
    return known


def calendar_for(region_code: str | None) -> Calendar:
    """The calendar of one place."""
    return calendars().of(region_code)


def forget() -> None:
    """Calendar or clocks were changed in this transaction: they are read again."""
    _kept.pop(_transaction(), None)


def _transaction() -> SessionTransaction:
    session = db.session()
    return session.get_transaction() or session.begin()


def clock(key: str, network: str = "") -> Clock:
    """The clock named `key`, as it runs in `network`. Raises LookupError naming all that exist."""
    kept = calendars().clocks
    found = kept.get((key, network)) or _clock(key, network)
    if found is None:
        raise LookupError(f'There is no clock "{key}". There are: {", ".join(clock_keys())}.')
    kept[key, network] = found
    return found


def _clock(key: str, network: str) -> Clock | None:
    """The limit of this network comes before that of all."""
    named = select(Clock).where(Clock.key == key, Clock.network.in_({network, ""}))
    return db.session.scalars(named.order_by(Clock.network.desc()).limit(1)).first()


def clocks() -> list[Clock]:
    """Every row, the limit of all networks before those of one."""
    return list(db.session.scalars(select(Clock).order_by(Clock.key, Clock.network)))


def clock_keys() -> list[str]:
    return list(db.session.scalars(select(Clock.key).distinct().order_by(Clock.key)))


def newest_version() -> int:
    """0 while there is none."""
    return db.session.scalar(select(func.max(CalendarVersion.id))) or 0


def days_off(year: int, region_code: str | None = None) -> list[DayOff]:
    """Named days off of a year, nationwide and (where one is given) of a region and its province, in order."""
    places = [DayOff.region_code.is_(None)]
    if region_code:
        places.append(DayOff.region_code.in_((region_code, region_code[:2])))
    wanted = select(DayOff).where(DayOff.removed_in.is_(None), or_(*places), _in_year(year))
    return list(db.session.scalars(wanted.order_by(DayOff.day, DayOff.id)))


def regional_days_off(year: int) -> list[DayOff]:
    """Those of single regions, in order."""
    regional = DayOff.removed_in.is_(None) & DayOff.region_code.is_not(None)
    return list(db.session.scalars(select(DayOff).where(regional, _in_year(year)).order_by(DayOff.day, DayOff.id)))


def standing(ids: Collection[int]) -> list[DayOff]:
    """Those of these days that are in the calendar now."""
    return list(db.session.scalars(select(DayOff).where(DayOff.id.in_(ids), DayOff.removed_in.is_(None))))


def versions(most: int = 20) -> list[CalendarVersion]:
    """The newest first."""
    return list(db.session.scalars(select(CalendarVersion).order_by(CalendarVersion.id.desc()).limit(most)))


def is_decreed(year: int) -> bool:
    """True when the calendar has the joint leave of `year`: the decree names it together with the holidays."""
    joint = (DayOff.kind == DayKind.JOINT_LEAVE) & DayOff.removed_in.is_(None) & DayOff.region_code.is_(None)
    return db.session.scalar(select(DayOff.id).where(joint, _in_year(year)).limit(1)) is not None


def _in_year(year: int) -> ColumnElement[bool]:
    return DayOff.day.between(date(year, 1, 1), date(year, 12, 31))
