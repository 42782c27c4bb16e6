"""`hub letter`: is this file a letter of this hub?"""

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hub.cli.context import answer, found_wrong, in_app, json_option

if TYPE_CHECKING:
    from hub.letters.models import Letter

_WORDS = {
    "bytes": "These are exactly the bytes of letter {number}.",
    "code": "This file carries the code of letter {number}, but its bytes differ from what was signed.",
    "copy": "This is the copy to sign of letter {number}, not the signed letter.",
    None: "No letter of this hub has these bytes or the code in them.",
}
_PAGES_READ = 20


@click.group
def letter() -> None:
    """Letters as files."""


@letter.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@in_app
def verify(file: Path, as_json: bool) -> None:
    """Whether FILE is a signed letter of this hub, byte by byte, and still in force.

    Exit code 0 when it is; 1 when its bytes differ, when no letter is like it, or when the letter was declared void.
    """
    content = file.read_bytes()
    match, found = _found(content)
    is_genuine = match == "bytes" and found is not None and found.state in ("signed", "issued")
    signatures = _signatures(content)
    result = {
        "file": str(file),
        "genuine": is_genuine,
        "match": match,
        "letter": _facts(found),
        "signatures": signatures,
    }
    answer(result, as_json, _told(match, found, signatures))
    if not is_genuine:
        found_wrong()


def _found(content: bytes) -> "tuple[str | None, Letter | None]":
    """How the file is known ("bytes", "copy", "code"), and the letter."""
    from hub.letters import queries

    sha256 = hashlib.sha256(content).hexdigest()
    if signed := queries.by_content(sha256):
        return "bytes", signed
    if unsigned := queries.by_signing_copy(sha256):
        return "copy", unsigned
    named = next(filter(None, map(queries.by_verification_code, _codes(content))), None)
    return ("code", named) if named else (None, None)


def _codes(content: bytes) -> list[str]:
    """Codes in the name the PDF gives itself, which outlives most changes, and in what its pages say."""
    import pypdf

    from hub.letters.rules import codes_in

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        names = " ".join(str(one) for one in reader.trailer.get("/ID", []))
        pages = " ".join(page.extract_text() for page in reader.pages[:_PAGES_READ])
    except Exception:  # noqa: BLE001  # whatever it is, it is no PDF that tells anything
        return []
    return codes_in(f"{names} {pages}")


def _signatures(content: bytes) -> list[dict[str, Any]] | None:
    """Electronic signatures in the file; None where pyHanko is not installed and nobody can judge them."""
    from dataclasses import asdict

    from hub.letters import pades

    if not pades.is_signed(content):
        return []
    if not pades.can_judge():
        return None
    try:
        return [asdict(one) for one in pades.signatures(content)]
    except pades.BrokenSignature:
        return [{"signer": "", "is_intact": False}]


def _facts(letter: "Letter | None") -> dict[str, Any] | None:
    if letter is None:
        return None
    return {
        "number": letter.number,
        "dated": letter.dated.isoformat() if letter.dated else None,
        "sender": letter.institution.name,
        "state": letter.state.value,
        "code": letter.verification_code,
    }


def _told(match: str | None, letter: "Letter | None", signatures: list[dict[str, Any]] | None) -> str:
    lines = [_WORDS[match].format(number=(letter.number or "without a number") if letter else "")]
    if letter:
        lines.append(f"{letter.institution.name}, {letter.dated or 'without a date'}, {letter.state.value}.")
    if signatures is None:
        lines.append("It carries an electronic signature; install pyHanko to judge it.")
    worth = {True: "intact", False: "BROKEN"}
    told = (f"Electronic signature of {one['signer'] or '?'}: {worth[one['is_intact']]}." for one in signatures or ())
    return "\n".join((*lines, *told))
