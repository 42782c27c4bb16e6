"""Finding institutions, and whom to write to there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, lazyload

from hub.directory.models import (
    Absence,
    Appointment,
    AppointmentRole,
    ContactFault,
    Institution,
    Network,
    Person,
    Region,
)
from hub.extensions import db


@dataclass(frozen=True)
class Contacts:
    """Whom to write to at an institution in one network on one day.

    `away`: ids of those on leave that day. `dead`: addresses known not to reach anybody; nothing is sent there.
    """

    pic: Person | None
    deputies: tuple[Person, ...]
    office_email: str
    office_name: str = ""
    second_email: str = ""
    away: frozenset[int] = frozenset()
    dead: frozenset[str] = frozenset()

    @property
    def addressees(self) -> tuple[tuple[str, str], ...]:
        """Name and address of whoever gets a letter: the first of these that is there and can be reached.

        The PIC; the deputies; the office mailbox; those on leave. May be empty.
        """
        pic = (self.pic,) if self.pic else ()
        present = [[one for one in people if one.id not in self.away] for people in (pic, self.deputies)]
        on_leave = self._alive(pic + self.deputies)
        choices = (self._alive(present[0]), self._alive(present[1]), self._mailboxes[:1], on_leave)
        return next((choice for choice in choices if choice), ())

    @property
    def everybody(self) -> tuple[tuple[str, str], ...]:
        """PIC, deputies and the office mailboxes together, each living address once."""
        people = ((self.pic,) if self.pic else ()) + self.deputies
        by_address = {address: name for name, address in (*self._alive(people), *self._mailboxes)}
        return tuple((name, address) for address, name in by_address.items())

    def _alive(self, people: Iterable[Person]) -> tuple[tuple[str, str], ...]:
        return tuple((one.name, one.email) for one in people if one.email not in self.dead)

    @property
    def _mailboxes(self) -> tuple[tuple[str, str], ...]:
        known = (self.office_email, self.second_email)
        return tuple((self.office_name, address) for address in known if address and address not in self.dead)


@dataclass(frozen=True)
class Listing:
    """Some institutions in order of code, and the code after which the rest begins."""

    items: list[Institution]
    next: str | None


def find(code: str) -> Institution | None:
    return db.session.scalar(select(Institution).where(Institution.code == code))


def by_code(code: str) -> Institution:
    """The institution with `code` ("35.13", "KSN-DUMAS"). Raises LookupError when there is none."""
    found = find(code)
    if found is None:
        raise LookupError(f'There is no institution with the code "{code}".')
    return found


def inspectorate_of(region_code: str) -> Institution:
    """The inspectorate that watches over a region: its own, or the province's for Jakarta's administrative units.

    Raises LookupError for a code that is no region.
    """
    known = select(Region.code).where(Region.code == region_code).exists()
    found = db.session.scalar(
        select(Institution)
        .where(Institution.code.in_((region_code, region_code[:2])), known)
        .order_by(func.length(Institution.code).desc())
        .limit(1)
    )
    if found is None:
        raise LookupError(f'There is no region with the code "{region_code}".')
    return found


def regions() -> list[Region]:
    """All regions in order of code."""
    return list(db.session.scalars(select(Region).order_by(Region.code)))


def contacts(institution_ids: Iterable[int], network: Network, day: date) -> dict[int, Contacts]:
    """Contacts of each of these institutions on `day`, whoever is appointed there. One query, however many."""
    here = (Appointment.institution_id == Institution.id) & (Appointment.network == network) & in_force(day)
    away = exists().where(Absence.person_id == Person.id, Absence.first_day <= day, Absence.last_day >= day)
    rows = db.session.execute(
        select(
            Institution,
            Appointment.role,
            Person,
            away.label("away"),
            _is_dead(Institution.email),
            _is_dead(Institution.second_email),
            _is_dead(Person.email),
        )
        .outerjoin(Appointment, here)
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(Institution.id.in_(set(institution_ids)))
        .options(lazyload(Person.institution), lazyload(Institution.region))
        .order_by(Appointment.id)
    ).all()
    appointed: defaultdict[tuple[int, AppointmentRole], list[Person]] = defaultdict(list)
    absent: set[int] = set()
    dead: set[str] = set()
    for office, role, person, is_away, *deaths in rows:
        addresses = [office.email, office.second_email]
        if person is not None:
            appointed[office.id, role].append(person)
            addresses.append(person.email)
            absent.update([person.id] if is_away else [])
        dead.update(address for address, is_dead in zip(addresses, deaths, strict=False) if is_dead)
    return {
        office.id: Contacts(
            pic=next(iter(appointed[office.id, AppointmentRole.PIC]), None),
            deputies=tuple(appointed[office.id, AppointmentRole.DEPUTY]),
            office_email=office.email,
            office_name=office.name,
            second_email=office.second_email,
            away=frozenset(absent),
            dead=frozenset(dead),
        )
        for office, *_ in rows
    }


def _is_dead(address: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return exists().where(ContactFault.address == address, ContactFault.mended_at.is_(None))


def in_force(day: date) -> ColumnElement[bool]:
    """Appointments whose term holds `day`, both ends included."""
    return (Appointment.valid_from <= day) & (Appointment.valid_until.is_(None) | (Appointment.valid_until >= day))


def pickable(query: str, limit: int = 20) -> list[Institution]:
    """Institutions to choose from, as many as fit a list of proposals."""
    return list(db.session.scalars(_found(query).limit(limit)))


def listing(query: str, after: str = "", size: int = 50) -> Listing:
    """A page of the directory: institutions whose code or name holds every word of `query`."""
    found = list(db.session.scalars(_found(query).where(Institution.code > after).limit(size + 1)))
    return Listing(found[:size], found[size - 1].code if len(found) > size else None)


def appointments_of(institution: Institution) -> list[Appointment]:
    """All appointments at an institution, the latest first."""
    return list(
        db.session.scalars(
            select(Appointment)
            .where(Appointment.institution_id == institution.id)
            .order_by(Appointment.valid_from.desc(), Appointment.id.desc())
        )
    )


def _found(query: str) -> Select[Institution]:
    words = (
        Institution.name.icontains(word, autoescape=True) | Institution.code.istartswith(word, autoescape=True)
        for word in (word.rstrip(".,") for word in query.split())
    )
    return select(Institution).where(*words).order_by(Institution.code)
