"""Everything the health of the network is judged by, in seven queries however large the country is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload, lazyload

from hub.directory import queries as directory
from hub.directory.models import (
    Appointment,
    AppointmentRole,
    ContactFault,
    Institution,
    InstitutionKind,
    Network,
    Person,
    ReachCheck,
    Region,
)
from hub.extensions import db
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import AWAITING_ACKNOWLEDGEMENT, OPEN_STAGES, ClockKey, Stage
from hub.upkeep.rules import Term, quarter_before

INSPECTORATES = (InstitutionKind.PROVINCE, InstitutionKind.REGENCY, InstitutionKind.CITY)
"""The focal points a new hub starts with: 546 of them."""
Seat = tuple[int, Network]
"""Id of an institution, and the network."""
Asked = tuple[int, int]
"""Ids of a person and of the institution the question was about."""


@dataclass(frozen=True)
class OpenLetters:
    """What is under way to one institution in one network. `unconfirmed_since`: the earliest date it was due."""

    office: Institution
    network: Network
    count: int
    since: date
    unconfirmed_due: date | None


@dataclass(frozen=True)
class Snapshot:
    """One moment of the directory. `seats` holds every PIC term ever in the wanted networks, the oldest first.

    `networks`: all those that each person serves today, as PIC or deputy.
    """

    day: date
    wanted: tuple[Network, ...]
    appointments: dict[int, Appointment]
    seats: dict[Seat, list[Term]]
    networks: dict[int, set[Network]]
    letters: list[OpenLetters]
    faults: list[ContactFault]
    uncovered: list[Region]
    checks: dict[Asked, ReachCheck]
    inspectorates: dict[str, int]

    def present(self) -> Iterator[Appointment]:
        """The PIC of each seat that is held, in order of institution."""
        held = (term for terms in self.seats.values() for term in terms if term.holds(self.day))
        return iter(sorted((self.appointments[term.id] for term in held), key=_place))


def take(day: date, wanted: Iterable[Network]) -> Snapshot:
    """The state of these networks on `day`."""
    networks = tuple(wanted)
    appointments = _appointments()
    seats: defaultdict[Seat, list[Term]] = defaultdict(list)
    serving: defaultdict[int, set[Network]] = defaultdict(set)
    for one in appointments:
        if one.role is AppointmentRole.PIC and one.network in networks:
            term = Term(one.id, one.person_id, one.valid_from, one.valid_until)
            seats[one.institution_id, one.network].append(term)
        if one.is_in_force(day):
            serving[one.person_id].add(one.network)
    return Snapshot(
        day=day,
        wanted=networks,
        appointments={one.id: one for one in appointments},
        seats=dict(seats),
        networks=dict(serving),
        letters=_letters(networks, day),
        faults=directory.open_faults(),
        uncovered=directory.uncovered() if Network.OMBUDSMAN in networks else [],
        checks=_checks(day),
        inspectorates=_inspectorates(),
    )


def _place(appointment: Appointment) -> tuple[str, str]:
    return (appointment.institution.code, appointment.network)


def _appointments() -> list[Appointment]:
    return list(
        db.session.scalars(
            select(Appointment)
            .options(
                joinedload(Appointment.institution, innerjoin=True).options(lazyload(Institution.region)),
                joinedload(Appointment.person, innerjoin=True).options(lazyload(Person.institution)),
            )
            .order_by(Appointment.valid_from, Appointment.id)
        )
    )


def _letters(networks: tuple[Network, ...], day: date) -> list[OpenLetters]:
    overdue = and_(
        Deadline.forwarding_id == Forwarding.id,
        Deadline.clock == ClockKey.ACKNOWLEDGE,
        Deadline.ended_at.is_(None),
        Deadline.due_on < day,
        Forwarding.stage.in_(AWAITING_ACKNOWLEDGEMENT),
    )
    under_way = [stage for stage in OPEN_STAGES if stage is not Stage.DRAFT]
    rows = db.session.execute(
        select(
            Forwarding.recipient_id,
            Forwarding.network,
            func.count(),
            func.min(Forwarding.created_at),
            func.min(Deadline.due_on),
        )
        .outerjoin(Deadline, overdue)
        .where(Forwarding.stage.in_(under_way), Forwarding.network.in_(networks))
        .group_by(Forwarding.recipient_id, Forwarding.network)
    ).all()
    ids = {row[0] for row in rows}
    found = select(Institution).where(Institution.id.in_(ids)).options(lazyload(Institution.region))
    offices = {one.id: one for one in db.session.scalars(found)}
    return [OpenLetters(offices[id], network, count, since.date(), due) for id, network, count, since, due in rows]


def _checks(day: date) -> dict[Asked, ReachCheck]:
    """The last question to each person about each office, of this quarter and the one before."""
    rows = db.session.execute(
        select(Appointment.person_id, Appointment.institution_id, ReachCheck)
        .join(ReachCheck.appointment)
        .where(ReachCheck.asked_on >= quarter_before(day), ReachCheck.asked_on <= day)
        .options(lazyload(ReachCheck.appointment))
        .order_by(ReachCheck.asked_on, ReachCheck.id)
    ).all()
    return {(person_id, institution_id): check for person_id, institution_id, check in rows}


def _inspectorates() -> dict[str, int]:
    """How many each province has, by its code."""
    province = func.substr(Institution.region_code, 1, 2)
    rows = select(province, func.count()).where(Institution.kind.in_(INSPECTORATES)).group_by(province)
    return dict(db.session.execute(rows).all())
