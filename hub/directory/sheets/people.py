"""Filing a table of focal points. Each row is tried through the same rules as a form, and taken back when refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from hub.audit.rules import Actor
from hub.audit.service import record
from hub.config import MAX_FILE_BYTES
from hub.directory import service
from hub.directory.columns import changed, fitting
from hub.directory.models import Appointment, AppointmentRole, Institution, Network, Person
from hub.directory.rules import Refused
from hub.directory.sheets import exporting
from hub.directory.sheets.office_rows import Known
from hub.directory.sheets.tables import EMPTY, Change, Outcome, Told, changes, words
from hub.extensions import db
from hub.sheets.cells import Row, short
from hub.sheets.text import parse_day
from hub.sheets.writing import bare

NETWORKS, ROLES = tuple(one.value for one in Network), (AppointmentRole.PIC.value, AppointmentRole.DEPUTY.value)
_COLUMNS = {"last_day": "valid_until", "first_day": "valid_from"}
"""Where the table asks for what a form calls otherwise."""

Term = tuple[str, Network, AppointmentRole, date]
"""Address of the person, network, role and first day: what makes two appointments at an office the same."""


@dataclass
class PersonRow:
    """What one row says. Empty text leaves what is on record, "-" empties it."""

    row: Row
    office: Institution | None
    code: str
    texts: dict[str, str]
    network: Network
    role: AppointmentRole
    valid_from: date
    valid_until: date | None

    @property
    def term(self) -> Term:
        return self.texts["email"].lower(), self.network, self.role, self.valid_from


def file(rows: Iterable[Row], known: Known, by: Actor) -> list[Told]:
    """File every row that can be. What stands on record is changed first: a term that ends makes room for the next."""
    codes = {code.casefold(): office for code, office in known.offices.items()}
    read = [_read(row, codes) for row in rows]
    held = _held([one.office.id for one in read if one.office])
    told: dict[int, Told] = {}
    first_lines: dict[tuple[str, Term], int] = {}
    for one in sorted(read, key=lambda one: (one.code, one.term) not in held):
        first = first_lines.setdefault((one.code, one.term), one.row.line)
        if first != one.row.line:
            one.row.fault("email", _("Line %(line)s says the same. Delete one of the two.", line=first))
        told[one.row.line] = _tried(one, held.get((one.code, one.term)), by)
    return [told[one.row.line] for one in read]


def _read(row: Row, codes: dict[str, Institution]) -> PersonRow:
    text = bare(row.line_of("code"))
    office = codes.get(text.casefold())
    if text and office is None:
        sentence = _(
            "There is no institution with the code “%(code)s”. Correct it, or open it first.", code=short(text)
        )
        row.fault("code", sentence)
    optional = ("title", "phone", "decree_number")
    return PersonRow(
        row=row,
        office=office,
        code=office.code if office else text,
        texts={
            key: bare(row.line_of(key, MAX_FILE_BYTES, key not in optional)) for key in ("name", "email", *optional)
        },
        network=Network(row.word_of("network", words("network", NETWORKS), NETWORKS[0])),
        role=AppointmentRole(row.word_of("role", words("role", ROLES), ROLES[0])),
        valid_from=_day(row, "valid_from", required=True) or date.min,
        valid_until=_day(row, "valid_until", required=False),
    )


def _day(row: Row, key: str, required: bool) -> date | None:
    text = row.line_of(key, MAX_FILE_BYTES, required)
    day = parse_day(text)
    if day is None and text:
        sentence = _("“%(text)s” is not a date. Write it as 31/12/2023 or 31 Desember 2023.", text=short(text))
        row.fault(key, sentence)
    return day


def _held(office_ids: list[int]) -> dict[tuple[str, Term], Appointment]:
    """Every appointment at these offices, by code of the office and term."""
    rows = db.session.execute(
        select(Appointment, Institution.code)
        .join(Institution, Institution.id == Appointment.institution_id)
        .where(Institution.id.in_(set(office_ids)))
    )
    return {(code, (one.person.email, one.network, one.role, one.valid_from)): one for one, code in rows}


def _tried(one: PersonRow, appointment: Appointment | None, by: Actor) -> Told:
    """File one row, or none of it."""
    done: tuple[Change, ...] = ()
    if not one.row.faults:
        try:
            with db.session.begin_nested():
                done = _corrected(one, appointment, by) if appointment else _appointed(one, by)
        except Refused as refusal:
            one.row.fault(_COLUMNS.get(refusal.field, refusal.field), refusal.sentence)
    outcome = Outcome.CHANGED if appointment else Outcome.OPENED
    if one.row.faults:
        outcome = Outcome.FAULTY
    elif not done:
        outcome = Outcome.UNCHANGED
    return Told(one.row.line, one.code, one.texts["name"], outcome, done, tuple(one.row.faults))


def _appointed(one: PersonRow, by: Actor) -> tuple[Change, ...]:
    assert one.office is not None
    for key in ("title", "decree_number"):
        if one.texts[key] in ("", EMPTY) and not (key == "title" and _is_known(one)):
            raise Refused(key, _("This cell is empty. A new appointment needs it."))
    texts = {key: "" if text == EMPTY else text for key, text in one.texts.items()}
    person = service.add_person(one.office, texts["name"], texts["title"], texts["email"], texts["phone"], by)
    service.change_person(person, _given(one, "title", "phone"), by)
    appointment = service.appoint(
        person, one.office, one.network, one.role, texts["decree_number"], one.valid_from, one.valid_until, by
    )
    return changes({}, exporting.appointment_row(appointment, one.code))


def _corrected(one: PersonRow, appointment: Appointment, by: Actor) -> tuple[Change, ...]:
    """What a row changes of an appointment on record: who the person is, the decree, the last day."""
    before = exporting.appointment_row(appointment, one.code)
    service.change_person(appointment.person, _given(one, "name", "title", "phone"), by)
    decree = _given(one, "decree_number").get("decree_number") or appointment.decree_number
    moved = changed(appointment, {"decree_number": fitting(Appointment, "decree_number", decree)})
    if moved:
        details = {"appointment": appointment.id, "person": appointment.person_id, "changes": moved}
        record(appointment.institution.stream, "appointment_corrected", by, details)
    if one.valid_until:
        service.end_term(appointment, one.valid_until, by)
    return changes(before, exporting.appointment_row(appointment, one.code))


def _given(one: PersonRow, *keys: str) -> dict[str, str]:
    return {key: "" if one.texts[key] == EMPTY else one.texts[key] for key in keys if one.texts[key]}


def _is_known(one: PersonRow) -> bool:
    return db.session.scalar(select(Person.id).where(Person.email == one.texts["email"].lower())) is not None
