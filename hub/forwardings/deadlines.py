"""Starting and ending the clocks of a forwarding."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from hub import clock
from hub.directory.models import Institution, Network
from hub.forwardings.chain.rules import latest_date
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import CLOCKS_OF_THE_SENDER, DISPATCH_CLOCKS, RESPONSE_CLOCKS, ClockKey
from hub.webkit.filters import day as in_words
from hub.workdays import queries as workdays
from hub.workdays.rules import (
    Calendar,
    DueDate,
    Pause,
    Paused,
    Unit,
    add_working_days,
    count,
    first_working_day,
    reason_off,
    working_days_between,
)


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
        paused=[],
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
        paused=[],
    )
    forwarding.deadlines.append(deadline)
    return deadline


LONGEST_NOTICE = timedelta(days=366)
"""A date further away is a slip of the pen."""


class UnfitDate(ValueError):
    """Nobody can be asked for an answer by that date. The sentence says why, and names the nearest one that will do."""


def refuse_unfit(due_on: date, forwarding: Forwarding) -> None:
    """Raise UnfitDate unless `due_on` is a working day of the recipient, after today and within a year.

    It lies before the date of the letter that this one passes on, where there is one.
    """
    office = forwarding.recipient
    today, calendar = clock.today(office.zone), workdays.calendar_for(office.region_code)
    if due_on > today + LONGEST_NOTICE:
        raise UnfitDate(_("That is more than a year from now. Write an earlier date."))
    nearest = first_working_day(max(due_on, today + timedelta(days=1)), calendar)
    if due_on <= today:
        raise UnfitDate(_("The date must lie after today. The nearest working day is %(day)s.", day=in_words(nearest)))
    if due_on != nearest:
        raise UnfitDate(
            _(
                "That is no working day at %(office)s (%(why)s). The nearest working day is %(day)s.",
                office=office.name,
                why=reason_off(due_on, calendar),
                day=in_words(nearest),
            )
        )
    if (above := date_above(forwarding)) and due_on >= above:
        raise UnfitDate(
            _(
                "Your own answer, which waits for this one, is due on %(day)s. Choose an earlier day, or ask for more "
                "time there first.",
                day=in_words(above),
            )
        )


def date_above(forwarding: Forwarding) -> date | None:
    """Until when the letter that this one passes on is to be answered; None for any other, or without a date."""
    running = find_running(forwarding.parent, *RESPONSE_CLOCKS) if forwarding.parent else None
    return running.due_on if running else None


def asked_anew(forwarding: Forwarding) -> date:
    """Until when an answer that is asked for again is due: counted from today, and before the date above if it can be.

    Whoever is asked has some days in any case.
    """
    office = forwarding.recipient
    counted = provisional(forwarding.response_clock, office, forwarding.network).due
    above = date_above(forwarding)
    if above is None or counted < above:
        return counted
    calendar, today = workdays.calendar_for(office.region_code), clock.today(office.zone)
    return max(latest_date(above, calendar), add_working_days(today, SHORTEST_NOTICE, calendar))


def end(forwarding: Forwarding, keys: Iterable[ClockKey] = ClockKey) -> None:
    """End the running clocks among `keys`; all of them, unless told."""
    for deadline in forwarding.deadlines:
        if deadline.ended_at is None and deadline.clock in keys:
            deadline.ended_at = clock.now()


def resume_dispatch(forwarding: Forwarding, keys: Iterable[ClockKey] = DISPATCH_CLOCKS) -> None:
    """Let the clocks of the way out, or those among `keys`, run on that began since the letter was put to sign last."""
    for deadline in reversed(forwarding.deadlines):
        if deadline.clock is ClockKey.SIGN:
            return
        if deadline.clock in keys:
            deadline.ended_at = None


def run_from(forwarding: Forwarding, key: ClockKey, at: datetime) -> Deadline:
    """Let `key` run from the day of that moment, and no other of it: one that began then goes on with its own date."""
    day = clock.local(at, who_owes(forwarding, key).zone).date()
    mine = [one for one in forwarding.deadlines if one.clock is key]
    again = next((one for one in reversed(mine) if one.started_on == day), None)
    if again is None or again.ended_at is not None:
        end(forwarding, {key})
    if again is None:
        fresh = start_answer(forwarding, at) if key is forwarding.response_clock else start(forwarding, key, at)
        return _with_pauses(fresh, mine[-1].pauses if mine else [])
    again.ended_at = None
    return again


def _with_pauses(fresh: Deadline, pauses: Iterable[Pause]) -> Deadline:
    """What of them lies after the day on which this one begins holds for it as well."""
    for one in pauses:
        since = max(one.since, fresh.started_on + timedelta(days=1))
        if one.until is None or one.until >= since:
            _put_off(fresh, Pause(since, one.until))
    return fresh


def pause(running: Deadline, since: date) -> Deadline:
    """Let it stand still from this day on. It goes on as another row: a ladder begun before has nothing more to say.

    What stood still before, and the day on which it began, are not counted twice.
    """
    forwarding = running.forwarding
    last = max((one.until for one in running.pauses if one.until), default=running.started_on)
    running.ended_at = clock.now()
    still = Deadline(
        clock=running.clock,
        started_on=running.started_on,
        amount=running.amount,
        unit=running.unit,
        due_on=running.due_on,
        calendar_version=running.calendar_version,
        is_agreed=running.is_agreed,
        paused=[*running.paused, [max(since, last + timedelta(days=1)).isoformat(), None]],
    )
    forwarding.deadlines.append(still)
    return still


def resume(paused: Deadline, until: date) -> Paused:
    """Let it run again after this day: its date lies later by as many units as it stood still."""
    since = paused.pauses[-1].since
    paused.paused = paused.paused[:-1]
    return _put_off(paused, Pause(since, until))


def _put_off(deadline: Deadline, pause: Pause) -> Paused:
    calendar = workdays.calendar_for(who_owes(deadline.forwarding, deadline.clock).region_code)
    amount = pause.length(deadline.unit, calendar)
    deadline.paused = [*deadline.paused, [pause.since.isoformat(), pause.until.isoformat() if pause.until else None]]
    deadline.due_on = count(deadline.due_on, amount, deadline.unit, calendar).due
    return Paused(pause, amount, deadline.unit)


def if_resumed(paused: Deadline, until: date, calendar: Calendar) -> date:
    """The date it would have if it ran again after this day."""
    pause = Pause(paused.pauses[-1].since, until)
    return count(paused.due_on, pause.length(paused.unit, calendar), paused.unit, calendar).due


def find_running(forwarding: Forwarding, *keys: ClockKey) -> Deadline | None:
    """The first of `keys` that runs on this forwarding."""
    running = (one for one in forwarding.deadlines if one.ended_at is None and one.clock in keys)
    return next(running, None)


def who_owes(forwarding: Forwarding, key: ClockKey) -> Institution:
    """The office that has to act in time. Its zone says on which day a clock starts, its calendar which days count."""
    return forwarding.sender if key in CLOCKS_OF_THE_SENDER else forwarding.recipient


def explain(deadline: Deadline, calendar: Calendar) -> DueDate:
    """Why the date is what it is: start, amount, unit, pauses and each day skipped, counted again in `calendar`."""
    return count(deadline.started_on, deadline.amount, deadline.unit, calendar, deadline.pauses)


def stood_still(deadline: Deadline) -> Sequence[Paused]:
    """The pauses in its date, with what each added."""
    if not deadline.paused:
        return ()
    return explain(deadline, workdays.calendar_for(who_owes(deadline.forwarding, deadline.clock).region_code)).paused


def provisional(key: str, office: Institution, network: Network, at: datetime | None = None) -> DueDate:
    """The date by which `office` would have to act if `key` started at that moment (now, unless told)."""
    limit = workdays.clock(key, network)
    started_on = clock.local(at or clock.now(), office.zone).date()
    return count(started_on, limit.amount, limit.unit, workdays.calendar_for(office.region_code))
