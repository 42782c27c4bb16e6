"""Reading letters."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.extensions import db
from hub.letters.models import FOLLOW_UPS, Letter, LetterKind, LetterState
from hub.letters.rules import read_code


def by_verification_code(typed: str) -> Letter | None:
    """The letter with this code, however it was typed. None when there is none, or it cannot be a code."""
    code = read_code(typed)
    return db.session.scalar(select(Letter).where(Letter.verification_code == code)) if code else None


def follow_ups(about: str) -> list[Letter]:
    """The letters that follow up the forwarding letter of this matter, oldest first."""
    wanted = select(Letter).where(Letter.about == about, Letter.kind.in_(FOLLOW_UPS))
    return list(db.session.scalars(wanted.order_by(Letter.id)))


def enclosed_in(letter: Letter, session: Session | None = None) -> list[Letter]:
    """Letters of which a copy goes along in the same mail or envelope: with a follow-up, the one it follows up."""
    if letter.kind not in FOLLOW_UPS:
        return []
    first = (Letter.about == letter.about) & (Letter.kind == LetterKind.FORWARDING)
    printed = select(Letter).where(first, Letter.state == LetterState.SIGNED, Letter.file_id.is_not(None))
    return list((session or db.session).scalars(printed.order_by(Letter.id)))
