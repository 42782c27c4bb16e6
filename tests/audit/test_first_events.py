"""Two workers write the first event of a stream at the same moment: both are kept, one after the other."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from hub.audit.queries import broken_links, of_stream
from hub.audit.rules import SYSTEM
from hub.audit.service import record, record_all
from hub.extensions import db


def one(kind: str) -> None:
    record("institution:KPK", kind, SYSTEM)


def among_others(kind: str) -> None:
    record_all([("institution:BPK", kind, {}), ("institution:KPK", kind, {})], SYSTEM)


@pytest.mark.parametrize("write", [one, among_others])
def test_both_are_kept_and_the_chain_holds(app: Flask, write: Callable[[str], None]) -> None:
    db.session.commit()
    begun = threading.Event()

    def second() -> None:
        with app.app_context():
            begun.wait()
            write("called")
            db.session.commit()

    follower = threading.Thread(target=second)
    follower.start()
    write("opened")  # not committed while the other one begins
    begun.set()
    follower.join(0.3)
    db.session.commit()
    follower.join()
    assert [event.kind for event in of_stream("institution:KPK")] == ["opened", "called"]
    assert list(broken_links()) == []
