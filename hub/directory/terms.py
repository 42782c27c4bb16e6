"""Who was appointed when."""

from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, lazyload

from hub.directory.models import Appointment, AppointmentRole, Institution, Network, Person
from hub.extensions import db


def in_force(day: date) -> ColumnElement[bool]:
    """Appointments whose term holds `day`, both ends included."""
    return (Appointment.valid_from <= day) & (Appointment.valid_until.is_(None) | (Appointment.valid_until >= day))


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
