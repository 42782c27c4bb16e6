"""The sweep: how long it looks around when nothing is due, what each step costs, and that history costs nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, inspect

from hub import clock
from hub.bench import ground, history
from hub.bench.figures import Figure
from hub.extensions import db
from hub.silence import service

Tell = Callable[[str], None]

ROUNDS = 5
"""The middle one counts."""
SECONDS_IDLE = 2.0
MILLISECONDS_A_CASE = 2.0
A_TENTH = 10
NOISE = 1.5
"""How much longer ten times the history may take before it is more than the restlessness of a machine."""
_LEAST = 0.01


class NotEmpty(Exception):
    """There are tables in the database that was given."""


def figures(forwardings: int, opened: int, tell: Tell, database_url: str = "") -> dict[str, Figure]:
    """Every figure of the sweep by its name. A ratio is what is allowed for what it took: below 1 is too slow.

    `sweep_history`: a sweep that finds nothing, after a tenth of the history; its ratio is that for all of it.
    `database_url`: an empty database, in the place of SQLite in a temporary folder; empty it is left. Raises NotEmpty.
    """
    found = _measured(forwardings, opened, tell, database_url)
    earlier = _measured(max(forwardings // A_TENTH, opened), opened, tell, database_url).idle
    return {
        "sweep_idle": Figure(round(found.idle, 3), "s", floor=1.0, ratio=round(SECONDS_IDLE / found.idle, 2)),
        "sweep_per_case": _a_case(found.per_case),
        "sweep_per_letter": _a_case(found.per_letter),
        "sweep_per_move": _a_case(found.per_move),
        "sweep_history": Figure(
            round(earlier, 3), "s", floor=round(1 / NOISE, 2), ratio=round(earlier / found.idle, 2)
        ),
    }


def _a_case(milliseconds: float) -> Figure:
    return Figure(round(milliseconds, 2), "ms", floor=1.0, ratio=round(MILLISECONDS_A_CASE / milliseconds, 2))


@dataclass(frozen=True)
class Taken:
    """Seconds with nothing due; and above that, milliseconds for each reminder by mail, each letter that is written for
    a signature, and each date that moved.

    Events and mails are included.
    """

    idle: float
    per_case: float
    per_letter: float
    per_move: float


def _measured(forwardings: int, opened: int, tell: Tell, database_url: str) -> Taken:
    if database_url and _has_tables(database_url):
        raise NotEmpty
    with TemporaryDirectory(prefix="hub-bench-") as folder, ground.hub(Path(folder), 1, database_url):
        try:
            history.build(forwardings, opened, tell)
            with clock.travelling(history.NOW):
                return measure(opened, tell)
        finally:
            if database_url:
                db.session.remove()
                db.drop_all()


def _has_tables(database_url: str) -> bool:
    engine = create_engine(database_url)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def measure(opened: int, tell: Tell) -> Taken:
    """The same in a hub that has its history already, whatever its database. Ask at `history.NOW`."""
    _sweep()  # what is compiled once for all is compiled
    due = max(1, opened // (8 * ROUNDS))
    idle, per_case = _rounds(due, "reminders", tell)
    history.leave_only_post()
    idle_after, per_letter = _rounds(due, "letters", tell)
    history.change_calendar()
    moving, moved = _sweep()
    tell(f"{moving:.2f} s with {moved} dates that moved.")
    return Taken(idle, per_case, per_letter, max((moving - idle_after) * 1000 / max(moved, 1), _LEAST))


def _rounds(due: int, what: str, tell: Tell) -> tuple[float, float]:
    """Seconds with nothing due, and milliseconds for each of `due` steps: the middle of all rounds."""
    idle, steps = [], []
    for turn in range(1, ROUNDS + 1):
        idle.append(_sweep()[0])
        history.make_due(due)
        busy = _sweep(due)[0]
        steps.append(max((busy - idle[-1]) * 1000 / due, _LEAST))
        tell(f"Round {turn} of {ROUNDS}: {idle[-1]:.2f} s with nothing due, {busy:.2f} s with {due} {what}.")
    return median(idle), median(steps)


def _sweep(expected: int = 0) -> tuple[float, int]:
    """Seconds, the commit included, and how many dates moved."""
    db.session.remove()
    started = time.perf_counter()
    report = service.sweep(history.NOW)
    db.session.commit()
    taken = time.perf_counter() - started
    if len(report.reminded) != expected or report.failed:
        raise RuntimeError(f"{len(report.reminded)} reminders instead of {expected}; failed: {report.failed[:5]}")
    return taken, report.moved
