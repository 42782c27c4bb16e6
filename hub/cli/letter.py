"""`hub letter`: letters on the command line."""

import hashlib
import tempfile
from pathlib import Path

import click

from hub.cli.context import Misuse, answer, found_wrong, in_app, json_option, tell
from hub.letters.models import Letter, LetterKind
from hub.letters.rules import Paper

KINDS = click.Choice([kind.value for kind in LetterKind])
PAPERS = click.Choice([paper.value for paper in Paper])


@click.group
def letter() -> None:
    """Letters: printed again, or as samples."""


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
    _write(out, content)
    sha256, kept = hashlib.sha256(content).hexdigest(), found.file.sha256 if found.file else None
    is_same = None if as_html or kept is None else sha256 == kept
    words = {None: "There is no printed file to compare it with.", True: "The same bytes as the file that was sent."}
    sentence = words.get(is_same, "Not the bytes of the file that was sent.")
    told = {"id": found.id, "number": found.number, "bytes": len(content), "sha256": sha256, "kept": kept}
    answer({**told, "same": is_same}, as_json, f"{found.number or found.id}: {len(content)} bytes. {sentence}")
    if is_same is False:
        found_wrong()


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
    from hub.letters import document

    page = document.html(letter, linked=False)
    if as_html:
        return page.encode()
    from hub.letters import pdf

    return pdf.render(page, identifier=letter.verification_code)


def _write(out: Path | None, content: bytes) -> None:
    if out is None:
        return
    try:
        out.write_bytes(content)
    except OSError as problem:
        raise Misuse(f"{out} cannot be written: {problem.strerror}.") from None
    tell(f"Written to {out}.")
