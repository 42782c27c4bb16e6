"""The ladder: what is done when a date has passed and nothing comes, step by step. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from hub.silence.rules import Grade
from hub.workdays.rules import Calendar, add_working_days


class Step(IntEnum):
    """What can be done. The number is what the record keeps; the order is that of the rungs."""

    REMINDER = 1
    SECOND_REMINDER = 2
    TO_HEAD = 3
    ESCALATION = 4
    LAPSE = 5
    SECOND_REQUEST = 6


class Owed(StrEnum):
    """There are two ladders: an acknowledgement stops only its own, an answer the other."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"


ORDER = (Step.REMINDER, Step.SECOND_REMINDER, Step.SECOND_REQUEST, Step.TO_HEAD, Step.ESCALATION, Step.LAPSE)
"""From the mildest on."""
REMINDERS = (Step.REMINDER, Step.SECOND_REMINDER)

_AT_MOST = {
    Grade.RECEIPT_UNPROVEN: REMINDERS,
    Grade.UNACKNOWLEDGED: (*REMINDERS, Step.TO_HEAD),
    Grade.INTERIM_ONLY: (*REMINDERS, Step.SECOND_REQUEST, Step.TO_HEAD, Step.ESCALATION),
    Grade.UNANSWERED: tuple(Step),
}
"""How far a grade goes. Nobody is accused before receipt is proven, and who answered in part is never given up."""


@dataclass(frozen=True)
class Rung:
    """`after`: working days since the first step was taken; 0 for the first, which is taken once the date is past."""

    step: Step
    after: int


@dataclass(frozen=True)
class Ahead:
    """The step that comes next. `on`: the first day on which it may be taken; None where nothing holds it back."""

    step: Step
    on: date | None


def next_step(
    rungs: Sequence[Rung], taken: Mapping[Step, date], grade: Grade | None, today: date, calendar: Calendar
) -> Step | None:
    """The step that is due today, in the recipient's zone; None when none is."""
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
