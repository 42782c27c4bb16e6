"""Due dates follow the calendar: what a change would move, and moving it once the change is made."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from sqlalchemy import Select, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from hub import clock
from hub.audit.rules import CLOCK
from hub.complaints.models import Complaint
from hub.extensions import db
from hub.forwardings.deadlines import who_owes
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import Happening
from hub.forwardings.stages import lock_all, note_all
from hub.workdays import queries as workdays
from hub.workdays.models import CalendarVersion
from hub.workdays.queries import Calendars
from hub.workdays.rules import Unit, add_working_days, count

log = structlog.get_logger()
_AT_ONCE = 500
_COUNTED = Deadline.ended_at.is_(None) & Deadline.is_agreed.is_(False)
_OFFICES = joinedload(Deadline.forwarding, innerjoin=True).options(
    joinedload(Forwarding.sender, innerjoin=True), joinedload(Forwarding.recipient, innerjoin=True)
)


@dataclass(frozen=True)
class Move:
    """A running due date, and where the calendar puts it."""

    deadline: Deadline
    was: date
    due_on: date
    why: str = ""


def moves(calendars: Calendars) -> list[Move]:
    """Every running due date that is another one in these calendars, by the earlier date. One query."""
    found = (
        Move(one, one.due_on, counted)
        for one in db.session.scalars(_counted_in_working_days().order_by(Deadline.due_on, Deadline.id))
        if (counted := _due_in(calendars, one)) != one.due_on
    )
    return list(found)


def miscounted() -> list[Move]:
    """Every running date that is another one than its own row gives, in the calendar that it names. One query."""
    calendars = Calendars()
    as_now = _COUNTED & (Deadline.calendar_version == calendars.version)
    running = db.session.scalars(select(Deadline).where(as_now).options(_OFFICES).order_by(Deadline.id))
    return [Move(one, one.due_on, counted) for one in running if (counted := _due_in(calendars, one)) != one.due_on]


def recount() -> tuple[list[Move], list[int]]:
    """Count again what was counted with an older calendar, and tell the record where a date moved.

    A date that the sender named stays. One case that fails is told (the ids of these forwardings are the second list),
    tried again next time, and never stops the others.
    """
    newest = workdays.newest_version()
    old = list(db.session.scalars(_counted_in_working_days().where(Deadline.calendar_version < newest)))
    if not old:
        return [], []
    calendars, why = Calendars(), db.session.get_one(CalendarVersion, newest).note
    by_forwarding: dict[int, list[Move]] = defaultdict(list)
    for one in old:
        if (counted := _in_time(calendars, one, _due_in(calendars, one))) != one.due_on:
            by_forwarding[one.forwarding_id].append(Move(one, one.due_on, counted, why))
    still = {one.id for one in old} - {move.deadline.id for moved in by_forwarding.values() for move in moved}
    for ids in _chunks(sorted(still)):
        db.session.execute(update(Deadline).where(Deadline.id.in_(ids)).values(calendar_version=newest))
    done: list[Move] = []
    failed: list[int] = []
    for ids in _chunks(sorted(by_forwarding)):
        done += _moved({id: by_forwarding[id] for id in ids}, newest, failed)
    return done, failed


def _moved(found: dict[int, list[Move]], version: int, failed: list[int]) -> list[Move]:
    """Move all at once, at a fifth of the time; when one of them cannot be moved, each by itself."""
    try:
        with db.session.begin_nested():
            return _move(found, version)
    except OperationalError:
        raise
    except Exception:
        log.exception("due_dates_not_recounted", forwardings=sorted(found))
    if len(found) == 1:
        failed.extend(found)
        return []
    return [move for id in found for move in _moved({id: found[id]}, version, failed)]


def _move(found: dict[int, list[Move]], version: int) -> list[Move]:
    """Those that were moved: none of a forwarding that has gone on meanwhile."""
    done: list[Move] = []
    told: list[tuple[Forwarding, dict[str, Any]]] = []
    subject = joinedload(Forwarding.complaint, innerjoin=True)
    around = (subject.load_only(Complaint.subject), subject.lazyload(Complaint.region))
    for forwarding in lock_all(found, *around):
        running = {one.id: one for one in forwarding.deadlines if one.ended_at is None}
        for move in found[forwarding.id]:
            if one := running.get(move.deadline.id):
                told.append((forwarding, _told(move, version)))
                one.due_on, one.calendar_version = move.due_on, version
                set_committed_value(one, "forwarding", forwarding)  # kept with all that the office is told about it
                done.append(move)
    note_all(told, Happening.DUE_MOVED, CLOCK)
    return done


def _told(move: Move, version: int) -> dict[str, Any]:
    return {
        "deadline": move.deadline.id,
        "clock": move.deadline.clock,
        "old": move.was.isoformat(),
        "new": move.due_on.isoformat(),
        "calendar": version,
        "reason": move.why,
    }


def _counted_in_working_days() -> Select[Deadline]:
    return select(Deadline).where(_COUNTED, Deadline.unit == Unit.WORKING_DAYS).options(_OFFICES)


def _due_in(calendars: Calendars, one: Deadline) -> date:
    calendar = calendars.of(who_owes(one.forwarding, one.clock).region_code)
    return count(one.started_on, one.amount, one.unit, calendar, one.pauses).due


def _in_time(calendars: Calendars, one: Deadline, counted: date) -> date:
    """A date that comes earlier leaves whoever owes at least the next working day."""
    office = who_owes(one.forwarding, one.clock)
    today = clock.today(office.zone)
    if counted >= one.due_on or counted > today:
        return counted
    return min(one.due_on, add_working_days(today, 1, calendars.of(office.region_code)))


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
