"""Letters of the ladder, those of a whole sweep at once: the hub writes them, a person signs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from hub.audit.rules import CLOCK
from hub.extensions import db
from hub.forwardings.followups import by_clock
from hub.forwardings.rules import Happening
from hub.forwardings.stages import note_all
from hub.letters.models import Letter, LetterKind
from hub.silence import reminders
from hub.silence.ladder import Step
from hub.silence.models import LadderStep
from hub.silence.steps import DueStep, Standing

KINDS = {
    Step.REMINDER: LetterKind.REMINDER,
    Step.SECOND_REMINDER: LetterKind.REMINDER,
    Step.SECOND_REQUEST: LetterKind.SECOND_REQUEST,
    Step.TO_HEAD: LetterKind.TO_HEAD,
    Step.ESCALATION: LetterKind.ESCALATION,
}


def is_letter(due: DueStep) -> bool:
    """True for a step that goes on paper, a reminder too where nobody can be mailed."""
    return due.step in KINDS and not reminders.is_mail(due)


def take(standing: Sequence[Standing], now: datetime) -> None:
    """Write these, each about another forwarding. Where none can be written, the reason stands with the step.

    The ladder goes on then: what cannot be sent to one must not keep it from reaching the next.
    """
    if not standing:
        return
    outcomes = by_clock.put_to_sign([(one.forwarding, KINDS[one.due.step]) for one in standing])
    taken, told = [], []
    for one, outcome in zip(standing, outcomes, strict=True):
        letter, note = (outcome, "") if isinstance(outcome, Letter) else (None, outcome[:500])
        taken.append(one.taken(now) | {"letter_id": letter.id if letter else None, "note": note})
        what = {"letter": letter.id} if letter else {"reason": note}
        told.append((one.forwarding, {"step": one.due.step, "deadline": one.deadline.id, **what}))
    db.session.execute(insert(LadderStep), taken)
    note_all(told, Happening.STEP_DUE, CLOCK)
