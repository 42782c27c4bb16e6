"""Failed attempts at something that could be guessed, counted in the database: no process or restart forgets them.

A row holds a keyed digest of what was tried (an email address, a letter number, a network address), so that the table
tells nobody who tried what.
"""

import hashlib
import hmac
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, func, select

from hub import clock
from hub.accounts.models import SignInAttempt
from hub.extensions import db

WINDOW = timedelta(minutes=15)
_KEPT = timedelta(days=1)


def are_too_many(subject: str, allowed: int) -> bool:
    """True when `subject` failed `allowed` times or more within fifteen minutes."""
    recent = (SignInAttempt.email_digest == _digest(subject)) & (SignInAttempt.at > clock.now() - WINDOW)
    return (db.session.scalar(select(func.count()).select_from(SignInAttempt).where(recent)) or 0) >= allowed


def note(*subjects: str) -> None:
    """Each of these has failed once more. The caller commits, whatever else it does."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < clock.now() - _KEPT))
    db.session.add_all(SignInAttempt(email_digest=_digest(one), at=clock.now()) for one in subjects)


def forgive(subject: str) -> None:
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.email_digest == _digest(subject)))


def _digest(subject: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, subject.strip().lower().encode(), hashlib.sha256).hexdigest()
