"""Fixtures for every test: real databases, real requests, a real mail server."""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from freezegun import freeze_time
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from hub import create_app, worker
from hub.accounts.models import Account
from hub.cli.init import seed
from hub.config import Settings
from hub.extensions import db
from tests import databases, pages
from tests import world as people
from tests.smtp import MailServer
from tests.story import Story

logging.getLogger("hub").addHandler(logging.NullHandler())  # no log on the terminal; caplog still sees it

AnyDatabase = databases.SQLite | databases.PostgreSQL


class CompiledTemplates(BytecodeCache):
    """Templates are compiled once a session, not for each test's application: 30 ms less a page."""

    def __init__(self) -> None:
        self.codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.codes:
            bucket.bytecode_from_string(self.codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = CompiledTemplates()


class Client(FlaskClient):
    """A browser without a window. What the test arranged is committed before each request; each page is checked."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **{"buffered": True, **kwargs})
        pages.check(response)
        return response


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.SQLite]:
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="hub-sqlite-", dir=memory if os.access(memory, os.W_OK) else None) as folder:
        database = databases.SQLite(Path(folder))
        _seed(database, tmp_path_factory.mktemp("files"))
        yield database


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.PostgreSQL]:
    database = databases.PostgreSQL()
    _seed(database, tmp_path_factory.mktemp("files"))
    yield database
    database.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> AnyDatabase:
    """Each test that touches data runs on both."""
    found: AnyDatabase = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def mail_port() -> int:
    """A free port. Nothing listens there unless the test asks for `smtp`: then mail cannot leave, as in an outage."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def app(database: AnyDatabase, tmp_path: Path, mail_port: int) -> Iterator[Flask]:
    """The application on a fresh copy of the seeded database, its context pushed."""
    with database.fresh() as url:
        app = application(url, tmp_path / "files", mail_port)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> people.World:
    return people.load()


@pytest.fixture
def story(world: people.World) -> Story:
    """Forwardings at any stage: `story.sent()`, `story.answered()`, …"""
    return Story(world)


@pytest.fixture
def work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, Any]]:
    """What the worker does in one round, in a context of its own: all but the morning mail, which asks for the hour."""
    monkeypatch.delitem(worker.STEPS, "digest")

    def once() -> dict[str, Any]:
        db.session.commit()
        with app.app_context():
            return worker.run_once()

    return once


@pytest.fixture
def evening(app: Flask) -> Iterator[None]:
    """It is a Friday evening in the whole country: a round of the worker asks nobody whether they are still the PIC."""
    with freeze_time("2026-03-13T12:00:00Z"):
        yield


@pytest.fixture
def client(app: Flask) -> Client:
    """Somebody who has not signed in."""
    return _browser(app)


@pytest.fixture
def signed_in_as(app: Flask) -> Callable[[Account], Client]:
    """A browser of its own for each call, so that several people can work in one test."""

    def sign_in(account: Account) -> Client:
        browser = _browser(app)
        with app.test_request_context(environ_base=browser.environ_base):
            browser_print = app.login_manager._session_identifier_generator()
        with browser.session_transaction() as session:
            session["_user_id"] = account.get_id()
            session["_fresh"] = True
            session["_id"] = browser_print
        return browser

    return sign_in


@pytest.fixture
def smtp(mail_port: int) -> Iterator[MailServer]:
    server = MailServer(mail_port)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def count_queries() -> Callable[[], AbstractContextManager[list[str]]]:
    """`with count_queries() as statements:` collects every SQL statement, transaction control left out."""
    return _counting


@contextmanager
def _counting() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET TRANSACTION", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def settings(database_url: str, files: Path, mail_port: int = 2525, **changes: Any) -> Settings:
    """Settings of a hub under test; nothing is read from the environment."""
    values: dict[str, Any] = {
        "database_url": database_url,
        "base_url": "http://localhost",
        "secret_key": "a secret key that only tests know about",
        "link_keys": "a link key that only the tests know about",
        "identity_keys": "dGVzdC1pZGVudGl0eS1rZXktb2YtMzItYnl0ZXMtISE=",
        "mail_host": "127.0.0.1",
        "mail_port": mail_port,
        "mail_tls": "none",
        "mail_from": "penghubung@hub.example",
        "storage_url": f"file://{files}",
        **changes,
    }
    return Settings(**values)


def application(url: str, files: Path, mail_port: int = 2525) -> Flask:
    app = create_app(settings(url, files, mail_port))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Client
    app.jinja_env.bytecode_cache = _TEMPLATES
    return app


def _browser(app: Flask) -> Client:
    browser = app.test_client()
    assert isinstance(browser, Client)
    return browser


def _seed(database: AnyDatabase, files: Path) -> None:
    app = application(database.template_url, files)
    with app.app_context():
        try:
            db.create_all()
            seed()
            db.session.commit()
            people.populate()
        finally:
            db.session.remove()
            db.engine.dispose()
    database.keep()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"Skipped, which under CI=true is a failure: {report.longrepr}"
    return report
