"""A hub that really serves, a mail server that catches, and a real browser."""

import re
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from hub import create_app, worker
from hub.demo import catcher
from hub.extensions import db
from tests import databases, world
from tests.conftest import settings

PICTURES = Path(__file__).parent.parent.parent / "screenshots"
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Visit:
    """One person at one screen. Each `picture` is kept for people to look at."""

    page: Page
    address: str
    name: str
    _count: list[int] = field(default_factory=lambda: [0])

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def sign_in(self, account: str) -> None:
        self.go("/sign-in")
        self.fill("Alamat email", f"{account}@kantor.example")
        self.fill("Kata sandi", world.PASSWORD)
        self.page.get_by_role("button", name="Masuk").click()

    def fill(self, label: str, text: str) -> None:
        """Into the field called `label`, whether or not it is optional."""
        self.page.get_by_label(re.compile(rf"^{label}( boleh kosong)?$")).fill(text)

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()

    def follow(self, label: str) -> None:
        self.page.get_by_role("link", name=label).first.click()

    def picture(self, step: str) -> None:
        PICTURES.mkdir(exist_ok=True)
        self._count[0] += 1
        self.page.screenshot(path=PICTURES / f"{self.name}-{self._count[0]:02}-{step}.png", full_page=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed with each module: Playwright lets no second one start beside it, and the bench starts one of its own."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def served(database: databases.SQLite | databases.PostgreSQL, tmp_path: Path) -> Iterator[Flask]:
    """A demonstration hub with the people of `tests.world`, served on a free port with its mail catcher."""
    address, mail_port = f"http://127.0.0.1:{_free_port()}", _free_port()
    with database.fresh() as url:
        app = create_app(settings(url, tmp_path / "files", mail_port, base_url=address, demo=True))
        app.config["DEMO_MAIL_FOLDER"] = tmp_path / "mail"
        with app.app_context():
            mail = catcher.start(mail_port, tmp_path / "mail")
        server = make_server("127.0.0.1", int(address.rpartition(":")[2]), _closed_before_sent(app), threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield app
        server.shutdown()
        thread.join()
        mail.stop()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def visit(served: Flask, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visit]]:
    """`visit()` opens a browser of its own on a desktop, `visit(PHONE)` on a phone."""
    contexts = []

    def open_one(size: Any = DESKTOP) -> Visit:
        context = chromium.new_context(viewport=size, locale="id-ID")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        kind = "phone" if size == PHONE else "desktop"
        return Visit(page, served.extensions["settings"].base_url, f"{request.node.callspec.id}-{kind}")

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def work(served: Flask) -> Callable[[], dict[str, Any]]:
    """One round of the worker."""

    def once() -> dict[str, Any]:
        with served.app_context():
            return worker.run_once()

    return once


def _closed_before_sent(app: Flask) -> Callable[..., list[bytes]]:
    """`app`, each answer read whole: werkzeug leaves a file open when a browser that went on resets the connection."""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        with closing(app(environ, start_response)) as body:
            return [b"".join(body)]

    return answer


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
