"""`hub due`: when a limit ends, and why then."""

from datetime import date
from typing import TYPE_CHECKING

import click
from babel.dates import format_date

from hub.cli.context import Misuse, answer, in_app, json_option

if TYPE_CHECKING:
    from hub.workdays.models import Clock
    from hub.workdays.rules import DueDate, Pause

_VERIFICATION = {
    "verified": "dasar terverifikasi",
    "secondary": "dasar dari sumber sekunder",
    "unverified": "dasar belum diverifikasi",
    "own": "aturan internal",
}


@click.command
@click.option("--from", "start", required=True, metavar="YYYY-MM-DD", help="Day of the start event.")
@click.option("--clock", "key", required=True, help="Which limit, for example response_ordinary.")
@click.option("--region", help="Code of the recipient's region, for its own holidays.")
@click.option("--network", default="", help="kemensetneg or ombudsman, where it has a limit of its own.")
@click.option(
    "--paused", multiple=True, metavar="FIRST..LAST", help="Days on which it stood still, both included. Repeatable."
)
@json_option
@in_app
def due(start: str, key: str, region: str | None, network: str, paused: tuple[str, ...], as_json: bool) -> None:
    """When a limit ends that starts on a given day, with every day that did not count."""
    from hub.workdays import queries
    from hub.workdays.rules import count

    try:
        clock = queries.clock(key, network)
        calendar = queries.calendar_for(_region(region))
        pauses: list[Pause] = []
        counted = count(_day(start), clock.amount, clock.unit, calendar)
        for pause in sorted(map(_pause, paused), key=lambda one: one.since):
            _refuse_unfit(pause, counted)
            pauses.append(pause)
            counted = count(counted.start, clock.amount, clock.unit, calendar, pauses)
    except LookupError as missing:
        raise Misuse(missing.args[0]) from None
    except OverflowError:
        raise Misuse(f'"{start}" is too far away to count from.') from None

    result = {
        "clock": clock.key,
        "from": counted.start.isoformat(),
        "due": counted.due.isoformat(),
        "amount": counted.amount,
        "unit": counted.unit,
        "basis": clock.basis,
        "verification": clock.verification,
        "calendar_version": counted.calendar_version,
        "skipped": [{"date": skipped.day.isoformat(), "reason": skipped.reason} for skipped in counted.skipped],
        "paused": [
            {"since": f"{one.pause.since}", "until": f"{one.pause.until}", "amount": one.amount}
            for one in counted.paused
        ],
    }
    answer(result, as_json, _explained(counted, clock))


def _explained(counted: "DueDate", clock: "Clock") -> str:
    from hub.workdays.rules import UNIT_WORDS

    verification = _VERIFICATION[clock.verification]
    limit = f"{counted.amount} {UNIT_WORDS[counted.unit]} setelah {_written(counted.start)} ({clock.starts_at})"
    lines = [
        f"Jatuh tempo {_written(counted.due)}: {limit}.",
        f"Dasar: {clock.basis} ({verification}). Kalender versi {counted.calendar_version}.",
    ]
    lines += [
        f"Dijeda dari {_written(one.pause.since)} sampai {_written(one.pause.until)}: "
        f"{one.amount} {UNIT_WORDS[one.unit]}."
        for one in counted.paused
        if one.pause.until
    ]
    if counted.skipped:
        lines.append("Tidak dihitung:")
    return "\n".join([*lines, *(f"  {_written(skipped.day)}: {skipped.reason}" for skipped in counted.skipped)])


def _written(day: date) -> str:
    return format_date(day, "EEEE, d MMMM y", locale="id")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misuse(f'"{text}" is no date. Write it as year, month and day: 2026-03-13.') from None


def _pause(text: str) -> "Pause":
    from hub.workdays.rules import Pause

    since, _, until = text.partition("..")
    pause = Pause(_day(since), _day(until))
    if pause.until and pause.until < pause.since:
        raise Misuse(f'"{text}" ends before it begins.')
    return pause


def _refuse_unfit(pause: "Pause", counted: "DueDate") -> None:
    """Only a limit that runs can stand still. `counted`: with all pauses that began before this one."""
    last = max((one.pause.until for one in counted.paused if one.pause.until), default=counted.start)
    if pause.since <= last:
        raise Misuse(f"A pause from {pause.since} begins too early: the next one can begin after {last}.")
    if pause.since > counted.due:
        raise Misuse(f"A pause from {pause.since} begins too late: the limit ends on {counted.due}.")


def _region(code: str | None) -> str | None:
    from hub.directory.models import Region
    from hub.extensions import db

    if code is not None and db.session.get(Region, code) is None:
        raise Misuse(f'There is no region with the code "{code}". Codes look like 35 or 35.13.')
    return code
