"""Reminders by mail, many at once: nearly all that a sweep has to do. A fixed number of queries, however many."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import joinedload

from hub.audit.rules import CLOCK
from hub.complaints.models import Complaint
from hub.extensions import db
from hub.forwardings import correspondence, deadlines, tracks
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening
from hub.forwardings.stages import lock_all, note_all
from hub.mail.rules import usable_address
from hub.silence.ladder import REMINDERS
from hub.silence.models import LadderStep
from hub.silence.queries import cases
from hub.silence.steps import DueStep


def is_mail(due: DueStep) -> bool:
    """True for a reminder that somebody can be mailed. All else is a letter, or the record that no answer came."""
    return due.step in REMINDERS and any(usable_address(address) for _name, address in due.to)


def take(due: Sequence[DueStep], now: datetime) -> list[DueStep]:
    """Take these, each about another forwarding, and return them.

    Those are left out for which something came after they were planned, or whose date moved.
    """
    standing = list(_standing(due, now))
    db.session.add_all(
        LadderStep(deadline_id=deadline.id, forwarding_id=forwarding.id, step=one.step, taken_at=now)
        for one, forwarding, deadline in standing
    )
    tracks.remind_all((forwarding, one.to, _words(one, forwarding, late)) for one, forwarding, late in standing)
    told = [(forwarding, {"step": one.step, "deadline": deadline.id}) for one, forwarding, deadline in standing]
    note_all(told, Happening.REMINDED, CLOCK)
    return [one for one, _, _ in standing]


def _standing(due: Sequence[DueStep], now: datetime) -> Iterator[tuple[DueStep, Forwarding, Deadline]]:
    """Those that are due at this moment, too, under the lock."""
    ids = [one.forwarding for one in due]
    subject = joinedload(Forwarding.complaint, innerjoin=True)
    held = {
        one.id: one for one in lock_all(ids, subject.load_only(Complaint.subject), subject.lazyload(Complaint.region))
    }
    verdicts = {case.id: case.verdict for case in cases(Forwarding.id.in_(ids), now)}
    for one in due:
        forwarding, verdict = held[one.forwarding], verdicts.get(one.forwarding)
        deadline = deadlines.find_running(forwarding, one.clock)
        is_late = verdict is not None and verdict.clock is one.clock and verdict.grade is one.grade
        if is_late and deadline is not None and deadline.due_on == one.due_on:
            yield one, forwarding, deadline


def _words(due: DueStep, forwarding: Forwarding, late: Deadline) -> correspondence.Message:
    is_answer, pauses = due.clock in RESPONSE_CLOCKS, deadlines.stood_still(late)
    return correspondence.reminder_mail(forwarding, due.step, due.due_on, is_answer, pauses)
