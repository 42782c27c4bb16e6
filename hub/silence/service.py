"""The sweep: looks at everything open, and takes the steps of the ladder that are due, each once."""

import gc
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError

from hub import clock
from hub.directory import queries as directory
from hub.directory.models import Network
from hub.extensions import db
from hub.forwardings.chain.rules import ENDED_ABOVE
from hub.forwardings.followups import queries as followups
from hub.forwardings.followups.queries import Unsigned
from hub.forwardings.rules import ClockKey
from hub.silence import heartbeat, ladders, letters, moved_dates, reminders, steps
from hub.silence.ladder import Rung, Step, is_time_to_nudge, next_step
from hub.silence.models import Heartbeat
from hub.silence.queries import Case, handed_on_since, judged
from hub.silence.steps import DueStep
from hub.workdays import queries as workdays
from hub.workdays.rules import Calendar, is_office_hour

SWEEP_EVERY = timedelta(minutes=15)
REMINDED_BEFORE_THE_END = 2
"""Reminders or letters that really left: nobody is recorded as not answering who was never asked again."""
_AT_ONCE = 200
"""Steps that share their queries."""
log = structlog.get_logger()


@dataclass
class SweepReport:
    """What one sweep saw and did. `moved`: due dates that followed the calendar.

    `reminded`: steps that were taken, or would be. `failed`: ids of forwardings that could not be seen to. `unsigned`:
    follow-up letters that wait too long for a signature, which is the turn of the office that sends them.
    """

    at: datetime
    open: int = 0
    moved: int = 0
    grades: dict[str, int] = field(default_factory=dict)
    reminded: list[DueStep] = field(default_factory=list)
    outside_office_hours: int = 0
    unsigned: list[Unsigned] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


def is_due(now: datetime) -> bool:
    """True when the last sweep is long enough ago."""
    last = db.session.get(Heartbeat, heartbeat.SWEEP)
    return last is None or now - last.at >= SWEEP_EVERY


@contextmanager
def _looking_for_no_garbage() -> Iterator[None]:
    """Within, Python collects none: what a sweep reads stays to its end, and looking through it takes as long again."""
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()


@_looking_for_no_garbage()
def sweep(now: datetime) -> SweepReport:
    """Take every step that is due at `now`. One case that fails is told and never stops the others."""
    moved, unmoved = moved_dates.follow_the_calendar()
    report = plan(now)
    report.moved, report.failed = moved, [*unmoved, *report.failed]
    due, report.reminded = report.reminded, []
    for first in range(0, len(due), _AT_ONCE):
        _take_all(due[first : first + _AT_ONCE], now, report)
    db.session.merge(Heartbeat(name=heartbeat.SWEEP, at=now, failed=sorted(set(report.failed))))
    return report


def _take_all(due: list[DueStep], now: datetime, report: SweepReport) -> None:
    """All at once; when one of them cannot be taken, each by itself."""
    try:
        with db.session.begin_nested():
            report.reminded += take(due, now)
        return
    except OperationalError:
        raise
    except Exception:
        log.exception("steps_failed", forwardings=[one.forwarding for one in due])
    if len(due) == 1:
        report.failed.append(due[0].forwarding)
        return
    for one in due:
        _take_all([one], now, report)


def take(due: list[DueStep], now: datetime) -> list[DueStep]:
    """Take the steps that are due at this very moment, and return them."""
    standing = steps.standing(due, now)
    by_mail = [one for one in standing if reminders.is_mail(one.due)]
    on_paper = [one for one in standing if letters.is_letter(one.due)]
    reminders.take(by_mail, now)
    letters.take(on_paper, now)
    together = {one.due.forwarding for one in (*by_mail, *on_paper)}
    alone = [one for one in standing if one.due.forwarding not in together and steps.take(one, now)]
    return [one.due for one in (*by_mail, *on_paper, *alone)]


@_looking_for_no_garbage()
def plan(now: datetime) -> SweepReport:
    """What a sweep at `now` would do. Writes nothing."""
    found, unjudged = judged(at=now)
    grades = Counter(str(case.verdict.grade) for case in found if case.verdict.grade)
    report = SweepReport(at=now, open=len(found) + len(unjudged), grades=dict(grades), failed=list(unjudged))
    for id, problem in unjudged.items():
        log.error("case_not_judged", forwarding=id, exc_info=problem)
    calendars, rungs = workdays.calendars(), ladders.Ladders()
    clocks = {zone: clock.local(now, zone) for zone in clock.ZONES}
    due: list[tuple[Case, Rung]] = []
    for case in found:
        local, calendar = clocks[case.zone], calendars.of(case.region_code)
        try:
            rung = _rung_due(case, rungs, local.date(), calendar)
        except Exception:
            log.exception("step_not_found", forwarding=case.id)
            report.failed.append(case.id)
            continue
        if rung and is_office_hour(local, calendar):
            due.append((case, rung))
        elif rung:
            report.outside_office_hours += 1
    report.unsigned = followups.unsigned(now)
    report.reminded = _addressed(_not_handed_on_today(due, now), now)
    return report


def _not_handed_on_today(due: list[tuple[Case, Rung]], now: datetime) -> list[tuple[Case, Rung]]:
    """Nobody is reminded on the day the letter came to them; the dates themselves stay."""
    lately = handed_on_since(now - timedelta(days=1)) if due else {}

    def today(case: Case) -> bool:
        at = lately.get(case.id)
        return at is not None and clock.local(at, case.zone).date() == clock.local(now, case.zone).date()

    return [(case, rung) for case, rung in due if not today(case)]


def _rung_due(case: Case, rungs: ladders.Ladders, today: date, calendar: Calendar) -> Rung | None:
    late = case.verdict.clock
    if case.stage_above in ENDED_ABOVE:
        return None
    if late is None:
        return _NUDGE if _is_to_nudge(case, today, calendar) else None
    taken = {step: clock.local(one.at, case.zone).date() for step, one in case.taken().items()}
    ladder = rungs.of(case.network, case.purpose, late)
    step = next_step(ladder, taken, case.verdict.grade, today, calendar)
    if step is Step.LAPSE and not _was_asked_again(case, late):
        return None
    return next((rung for rung in ladder if rung.step is step), None)


_NUDGE = Rung(Step.NUDGE, 0)
"""On no ladder: it goes before a date, to whoever can be mailed."""


def _is_to_nudge(case: Case, today: date, calendar: Calendar) -> bool:
    long = case.long_clock
    return long is not None and case.may_be_nudged and is_time_to_nudge(case.facts.due[long], today, calendar)


def _was_asked_again(case: Case, late: ClockKey) -> bool:
    """The limit of a second request runs only since that letter arrived: it needs no other reminder."""
    went_out = sum(one.went_out for one in case.taken().values())
    return late is ClockKey.OMBUDSMAN_SECOND_REQUEST or went_out >= REMINDED_BEFORE_THE_END


def _addressed(due: list[tuple[Case, Rung]], now: datetime) -> list[DueStep]:
    """Who is written to: first the addressees of the letter, the second time everybody at the office."""
    offices: dict[Network, set[int]] = defaultdict(set)
    for case, _ in due:
        offices[case.network].add(case.recipient_id)
    day = clock.local(now, "WIB").date()
    contacts = {network: directory.contacts(ids, network, day) for network, ids in offices.items()}
    found = []
    for case, rung in due:
        known = contacts[case.network][case.recipient_id]
        late, grade = case.verdict.clock or case.long_clock, case.verdict.grade
        assert late is not None
        to = known.everybody if rung.step is Step.SECOND_REMINDER else known.addressees
        if rung is _NUDGE and not to:
            continue
        due_on, approver = case.facts.due[late], rung.approver
        found.append(DueStep(case.id, case.number, case.recipient, late, due_on, grade, rung.step, to, approver))
    return found
