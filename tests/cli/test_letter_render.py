"""Letters on the command line."""

import json
import os
import subprocess
import sys

import pypdf
import pytest
from click.testing import CliRunner

from hub.cli import commands
from hub.extensions import db
from hub.files import storage
from hub.letters import rendering
from hub.letters.models import LetterKind


@pytest.fixture
def hub(app):
    def run(*arguments):
        db.session.commit()
        return CliRunner().invoke(commands, ("letter", *arguments))

    return run


def test_a_letter_is_printed_again_with_the_same_bytes_by_id_or_number(hub, story, tmp_path):
    letter = story.signed().letter
    rendering.render_pending()
    for which in (str(letter.id), letter.number.lower().replace("/", " / ")):
        done = hub("render", which, "--json", "--out", str(tmp_path / "again.pdf"))
        told = json.loads(done.stdout)
        assert (done.exit_code, told["same"], told["sha256"]) == (0, True, letter.file.sha256)
    assert (tmp_path / "again.pdf").read_bytes() == storage.path(letter.file.sha256).read_bytes()


def test_a_letter_that_would_be_printed_otherwise_is_told(hub, story):
    letter = story.signed().letter
    rendering.render_pending()
    letter.content = {**letter.content, "opening": "Lain."}
    done = hub("render", str(letter.id), "--json")
    assert (done.exit_code, json.loads(done.stdout)["same"]) == (1, False)


@pytest.mark.parametrize("arguments", [("render",), ("render", "1", "--sample", "forwarding"), ("render", "B-999/x")])
def test_what_cannot_be_printed_is_said_in_a_sentence(hub, arguments):
    done = hub(*arguments)
    assert done.exit_code == 2
    assert done.stderr.strip()


def test_a_sample_of_each_kind_needs_no_settings_and_no_database(tmp_path):
    bare = {"PATH": os.environ["PATH"]}
    for kind in ("handover", "receipt"):
        out = tmp_path / f"{kind}.pdf"
        command = [sys.executable, "-c", "from hub.cli import main; main()", "letter", "render", "--sample", kind]
        done = subprocess.run([*command, "--out", str(out)], env=bare, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert len(pypdf.PdfReader(out).pages) == 1


def test_a_sample_can_be_looked_at_as_a_page(tmp_path):
    out = tmp_path / "letter.html"
    for kind in LetterKind:
        arguments = ("letter", "render", "--sample", kind.value, "--paper", "f4", "--html", "--out", str(out))
        assert CliRunner().invoke(commands, arguments).exit_code == 0
        assert '<body class="f4">' in out.read_text()
