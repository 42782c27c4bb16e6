"""The round of reach checks: every quarter, spread over its first working days, in the office hours of who is asked."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, lazyload

from hub import clock
from hub.directory import queries as directory
from hub.directory.models import Absence, Appointment, AppointmentRole, ContactFault, Person, ReachCheck
from hub.extensions import db
from hub.mail.rules import usable_address
from hub.upkeep import reach, rules
from hub.workdays import queries as workdays
from hub.workdays.rules import Calendar, is_office_hour, working_days_between

log = structlog.get_logger("hub.upkeep")


def ask_due(now: datetime) -> int:
    """Ask every PIC whose turn it is at `now`, in their own office hours. Returns how many were asked.

    No query outside office hours, one while nobody's turn has come.
    """
    if not any(rules.is_weekday_hour(clock.local(now, zone)) for zone in clock.ZONES):
        return 0
    day = clock.local(now, "WIB").date()  # while any office of the country is open, all zones have the same date
    candidates = _candidates(day)
    if not candidates:
        return 0
    asked, calendars = 0, workdays.calendars()
    left = rules.ASKED_A_DAY - _asked_on(day)
    for appointment in candidates:
        if asked >= left:
            break
        if _is_turn(appointment, now, calendars.of(appointment.institution.region_code)):
            asked += _ask_once(appointment, day)
    return asked


def _candidates(day: date) -> Sequence[Appointment]:
    """One appointment of each PIC not asked yet this quarter whose slot may have come; the longest waiting first.

    Weekdays since the quarter began are never fewer than its working days, so no calendar is needed to leave out most.
    """
    rows = db.session.scalars(
        select(Appointment)
        .join(Appointment.person)
        .where(
            Appointment.role == AppointmentRole.PIC,
            directory.in_force(day),
            Appointment.valid_from <= day - rules.SETTLING_IN,
            Person.id % rules.SLOTS < rules.weekdays_so_far(day),
            ~_was_asked(rules.not_asked_since(day)),
            ~exists().where(Absence.person_id == Person.id, Absence.first_day <= day, Absence.last_day >= day),
            ~exists().where(ContactFault.address == Person.email, ContactFault.mended_at.is_(None)),
        )
        .options(
            contains_eager(Appointment.person).options(lazyload(Person.institution)),
            joinedload(Appointment.institution, innerjoin=True),
        )
        .order_by(Person.id % rules.SLOTS, Appointment.id)
    ).all()
    first = {(one.person_id, one.institution_id): one for one in reversed(rows) if usable_address(one.person.email)}
    return [one for one in rows if first.get((one.person_id, one.institution_id)) is one]


def _was_asked(since: date) -> ColumnElement[bool]:
    """This person was asked about this office since then, in whatever network."""
    other = aliased(Appointment)
    return exists().where(
        ReachCheck.appointment_id == other.id,
        other.person_id == Appointment.person_id,
        other.institution_id == Appointment.institution_id,
        ReachCheck.asked_on >= since,
    )


def _is_turn(appointment: Appointment, now: datetime, calendar: Calendar) -> bool:
    local = clock.local(now, appointment.institution.zone)
    begin = rules.quarter_start(local.date()) - timedelta(days=1)
    so_far = working_days_between(begin, local.date(), calendar)
    return rules.slot(appointment.person_id) < so_far and is_office_hour(local, calendar)


def _ask_once(appointment: Appointment, day: date) -> bool:
    """Under a lock on the person: of two workers, one asks. A question that cannot be put stops no other."""
    try:
        with db.session.begin_nested():
            db.session.refresh(appointment.person, with_for_update={"of": Person})
            again = select(Appointment.id).where(Appointment.id == appointment.id)
            if db.session.scalar(again.where(_was_asked(rules.not_asked_since(day)))) is not None:
                return False
            reach.ask(appointment)
    except Exception:
        log.exception("reach_check_failed", appointment=appointment.id)
        return False
    return True


def _asked_on(day: date) -> int:
    return db.session.scalar(select(func.count()).select_from(ReachCheck).where(ReachCheck.asked_on == day)) or 0
