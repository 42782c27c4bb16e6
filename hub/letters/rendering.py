"""PDFs of signed letters. For the worker only; each letter is a unit of work of its own."""

from dataclasses import dataclass

import structlog
from sqlalchemy import select

from hub.audit.rules import SYSTEM
from hub.audit.service import record
from hub.database import read_only
from hub.extensions import db
from hub.files import service as files
from hub.letters.document import html, reference
from hub.letters.models import Letter, LetterState

log = structlog.get_logger()


@dataclass(frozen=True)
class RenderReport:
    """How many PDFs were made; ids of letters that could not be printed, with the reason on the letter."""

    made: int
    broken: tuple[int, ...]


def render_pending(at_most: int | None = None) -> RenderReport:
    """Make the PDF of every signed letter that has none, or of `at_most` of them, the newest first.

    A broken letter is told and never stops the others.
    """
    waiting = (
        select(Letter.id)
        .where(Letter.state == LetterState.SIGNED, Letter.file_id.is_(None))
        .order_by(Letter.render_attempts, Letter.id.desc())
        .limit(at_most)
    )
    with read_only():
        ids = db.session.scalars(waiting).all()
        db.session.rollback()
    broken = [id for id in ids if not _is_rendered(id)]
    return RenderReport(len(ids) - len(broken), tuple(broken))


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


def _printed(id: int) -> bytes:
    """Printing takes a tenth of a second or more: nobody's writing waits for it. Twice gives the same bytes."""
    from hub.letters import pdf

    with read_only():
        letter = db.session.get_one(Letter, id)
        page, attached, code = html(letter, linked=False), reference(letter), letter.verification_code
        db.session.rollback()
    return pdf.render(page, code, attached)


def _keep(id: int, content: bytes) -> None:
    letter = _locked(id)
    if letter.file_id is None and letter.state == LetterState.SIGNED:
        letter.file = files.store_made(f"{_file_name(letter)}.pdf", content, "application/pdf")
        letter.render_attempts, letter.render_error = letter.render_attempts + 1, ""
        details = {"sha256": letter.file.sha256, "bytes": letter.file.size}
        record(f"letter:{letter.id}", "pdf_made", SYSTEM, details)
    db.session.commit()


def _locked(id: int) -> Letter:
    letter = db.session.get_one(Letter, id)
    db.session.refresh(letter, ["state", "file_id", "render_attempts"], with_for_update=True)
    return letter


def _file_name(letter: Letter) -> str:
    """The number as a file name: "B-12_Kemensetneg_D-4_Dumas_DM.05_06_2019"."""
    return "".join(one if one.isalnum() or one in "-." else "_" for one in letter.number or str(letter.id))
