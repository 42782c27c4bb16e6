"""Handing an office over: one term ends, the next begins, and no letter stays behind with who left.

A newcomer on leave or with a dead address gets no letters either: they go to the addressee of the day, as every letter.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from hub import clock
from hub.audit.rules import Actor
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import Appointment, AppointmentRole, Institution, Network, Person
from hub.directory.service import Refused
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings.models import Forwarding
from hub.upkeep.announcements import Change, can_sign_in, greet, mailbox_of, tell_senders
from hub.upkeep.departures import catch_up, lock_office
from hub.upkeep.models import Handover
from hub.upkeep.moving import EACH_BY_MAIL, TO_DO, UNCONFIRMED, Moved, held_by, move, open_letters
from hub.webkit.filters import short_day

__all__ = [
    "Handed",
    "Moved",
    "Plan",
    "Succession",
    "can_sign_in",
    "catch_up",
    "hand_over",
    "leaving",
    "move",
    "plan",
    "rehearse",
]


@dataclass(frozen=True)
class Succession:
    """What an administrator decides. Either `person`, somebody of the office, or name and address of somebody new."""

    first_day: date
    last_day: date | None
    decree_number: str
    person: Person | None = None
    name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    decree_file: StoredFile | None = None


@dataclass(frozen=True)
class Plan:
    """What a handover of this office would do now, in numbers. `numbers`: of the letters, in order."""

    leaving: Appointment | None
    letters: int
    unconfirmed: int
    mails: int
    senders: int
    links: int
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handed:
    """What a handover did. `moved` is None when it happens on a later day, or nobody left."""

    appointment: Appointment
    moved: Moved | None
    senders: int = 0


def leaving(institution: Institution, network: Network) -> Appointment | None:
    """The present PIC, None for a vacant office."""
    return directory.pic_on(institution, network, clock.today(institution.zone))


def plan(institution: Institution, network: Network) -> Plan:
    """Counts only: an administrator sees no complaint. A vacant office hands nothing over: its letters stay."""
    present = leaving(institution, network)
    found = open_letters(institution, network)
    letters = [one for one in found if one.stage in TO_DO]
    unconfirmed = [one for one in letters if one.stage in UNCONFIRMED]
    mailed = letters if len(letters) <= EACH_BY_MAIL else unconfirmed
    return Plan(
        leaving=present,
        letters=len(letters),
        unconfirmed=len(unconfirmed),
        mails=sum(one.by_email for one in mailed) if present else 0,
        senders=len({one.sender_id for one in letters if mailbox_of(one.sender)}) if present else 0,
        links=held_by(present.person, institution, found) if present else 0,
        numbers=tuple(one.letter.number for one in letters if one.letter.number),
    )


def hand_over(
    institution: Institution, network: Network, succession: Succession, seen: int | None, by: Actor
) -> Handed:
    """End the present PIC's term, appoint the successor, and move the letters; on a later first day, the move waits.

    `seen` is the id of the appointment that the administrator saw as the present one. Where nobody hands over, because
    the office is vacant or will be in between, letters keep their living link at deputy or office mailbox: the newcomer
    gets the digest at once. Raises Refused, after which the caller must roll back.
    """
    appointment, before = _change_terms(institution, network, succession, seen, by)
    newcomer = db.session.get_one(Person, appointment.person_id)
    change = Change(institution, network, newcomer, appointment.valid_from)
    eve = appointment.valid_from - timedelta(days=1)
    if before is None or before.valid_until != eve:
        greet(newcomer, change, _to_do(institution, network), by)
        return Handed(appointment, None)
    done = appointment.valid_from <= clock.today(institution.zone)
    db.session.merge(Handover(appointment_id=before.id, ended_on=eve, moved_at=clock.now() if done else None))
    if not done:
        return Handed(appointment, None)
    moved = move(institution, network, before.person, by)
    told = tell_senders(change, moved.letters)
    greet(newcomer, change, _to_do(institution, network), by)
    return Handed(appointment, moved, told)


def rehearse(institution: Institution, network: Network, succession: Succession, seen: int | None, by: Actor) -> None:
    """Raise Refused for what `hand_over` would refuse. Nothing stays changed; call it in a transaction of its own."""
    try:
        _change_terms(institution, network, succession, seen, by)
    finally:
        db.session.rollback()


def _change_terms(
    institution: Institution, network: Network, succession: Succession, seen: int | None, by: Actor
) -> tuple[Appointment, Appointment | None]:
    """The new appointment, and the one that ends for it."""
    lock_office(institution)
    before = leaving(institution, network)
    if (before.id if before else None) != seen:
        raise Refused(
            "successor",
            _("Somebody else has changed who is PIC here in the meantime. Look at the directory, then begin again."),
        )
    newcomer = _newcomer(institution, succession, by)
    eve = succession.first_day - timedelta(days=1)
    if before is not None:
        _refuse_impossible(before, newcomer, succession)
        if before.valid_until is None or before.valid_until > eve:
            people.end_term(before, eve, by)
    for deputy in _deputy_terms(newcomer, institution, network, succession.first_day):
        people.end_term(deputy, eve, by)
    appointment = people.appoint(
        newcomer,
        institution,
        network,
        AppointmentRole.PIC,
        succession.decree_number,
        succession.first_day,
        succession.last_day,
        by,
        decree_file=succession.decree_file,
    )
    return appointment, before


def _newcomer(institution: Institution, succession: Succession, by: Actor) -> Person:
    if succession.person is None:
        return people.add_person(institution, succession.name, succession.title, succession.email, succession.phone, by)
    if succession.person.institution_id != institution.id:
        raise Refused("successor", _("This person works at another office. Choose somebody of this one."))
    return succession.person


def _refuse_impossible(before: Appointment, newcomer: Person, succession: Succession) -> None:
    if before.person_id == newcomer.id:
        sentence = _("%(name)s is the PIC who leaves. Choose somebody else.", name=newcomer.name)
        raise Refused("successor" if succession.person else "email", sentence)
    if succession.first_day <= before.valid_from:
        sentence = _(
            "%(name)s has been PIC since %(day)s. Choose a first day after that.",
            name=before.person.name,
            day=short_day(before.valid_from),
        )
        raise Refused("valid_from", sentence)


def _deputy_terms(person: Person, institution: Institution, network: Network, first_day: date) -> list[Appointment]:
    """Terms as deputy that a newcomer leaves by becoming PIC."""
    return list(
        db.session.scalars(
            select(Appointment).where(
                Appointment.person_id == person.id,
                Appointment.institution_id == institution.id,
                Appointment.network == network,
                Appointment.role == AppointmentRole.DEPUTY,
                Appointment.valid_from < first_day,
                directory.in_force(first_day),
            )
        )
    )


def _to_do(institution: Institution, network: Network) -> list[Forwarding]:
    return [one for one in open_letters(institution, network) if one.stage in TO_DO]
