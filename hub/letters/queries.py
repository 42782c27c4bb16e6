"""Reading letters."""

from sqlalchemy import select

from hub.extensions import db
from hub.letters.models import Letter
from hub.letters.rules import read_code


def by_verification_code(typed: str) -> Letter | None:
    """The letter with this code, however it was typed. None when there is none, or it cannot be a code."""
    code = read_code(typed)
    return db.session.scalar(select(Letter).where(Letter.verification_code == code)) if code else None
