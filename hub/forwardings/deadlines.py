"""Starting and ending the clocks of a forwarding."""

from collections.abc import Iterable
from datetime import date

from hub import clock
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import ClockKey
from hub.workdays import queries as workdays
from hub.workdays.rules import Calendar, DueDate, Unit, count


def start(forwarding: Forwarding, key: ClockKey, on: date) -> Deadline:
    """Start `key` on the day of its start event, in the recipient's calendar. One already running stays."""
    if running := find_running(forwarding, key):
        return running
    limit = workdays.clock(key)
    due = count(on, limit.amount, limit.unit, workdays.calendar_for(forwarding.recipient.region_code))
    deadline = Deadline(
        clock=key,
        started_on=on,
        amount=limit.amount,
        unit=limit.unit,
        due_on=due.due,
        calendar_version=due.calendar_version,
    )
    forwarding.deadlines.append(deadline)
    return deadline


def end(forwarding: Forwarding, keys: Iterable[ClockKey] = ClockKey) -> None:
    """End the running clocks among `keys`; all of them, unless told."""
    for deadline in forwarding.deadlines:
        if deadline.ended_at is None and deadline.clock in keys:
            deadline.ended_at = clock.now()


def find_running(forwarding: Forwarding, *keys: ClockKey) -> Deadline | None:
    """The first of `keys` that runs on this forwarding."""
    running = (one for one in forwarding.deadlines if one.ended_at is None and one.clock in keys)
    return next(running, None)


def explain(deadline: Deadline, calendar: Calendar) -> DueDate:
    """Why the date is what it is: start, amount, unit and each day skipped, counted again in `calendar`."""
    return count(deadline.started_on, deadline.amount, Unit(deadline.unit), calendar)


def provisional(key: ClockKey, region_code: str | None, on: date) -> DueDate:
    """The date as it would be if the letter were received on `on`. It accuses nobody."""
    limit = workdays.clock(key)
    return count(on, limit.amount, limit.unit, workdays.calendar_for(region_code))
