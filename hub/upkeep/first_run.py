"""What a hub with an empty directory needs first: a handful of steps and how far each has come."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select

from hub.directory import queries as directory
from hub.directory.models import Appointment, AppointmentRole, Coverage, Institution, Network, Person, Region
from hub.directory.rules import PROVINCE
from hub.extensions import db
from hub.upkeep.snapshot import INSPECTORATES


class FirstStep(StrEnum):
    """In the order in which they pay off."""

    POSTAL_ADDRESSES = "postal_addresses"
    MAILBOXES = "mailboxes"
    PICS_KEMENSETNEG = "pics_kemensetneg"
    PICS_OMBUDSMAN = "pics_ombudsman"
    PHONES = "phones"
    INVITATIONS = "invitations"
    COVERAGE = "coverage"


@dataclass(frozen=True)
class Progress:
    """`known` of `total`."""

    step: FirstStep
    known: int
    total: int

    @property
    def is_done(self) -> bool:
        return self.known >= self.total


def steps(day: date) -> list[Progress]:
    """How far the directory is filled on `day`. Three queries."""
    ours = Institution.kind.in_(INSPECTORATES)
    offices, addresses, mailboxes, phones = db.session.execute(
        select(
            func.count(),
            func.count(func.nullif(Institution.postal_address, "")),
            func.count(func.nullif(Institution.email, "")),
            func.count(func.coalesce(func.nullif(Institution.phone, ""), func.nullif(Institution.whatsapp, ""))),
        ).where(ours)
    ).one()
    here = (Appointment.role == AppointmentRole.PIC) & directory.in_force(day)
    rows = db.session.execute(
        select(
            Appointment.network,
            func.count(Appointment.institution_id.distinct()),
            func.count(),
            func.count(func.coalesce(Person.invited_at, Person.verified_at)),
        )
        .join(Appointment.person)
        .join(Appointment.institution)
        .where(here, ours)
        .group_by(Appointment.network)
    ).all()
    staffed = {network: seats for network, seats, *_ in rows}
    appointed, invited = sum(row[2] for row in rows), sum(row[3] for row in rows)
    places, covered = db.session.execute(
        select(
            select(func.count()).select_from(Region).where(Region.kind != PROVINCE).scalar_subquery(),
            select(func.count(Coverage.region_code.distinct())).scalar_subquery(),
        )
    ).one()
    return [
        Progress(FirstStep.POSTAL_ADDRESSES, addresses, offices),
        Progress(FirstStep.MAILBOXES, mailboxes, offices),
        Progress(FirstStep.PICS_KEMENSETNEG, staffed.get(Network.KEMENSETNEG, 0), offices),
        Progress(FirstStep.PICS_OMBUDSMAN, staffed.get(Network.OMBUDSMAN, 0), offices),
        Progress(FirstStep.PHONES, phones, offices),
        Progress(FirstStep.INVITATIONS, invited, appointed or offices),
        Progress(FirstStep.COVERAGE, covered, places),
    ]
