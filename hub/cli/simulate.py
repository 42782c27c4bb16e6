"""`hub simulate`: a virtual year through the real hub, and the truth beside what the hub said."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.context import Misuse, answer, found_wrong, json_option, tell

if TYPE_CHECKING:
    from hub.simulation.faults import Faults
    from hub.simulation.runs import Outcome

_SHOWN = 10
_NOTHING = "–"
"""Of a figure that there was nothing to measure by."""


@click.command
@click.option("--forwardings", default=500, show_default=True, type=click.IntRange(1, 100_000), help="How many.")
@click.option("--seed", default=1, show_default=True, help="Another number, another story; the same, the same.")
@click.option(
    "--faults",
    default="usual",
    show_default=True,
    metavar="MIX",
    help='What goes wrong how often: "usual", "hostile", or a file (docs/rehearsal.md).',
)
@click.option("--what-if", metavar="LIMIT=DAYS", multiple=True, help="The same year again with another limit.")
@json_option
def simulate(forwardings: int, seed: int, faults: str, what_if: tuple[str, ...], as_json: bool) -> None:
    """Rehearse a year: only the clock and the world outside are invented. It never touches the configured database.

    Exit 1 when a loss was not noticed, somebody was accused falsely, record or clocks contradict each other, or causes
    were told wrong.
    """
    from hub.simulation.policy import BadPolicy, Policy
    from hub.simulation.runs import play

    mix = _mix(faults)
    try:
        changed = Policy(dict(map(_limit, what_if)))
    except BadPolicy as bad:
        raise Misuse(str(bad)) from None
    as_is = play(forwardings, seed, mix, Policy(), tell)
    tried = play(forwardings, seed, mix, changed, tell) if what_if else None
    figures = {"seed": seed, "faults": faults, **as_is.figures()}
    if tried:
        figures["what_if"] = {"limits": dict(changed.changed), **tried.figures()}
    answer(figures, as_json, _told(as_is, tried))
    outcomes = [one for one in (as_is, tried) if one]
    for one in outcomes:
        _tell_what_was_wrong(one)
    if not all(one.is_good for one in outcomes):
        found_wrong()


def _mix(named: str) -> "Faults":
    from hub.simulation import faults

    try:
        return faults.NAMED.get(named) or faults.from_file(Path(named))
    except faults.BadFaults as bad:
        raise Misuse(str(bad)) from None


def _limit(words: str) -> tuple[str, int]:
    key, _, days = words.partition("=")
    if not days:
        raise Misuse(f'"{words}" does not say how many days. Write it like acknowledge=5.')
    try:
        return key, int(days)
    except ValueError:
        raise Misuse(f'"{days}" is no number of days. Write it like acknowledge=5.') from None


def _told(as_is: "Outcome", tried: "Outcome | None") -> str:
    """One line a figure; beside it, what it would be."""
    columns = [lines(one) for one in (as_is, tried) if one]
    head = [f"{'':<58}{'as it is':>10}{'what if':>10}"] if tried else []
    rows = [f"{name:<58}" + "".join(f"{column[name]:>10}" for column in columns) for name in columns[0]]
    return "\n".join([*head, *rows])


def lines(found: "Outcome") -> dict[str, str]:
    """What people read: a word for each figure of a rehearsal, and the figure."""
    figures = {
        "Letters of which no copy arrived": str(found.lost_letters),
        "Answers of which no copy arrived": str(found.lost_answers),
        "Losses without a grade the day after their date": str(len(found.undetected)),
        "Working days from that date to the grade, median": _days(found.days_to_grade),
        "Working days from writing the letter to it, median": _days(found.days_to_notice),
        "Letters whose recipient was said to be late": str(found.accused),
        "  truly silent": str(found.silent_true),
        "  falsely": str(len(found.falsely_silent)),
        "  although an answer that nobody knew of was lost": str(found.contestable),
        "    days until the right of reply cleared it, median": _days(found.days_to_clear),
        "Contradictions in the record, or of the clocks": str(len(found.contradictions)),
        "Likely cause was right": _NOTHING if found.cause_accuracy is None else f"{found.cause_accuracy:.2%}",
    }
    steps = {f"Ladder: {name.replace('_', ' ')}": str(number) for name, number in found.steps.items()}
    return {**figures, **steps, "Seconds": f"{found.wall_s:.1f}"}


def _days(number: float | None) -> str:
    return _NOTHING if number is None else f"{number:g}"


def _tell_what_was_wrong(found: "Outcome") -> None:
    """The first cases of each kind, for whoever looks for the reason."""
    wrong = {
        "Not noticed": found.undetected,
        "Accused falsely": found.falsely_silent,
        "Contradiction": found.contradictions,
    }
    for name, cases in wrong.items():
        for case in cases[:_SHOWN]:
            tell(f"{name}: {case}")
    for mistake, evenings in found.causes_wrong.items():
        tell(f"Cause told wrong on {evenings} evenings: {mistake}")
