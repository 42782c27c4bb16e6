"""Whoever can write to the database can change the record, not unnoticed; honest work is never accused."""

import pytest
from flask import Flask
from sqlalchemy import delete, event, update
from sqlalchemy.engine import Connection

from hub.audit.models import Event, EventStream
from hub.audit.queries import broken_links
from hub.audit.rules import SYSTEM
from hub.audit.service import record
from hub.database import read_only
from hub.extensions import db


@pytest.fixture(autouse=True)
def three_events(app: Flask) -> None:
    for number in range(3):
        record("forwarding:1", "drafted", SYSTEM, {"letter": number})
    db.session.commit()


def problems() -> list[str]:
    db.session.commit()
    with read_only():
        found = [finding.problem for finding in broken_links() if finding.stream == "forwarding:1"]
        db.session.rollback()
    return found


@pytest.mark.parametrize(
    "change",
    [
        {"actor_kind": "nobody"},
        {"actor_kind": "person", "actor_id": 7},
        {"details": {"letter": 8}},
        {"details": None},
        {"kind": "closed"},
        {"hash": "0" * 64},
    ],
)
def test_a_changed_event_is_found_whatever_was_put_there(change: dict) -> None:
    db.session.execute(update(Event).where(Event.stream == "forwarding:1", Event.seq == 2).values(change))
    assert "event changed" in problems()


def test_a_cut_tail_is_found_also_when_the_rest_fits() -> None:
    db.session.execute(delete(Event).where(Event.stream == "forwarding:1", Event.seq == 3))
    db.session.execute(update(EventStream).where(EventStream.name == "forwarding:1").values(length=2))
    assert problems() == ["end of the stream was cut"]


def test_an_event_recorded_during_the_verification_is_no_contradiction(app: Flask) -> None:
    """The heads of the streams are read first, the events after: between the two, somebody works on."""
    written: list[str] = []

    def meanwhile(_: Connection, __: object, statement: str, *___: object) -> None:
        if "FROM event_streams" in statement and not written:
            written.append(statement)
            with app.app_context(), read_only(False):
                record("forwarding:1", "submitted_for_signature", SYSTEM)
                db.session.commit()
                db.session.remove()

    engine = db.engine
    event.listen(engine, "after_cursor_execute", meanwhile)
    try:
        assert problems() == []
    finally:
        event.remove(engine, "after_cursor_execute", meanwhile)
    assert written
    assert problems() == []
