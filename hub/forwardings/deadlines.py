"""Starting and ending the clocks of a forwarding."""

from collections.abc import Iterable
from datetime import date, datetime

from hub import clock
from hub.directory.models import Institution, Network
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import CLOCKS_OF_THE_SENDER, ClockKey
from hub.workdays import queries as workdays
from hub.workdays.rules import Calendar, DueDate, Unit, add_working_days, count, working_days_between


def start(forwarding: Forwarding, key: ClockKey, at: datetime | None = None) -> Deadline:
    """Start `key` on the day of its start event (now, unless told). One already running stays."""
    if running := find_running(forwarding, key):
        return running
    counted = provisional(key, who_owes(forwarding, key), forwarding.network, at)
    deadline = Deadline(
        clock=key,
        started_on=counted.start,
        amount=counted.amount,
        unit=counted.unit,
        due_on=counted.due,
        calendar_version=counted.calendar_version,
    )
    forwarding.deadlines.append(deadline)
    return deadline


SHORTEST_NOTICE = 3
"""Working days that whoever gets a letter late has all the same, whatever date it names."""


def start_answer(forwarding: Forwarding, at: datetime | None = None) -> Deadline:
    """Start the clock of the answer at the proof of receipt: until the date that the letter names, else its limit."""
    if forwarding.answer_by is None:
        return start(forwarding, forwarding.response_clock, at)
    recipient = forwarding.recipient
    got_it_on = clock.local(at or clock.now(), recipient.zone).date()
    at_least = add_working_days(got_it_on, SHORTEST_NOTICE, workdays.calendar_for(recipient.region_code))
    return agree(forwarding, forwarding.response_clock, max(forwarding.answer_by, at_least), at)


def agree(forwarding: Forwarding, key: ClockKey, due_on: date, at: datetime | None = None) -> Deadline:
    """Start `key` with the date that the sender named, a working day there. One already running stays."""
    if running := find_running(forwarding, key):
        return running
    office = who_owes(forwarding, key)
    calendar = workdays.calendar_for(office.region_code)
    started_on = clock.local(at or clock.now(), office.zone).date()
    deadline = Deadline(
        clock=key,
        started_on=started_on,
        amount=working_days_between(started_on, due_on, calendar),
        unit=Unit.WORKING_DAYS,
        due_on=due_on,
        calendar_version=calendar.version,
        is_agreed=True,
    )
    forwarding.deadlines.append(deadline)
    return deadline


def end(forwarding: Forwarding, keys: Iterable[ClockKey] = ClockKey) -> None:
    """End the running clocks among `keys`; all of them, unless told."""
    for deadline in forwarding.deadlines:
        if deadline.ended_at is None and deadline.clock in keys:
            deadline.ended_at = clock.now()


def reopen(forwarding: Forwarding, keys: Iterable[ClockKey]) -> bool:
    """Let the last ended clock of each of `keys` run on, with its date: what ended it never happened.

    False when none of them runs now, since none was ever started.
    """
    for key in keys:
        mine = [one for one in forwarding.deadlines if one.clock is key]
        if mine and all(one.ended_at for one in mine):
            mine[-1].ended_at = None
    return find_running(forwarding, *keys) is not None


def find_running(forwarding: Forwarding, *keys: ClockKey) -> Deadline | None:
    """The first of `keys` that runs on this forwarding."""
    running = (one for one in forwarding.deadlines if one.ended_at is None and one.clock in keys)
    return next(running, None)


def who_owes(forwarding: Forwarding, key: ClockKey) -> Institution:
    """The office that has to act in time. Its zone says on which day a clock starts, its calendar which days count."""
    return forwarding.sender if key in CLOCKS_OF_THE_SENDER else forwarding.recipient


def explain(deadline: Deadline, calendar: Calendar) -> DueDate:
    """Why the date is what it is: start, amount, unit and each day skipped, counted again in `calendar`."""
    return count(deadline.started_on, deadline.amount, deadline.unit, calendar)


def provisional(key: str, office: Institution, network: Network, at: datetime | None = None) -> DueDate:
    """The date by which `office` would have to act if `key` started at that moment (now, unless told)."""
    limit = workdays.clock(key, network)
    started_on = clock.local(at or clock.now(), office.zone).date()
    return count(started_on, limit.amount, limit.unit, workdays.calendar_for(office.region_code))
