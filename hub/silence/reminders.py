"""Reminders by mail, many at once: nearly all that a sweep has to do. A fixed number of queries, however many."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from hub.audit.rules import CLOCK
from hub.extensions import db
from hub.forwardings import correspondence, deadlines, tracks
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening
from hub.forwardings.stages import note_all
from hub.mail.rules import usable_address
from hub.silence.ladder import REMINDERS
from hub.silence.models import LadderStep
from hub.silence.steps import DueStep, Standing


def is_mail(due: DueStep) -> bool:
    """True for a reminder that somebody can be mailed. All else is a letter, or the record that no answer came."""
    return due.step in REMINDERS and any(usable_address(address) for _name, address in due.to)


def take(standing: Sequence[Standing], now: datetime) -> None:
    """Send these, each about another forwarding."""
    if not standing:
        return
    db.session.execute(insert(LadderStep), [one.taken(now) for one in standing])
    tracks.remind_all((one.forwarding, one.due.to, _words(one)) for one in standing)
    told = [(one.forwarding, {"step": one.due.step, "deadline": one.deadline.id}) for one in standing]
    note_all(told, Happening.REMINDED, CLOCK)


def _words(one: Standing) -> correspondence.Message:
    is_answer, pauses = one.due.clock in RESPONSE_CLOCKS, deadlines.stood_still(one.deadline)
    return correspondence.reminder_mail(one.forwarding, one.due.step, one.due.due_on, is_answer, pauses)
