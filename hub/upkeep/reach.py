"""Reach checks: are you still the PIC? Each is a stream of its own; the latest answer before a decision counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from hub import clock
from hub.audit.rules import SYSTEM, Actor
from hub.audit.service import record
from hub.directory import queries as offices
from hub.directory import service as directory
from hub.directory.models import Appointment, AppointmentRole, FaultKind, ReachAnswer, ReachCheck
from hub.extensions import db
from hub.mail import service as mail
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.upkeep import questions

LINK_LIFE = timedelta(days=90)
"""Until the next quarter's question has come."""


@dataclass(frozen=True)
class Successor:
    """Who speaks for the office now, as whoever was asked wrote it."""

    name: str
    title: str
    email: str
    phone: str


def ask(appointment: Appointment, by: Actor = SYSTEM) -> ReachCheck:
    """Ask this PIC now, once for all networks of the office. An older question to the same person is withdrawn.

    Raises hub.mail.service.UnusableAddress.
    """
    office, somebody = appointment.institution, appointment.person
    for older in _unanswered(appointment):
        mail.cancel_queued(older.stream)
        mail.revoke_links(older.stream)
    check = ReachCheck(appointment=appointment, asked_on=clock.today(office.zone))
    db.session.add(check)
    db.session.flush()
    record(check.stream, "asked", by, {"appointment": appointment.id})
    question = questions.question(office, questions.networks_of(appointment, check.asked_on), check.asked_on)
    mail.queue(
        about=check.stream,
        purpose=EmailPurpose.REACH_CHECK,
        institution_id=office.id,
        to_name=somebody.name,
        to_address=somebody.email,
        subject=question.subject,
        paragraphs=question.paragraphs,
        signature=questions.signature(appointment.network),
        action=questions.BUTTONS,
        link_life=LINK_LIFE,
    )
    return check


def obstacle(appointment: Appointment) -> str:
    """Why asking this PIC now makes no sense, as a sentence; "" when it does."""
    today = clock.today(appointment.institution.zone)
    if any(check.asked_on == today for check in _unanswered(appointment)):
        return _("%(name)s was asked today. Wait for the answer, or call.", name=appointment.person.name)
    if appointment.person.email in _dead_addresses(appointment.institution_id):
        return _("Mail to %(name)s comes back. Mend the address first, or call.", name=appointment.person.name)
    return ""


def answer(check: ReachCheck, given: ReachAnswer, successor: Successor | None, by: Actor) -> None:
    """Take an answer. It replaces an earlier one; nothing changes any more once somebody has decided."""
    directory.hold(check.appointment.institution)  # before the question, as in a handover that decides it
    _lock(check)
    named = successor or Successor("", "", "", "")
    if check.decided_at or (check.answer is given and _named(check) == named):
        return
    occurred_at = record(check.stream, "answered", by, {"answer": given})
    check.answer, check.answered_at = given, occurred_at
    check.successor_name, check.successor_title = named.name, named.title
    check.successor_email, check.successor_phone = named.email.lower(), named.phone
    somebody = check.appointment.person
    if _was_asked_at(check) != somebody.email:
        return  # the address was changed meanwhile: the answer says nothing about the new one
    if given is ReachAnswer.STILL:
        directory.confirm_address(somebody, occurred_at)
    elif given is ReachAnswer.WRONG_OFFICE:
        source = f"{check.stream}@{int(occurred_at.timestamp())}"  # each such answer speaks once
        directory.mark_fault(
            check.appointment.institution, somebody, FaultKind.WRONG_OFFICE, somebody.email, "", source, occurred_at
        )


def decide(check: ReachCheck, by: Actor, approved: bool = True, note: str = "") -> bool:
    """Be done with a proposal. False when somebody else has decided before.

    Approved, after a handover: it stays open while the same person holds the office in the other network too.
    Declined: whoever proposed is told by mail, with the note.
    """
    _lock(check)
    if check.decided_at or check.answer is not ReachAnswer.SUCCESSOR:
        return False
    details = {"note": note} if note else {}
    record(check.stream, "successor_approved" if approved else "successor_declined", by, details)
    if not approved:
        _tell_declined(check, note)
    if not approved or not _still_held(check):
        check.decided_at = clock.now()
    return True


def _lock(check: ReachCheck) -> None:
    """Of two who answer or decide at once, one waits and then sees what the other did."""
    db.session.flush()
    db.session.refresh(check, with_for_update={"of": ReachCheck})


def _still_held(check: ReachCheck) -> bool:
    """True while a seat of this person at this office has no other PIC today or to come."""
    office, day = check.appointment.institution, clock.today(check.appointment.institution.zone)
    terms = [one for one in offices.appointments_of(office) if one.role is AppointmentRole.PIC]
    coming = {
        one.network
        for one in terms
        if one.person_id != check.appointment.person_id and (one.valid_until is None or one.valid_until >= day)
    }
    held = {one.network for one in terms if one.person_id == check.appointment.person_id and one.is_in_force(day)}
    return not held <= coming


def _tell_declined(check: ReachCheck, note: str) -> None:
    appointment = check.appointment
    if appointment.person.email in _dead_addresses(appointment.institution_id):
        return
    reply = questions.declined(appointment.institution, note)
    mail.queue(
        about=check.stream,
        purpose=EmailPurpose.NOTICE,
        institution_id=appointment.institution_id,
        to_name=appointment.person.name,
        to_address=appointment.person.email,
        subject=reply.subject,
        paragraphs=reply.paragraphs,
        signature=questions.signature(appointment.network),
    )


def _unanswered(appointment: Appointment) -> Sequence[ReachCheck]:
    seat = (Appointment.person_id == appointment.person_id) & (Appointment.institution_id == appointment.institution_id)
    asked = select(ReachCheck).join(ReachCheck.appointment).where(seat, ReachCheck.answer.is_(None))
    return db.session.scalars(asked).all()


def _named(check: ReachCheck) -> Successor:
    return Successor(check.successor_name, check.successor_title, check.successor_email, check.successor_phone)


def _was_asked_at(check: ReachCheck) -> str:
    """The address the question went to; "" when it is not known."""
    asked = select(EmailDispatch.to_address).where(
        EmailDispatch.about == check.stream, EmailDispatch.purpose == EmailPurpose.REACH_CHECK
    )
    return (db.session.scalar(asked.limit(1)) or "").lower()


def _dead_addresses(institution_id: int) -> set[str]:
    return {fault.address for fault in offices.open_faults(institution_id)}
