"""Who holds an office as PIC or deputy, from when until when, and when they are away."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from hub.audit.rules import Actor
from hub.audit.service import record
from hub.directory.columns import fitting, hold
from hub.directory.models import Absence, Appointment, AppointmentRole, Institution, Network, Person
from hub.directory.rules import Refused, Term, overlap
from hub.extensions import db
from hub.files.models import StoredFile
from hub.webkit.filters import short_day

LONGEST_ABSENCE = 366
"""Days. Whoever is away longer does not hold the office any more."""


def appoint(
    person: Person,
    institution: Institution,
    network: Network,
    role: AppointmentRole,
    decree_number: str,
    valid_from: date,
    valid_until: date | None,
    by: Actor,
    decree_file: StoredFile | None = None,
) -> Appointment:
    """Make a person PIC or deputy of an institution. Raises Refused for an impossible term or a taken seat."""
    if valid_until is not None and valid_until < valid_from:
        raise Refused("valid_until", _("The term ends before it begins. Choose a later last day."))
    appointment = Appointment(
        person_id=person.id,
        institution_id=institution.id,
        network=network,
        role=role,
        decree_number=fitting(Appointment, "decree_number", decree_number),
        valid_from=valid_from,
        valid_until=valid_until,
        decree_file_id=decree_file.id if decree_file else None,
    )
    _refuse_collision(appointment, institution, (valid_from, valid_until), "valid_from")
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
    record(institution.stream, "appointed", by, details)
    return appointment


def end_term(appointment: Appointment, last_day: date, by: Actor) -> None:
    """Let a term end on `last_day`, which frees the seat for a successor from the day after."""
    if last_day < appointment.valid_from:
        raise Refused("last_day", _("The term ends before it begins. Choose a later last day."))
    if appointment.valid_until == last_day:
        return
    _refuse_collision(appointment, appointment.institution, (appointment.valid_from, last_day), "last_day")
    before, appointment.valid_until = appointment.valid_until, last_day
    db.session.flush()
    details = {
        "appointment": appointment.id,
        "person": appointment.person_id,
        "until": last_day.isoformat(),
        "before": before.isoformat() if before else None,
    }
    record(appointment.institution.stream, "term_ended", by, details)


def plan_absence(person: Person, first_day: date, last_day: date, by: Actor) -> Absence:
    """Days, both included, on which the deputy gets the mail. Raises Refused for impossible or taken days."""
    absence = Absence(person_id=person.id, first_day=first_day, last_day=last_day)
    _refuse_senseless(absence, person, last_day)
    db.session.add(absence)
    db.session.flush()
    details = _days(absence, last_day)
    record(person.institution.stream, "absence_planned", by, details)
    return absence


def end_absence(absence: Absence, last_day: date, by: Actor) -> None:
    """Let an absence end on another day. One that would end before it begins is cancelled."""
    stream = absence.person.institution.stream
    if last_day == absence.last_day:
        return
    if last_day < absence.first_day:
        record(stream, "absence_cancelled", by, _days(absence, absence.last_day))
        db.session.delete(absence)
        db.session.flush()
        return
    _refuse_senseless(absence, absence.person, last_day)
    absence.last_day = last_day
    db.session.flush()
    record(stream, "absence_changed", by, _days(absence, last_day))


def _days(absence: Absence, last_day: date) -> dict[str, object]:
    return {"person": absence.person_id, "from": absence.first_day.isoformat(), "until": last_day.isoformat()}


def _refuse_senseless(absence: Absence, person: Person, last_day: date) -> None:
    if last_day < absence.first_day:
        raise Refused("last_day", _("The leave ends before it begins. Choose a later last day."))
    if (last_day - absence.first_day).days > LONGEST_ABSENCE:
        raise Refused("last_day", _("Leave lasts at most a year. End the term and appoint a successor instead."))
    hold(person.institution)
    for other in db.session.scalars(select(Absence).where(Absence.person_id == person.id)):
        if other is not absence and overlap((absence.first_day, last_day), (other.first_day, other.last_day)):
            sentence = _(
                "Leave from %(first)s to %(last)s is planned already. Change that one, or choose other days.",
                first=short_day(other.first_day),
                last=short_day(other.last_day),
            )
            raise Refused("first_day", sentence)


def _refuse_collision(appointment: Appointment, institution: Institution, term: Term, field: str) -> None:
    hold(institution)
    rivals = db.session.scalars(
        select(Appointment).where(
            Appointment.institution_id == institution.id, Appointment.network == appointment.network
        )
    )
    for rival in rivals:
        if rival is appointment or not overlap(term, (rival.valid_from, rival.valid_until)):
            continue
        if rival.person_id == appointment.person_id:
            raise Refused(field, _("This person is already appointed here in that time. End that term first."))
        if appointment.role == rival.role == AppointmentRole.PIC:
            sentence = _(
                "%(name)s is PIC in that time. End that term first, or begin after it.", name=rival.person.name
            )
            raise Refused(field, sentence)
