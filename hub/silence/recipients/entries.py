"""One letter on the list: since when, what was done about it, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import RowMapping

from hub import clock
from hub.forwardings.calls.models import Call
from hub.silence.advice import Advice, accuses, asking
from hub.silence.ladder import ORDER, Ahead, Step, step_ahead
from hub.silence.ladders import Ladders
from hub.silence.queries import Case, Taken
from hub.silence.rules import Grade
from hub.workdays.rules import Calendar, working_days_between


@dataclass(frozen=True)
class Done:
    """A step of the ladder. `went_out` is False while its letter waits for a signature: nobody has got it yet."""

    step: Step
    on: date
    went_out: bool


@dataclass(frozen=True)
class Entry:
    """`grade` is None for a letter that is recorded as not answered. `working_days`: since `since`, that day included.

    `done`: the steps of the ladder so far, the mildest first. `ahead`: the next one, and `advice` what is left to a
    person where the ladder has none.
    """

    id: int
    number: str
    dated: date | None
    sender_id: int
    sender: str
    grade: Grade | None
    since: date
    working_days: int
    due_on: date | None = None
    done: tuple[Done, ...] = ()
    ahead: Ahead | None = None
    advice: Advice | None = None
    call: Call | None = None

    @property
    def reached(self) -> Step | None:
        return self.done[-1].step if self.done else None


def of_case(case: Case, rungs: Ladders, calendar: Calendar, call: Call | None) -> Entry:
    """An open letter whose date has passed."""
    since, late, taken = case.verdict.since, case.verdict.clock, case.taken()
    assert since is not None
    assert late is not None
    done = _done(taken, case.zone)
    days = {one.step: one.on for one in done}
    ahead = step_ahead(rungs.of(case.network, case.purpose, late), days, case.verdict.grade, calendar)
    is_left_to_people = ahead is None and accuses(case.verdict)
    return Entry(
        case.id,
        case.number or case.reference,
        case.dated,
        case.sender_id,
        case.sender,
        case.verdict.grade,
        since,
        _working_days(since, case.zone, calendar),
        due_on=case.facts.due[late],
        done=done,
        ahead=ahead,
        advice=asking(case.verdict, case.purpose, taken) if is_left_to_people else None,
        call=call,
    )


def of_lapsed(row: RowMapping, taken: Mapping[Step, Taken], zone: str, calendar: Calendar, call: Call | None) -> Entry:
    """A letter that is recorded as not answered. The record stands for the last step of the ladder."""
    since = clock.local(row["stage_since"], zone).date()
    told: dict[str, Any] = {name: row[name] for name in ("id", "number", "dated", "sender_id", "sender")}
    days = _working_days(since, zone, calendar)
    before = [one for one in _done(taken, zone) if one.step is not Step.LAPSE]
    done = (*before, Done(Step.LAPSE, since, True))
    return Entry(**told, grade=None, since=since, working_days=days, done=done, call=call)


def _done(taken: Mapping[Step, Taken], zone: str) -> tuple[Done, ...]:
    return tuple(
        Done(step, clock.local(taken[step].at, zone).date(), taken[step].went_out) for step in ORDER if step in taken
    )


def _working_days(since: date, zone: str, calendar: Calendar) -> int:
    return working_days_between(since - timedelta(days=1), clock.today(zone), calendar)
