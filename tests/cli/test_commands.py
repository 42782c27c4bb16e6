"""The command line as a person or a script meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import update

from hub import config
from hub.accounts.service import authenticate
from hub.audit.models import Event
from hub.cli import commands
from hub.extensions import db

NEW = ("user", "add", "--email", "Baru@kantor.example", "--name", "Wira Prasetyani", "--institution")


class Hub:
    """Runs `hub` on the database of the test."""

    def __call__(self, *arguments: str, typed: str = "") -> Result:
        db.session.commit()
        return CliRunner().invoke(commands, arguments, input=typed)

    def answers(self, *arguments: str, typed: str = "") -> dict:
        """What the command printed as JSON: stdout must hold that and nothing else."""
        done = self(*arguments, "--json", typed=typed)
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def hub(app: Flask) -> Hub:
    return Hub()


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`hub` as a process of its own, with nothing of the environment but what is given."""
    return subprocess.run(
        [sys.executable, "-c", "from hub.cli import main; main()", *arguments],
        cwd=config.ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_due_prints_the_date_and_every_skipped_day(hub: Hub) -> None:
    found = hub.answers("due", "--from", "2026-03-13", "--clock", "response_ordinary")
    assert (found["clock"], found["from"], found["due"]) == ("response_ordinary", "2026-03-13", "2026-04-10")
    assert (found["amount"], found["unit"], found["verification"]) == (14, "working_days", "secondary")
    assert found["basis"].startswith("PermenPANRB 62/2018")
    assert found["calendar_version"] == 1
    assert len(found["skipped"]) == 28 - 14
    assert found["skipped"][0] == {"date": "2026-03-14", "reason": "Sabtu"}
    assert {"date": "2026-04-03", "reason": "Wafat Yesus Kristus"} in found["skipped"]


def test_due_explains_itself_to_people_in_indonesian(hub: Hub) -> None:
    told = hub("due", "--from", "2026-03-13", "--clock", "response_ordinary", "--region", "35.13").stdout
    assert told.startswith("Jatuh tempo Jumat, 10 April 2026: 14 hari kerja setelah Jumat, 13 Maret 2026")
    assert "  Kamis, 19 Maret 2026: Hari Suci Nyepi\n" in told


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--from", "2026-03-13", "--clock", "lunch"), "response_ordinary"),
        (("--from", "13/03/2026", "--clock", "verify"), "2026-03-13"),
        (("--from", "2026-02-30", "--clock", "verify"), "2026-03-13"),
        (("--from", "9999-12-30", "--clock", "verify"), "too far"),
        (("--from", "2026-03-13", "--clock", "verify", "--region", "99.99"), "35.13"),
        (("--from", "2026-03-13", "--clock", "response_ordinary", "--paused", "2026-04-09..2026-04-01"), "before"),
        (("--from", "2026-03-13", "--clock", "response_ordinary", "--paused", "2026-05-04..2026-05-06"), "2026-04-10"),
        (("--from", "2026-03-13", "--clock", "response_ordinary", "--paused", "2026-01-05..2026-01-09"), "2026-03-13"),
        (("--from", "2026-03-13", "--clock", "verify", *("--paused", "2026-03-16..2026-03-18") * 2), "2026-03-18"),
    ],
)
def test_due_refuses_what_it_cannot_count_and_says_what_it_can(hub: Hub, arguments: tuple[str], hint: str) -> None:
    done = hub("due", *arguments, "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert hint in done.stderr


def test_the_first_administrator_can_sign_in(hub: Hub) -> None:
    made = hub.answers(*NEW, "KSN-DUMAS", "--role", "administrator", "--password-stdin", typed="angin lalu di sawah\n")
    assert made["roles"] == ["administrator"]
    account = authenticate("baru@kantor.example", "angin lalu di sawah")
    assert account is not None
    assert account.may("administer")


@pytest.mark.parametrize(
    ("arguments", "typed", "hint"),
    [
        ((*NEW, "NOWHERE", "--password-stdin"), "angin lalu di sawah", "no institution"),
        ((*NEW, "35.13", "--password-stdin"), "pendek", "12 characters"),
        ((*NEW, "35.13", "--role", "king", "--password-stdin"), "angin lalu di sawah", "administrator"),
        ((*NEW, "35.13", "--email", "no address", "--password-stdin"), "angin lalu di sawah", "no email address"),
        ((*NEW, "35", "--email", "monitor@kantor.example", "--password-stdin"), "angin lalu di sawah", "email: "),
        (("user", "password", "--email", "nobody@kantor.example", "--password-stdin"), "x", "user add"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_a_sentence(hub: Hub, arguments, typed: str, hint: str) -> None:
    done = hub(*arguments, typed=typed)
    assert done.exit_code == 2
    assert hint in done.stderr


def test_a_forgotten_password_is_replaced(hub: Hub) -> None:
    arguments = ("user", "password", "--email", "monitor@kantor.example", "--password-stdin")
    assert hub.answers(*arguments, typed="angin lalu di sawah\n")["email"] == "monitor@kantor.example"


def test_audit_finds_a_changed_event(hub: Hub) -> None:
    before = hub.answers("audit", "verify")
    assert before["ok"]
    assert before["events"] >= 2
    db.session.execute(update(Event).where(Event.stream == "calendar").values(details={"version": 7}))
    done = hub("audit", "verify", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["findings"][0]["problem"] == "event changed"


def test_wrong_settings_stop_every_command_with_a_sentence_each() -> None:
    done = process("due", "--from", "2026-03-13", "--clock", "verify")
    assert (done.returncode, done.stdout) == (2, "")
    assert "HUB_SECRET_KEY is missing." in done.stderr
    assert "HUB_MAIL_HOST is missing." in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_the_commands_without_settings() -> None:
    done = process("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("init", "user", "due", "serve", "audit", "complaint", "mail"))


def test_init_makes_a_hub_and_changes_nothing_the_second_time(tmp_path: Path) -> None:
    new = {"HUB_DEMO": "1", "HUB_DATABASE_URL": f"sqlite:///{tmp_path / 'folder' / 'hub.db'}"}
    before = process("due", "--from", "2026-03-13", "--clock", "verify", **new)
    assert (before.returncode, "Traceback" in before.stderr) == (2, False)
    first, second = (process("init", "--json", **new) for _ in range(2))
    assert json.loads(first.stdout) == {"regions": 552, "institutions": 583, "days_off": 152, "clocks": 16}
    assert json.loads(second.stdout) == json.loads(first.stdout)
    assert json.loads(process("audit", "verify", "--json", **new).stdout)["events"] == 2


def test_an_empty_database_points_to_init(tmp_path: Path) -> None:
    new = {"HUB_DEMO": "1", "HUB_DATABASE_URL": f"sqlite:///{tmp_path / 'hub.db'}"}
    done = process("due", "--from", "2026-03-13", "--clock", "verify", **new)
    assert done.returncode == 2
    assert "hub init" in done.stderr


def test_flask_itself_knows_the_same_commands() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "--help"],
        cwd=config.ROOT,
        env={"PATH": os.environ["PATH"], "HUB_DEMO": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert all(f"\n  {name} " in done.stdout for name in ("db", "due", "init", "user"))
