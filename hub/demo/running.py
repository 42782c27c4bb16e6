"""The whole demonstration as processes: mail catcher, worker and web server start together and end together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from hub import config
from hub.demo import catcher
from hub.demo.gate import require_demo

START_SECONDS, STOP_SECONDS = 60, 10


class CannotRun(Exception):
    """The demonstration cannot start, or a part of it has ended. The text says which, and what to do."""


@dataclass
class Running:
    """The parts of one demonstration. `run` returns when it was stopped; nothing of it is left then."""

    port: int
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, ready: Callable[[], None]) -> None:
        """Start everything, call `ready` once the page answers, and wait for Ctrl-C, SIGTERM or a hang-up.

        Raises CannotRun when a part does not start or ends by itself.
        """
        require_demo()
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, lambda *_: self.stopped.set())
        mail_port = free_port()
        mails = catcher.start(mail_port, catcher.default_folder(config.load()))
        try:
            self._start("worker", mail_port, "worker")
            self._start("web server", mail_port, "serve", "--port", str(self.port))
            self._wait_for_page()
            if not self.stopped.is_set():
                ready()
            while not self.stopped.wait(1):
                self._check()
        finally:
            self._end()
            mails.stop()

    def _start(self, name: str, mail_port: int, *arguments: str) -> None:
        """A `hub` command in a session of its own: Ctrl-C reaches this process alone, which ends the others."""
        to_catcher = {"HUB_MAIL_HOST": "127.0.0.1", "HUB_MAIL_PORT": str(mail_port), "HUB_MAIL_TLS": "none"}
        environment = {**os.environ, **to_catcher, "HUB_MAIL_USERNAME": "", "HUB_IMAP_URL": ""}
        command = [sys.executable, "-c", "from hub.cli import main; main()", *arguments]
        self.children[name] = subprocess.Popen(command, cwd=config.ROOT, env=environment, start_new_session=True)  # noqa: S603

    def _wait_for_page(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.stopped.wait(0.2):
            self._check()
            if answers(self.address):
                return
            if time.monotonic() > deadline:
                raise CannotRun(f"The web server did not answer within {START_SECONDS} seconds.")

    def _check(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                raise CannotRun(f"The {name} has ended (exit code {child.returncode}). What it said is above.")

    def _end(self) -> None:
        """Ask each part to end, and make it end when it takes too long."""
        for child in self.children.values():
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(child, signal.SIGKILL)
                child.wait()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    """True when another program listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def answers(address: str) -> bool:
    """True when a page comes back from there."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310  # an http address of our own
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _signal(child: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    """To the whole session of the child: a web server has processes of its own."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, sign)
