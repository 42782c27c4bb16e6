"""Reading letters."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from hub.extensions import db
from hub.files.models import StoredFile
from hub.letters.models import FOLLOW_UPS, IS_TO_SIGN, Letter, LetterKind, LetterState
from hub.letters.rules import read_code


def by_verification_code(typed: str) -> Letter | None:
    """The letter with this code, however it was typed. None when there is none, or it cannot be a code."""
    code = read_code(typed)
    return db.session.scalar(select(Letter).where(Letter.verification_code == code)) if code else None


def follow_ups(*about: str) -> list[Letter]:
    """The letters that follow up the forwarding letters of these matters, oldest first."""
    wanted = select(Letter).where(Letter.about.in_(about), Letter.kind.in_(FOLLOW_UPS))
    return list(db.session.scalars(wanted.order_by(Letter.id)))


def enclosed_in(letter: Letter, session: Session | None = None) -> list[Letter]:
    """Letters of which a copy goes along in the same mail or envelope: with a follow-up, the one it follows up."""
    if letter.kind not in FOLLOW_UPS:
        return []
    first = (Letter.about == letter.about) & (Letter.kind == LetterKind.FORWARDING)
    printed = select(Letter).where(first, Letter.state == LetterState.SIGNED, Letter.file_id.is_not(None))
    return list((session or db.session).scalars(printed.order_by(Letter.id)))


def by_content(sha256: str) -> Letter | None:
    """The letter whose signed or issued file has exactly these bytes."""
    return db.session.scalars(select(Letter).join(Letter.file).where(StoredFile.sha256 == sha256)).first()


def by_signing_copy(sha256: str) -> Letter | None:
    """The letter whose copy to sign has exactly these bytes."""
    return db.session.scalars(select(Letter).join(Letter.signing_copy).where(StoredFile.sha256 == sha256)).first()


def to_sign(institution_id: int) -> Sequence[Letter]:
    """What waits for a signatory of this office, oldest first."""
    mine = select(Letter).where(IS_TO_SIGN, Letter.institution_id == institution_id)
    return db.session.scalars(mine.options(joinedload(Letter.signatory)).order_by(Letter.submitted_at, Letter.id)).all()


def number_to_sign(institution_id: int) -> int:
    mine = select(func.count(Letter.id)).where(IS_TO_SIGN, Letter.institution_id == institution_id)
    return db.session.scalar(mine) or 0


def is_number_taken(letter: Letter, number: str, year: int) -> bool:
    """True when another letter of this office and year has this very number."""
    return db.session.scalar(_others(letter, year).where(Letter.number == number).limit(1)) is not None


def nearly_the_same(letter: Letter) -> Letter | None:
    """Another letter of the office and year whose number differs only in what is easily mistyped."""
    if letter.year is None:
        return None
    alike = _others(letter, letter.year).where(Letter.number_key == letter.number_key)
    return db.session.scalars(alike.limit(1)).first()


def void_ones(about: str) -> Sequence[Letter]:
    """Letters of this matter that were declared void, oldest first."""
    void = (Letter.about == about) & (Letter.state == LetterState.VOID)
    return db.session.scalars(select(Letter).where(void).order_by(Letter.id)).all()


def _others(letter: Letter, year: int) -> Select[Letter]:
    same_office = Letter.institution_id == letter.institution_id
    return select(Letter).where(same_office, Letter.year == year, Letter.id != letter.id)
