"""`hub mail`: mail on the command line, and mail that a mail server hands over by a pipe."""

import io
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from hub import config, create_app
from hub.cli import commands
from hub.cli import mail as command
from hub.extensions import db
from hub.files import service as files
from hub.mail.inbox import service
from hub.mail.inbox.models import ArrivedBy, InboundMail
from tests.mail.inbox.hostile import MAILS
from tests.mail.inbox.mails import letter

CORPUS = Path(__file__).parent.parent / "corpus"


def hub(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """`hub` as a process of its own, with nothing of the environment but what is given."""
    call = [sys.executable, "-c", "from hub.cli import main; main()", *arguments]
    env = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(call, cwd=config.ROOT, env=env, input=stdin, capture_output=True, timeout=120, check=False)


@pytest.fixture
def settings(database, tmp_path, monkeypatch):
    """The environment of a hub whose database is a fresh one."""
    with database.fresh() as url:
        found = {"HUB_DEMO": "1", "HUB_DATABASE_URL": url, "HUB_STORAGE_URL": f"file://{tmp_path / 'files'}"}
        for name, value in found.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def app_on(settings):
    """The application on that database, to look at what is there."""

    @contextmanager
    def looking():
        with create_app().app_context():
            try:
                yield
            finally:
                db.session.remove()
                db.engine.dispose()

    return looking


def receive(content: bytes, *options: str) -> Result:
    return CliRunner().invoke(commands, ["mail", "receive", *options], input=content)


# --- inspect -------------------------------------------------------------------------------------------------------


def inspect(*files: object) -> list[dict]:
    done = CliRunner().invoke(commands, ["mail", "inspect", "--json", *map(str, files)])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_line_for_each_file_in_the_order_given():
    names = [f"{CORPUS}/../corpus/{path.name}" for path in sorted(CORPUS.glob("*.eml"), reverse=True)[:20]]
    found = inspect(*names)
    assert [one["file"] for one in found] == names
    for one in found:
        right = json.loads(Path(one["file"]).with_suffix(".json").read_text())
        assert sorted(one.pop("recipients")) == sorted(right.pop("recipients"))
        assert {name: one[name] for name in right} == right


def test_what_is_not_there_is_null(tmp_path):
    (tmp_path / "a.eml").write_bytes(letter("satu"))
    [found] = inspect(tmp_path / "a.eml")
    assert found.pop("milliseconds") < 2000
    assert found == {
        "file": str(tmp_path / "a.eml"),
        "kind": "human",
        "permanence": None,
        "recipients": [],
        "status": None,
        "reply_text": "Surat sudah kami terima.",
        "away_until": None,
    }


def test_what_cannot_be_read_is_told_and_the_next_is_read(tmp_path, monkeypatch):
    hostile = ("parts ten thousand deep", "parameters without end", "half characters", "zero bytes only")
    for number, name in enumerate(hostile):
        (tmp_path / f"{number}.eml").write_bytes(MAILS[name]())
    (tmp_path / "good.eml").write_bytes(letter("satu"))
    found = inspect(*sorted(tmp_path.iterdir()))
    assert [one["kind"] for one in found] == ["quarantined", "quarantined", "human", "human", "human"]
    assert "too many parts" in found[0]["why"]
    assert "took longer" in found[1]["why"]


def test_a_file_that_is_not_there_is_told_after_which_the_others_are_read(tmp_path):
    (tmp_path / "a.eml").write_bytes(letter("satu"))
    done = CliRunner().invoke(commands, ["mail", "inspect", "--json", "nowhere.eml", str(tmp_path / "a.eml")])
    assert done.exit_code == 2
    assert "nowhere.eml cannot be read: No such file or directory." in done.stderr
    assert json.loads(done.stdout)["kind"] == "human"


def test_people_get_a_block_they_can_read():
    done = CliRunner().invoke(commands, ["mail", "inspect", str(CORPUS / "auto-polos-haji.eml")])
    assert done.stdout == f"{CORPUS / 'auto-polos-haji.eml'}: auto_reply, away until 2026-06-12\n"


def test_a_mail_tells_a_terminal_nothing(tmp_path):
    (tmp_path / "a.eml").write_bytes(
        letter("satu", "Sudah\x1b]0;judul\x07 kami \x1b[31mterima\x9b2J\u202e.\n\tHormat\n")
    )
    done = CliRunner().invoke(commands, ["mail", "inspect", str(tmp_path / "a.eml")])
    assert done.stdout.splitlines()[1:] == ["    Sudah]0;judul kami [31mterima2J.", "    \tHormat"]


def test_a_name_that_is_no_text_is_told_as_it_was_given(tmp_path):
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.eml")
    Path(name).write_bytes(letter("satu"))
    done = hub("mail", "inspect", "--json", name)
    assert json.loads(done.stdout)["file"] == name
    assert hub("mail", "inspect", name).returncode == 0


def test_it_needs_no_settings_and_touches_no_database(tmp_path):
    broken = {"HUB_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "HUB_SECRET_KEY": "short"}
    done = hub("mail", "inspect", "--json", str(CORPUS / "auto-polos-haji.eml"), **broken)
    assert (done.returncode, done.stderr) == (0, b"")


# --- receive -------------------------------------------------------------------------------------------------------


def test_a_mail_handed_over_is_kept_byte_for_byte(settings, app_on):
    content = letter("dari pipa", "é\n.\n") + b"\xff\x00\r"
    done = receive(content, "--json")
    assert done.exit_code == 0, done.output
    with app_on():
        mail = db.session.get_one(InboundMail, json.loads(done.stdout)["id"])
        assert (mail.arrived_by, mail.kind) == (ArrivedBy.PIPE, None)
        assert files.read(mail.raw) == content


def test_a_mail_handed_over_again_is_the_same_mail(settings):
    first, second = (receive(letter("satu"), "--json") for _ in range(2))
    assert json.loads(first.stdout) == json.loads(second.stdout)


def test_a_huge_mail_is_kept_in_part_and_read_off_to_its_end(settings, app_on, monkeypatch):
    monkeypatch.setattr("hub.mail.reading.parsing.LARGEST", 1000)
    monkeypatch.setattr(service, "LARGEST", 1000)
    monkeypatch.setattr(command, "_DRAINED_AT_ONCE", 100)
    content = io.BytesIO(letter("raksasa", "x" * 5000))
    done = CliRunner().invoke(commands, ["mail", "receive", "--json"], input=content)
    assert json.loads(done.stdout)["is_cut"]
    assert content.read() == b""


def test_as_a_process_it_says_that_the_mail_is_safe(settings):
    done = hub("mail", "receive", stdin=letter("satu"), **settings)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_empty_database_makes_the_mail_server_try_again(database, tmp_path):
    files = {"HUB_DEMO": "1", "HUB_STORAGE_URL": f"file://{tmp_path / 'files'}"}
    done = hub("mail", "receive", stdin=letter("satu"), HUB_DATABASE_URL=database.empty(), **files)
    assert (done.returncode, done.stdout) == (75, b"")
    assert done.stderr.decode() == (
        "The mail was not stored, please try again. The database is empty or too old. Run `hub init` first.\n"
    )


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////proc/nowhere/hub.db", "mysql://nobody@127.0.0.1/none"]
)
def test_a_database_out_of_reach_makes_the_mail_server_try_again(tmp_path, url):
    files = {"HUB_DEMO": "1", "HUB_STORAGE_URL": f"file://{tmp_path / 'files'}"}
    done = hub("mail", "receive", "--json", stdin=letter("satu"), HUB_DATABASE_URL=url, **files)
    assert (done.returncode, done.stdout) == (75, b"")
    assert done.stderr.startswith(b"The mail was not stored, please try again. ")
    assert b"Traceback" not in done.stderr


def test_missing_settings_make_the_mail_server_try_again():
    done = hub("mail", "receive", stdin=letter("satu"))
    assert done.returncode == 75
    assert b"HUB_SECRET_KEY is missing." in done.stderr


def test_a_full_disk_makes_the_mail_server_try_again_and_keeps_nothing(settings, app_on, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hub.files.storage.write", full)
    done = receive(letter("satu"))
    assert done.exit_code == 75
    assert "No space left on device" in done.stderr
    with app_on():
        assert db.session.scalars(select(InboundMail)).all() == []


def test_nothing_at_all_is_no_mail_but_nothing_to_return_to_a_sender_either(settings):
    done = receive(b"")
    assert done.exit_code == 75
    assert "nothing came in on stdin" in done.stderr


# --- fetch ---------------------------------------------------------------------------------------------------------


def fetch(box, *options: str) -> Result:
    db.session.commit()
    return box.app.test_cli_runner().invoke(commands, ["mail", "fetch", *options])


def test_one_visit_by_command_fetches_and_reads(box):
    box.deliver(*(letter(f"surat {number}") for number in range(60)), MAILS["parts a thousand deep"]())
    done = fetch(box, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"fetched": 61, "read": 61, "quarantined": 1, "error": ""}
    assert fetch(box).stdout == "0 fetched, 0 read, 0 of them quarantined.\n"


def test_a_visit_that_fails_is_found_wrong(box):
    box.use_own(password="salah")
    done = fetch(box, "--json")
    assert done.exit_code == 1
    assert "refuses the sign-in" in json.loads(done.stdout)["error"]


def test_without_a_mailbox_there_is_nothing_to_fetch(app):
    done = app.test_cli_runner().invoke(commands, ["mail", "fetch"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "HUB_IMAP_URL is not set" in done.stderr
