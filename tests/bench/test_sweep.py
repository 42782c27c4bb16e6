"""The bench of the sweep measures what it says; and a sweep reads what is open, whatever lies behind it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, event, select, text

from hub import clock
from hub.accounts.models import Account, AccountRole
from hub.accounts.rules import Role
from hub.bench import history, sweep
from hub.bench.figures import Figure
from hub.cli import commands
from hub.desk import queries as desk
from hub.directory.models import Person
from hub.extensions import db
from hub.letters import queries as letters
from hub.letters import rendering
from hub.responses import announcements
from hub.responses import queries as responses
from hub.responses.models import Response
from hub.silence import service
from tests import conftest

ALL, OPEN = 900, 200
GROWS_FOR_EVER = (
    "forwardings",
    "complaints",
    "letters",
    "deadlines",
    "email_dispatches",
    "post_dispatches",
    "inbound_mails",
    "mailed_replies",
    "announced_replies",
    "responses",
    "events",
)
OF_WHAT_IS_OPEN = (
    "ix_forwardings_open",
    "ix_deadlines_running",
    "ix_letters_to_sign",
    "ix_inbound_mails_held",
    "ix_inbound_mails_unread",
    "ix_inbound_mails_news",
    "ix_mailed_replies_waiting",
)


@pytest.fixture
def full(database: conftest.AnyDatabase, tmp_path: Path) -> Iterator[Flask]:
    """A hub with a little history."""
    app = conftest.application(database.empty(), tmp_path)
    with app.app_context():
        db.create_all()
        history.build(ALL, OPEN, lambda _: None)
        with clock.travelling(history.NOW):
            yield app
        db.session.remove()
        db.engine.dispose()


def test_nothing_is_due_in_the_history_but_what_the_bench_makes_due(full: Flask) -> None:
    first = service.sweep(history.NOW)
    assert (first.open, first.reminded, first.outside_office_hours) == (OPEN, [], 0)
    assert first.grades == {"receipt_unproven": 14, "unanswered": 50}
    due = history.make_due(12)
    second = service.sweep(history.NOW)
    assert sorted(one.forwarding for one in second.reminded) == due
    assert second.failed == []
    assert service.sweep(history.NOW).reminded == []


@pytest.mark.parametrize("before", [lambda: None, history.leave_only_post])
def test_a_sweep_reads_what_is_open_and_never_what_has_ended(full: Flask, before: Callable[[], None]) -> None:
    """Every query of a sweep finds its rows by an index: the small ones of what is open, then key by key."""
    before()
    history.make_due(3)
    plans = _plans_of(lambda: service.sweep(history.NOW))
    assert "ix_forwardings_open" in plans
    assert "ix_deadlines_running" in plans
    assert _read_whole(plans) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda one, _: responses.of(one.forwarding),
        lambda one, who: responses.get_visible(who, one.id),
        lambda one, who: desk.forwarding_page(who, one.forwarding_id),
        lambda one, _: announcements.await_again(one),
        lambda *_: letters.by_content("0" * 64),
        lambda *_: letters.by_signing_copy("0" * 64),
        lambda *_: rendering.render_pending(),
    ],
)
def test_what_is_asked_of_one_letter_reads_no_other(full: Flask, ask: Callable[[Response, Account], object]) -> None:
    response = db.session.scalars(select(Response).order_by(Response.id).limit(1)).one()
    person = Person(institution=response.forwarding.sender, name="Pemantau", email="pemantau@contoh.example")
    monitor = AccountRole(role=Role.MONITOR)
    account = Account(person=person, granted=[monitor], password_hash="", created_at=history.NOW)
    db.session.add(account)
    db.session.commit()
    assert _read_whole(_plans_of(lambda: ask(response, account))) == []


def _read_whole(plans: str) -> list[str]:
    """Lines that read a table from its first row to its last, under whatever name, and not by what is open."""
    whole = re.compile(rf"\b(?:SCAN|Seq Scan on) (?:{'|'.join(GROWS_FOR_EVER)})(?:_\d+)?\b")
    lines = (line for line in plans.splitlines() if whole.search(line))
    return [line for line in lines if not any(index in line for index in OF_WHAT_IS_OPEN)]


def _plans_of(act: Callable[[], object]) -> str:
    found: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return "\n".join(plan for statement in found for plan in _plans(*statement))


def _plans(statement: str, parameters: Any) -> list[str]:
    """PostgreSQL reads small tables whole unless it is told that this is dear."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    if not is_sqlite:
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    rows = db.session.connection().exec_driver_sql(f"{explain} {statement}", parameters)
    return [str(row[-1]) for row in rows]


def test_figures_come_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smaller size by option. Of the time nothing is said here: others work on this machine, too."""
    monkeypatch.setattr(Figure, "is_met", True)
    done = CliRunner().invoke(commands, ["bench", "sweep", "--forwardings", "300", "--open", "100", "--json"])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)["figures"]
    assert {name: figure["unit"] for name, figure in figures.items()} == {
        "sweep_idle": "s",
        "sweep_per_case": "ms",
        "sweep_per_letter": "ms",
        "sweep_per_move": "ms",
        "sweep_history": "s",
    }
    assert all(figure["value"] > 0 and figure["floor"] for figure in figures.values())


def test_a_sweep_too_slow_is_told_by_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "_measured", lambda *_: sweep.Taken(2.1, 1.0, 1.0, 1.0))
    done = CliRunner().invoke(commands, ["bench", "sweep", "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["figures"]["sweep_idle"]["ratio"] < 1


def test_more_open_than_there_are_is_misuse() -> None:
    done = CliRunner().invoke(commands, ["bench", "sweep", "--forwardings", "100", "--open", "101"])
    assert (done.exit_code, "101 of 100" in done.stderr) == (2, True)


def test_a_database_in_use_is_left_alone(app: Flask) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    done = CliRunner().invoke(commands, ["bench", "sweep", "--forwardings", "100", "--open", "100", "--database", url])
    assert (done.exit_code, "has tables" in done.stderr) == (2, True)


def test_a_given_database_is_empty_afterwards(database: conftest.AnyDatabase) -> None:
    url = database.empty()
    assert len(sweep.figures(100, 100, lambda _: None, url)) == 5
    assert not sweep._has_tables(url)
