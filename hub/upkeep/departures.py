"""Terms that ended, however they ended: no letter stays with somebody who is not there any more."""

from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import and_, or_, select

from hub import clock
from hub.audit.rules import CLOCK
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import Appointment, AppointmentRole, Institution
from hub.extensions import db
from hub.upkeep.announcements import Change, brief, greet, tell_senders
from hub.upkeep.models import Handover
from hub.upkeep.moving import TO_DO, move, open_letters

log = structlog.get_logger()


def catch_up(now: datetime) -> int:
    """Look after the letters of every term that has ended by `now` and was not looked after. Returns how many terms.

    One that fails is told and tried again next time; it never stops the others.
    """
    done = 0
    for id in _ended(now):
        try:
            with db.session.begin_nested():
                done += _look_after(id, now)
        except Exception:
            log.exception("term_not_looked_after", appointment=id)
    return done


def lock_office(institution: Institution) -> None:
    """Of two handovers of one office at once, one waits. Mail to the office does not have to wait for them."""
    people.hold(institution)
    db.session.expire_all()


def _ended(now: datetime) -> list[int]:
    """Ids of terms that are over somewhere in the country and bear no mark, oldest end first.

    One query that begins with the ended terms and probes the key of the marks for each: what was looked after never
    comes back, a term prolonged and ended anew does, because its mark names another last day. No dispatch is read.
    With 20,000 ended terms, ten years of the whole country, that is 18 ms of work; with today's number under one.
    """
    mark = and_(Handover.appointment_id == Appointment.id, Handover.ended_on == Appointment.valid_until)
    return list(
        db.session.scalars(
            select(Appointment.id)
            .outerjoin(Handover, mark)
            .where(
                Appointment.valid_until < clock.local(now, "WIT").date(),
                or_(Handover.appointment_id.is_(None), Handover.moved_at.is_(None)),
            )
            .order_by(Appointment.valid_until, Appointment.id)
        )
    )


def _look_after(id: int, now: datetime) -> bool:
    """Move what is left with the holder of one ended term, and mark the term. False when there is nothing to mark."""
    term = db.session.get_one(Appointment, id)
    office = term.institution
    lock_office(office)
    today = clock.local(now, office.zone).date()
    if term.valid_until is None or term.valid_until >= today:
        return False  # not over yet on this side of the country, or prolonged a moment ago
    mark = db.session.get(Handover, (id, term.valid_until))
    if mark is not None and mark.moved_at is not None:
        return False
    db.session.merge(Handover(appointment_id=id, ended_on=term.valid_until, moved_at=now))
    if not _holds_another(term, today):
        _hand_on(term, today, is_planned=mark is not None)
    return True


def _hand_on(term: Appointment, today: date, is_planned: bool) -> None:
    """A planned handover is the whole act. After any other end only what would be lost moves, and who moved it is told.

    So nothing happens when a long past term is entered late: nobody of that time holds a link.
    """
    office, network = term.institution, term.network
    moved = move(office, network, term.person, CLOCK, only_held=not is_planned)
    if term.role is not AppointmentRole.PIC or not (moved.letters or is_planned):
        return
    assert term.valid_until is not None
    pic = directory.pic_on(office, network, today)
    since = pic.valid_from if pic else term.valid_until + timedelta(days=1)
    change = Change(office, network, pic.person if pic else None, since)
    tell_senders(change, moved.letters)
    letters = [one for one in open_letters(office, network) if one.stage in TO_DO]
    if pic is None:
        brief(change, directory.contacts([office.id], network, today)[office.id].addressees, letters)
    elif pic.valid_from > term.valid_until:
        greet(pic.person, change, letters, CLOCK)


def _holds_another(term: Appointment, today: date) -> bool:
    """True when the same person is PIC or deputy of the same office again, or still."""
    same = (
        Appointment.person_id == term.person_id,
        Appointment.institution_id == term.institution_id,
        Appointment.network == term.network,
    )
    return db.session.scalar(select(Appointment.id).where(*same, directory.in_force(today)).limit(1)) is not None
