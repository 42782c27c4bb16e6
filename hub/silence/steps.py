"""Steps of the ladder, judged under the lock; and those that are taken one by one: the nudge, and the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from hub.audit.rules import CLOCK, person
from hub.complaints.models import Complaint
from hub.coordination import queries as coordination
from hub.directory.models import Person
from hub.extensions import db
from hub.forwardings import correspondence, deadlines, second_request, tracks
from hub.forwardings import service as forwardings
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import ClockKey, Happening, NotNow
from hub.forwardings.service import CannotForward
from hub.forwardings.stages import advance, lock, lock_all
from hub.mail.models import EmailPurpose
from hub.routing.rules import Purpose
from hub.silence.ladder import Approver, Step
from hub.silence.models import LadderStep
from hub.silence.queries import Case, cases
from hub.silence.rules import Grade


@dataclass(frozen=True)
class DueStep:
    """A step that is due for the late clock of one forwarding; `grade` is None for a nudge, before it is late.

    `to`: whom a mail would go to. `approver`: who has to agree. The record that no answer came may wait for a monitor.
    """

    forwarding: int
    number: str | None
    recipient: str
    clock: ClockKey
    due_on: date
    grade: Grade | None
    step: Step
    to: tuple[tuple[str, str], ...]
    approver: Approver = Approver.NOBODY


class Standing(NamedTuple):
    """A step that is due at this very moment: its forwarding is held, with the date that has passed or comes."""

    due: DueStep
    forwarding: Forwarding
    deadline: Deadline

    def taken(self, now: datetime) -> dict[str, Any]:
        """The row that says so once it is taken."""
        about = {"deadline_id": self.deadline.id, "forwarding_id": self.forwarding.id}
        return {**about, "step": self.due.step, "taken_at": now}


def standing(due: Sequence[DueStep], now: datetime) -> list[Standing]:
    """Those that are due at this moment too, under the lock. A fixed number of queries, however many.

    Others are left out: after they were planned something came, or the date moved.
    """
    ids = [one.forwarding for one in due]
    around = joinedload(Forwarding.complaint, innerjoin=True)
    held = {one.id: one for one in lock_all(ids, around, around.lazyload(Complaint.region))}
    judged = {case.id: case for case in cases(Forwarding.id.in_(ids), now)}
    found = []
    for one in due:
        forwarding, case = held[one.forwarding], judged.get(one.forwarding)
        deadline = deadlines.find_running(forwarding, one.clock)
        if case and deadline and deadline.due_on == one.due_on and _still_due(one, case):
            found.append(Standing(one, forwarding, deadline))
    return found


def _still_due(due: DueStep, case: Case) -> bool:
    if due.step is Step.NUDGE:
        return case.may_be_nudged and case.long_clock is due.clock
    return case.verdict.clock is due.clock and case.verdict.grade is due.grade


def take(standing: Standing, now: datetime) -> bool:
    """Take a nudge, or record that no answer came. False, and nobody is written to, while something is open first."""
    due, forwarding, deadline = standing
    if _something_is_open(forwarding, due.step):
        return False
    if due.step is Step.NUDGE and not _nudge(forwarding, due, deadline):
        return False
    db.session.add(LadderStep(**standing.taken(now)))
    if due.step is Step.LAPSE:
        _record(forwarding, due, deadline)
    return True


def _nudge(forwarding: Forwarding, due: DueStep, deadline: Deadline) -> bool:
    """One friendly mail. False where nobody can be mailed: a letter would be a reminder."""
    message = correspondence.nudge_mail(forwarding, due.due_on, deadlines.stood_still(deadline))
    if not tracks.queue_to(forwarding, EmailPurpose.NOTICE, due.to, message):
        return False
    advance(forwarding, Happening.NUDGED, CLOCK, {"deadline": deadline.id})
    return True


def _record(forwarding: Forwarding, due: DueStep, deadline: Deadline) -> None:
    """The end of the ladder: by the clock, or put to a monitor of the network, who records it or lets it be."""
    if due.approver is Approver.MONITOR:
        advance(forwarding, Happening.RECORD_DUE, CLOCK, {"step": due.step, "deadline": deadline.id})
    else:
        forwardings.lapse(forwarding)


def record_now(forwarding: Forwarding, by: Person, now: datetime) -> None:
    """A monitor records that no answer came, once the ladder has asked for it.

    Judged again under the lock: raises NotNow when nobody asks for it any more, CannotForward while something of the
    recipient waits for the sender's word.
    """
    lock(forwarding)
    if not any(case.awaits_record for case in cases(Forwarding.id == forwarding.id, now)):
        raise NotNow(forwarding.stage, Happening.LAPSED)
    if _something_is_open(forwarding, Step.LAPSE):
        raise CannotForward(_("Something of the recipient waits for the sender's word first: look at its page."))
    forwardings.lapse(forwarding, person(by.id))


def _something_is_open(forwarding: Forwarding, step: Step) -> bool:
    """A question or a request for more time stops the nudge, for who asks has not forgotten, and the end.

    So does a second request of which no proof of receipt stands any more stop the end.
    """
    is_asked = bool(coordination.waiting_for_the_sender(Forwarding.id == forwarding.id))
    return is_asked or (step is Step.LAPSE and _lacks_its_proof(forwarding))


def _lacks_its_proof(forwarding: Forwarding) -> bool:
    return forwarding.purpose is Purpose.CLARIFICATION and not second_request.is_proven(forwarding)
