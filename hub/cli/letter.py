"""`hub letter`: letters on the command line."""

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.context import Misuse, answer, found_wrong, in_app, json_option, tell
from hub.letters.models import Letter, LetterKind
from hub.letters.rules import Paper

if TYPE_CHECKING:
    from hub.letters.recognition import Recognised

KINDS = click.Choice([kind.value for kind in LetterKind])
PAPERS = click.Choice([paper.value for paper in Paper])


@click.group
def letter() -> None:
    """Letters: printed again, as samples, or recognised in a file."""


@letter.command
@click.argument("which", required=False, metavar="[ID|NUMBER]")
@click.option("--sample", type=KINDS, help="An invented letter of this kind; needs no settings and no database.")
@click.option("--paper", type=PAPERS, default=Paper.A4.value, show_default=True, help="Of the sample.")
@click.option("--html", "as_html", is_flag=True, help="The page the PDF is made from, instead of the PDF.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@json_option
def render(which: str | None, sample: str | None, paper: str, as_html: bool, out: Path | None, as_json: bool) -> None:
    """Print a letter again, by its number or id, and compare it with the file that was sent: exit 1 when they differ.

    Or, with --sample KIND, print an invented one. Without --out nothing is written.
    """
    if bool(which) == bool(sample):
        raise Misuse("Name one letter by its number or id, or one kind: hub letter render --sample forwarding")
    if sample:
        content = _sampled(LetterKind(sample), Paper(paper), as_html)
        _write(out, content)
        told = {"kind": sample, "paper": paper, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        answer(told, as_json, f"A sample of {len(content)} bytes{f' in {out}' if out else ''}.")
        return
    _again(which or "", as_html, out, as_json)


@in_app
def _again(which: str, as_html: bool, out: Path | None, as_json: bool) -> None:
    from hub.database import read_only

    with read_only():
        found = _find(which)
        content = _made(found, as_html)
    kept, is_certified = _kept(found), found.signing_method == "certificate"
    _write(out, kept if kept and is_certified and not as_html else content)  # no copy claims a signature it lacks
    is_same = None if as_html or kept is None else kept == content or (is_certified and kept.startswith(content))
    words = {
        None: "There is no file printed by the hub to compare it with.",
        True: "The same bytes as the file that was sent.",
    }
    sentence = words.get(is_same, "Not the bytes of the file that was sent.")
    told = {
        "id": found.id,
        "number": found.number,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "kept": found.file.sha256 if found.file else None,
    }
    answer({**told, "same": is_same}, as_json, f"{found.number or found.id}: {len(content)} bytes. {sentence}")
    if is_same is False:
        found_wrong()


def _kept(letter: Letter) -> bytes | None:
    """What was sent, if the hub printed it. The signature of a certificate stands behind the printed bytes."""
    from hub.files import service as files
    from hub.letters.service import BY_FILE

    return files.read(letter.file) if letter.file and letter.signing_method not in BY_FILE else None


def _find(which: str) -> Letter:
    from sqlalchemy import select

    from hub.database import LARGEST_KEY
    from hub.extensions import db
    from hub.letters.rules import number_key

    by_id = db.session.get(Letter, int(which)) if which.isdecimal() and int(which) <= LARGEST_KEY else None
    if by_id:
        return by_id
    found = db.session.scalars(select(Letter).where(Letter.number_key == number_key(which))).all()
    if len(found) != 1:
        ids = ", ".join(str(one.id) for one in found)
        raise Misuse(f"Several letters have this number; name one by its id: {ids}" if found else "No such letter.")
    return found[0]


def _sampled(kind: LetterKind, paper: Paper, as_html: bool) -> bytes:
    from hub import create_app
    from hub.bench.ground import settings
    from hub.letters import samples

    with (
        tempfile.TemporaryDirectory() as folder,
        create_app(settings(Path(folder), mail_port=25)).app_context(),
    ):
        return _made(samples.letter(kind, paper), as_html)


def _made(letter: Letter, as_html: bool) -> bytes:
    from hub.letters import document, rendering

    return document.html(letter, linked=False).encode() if as_html else rendering.printed(letter)


def _write(out: Path | None, content: bytes) -> None:
    if out is None:
        return
    try:
        out.write_bytes(content)
    except OSError as problem:
        raise Misuse(f"{out} cannot be written: {problem.strerror}.") from None
    tell(f"Written to {out}.")


@letter.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@in_app
def verify(file: Path, as_json: bool) -> None:
    """Whether FILE is a signed letter of this hub, byte by byte, and still in force.

    Exit code 0 when it is; 1 when its bytes differ, when no letter is like it, or when the letter was declared void.
    """
    from dataclasses import asdict

    from hub.letters.recognition import recognise

    found = recognise(file.read_bytes())
    signatures = None if found.signatures is None else [asdict(one) for one in found.signatures]
    told = {"file": str(file), "genuine": found.is_genuine, "match": found.match, "signatures": signatures}
    answer({**told, "letter": _facts(found.letter)}, as_json, _in_words(found))
    if not found.is_genuine:
        found_wrong()


_WORDS = {
    "bytes": "These are exactly the bytes of letter {number}.",
    "code": "This file carries the code of letter {number}, but its bytes differ from what was signed.",
    "copy": "This is the copy to sign of letter {number}, not the signed letter.",
    None: "No letter of this hub has these bytes or the code in them.",
}


def _facts(letter: Letter | None) -> dict[str, str | None] | None:
    if letter is None:
        return None
    return {
        "number": letter.number,
        "dated": letter.dated.isoformat() if letter.dated else None,
        "sender": letter.institution.name,
        "state": letter.state.value,
        "code": letter.verification_code,
    }


def _in_words(found: "Recognised") -> str:
    letter = found.letter
    lines = [_WORDS[found.match].format(number=(letter.number or "without a number") if letter else "")]
    if letter:
        lines.append(f"{letter.institution.name}, {letter.dated or 'without a date'}, {letter.state.value}.")
    if found.signatures is None:
        lines.append("It carries an electronic signature; install pyHanko to judge it.")
    worth = {True: "intact", False: "BROKEN"}
    told = (f"Electronic signature of {one.signer or '?'}: {worth[one.is_intact]}." for one in found.signatures or ())
    return "\n".join((*lines, *told))
