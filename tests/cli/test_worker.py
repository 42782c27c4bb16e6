"""The worker: one round does everything that is due, and no step can stop another."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from flask import Flask

from hub import worker
from hub.cli.worker import worker as command
from hub.extensions import db
from hub.forwardings.rules import Stage
from hub.mail import queries as mail


def test_one_round_prints_sends_and_notices(story, work, smtp):
    forwarding = story.signed()
    reports = work()
    assert reports["letters"]["made"] == 1
    assert reports["mail"]["handed_over"] == 1
    assert reports["dispatches"] == {"noticed": 1}
    db.session.expire_all()
    assert forwarding.stage is Stage.SENT
    assert smtp.received[0].message["Message-ID"] == mail.of(forwarding.stream)[0].message_id


@pytest.mark.usefixtures("evening")
def test_a_second_round_finds_nothing_left_to_do(story, work, smtp):
    story.signed()
    work()
    reports = work()
    assert reports["letters"]["made"] == 0
    assert reports["mail"]["handed_over"] == 0
    assert reports["sweep"] is None, "the sweep was here a moment ago"


def test_a_step_that_breaks_is_told_and_stops_no_other(story, work, smtp, monkeypatch):
    def broken() -> None:
        raise OSError("disk full")

    monkeypatch.setitem(worker.STEPS, "prints", broken)
    story.signed()
    reports = work()
    assert reports["prints"] == {"failed_with": "OSError: disk full"}
    assert reports["mail"]["handed_over"] == 1


def test_without_a_mail_server_the_rest_goes_on(story, work):
    story.signed()
    reports = work()
    assert reports["letters"]["made"] == 1
    assert "refused" in reports["mail"]["error"]


def test_it_works_on_until_it_is_told_to_stop(app: Flask, monkeypatch):
    rounds: list[int] = []
    stop = threading.Event()

    def step() -> None:
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()

    monkeypatch.setattr(worker, "STEPS", {"step": step})
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    worker.run_forever(stop)
    assert len(rounds) == 3


def test_one_round_by_command_answers_in_json(app: Flask, smtp):
    result = app.test_cli_runner().invoke(command, ["--once", "--json"])
    assert result.exit_code == 0, result.output
    steps = {"letters", "prints", "mail", "inbox", "filing", "post", "dispatches", "sweep", "digest", "upkeep"}
    assert set(json.loads(result.stdout)) == steps


def test_a_step_that_breaks_is_found_wrong_by_command(app: Flask, monkeypatch):
    def broken() -> None:
        raise OSError("disk full")

    monkeypatch.setattr(worker, "STEPS", {"letters": broken})
    result = app.test_cli_runner().invoke(command, ["--once"])
    assert result.exit_code == 1
    assert "disk full" in result.stdout


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(database, tmp_path, signum):
    with database.fresh() as url:
        environment = {**os.environ, "HUB_DEMO": "1", "HUB_DATABASE_URL": url, "HUB_STORAGE_URL": f"file://{tmp_path}"}
        call = [sys.executable, "-c", "from hub.cli import main; main()", "worker"]
        with subprocess.Popen(call, env=environment, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            while "at work" not in (line := process.stderr.readline()):
                assert line, "the worker ended before it began"
            process.send_signal(signum)
            process.communicate(timeout=30)
        assert process.returncode == 0
