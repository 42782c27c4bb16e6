"""`hub demo run` as a person meets it: it starts, answers, and leaves nothing behind."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from hub import config
from hub.demo.people import ACCOUNTS, PASSWORD
from hub.demo.running import free_port

pytestmark = pytest.mark.xdist_group("demo")  # the world is told once, not once for each process

HUB = [sys.executable, "-c", "from hub.cli import main; main()"]


def hub(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*HUB, *arguments],
        cwd=config.ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def settings(tmp_path: Path, port: int) -> dict[str, str]:
    return {
        "HUB_DEMO": "1",
        "HUB_DATABASE_URL": f"sqlite:///{tmp_path / 'hub.db'}",
        "HUB_STORAGE_URL": f"file://{tmp_path / 'files'}",
        "PORT": str(port),
    }


@pytest.fixture
def filled(told, tmp_path) -> Path:
    """A copy of the told world."""
    with told.app_context():
        source = sqlite3.connect(told.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        copy = sqlite3.connect(tmp_path / "hub.db")
        source.backup(copy)
        copy.close()
        source.close()
    return tmp_path


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as response:
        return response.read().decode()


def children_of(pid: int) -> set[int]:
    """Every process below `pid`."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = {child for child, parent in parents.items() if parent == pid}
    return found.union(*(children_of(child) for child in found))


def test_it_serves_works_and_catches_mail_until_it_is_stopped(filled) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with hub("demo", "run", **settings(filled, port)) as running:
        printed = ""
        while "Ctrl-C" not in printed:
            line = running.stdout.readline()
            assert line, running.stderr.read()
            printed += line
        assert f"{address}/demo/mail" in printed
        assert PASSWORD in printed
        assert all(one.email in printed for one in ACCOUNTS)
        assert 'name="password"' in fetch(address)
        deadline = time.monotonic() + 90
        while "@" not in (mails := fetch(f"{address}/demo/mail")) and time.monotonic() < deadline:
            time.sleep(0.5)  # the worker loads its printing press, prints, and sends
        assert ".example" in mails
        below = children_of(running.pid)
        assert len(below) >= 4  # worker, web server and its two processes
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
    assert not below & {int(one.name) for one in Path("/proc").glob("[0-9]*")}


def test_a_port_in_use_is_told_in_a_sentence(tmp_path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with hub("demo", "run", **settings(tmp_path, port)) as running:
            _out, said = running.communicate(timeout=60)
    assert running.returncode == 2
    assert f"Port {port} is in use" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["run", "fill", "catcher"])
def test_nothing_of_it_works_in_a_real_hub(tmp_path, command: str) -> None:
    with hub("demo", command, **{**settings(tmp_path, free_port()), "HUB_DEMO": "0"}) as running:
        out, said = running.communicate(timeout=60)
    assert (running.returncode, out) == (2, "")
    assert "HUB_DEMO=1" in said
    assert not (tmp_path / "hub.db").exists()
