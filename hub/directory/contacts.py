"""Who speaks for an institution: who was appointed when, whom to write to, who is away, which addresses are dead."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, bindparam, exists, func, select, union
from sqlalchemy.orm import InstrumentedAttribute, joinedload, lazyload

from hub.directory.models import (
    Absence,
    Appointment,
    AppointmentRole,
    ContactFault,
    Institution,
    Network,
    Person,
    in_force,
)
from hub.extensions import db


def appointments_of(institution: Institution) -> list[Appointment]:
    """All appointments at an institution, the latest first."""
    return list(
        db.session.scalars(
            select(Appointment)
            .where(Appointment.institution_id == institution.id)
            .options(joinedload(Appointment.decree_file))
            .order_by(Appointment.valid_from.desc(), Appointment.id.desc())
        )
    )


def pic_on(institution: Institution, network: Network, day: date) -> Appointment | None:
    """The appointment by which somebody was, is or will be PIC on `day`."""
    return db.session.scalar(
        select(Appointment)
        .where(
            Appointment.institution_id == institution.id,
            Appointment.network == network,
            Appointment.role == AppointmentRole.PIC,
            in_force(day),
        )
        .options(joinedload(Appointment.person), lazyload(Appointment.person, Person.institution))
        .limit(1)
    )


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

    def speak_from(self, address: str) -> bool:
        """True when this is the address of the PIC, a deputy or the office, whether mail reaches it or not."""
        people = ((self.pic,) if self.pic else ()) + self.deputies
        known = (*(one.email for one in people), self.office_email, self.second_email)
        return bool(address) and address.lower() in {one.lower() for one in known}

    def _alive(self, people: Iterable[Person]) -> tuple[tuple[str, str], ...]:
        return tuple((one.name, one.email) for one in people if one.email not in self.dead)

    @property
    def _mailboxes(self) -> tuple[tuple[str, str], ...]:
        known = (self.office_email, self.second_email)
        return tuple((self.office_name, address) for address in known if address and address not in self.dead)


def _is_dead(address: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return exists().where(ContactFault.address == address, ContactFault.mended_at.is_(None))


_DAY = bindparam("day", type_=Date)
_CONTACTS = (
    select(
        Institution,
        Appointment.role,
        Person,
        exists().where(Absence.person_id == Person.id, Absence.first_day <= _DAY, Absence.last_day >= _DAY),
        _is_dead(Institution.email),
        _is_dead(Institution.second_email),
        _is_dead(Person.email),
    )
    .outerjoin(
        Appointment,
        (Appointment.institution_id == Institution.id) & (Appointment.network == bindparam("network")) & in_force(_DAY),
    )
    .outerjoin(Person, Person.id == Appointment.person_id)
    .where(Institution.id.in_(bindparam("institutions", expanding=True)))
    .options(lazyload(Person.institution), lazyload(Institution.region))
    .order_by(Appointment.id)
)
"""Made once: it is asked for whatever leaves, and takes as long to make as to answer."""


def contacts(institution_ids: Iterable[int], network: Network, day: date) -> dict[int, Contacts]:
    """Contacts of each of these institutions on `day`, whoever is appointed there. One query, however many."""
    asked = {"institutions": list(set(institution_ids)), "network": network, "day": day}
    rows = db.session.execute(_CONTACTS, asked).all()
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


def people_of(institution: Institution) -> list[Person]:
    """Everybody who works at an institution, by name."""
    return list(
        db.session.scalars(
            select(Person).where(Person.institution_id == institution.id).order_by(Person.name, Person.id)
        )
    )


def absences_of(person_ids: Iterable[int], day: date) -> dict[int, Absence]:
    """The leave that each of these people is on at `day`, by person. Who is there is left out."""
    found = db.session.scalars(
        select(Absence).where(Absence.person_id.in_(set(person_ids)), Absence.first_day <= day, Absence.last_day >= day)
    )
    return {absence.person_id: absence for absence in found}


def planned_absences(person: Person, day: date) -> list[Absence]:
    """Leave of a person that is not over on `day`, the next one first."""
    mine = select(Absence).where(Absence.person_id == person.id, Absence.last_day >= day)
    return list(db.session.scalars(mine.order_by(Absence.first_day)))


def open_faults(institution_id: int | None = None) -> list[ContactFault]:
    """Contacts that are not believed any more, of one institution or of all, the newest first."""
    found = (
        select(ContactFault)
        .where(ContactFault.mended_at.is_(None))
        .options(joinedload(ContactFault.institution, innerjoin=True), joinedload(ContactFault.person))
        .order_by(ContactFault.found_at.desc(), ContactFault.id.desc())
    )
    if institution_id is not None:
        found = found.where(ContactFault.institution_id == institution_id)
    return list(db.session.scalars(found))


def person_at(address: str) -> Person | None:
    """Whose mail address this is; None for an office mailbox, or one that nobody has."""
    return db.session.scalar(select(Person).where(Person.email == address.lower()))


def offices_of(address: str) -> set[int]:
    """Ids of the institutions at which this mail address is known: that of somebody there, or of the office."""
    return offices_by_address([address]).get(address.lower(), set())


def offices_by_address(addresses: Iterable[str]) -> dict[str, set[int]]:
    """The same for many in one query, by the address in small letters. One known nowhere is left out."""
    wanted = {address.lower() for address in addresses if address}
    if not wanted:
        return {}
    known = union(
        *(
            select(address, office).where(address.in_(wanted))
            for address, office in (
                (Person.email, Person.institution_id),
                (func.lower(Institution.email), Institution.id),
                (func.lower(Institution.second_email), Institution.id),
            )
        )
    )
    found: dict[str, set[int]] = defaultdict(set)
    for address, office in db.session.execute(known):
        found[address].add(office)
    return dict(found)
