"""The sweep: looks at everything open, and sends the reminders that are due, each once."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog

from hub import clock
from hub.audit.rules import CLOCK
from hub.directory import queries as directory
from hub.directory.models import Network
from hub.extensions import db
from hub.forwardings import correspondence, deadlines, tracks
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, ClockKey, Happening
from hub.forwardings.stages import advance, lock
from hub.mail.models import EmailPurpose
from hub.silence import heartbeat, moved_dates
from hub.silence.models import Heartbeat, LadderStep
from hub.silence.queries import Case, cases, handed_on_since
from hub.silence.rules import DAYS_BETWEEN_REMINDERS, REMINDED_GRADES, REMINDERS
from hub.workdays import queries as workdays
from hub.workdays.rules import Calendar, Unit, count, is_office_hour

SWEEP_EVERY = timedelta(minutes=15)
log = structlog.get_logger()


@dataclass(frozen=True)
class Reminder:
    """A step of the ladder that is due: number `step` (1 or 2) for the late clock of one forwarding."""

    forwarding: int
    number: str | None
    recipient: str
    clock: ClockKey
    due_on: date
    step: int
    to: tuple[tuple[str, str], ...]


@dataclass
class SweepReport:
    """What one sweep saw and did. `moved`: due dates that followed the calendar.

    `by_letter`: due, but the recipient has no mail address.
    """

    at: datetime
    open: int = 0
    moved: int = 0
    grades: dict[str, int] = field(default_factory=dict)
    reminded: list[Reminder] = field(default_factory=list)
    outside_office_hours: int = 0
    by_letter: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


def is_due(now: datetime) -> bool:
    """True when the last sweep is long enough ago."""
    last = db.session.get(Heartbeat, heartbeat.SWEEP)
    return last is None or now - last.at >= SWEEP_EVERY


def sweep(now: datetime) -> SweepReport:
    """Take every step that is due at `now`. One case that fails is told and never stops the others."""
    moved = moved_dates.follow_the_calendar()
    report = plan(now)
    report.moved = moved
    due, report.reminded = report.reminded, []
    for reminder in due:
        try:
            with db.session.begin_nested():
                if remind(reminder, now):
                    report.reminded.append(reminder)
        except Exception:
            log.exception("reminder_failed", forwarding=reminder.forwarding)
            report.failed.append(reminder.forwarding)
    db.session.merge(Heartbeat(name=heartbeat.SWEEP, at=now))
    return report


def plan(now: datetime) -> SweepReport:
    """What a sweep at `now` would do. Writes nothing."""
    found = cases(at=now)
    report = SweepReport(at=now, open=len(found))
    calendars = workdays.Calendars()
    due: list[tuple[Case, int]] = []
    for case in found:
        if grade := case.verdict.grade:
            report.grades[grade] = report.grades.get(grade, 0) + 1
        calendar = calendars.of(case.region_code)
        if step := _step_due(case, now, calendar):
            local = clock.local(now, case.zone)
            if is_office_hour(local, calendar):
                due.append((case, step))
            else:
                report.outside_office_hours += 1
    _address(report, _not_handed_on_today(due, now), now)
    return report


def _not_handed_on_today(due: list[tuple[Case, int]], now: datetime) -> list[tuple[Case, int]]:
    """Nobody is reminded on the day the letter came to them; the dates themselves stay."""
    lately = handed_on_since(now - timedelta(days=1)) if due else {}

    def today(case: Case) -> bool:
        at = lately.get(case.id)
        return at is not None and clock.local(at, case.zone).date() == clock.local(now, case.zone).date()

    return [(case, step) for case, step in due if not today(case)]


def _step_due(case: Case, now: datetime, calendar: Calendar) -> int | None:
    """The step that is due: the first at once when late, the second some working days after the first went out."""
    taken = case.steps_taken()
    if case.verdict.grade not in REMINDED_GRADES or len(taken) >= REMINDERS:
        return None
    if not taken:
        return 1
    last = clock.local(taken[-1], case.zone).date()
    next_on = count(last, DAYS_BETWEEN_REMINDERS, Unit.WORKING_DAYS, calendar).due
    return len(taken) + 1 if clock.local(now, case.zone).date() >= next_on else None


def _address(report: SweepReport, due: list[tuple[Case, int]], now: datetime) -> None:
    """Fill in who is written to: first the addressees of the letter, the second time everybody at the office."""
    contacts = {
        network: directory.contacts(
            [case.recipient_id for case, _ in due if case.network is network], network, clock.local(now, "WIB").date()
        )
        for network in Network
    }
    for case, step in due:
        known = contacts[case.network][case.recipient_id]
        to = known.addressees if step == 1 else known.everybody
        if not to:
            report.by_letter.append(case.id)
            continue
        late = case.verdict.clock
        assert late is not None
        report.reminded.append(Reminder(case.id, case.number, case.recipient, late, case.facts.due[late], step, to))


def remind(reminder: Reminder, now: datetime) -> bool:
    """Take one step of the ladder. False, and nobody is written to, when its clock was stopped after it was planned."""
    forwarding = db.session.get_one(Forwarding, reminder.forwarding)
    lock(forwarding)
    deadline = deadlines.find_running(forwarding, reminder.clock)
    if deadline is None:
        return False
    db.session.add(LadderStep(deadline_id=deadline.id, forwarding_id=forwarding.id, step=reminder.step, taken_at=now))
    db.session.flush()
    message = correspondence.reminder_mail(
        forwarding, reminder.step, reminder.due_on, deadline.clock in RESPONSE_CLOCKS
    )
    for name, address in reminder.to:
        tracks.queue_email(forwarding, EmailPurpose.REMINDER, name, address, message)
    advance(forwarding, Happening.REMINDED, CLOCK, {"step": reminder.step, "deadline": deadline.id})
    return True
