"""Finding institutions, and whom to write to there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import lazyload

from hub.directory.models import Appointment, AppointmentRole, Institution, Network, Person, Region
from hub.extensions import db


@dataclass(frozen=True)
class Contacts:
    """Whom to write to at an institution in one network on one day."""

    pic: Person | None
    deputies: tuple[Person, ...]
    office_email: str
    office_name: str = ""

    @property
    def addressees(self) -> tuple[tuple[str, str], ...]:
        """Name and address of the PIC; without one of the deputies; without any of the office mailbox. May be empty."""
        people = (self.pic,) if self.pic else self.deputies
        if people:
            return tuple((person.name, person.email) for person in people)
        return self._office

    @property
    def everybody(self) -> tuple[tuple[str, str], ...]:
        """PIC, deputies and the office mailbox together, each address once."""
        people = ((self.pic,) if self.pic else ()) + self.deputies
        by_address = {address: name for name, address in (*((one.name, one.email) for one in people), *self._office)}
        return tuple((name, address) for address, name in by_address.items())

    @property
    def _office(self) -> tuple[tuple[str, str], ...]:
        return ((self.office_name, self.office_email),) if self.office_email else ()


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
    rows = db.session.execute(
        select(Institution.id, Institution.email, Institution.name, Appointment.role, Person)
        .outerjoin(Appointment, here)
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(Institution.id.in_(set(institution_ids)))
        .options(lazyload(Person.institution))
        .order_by(Appointment.id)
    ).all()
    appointed: defaultdict[tuple[int, AppointmentRole], list[Person]] = defaultdict(list)
    for id, _email, _name, role, person in rows:
        if person is not None:
            appointed[id, role].append(person)
    return {
        id: Contacts(
            pic=next(iter(appointed[id, AppointmentRole.PIC]), None),
            deputies=tuple(appointed[id, AppointmentRole.DEPUTY]),
            office_email=email,
            office_name=name,
        )
        for id, email, name, _role, _person in rows
    }


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
