"""What the worker asks in every round costs what is due, not what was ever sent."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import text

from hub.extensions import db
from hub.forwardings import tracks
from hub.mail import queries, sender


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (sender.send_due, "ix_email_dispatches_queued"),
        (queries.waiting, "ix_email_dispatches_queued"),
        (tracks.notice_dispatches, "ix_email_dispatches_news"),
    ],
)
def test_a_round_reads_by_the_index_of_what_is_due(
    app: Flask,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
    ask: Callable[[], object],
    index: str,
) -> None:
    with count_queries() as statements:
        ask()
    if db.engine.dialect.name != "sqlite":
        return  # a small table is read whole there, and rightly so
    plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {statements[0]}".replace("?", "'0'"))).all()
    assert index in str(plan), statements[0]
