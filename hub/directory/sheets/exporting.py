"""The directory as tables that `importing` reads again: a file taken out and put back changes nothing."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from hub.directory.models import Appointment, Institution, Person
from hub.directory.sheets.tables import HEADERS, Table
from hub.extensions import db


def table(which: Table) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Headers and rows, in order of code."""
    read = institutions if which is Table.INSTITUTIONS else _appointments
    return HEADERS[which], [tuple(row[key] for key in HEADERS[which]) for row in read()]


def institutions() -> list[dict[str, str]]:
    """Each institution as the table spells it."""
    offices = list(db.session.scalars(select(Institution).options(lazyload(Institution.region))))
    codes: dict[int | None, str] = {office.id: office.code for office in offices}
    return [office_row(office, codes) for office in sorted(offices, key=lambda office: office.code)]


def office_row(office: Institution, codes: Mapping[int | None, str]) -> dict[str, str]:
    """One institution; `codes` gives its supervisor's code by id."""
    told = {key: getattr(office, key) or "" for key in HEADERS[Table.INSTITUTIONS] if key != "supervisor_code"}
    return told | {"kind": office.kind.value, "supervisor_code": codes.get(office.supervisor_id, "")}


def appointment_row(appointment: Appointment, code: str) -> dict[str, str]:
    """One appointment at the institution with `code`."""
    person = appointment.person
    return {
        "code": code,
        "network": appointment.network.value,
        "role": appointment.role.value,
        "name": person.name,
        "title": person.title,
        "email": person.email,
        "phone": person.phone,
        "decree_number": appointment.decree_number,
        "valid_from": appointment.valid_from.isoformat(),
        "valid_until": appointment.valid_until.isoformat() if appointment.valid_until else "",
    }


def _appointments() -> list[dict[str, str]]:
    rows = db.session.execute(
        select(Appointment, Institution.code)
        .join(Institution, Institution.id == Appointment.institution_id)
        .options(lazyload(Appointment.person, Person.institution))
        .order_by(Institution.code, Appointment.network, Appointment.valid_from, Appointment.id)
    )
    return [appointment_row(appointment, code) for appointment, code in rows]
