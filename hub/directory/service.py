"""Keeping the directory: the offices, their people, and who is appointed."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from hub.audit.rules import SYSTEM, Actor
from hub.audit.service import record
from hub.directory import offices
from hub.directory.models import Appointment, AppointmentRole, Institution, Network, Person, Region
from hub.directory.rules import overlap
from hub.extensions import db


class Refused(Exception):
    """A change that would make the directory contradict itself. `field` is the input to mend, `sentence` says how."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


def seed() -> None:
    """Regions and offices, where they are missing. What people have changed stays as it is."""
    known = set(db.session.scalars(select(Region.code)))
    regions = [row for row in offices.regions() if row["code"] not in known]
    if regions:
        db.session.execute(insert(Region), regions)
    ids = dict(db.session.execute(select(Institution.code, Institution.id)).all())
    before = len(ids)
    rows = [*offices.central(), *offices.ombudsman_offices(), *offices.inspectorates()]
    for rank in (0, 1, 2):
        _open_offices([row for row in rows if _rank(row["code"]) == rank], ids)
    if regions or len(ids) > before:
        record("directory", "directory_filled", SYSTEM, {"regions": len(regions), "institutions": len(ids) - before})


def add_person(
    institution: Institution, name: str, title: str, email: str, phone: str, by: Actor, employee_number: str = ""
) -> Person:
    """Somebody who works at `institution`. One address is one person: the same person given again is found again."""
    email = email.strip().lower()
    known = db.session.scalar(select(Person).where(func.lower(Person.email) == email))
    if known is not None and (known.institution_id, known.name.casefold()) != (institution.id, name.strip().casefold()):
        raise Refused("email", _("This address already belongs to somebody else. Enter this person's own address."))
    if known is not None:
        return known
    person = Person(
        institution=institution,
        name=name.strip(),
        title=title.strip(),
        email=email,
        phone=phone.strip(),
        employee_number=employee_number.strip(),
    )
    db.session.add(person)
    db.session.flush()
    record(_stream(institution), "person_added", by, {"person": person.id})
    return person


def appoint(
    person: Person,
    institution: Institution,
    network: Network,
    role: AppointmentRole,
    decree_number: str,
    valid_from: date,
    valid_until: date | None,
    by: Actor,
) -> Appointment:
    """Make a person PIC or deputy of an institution. Raises Refused for an impossible term or a taken seat."""
    if valid_until is not None and valid_until < valid_from:
        raise Refused("valid_until", _("The term ends before it begins. Choose a later last day."))
    _refuse_second_pic(person, institution, network, role, (valid_from, valid_until))
    appointment = Appointment(
        person=person,
        institution=institution,
        network=network,
        role=role,
        decree_number=decree_number.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
    )
    db.session.add(appointment)
    db.session.flush()
    details = {
        "appointment": appointment.id,
        "person": person.id,
        "network": network,
        "role": role,
        "from": valid_from.isoformat(),
        "until": valid_until.isoformat() if valid_until else None,
    }
    record(_stream(institution), "appointed", by, details)
    return appointment


def end_term(appointment: Appointment, last_day: date, by: Actor) -> None:
    """Let a term end on `last_day`, which frees the seat for a successor from the day after."""
    if last_day < appointment.valid_from:
        raise Refused("last_day", _("The term ends before it begins. Choose a later last day."))
    appointment.valid_until = last_day
    details = {"appointment": appointment.id, "until": last_day.isoformat()}
    record(_stream(appointment.institution), "term_ended", by, details)


def change_office(institution: Institution, changes: dict[str, str], by: Actor) -> None:
    """Change mailbox, postal address, phone or seat of an office. Unchanged values leave no trace."""
    moved = {key: [getattr(institution, key), new.strip()] for key, new in changes.items()}
    moved = {key: pair for key, pair in moved.items() if pair[0] != pair[1]}
    for key, (_before, after) in moved.items():
        setattr(institution, key, after)
    if moved:
        record(_stream(institution), "office_changed", by, {"changes": moved})


def _refuse_second_pic(
    person: Person,
    institution: Institution,
    network: Network,
    role: AppointmentRole,
    term: tuple[date, date | None],
) -> None:
    # Of two appointments at once, one waits. PostgreSQL locks no outer-joined table, so the office alone is named.
    db.session.refresh(institution, with_for_update={"of": Institution})
    rivals = db.session.scalars(
        select(Appointment).where(Appointment.institution_id == institution.id, Appointment.network == network)
    )
    for rival in rivals:
        if not overlap(term, (rival.valid_from, rival.valid_until)):
            continue
        if rival.person_id == person.id:
            raise Refused("valid_from", _("This person is already appointed here in that time. End that term first."))
        if role == rival.role == AppointmentRole.PIC:
            sentence = _(
                "%(name)s is PIC in that time. End that term first, or begin after it.", name=rival.person.name
            )
            raise Refused("valid_from", sentence)


def _rank(code: str) -> int:
    """Supervisors are opened before those they supervise: central offices, then provinces, then the rest."""
    if code in (offices.KEMENSETNEG, offices.ITJEN, offices.OMBUDSMAN):
        return 0
    return 1 if len(code) == 2 else 2


def _open_offices(rows: list[dict[str, Any]], ids: dict[str, int]) -> None:
    missing = [
        {key: value for key, value in row.items() if key != "supervisor_code"}
        | {"supervisor_id": ids.get(row["supervisor_code"] or "")}
        for row in rows
        if row["code"] not in ids
    ]
    if missing:
        opened = db.session.execute(insert(Institution).returning(Institution.code, Institution.id), missing)
        ids.update((code, id) for code, id in opened)


def _stream(institution: Institution) -> str:
    return f"institution:{institution.code}"
