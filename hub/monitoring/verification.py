"""Does the record hold together, do the forwardings stand where it says, and do their clocks?"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import select

from hub.audit import queries as audit
from hub.audit.models import Event
from hub.audit.queries import Finding
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, Stage, fold, standing
from hub.monitoring import clock_checks


def findings() -> Iterator[Finding]:
    """Every contradiction within the record, between it and the stages, and of the clocks. Ask within `read_only`."""
    yield from audit.broken_links()
    yield from _misplaced_forwardings()
    yield from clock_checks.findings()


def _misplaced_forwardings() -> Iterator[Finding]:
    """Forwardings whose stage is not the fold of their events."""
    stages = {one.stream: one.stage for one in db.session.scalars(select(Forwarding))}
    rows = db.session.execute(
        select(Event.stream, Event.kind, Event.details)
        .where(Event.stream.startswith("forwarding:"))
        .order_by(Event.stream, Event.seq)
        .execution_options(yield_per=2000)
    )
    for stream, events in groupby(rows, key=lambda row: str(row.stream)):
        history = [(str(row.kind), row.details) for row in events]
        stage = stages.pop(stream, None)
        if _folded(history) is not stage:
            yield Finding(stream, len(history), f"the events do not lead to the stage {stage}")
    for stream in stages:
        yield Finding(stream, 0, "a forwarding without events")


def _folded(history: list[tuple[str, dict[str, Any]]]) -> Stage | None:
    """The stage these events lead to; None when they could not have happened in this order."""
    try:
        return fold(standing((Happening(kind), details) for kind, details in history))
    except ValueError:
        return None
