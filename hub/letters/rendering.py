"""PDFs of letters that are signed or issued. For the worker only; each letter is a unit of work of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy import select

from hub.audit.rules import SYSTEM
from hub.audit.service import record
from hub.database import read_only
from hub.extensions import db
from hub.files import service as files
from hub.files.rules import PDF
from hub.letters import certificates, pades
from hub.letters.certificates import Certificate
from hub.letters.document import html, reference
from hub.letters.models import IS_TO_RENDER, IS_TO_SIGN, PRINTED, Letter, LetterKind, LetterState, SigningMethod
from hub.letters.rules import file_name

log = structlog.get_logger()

_NAMES = {
    LetterKind.RECEIPT: "tanda-terima-jawaban",
    LetterKind.HANDOVER: "daftar-serah-terima",
    LetterKind.INVENTORY: "inventaris-laporan-tindak-lanjut",
}


@dataclass(frozen=True)
class RenderReport:
    """How many PDFs were made; ids of letters that could not be printed, with the reason on the letter."""

    made: int
    broken: tuple[int, ...]


def render_pending(at_most: int | None = None) -> RenderReport:
    """Make the PDF of every letter signed in the hub or issued that has none, and every copy to sign.

    `at_most` of each: those tried least first, of these the newest first. A broken letter is told and never stops the
    others.
    """
    printed = (IS_TO_RENDER,)
    reserved = IS_TO_SIGN, Letter.number.is_not(None), Letter.signing_copy_id.is_(None)
    with read_only():
        waiting = [
            id
            for which in (printed, reserved)
            for id in db.session.scalars(
                select(Letter.id).where(*which).order_by(Letter.render_attempts, Letter.id.desc()).limit(at_most)
            )
        ]
        db.session.rollback()
    broken = [id for id in waiting if not _is_rendered(id)]
    return RenderReport(len(waiting) - len(broken), tuple(broken))


def _is_rendered(id: int) -> bool:
    try:
        content = _printed(id)
    except Exception as error:  # whatever it is, the next letter must be tried
        db.session.rollback()
        log.exception("letter_not_printed", letter=id)
        letter = _locked(id)
        letter.render_attempts += 1
        letter.render_error = f"{type(error).__name__}: {error}"[:500]
        db.session.commit()
        return False
    _keep(id, content)
    return True


@dataclass(frozen=True)
class _Print:
    """What the press made of a letter in the state it was in then."""

    state: LetterState
    content: bytes


def _printed(id: int) -> _Print:
    """Printing takes a tenth of a second or more: nobody's writing waits for it.

    A certificate signs the bytes last, at this moment: that PDF is made once, and the first one kept.
    """
    with read_only():
        letter = db.session.get_one(Letter, id)
        certificate, state = _certificate(letter), letter.state
        press = _set(letter)
        db.session.rollback()
    content = press()
    return _Print(state, pades.sign(content, certificate) if certificate else content)


def printed(letter: Letter) -> bytes:
    """The letter as the press makes it, without any electronic signature. Twice gives the same bytes."""
    return _set(letter)()


def _certificate(letter: Letter) -> Certificate | None:
    is_certified = letter.state == LetterState.SIGNED and letter.signing_method == SigningMethod.CERTIFICATE
    return certificates.of(letter.institution) if is_certified else None


def _set(letter: Letter) -> Callable[[], bytes]:
    """All that has to be read of the letter; what is given back prints it, and needs no database."""
    from hub.letters import pdf

    page = html(letter, linked=False)
    return partial(pdf.render, page, letter.verification_code, reference(letter))


def _keep(id: int, made: _Print) -> None:
    """What was signed, changed or declared void meanwhile is not kept: the next round sees what it needs then."""
    letter = _locked(id)
    name = file_name(letter.number or f"{_NAMES.get(letter.kind, 'surat')}-{letter.id}")
    if made.state == letter.state and letter.state in PRINTED and letter.file_id is None:
        letter.file = files.store_made(f"{name}.pdf", made.content, PDF)
        details = {"sha256": letter.file.sha256, "bytes": letter.file.size}
        record(letter.stream, "pdf_made", SYSTEM, details)
    elif made.state == letter.state == LetterState.TO_SIGN and letter.signing_copy_id is None:
        letter.signing_copy = files.store_made(f"{name}_untuk-ditandatangani.pdf", made.content, PDF)
        record(letter.stream, "signing_copy_made", SYSTEM, {"sha256": letter.signing_copy.sha256})
    letter.render_attempts, letter.render_error = letter.render_attempts + 1, ""
    db.session.commit()


def _locked(id: int) -> Letter:
    letter = db.session.get_one(Letter, id)
    db.session.refresh(letter, ["state", "file_id", "signing_copy_id", "render_attempts"], with_for_update=True)
    return letter
