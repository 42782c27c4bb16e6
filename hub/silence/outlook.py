"""What is known of each open forwarding on a day: whose turn it is, why, and what comes next. For `hub watch`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hub import clock
from hub.directory import contacts as directory
from hub.directory.contacts import Contacts
from hub.directory.models import Network
from hub.forwardings.chain.rules import ENDED_ABOVE
from hub.forwardings.rules import ClockKey, Stage
from hub.silence.causes import cause_of
from hub.silence.ladder import Ahead, Step, step_ahead
from hub.silence.ladders import Ladders
from hub.silence.queries import Case, cases
from hub.silence.remedies import REMEDIES, Remedy
from hub.silence.rules import Cause, Grade, Turn
from hub.workdays import queries as workdays
from hub.workdays.rules import Calendar

_WITH_CAUSE = (
    Grade.UNDELIVERED,
    Grade.RECEIPT_UNPROVEN,
    Grade.UNACKNOWLEDGED,
    Grade.UNANSWERED,
    Grade.INTERIM_ONLY,
)
"""Grades at which it matters who can be reached at the recipient."""


@dataclass(frozen=True)
class Outlook:
    """`grade`, `since` and `clock` are None while all is in time. `due_on`: of `clock`, or else what is due next.

    `taken`: steps of the ladder about `clock` by name, with their days. `step`: the next one, and the first day on
    which it may be taken, None at the end of the ladder. `remedies`: what a person can do, the gentlest first.
    """

    forwarding: int
    number: str | None
    reference: str
    network: Network
    sender: str
    recipient: str
    code: str
    stage: Stage
    turn: Turn
    grade: Grade | None
    since: date | None
    clock: ClockKey | None
    due_on: date | None
    cause: Cause | None
    taken: Mapping[str, date]
    step: str | None
    step_on: date | None
    remedies: tuple[Remedy, ...]


def outlook(moment: datetime) -> list[Outlook]:
    """Every open forwarding at `moment`, oldest first. A fixed number of queries."""
    found = cases(at=moment)
    reach = _reach(found, clock.local(moment, "WIB").date())
    calendars, rungs = workdays.calendars(), Ladders()
    today = {zone: clock.local(moment, zone).date() for zone in clock.ZONES}
    return [
        _of(case, reach[case.network].get(case.recipient_id), rungs, calendars.of(case.region_code), today[case.zone])
        for case in found
    ]


def _reach(found: list[Case], day: date) -> dict[Network, dict[int, Contacts]]:
    asked = [case for case in found if case.verdict.grade in _WITH_CAUSE]
    return {
        network: directory.contacts([case.recipient_id for case in asked if case.network is network], network, day)
        for network in Network
    }


def _of(case: Case, known: Contacts | None, rungs: Ladders, calendar: Calendar, today: date) -> Outlook:
    verdict, late = case.verdict, case.verdict.clock
    days = {step: clock.local(one.at, case.zone).date() for step, one in case.taken().items()}
    ahead = _ahead(case, days, rungs, calendar)
    return Outlook(
        forwarding=case.id,
        number=case.number,
        reference=case.reference,
        network=case.network,
        sender=case.sender,
        recipient=case.recipient,
        code=case.recipient_code,
        stage=case.stage,
        turn=verdict.turn,
        grade=verdict.grade,
        since=verdict.since,
        clock=late,
        due_on=case.facts.due[late] if late else case.next_due,
        cause=cause_of(known) if known and verdict.grade in _WITH_CAUSE else None,
        taken={step.name.lower(): day for step, day in sorted(days.items())},
        step=ahead.step.name.lower() if ahead else None,
        step_on=max(ahead.on or today, today) if ahead else None,
        remedies=REMEDIES[verdict.grade] if verdict.grade else (),
    )


def _ahead(case: Case, days: Mapping[Step, date], rungs: Ladders, calendar: Calendar) -> Ahead | None:
    late = case.verdict.clock
    if late is None or case.stage_above in ENDED_ABOVE:
        return None
    return step_ahead(rungs.of(case.network, case.purpose, late), days, case.verdict.grade, calendar)
