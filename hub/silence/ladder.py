"""The ladder: what is done when a date has passed and nothing comes, step by step. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from hub.forwardings.rules import ClockKey
from hub.routing.rules import Purpose
from hub.silence.rules import Grade
from hub.workdays.rules import Calendar, add_working_days, working_days_between


class Step(IntEnum):
    """What can be done. The number is what the record keeps; the order is that of the rungs."""

    REMINDER = 1
    SECOND_REMINDER = 2
    TO_HEAD = 3
    ESCALATION = 4
    LAPSE = 5
    SECOND_REQUEST = 6
    NUDGE = 7


class Owed(StrEnum):
    """What a ladder is about: an acknowledgement stops only its own, an answer both others.

    `SECOND_ANSWER`: the limit of the second request of a clarification has passed, too.
    """

    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    SECOND_ANSWER = "second_answer"


class Approver(StrEnum):
    """Who has to agree before a step is taken: nobody, whoever signs the letter, or a monitor of the network."""

    NOBODY = "nobody"
    SIGNATORY = "signatory"
    MONITOR = "monitor"


def owed_by(late: ClockKey) -> Owed:
    """What is owed once this clock of the recipient has passed."""
    if late is ClockKey.ACKNOWLEDGE:
        return Owed.ACKNOWLEDGEMENT
    return Owed.SECOND_ANSWER if late is ClockKey.OMBUDSMAN_SECOND_REQUEST else Owed.ANSWER


ORDER = (Step.REMINDER, Step.SECOND_REMINDER, Step.SECOND_REQUEST, Step.TO_HEAD, Step.ESCALATION, Step.LAPSE)
"""From the mildest on. A nudge before the date is on no ladder: it reminds nobody of anything that is late."""
LONG_LIMIT, NUDGE_BEFORE = 30, 5
"""Working days: of a limit whose end is easily forgotten, and from the nudge to that end."""
_FURTHEST_NUDGE = timedelta(days=21)
"""Five working days, the longest holidays among them."""
REMINDERS = (Step.REMINDER, Step.SECOND_REMINDER)
LETTERS = (Step.SECOND_REQUEST, Step.TO_HEAD, Step.ESCALATION)

_AT_MOST = {
    Grade.RECEIPT_UNPROVEN: REMINDERS,
    Grade.UNACKNOWLEDGED: (*REMINDERS, Step.TO_HEAD),
    Grade.INTERIM_ONLY: (*REMINDERS, Step.SECOND_REQUEST, Step.TO_HEAD, Step.ESCALATION),
    Grade.UNANSWERED: ORDER,
}
"""How far a grade goes. Nobody is accused before receipt is proven, and who answered in part is never given up."""


def fits(step: Step, purpose: Purpose, owed: Owed) -> bool:
    """Whether a ladder may have this step at all.

    Of a clarification only the second limit ends in a record (UU 37/2008 art. 33), and nobody asks a third time.
    """
    if owed is Owed.ACKNOWLEDGEMENT:
        return step in (*REMINDERS, Step.TO_HEAD)
    if step is Step.LAPSE:
        return owed is Owed.SECOND_ANSWER or purpose is not Purpose.CLARIFICATION
    return step is not Step.SECOND_REQUEST or (purpose is Purpose.CLARIFICATION and owed is Owed.ANSWER)


def may_approve(step: Step) -> tuple[Approver, ...]:
    """Who can be the approver of this step, the usual one first. A letter is signed by a person in any case."""
    if step in LETTERS:
        return (Approver.SIGNATORY,)
    return (Approver.NOBODY, Approver.MONITOR) if step is Step.LAPSE else (Approver.NOBODY,)


_GRAVITY = {
    Step.REMINDER: 0,
    Step.SECOND_REMINDER: 1,
    Step.SECOND_REQUEST: 1,
    Step.TO_HEAD: 2,
    Step.ESCALATION: 3,
    Step.LAPSE: 4,
}


@dataclass(frozen=True)
class Rung:
    """`after`: working days since the first step was taken; 0 for the first, which is taken once the date is past."""

    step: Step
    after: int
    approver: Approver = Approver.NOBODY


def rises(rungs: Sequence[Rung]) -> bool:
    """Whether each graver step comes after every milder one: nobody's superior learns of it before they are asked."""
    gravity = [_GRAVITY[rung.step] for rung in sorted(rungs, key=lambda one: one.after)]
    return gravity == sorted(gravity)


def is_time_to_nudge(due_on: date, today: date, calendar: Calendar) -> bool:
    """True in the last five working days of a long limit, its last day included."""
    if not today <= due_on <= today + _FURTHEST_NUDGE:
        return False
    return working_days_between(today, due_on, calendar) <= NUDGE_BEFORE


@dataclass(frozen=True)
class Ahead:
    """The step that comes next. `on`: the first day on which it may be taken; None where nothing holds it back."""

    step: Step
    on: date | None


def next_step(
    rungs: Sequence[Rung], taken: Mapping[Step, date], grade: Grade | None, today: date, calendar: Calendar
) -> Step | None:
    """The step that is due today, in the recipient's zone; None when none is."""
    soonest = min((rung.after for rung in rungs if rung.step not in taken), default=0)
    if taken and (today - min(taken.values())).days < soonest:
        return None  # no calendar makes working days of fewer days
    ahead = step_ahead(rungs, taken, grade, calendar)
    return ahead.step if ahead and (ahead.on is None or today >= ahead.on) else None


def step_ahead(
    rungs: Sequence[Rung], taken: Mapping[Step, date], grade: Grade | None, calendar: Calendar
) -> Ahead | None:
    """The first rung that was not taken, of those that the grade allows; None at the end of the ladder.

    After a time without any sweep steps keep their distance: two never fall on one day.
    """
    allowed = _AT_MOST.get(grade) if grade else None
    if not allowed:
        return None
    ordered = sorted((one for one in rungs if one.step in allowed), key=lambda one: (one.after, one.step))
    for place, rung in enumerate(ordered):
        if rung.step in taken:
            continue
        if not taken:
            return Ahead(rung.step, None)
        first = add_working_days(min(taken.values()), rung.after, calendar)
        gap = rung.after - (ordered[place - 1].after if place else 0)
        last = add_working_days(max(taken.values()), gap, calendar)
        return Ahead(rung.step, max(first, last))
    return None
