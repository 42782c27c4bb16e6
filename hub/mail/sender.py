"""Takes what is due out of the outbox and gives it to the mail server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from flask import current_app
from flask_mail import Message
from sqlalchemy import exists, or_, select, update

from hub import clock
from hub.database import read_only
from hub.extensions import db
from hub.letters.models import Letter
from hub.mail import service
from hub.mail.connection import Connection, NotTaken, Refused, Unreachable
from hub.mail.message import compose
from hub.mail.models import IS_QUEUED, EmailDispatch, EmailState

log = structlog.get_logger("hub.mail")

_CLAIM = timedelta(minutes=5)
_LAST_CALL = timedelta(minutes=1)
"""A message is not begun when its claim ends sooner: another worker could begin it too."""


@dataclass
class SendReport:
    """What one run did, counted in messages. `error` is what stopped the run, "" when nothing did."""

    handed_over: int = 0
    failed: int = 0
    postponed: int = 0
    error: str = ""


def send_due(limit: int = 50) -> SendReport:
    """Send up to `limit` messages that are due, each in a transaction of its own.

    A process killed between hand-over and commit leaves the message queued: after five minutes it leaves again, with
    the same Message-ID. It is never lost.
    """
    report = SendReport()
    claimed = _claim(limit)
    if not claimed:
        return report
    deadline = clock.now() + _CLAIM - _LAST_CALL
    with Connection(current_app.extensions["mail"]) as connection:
        while claimed and clock.now() < deadline and not report.error:
            _send(claimed.pop(0), connection, report)
    _release(claimed)
    return report


def _claim(limit: int) -> list[int]:
    """Mark due messages as ours for five minutes, so that several workers never take the same."""
    now = clock.now()
    awaits_its_pdf = exists().where(Letter.id == EmailDispatch.letter_id, Letter.file_id.is_(None))
    due = (
        select(EmailDispatch)
        .where(
            IS_QUEUED,
            EmailDispatch.next_attempt_at <= now,
            or_(EmailDispatch.claimed_until.is_(None), EmailDispatch.claimed_until <= now),
            ~awaits_its_pdf,
        )
        .order_by(EmailDispatch.next_attempt_at, EmailDispatch.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    dispatches = db.session.scalars(due).all()
    for dispatch in dispatches:
        dispatch.claimed_until = now + _CLAIM
    ids = [dispatch.id for dispatch in dispatches]
    db.session.commit()
    return ids


def _send(id: int, connection: Connection, report: SendReport) -> None:
    mail_from = current_app.extensions["settings"].mail_from
    try:
        message = _composed(id, mail_from)
        if message is None:
            return
        words = connection.hand_over(message, mail_from)
    except NotTaken as refusal:
        _not_taken(_locked(id), refusal, report)
    except Exception as problem:  # a message that cannot be made must not stand in the way of the others
        log.exception("email_not_made", email=id)
        db.session.rollback()
        service.postpone(_locked(id), f"{type(problem).__name__}: {problem}")
        report.postponed += 1
    else:
        service.hand_over(_locked(id), words)
        report.handed_over += 1
    db.session.commit()


def _composed(id: int, mail_from: str) -> Message | None:
    """The message, None when it was called back meanwhile.

    Read in a transaction that ends before the server is spoken to: it may take its time, and on SQLite an open writer
    stops every other one.
    """
    with read_only():
        dispatch = db.session.get_one(EmailDispatch, id)
        message = compose(dispatch, mail_from) if dispatch.state is EmailState.QUEUED else None
        db.session.rollback()
    return message


def _not_taken(dispatch: EmailDispatch, refusal: NotTaken, report: SendReport) -> None:
    if isinstance(refusal, Refused):
        service.fail(dispatch, str(refusal))
        report.failed += 1
        return
    service.postpone(dispatch, str(refusal))
    report.postponed += 1
    report.error = str(refusal) if isinstance(refusal, Unreachable) else ""


def _locked(id: int) -> EmailDispatch:
    return db.session.get_one(EmailDispatch, id, with_for_update=True, populate_existing=True)


def _release(ids: Sequence[int]) -> None:
    """Give back what was not begun."""
    if ids:
        db.session.execute(update(EmailDispatch).where(EmailDispatch.id.in_(ids)).values(claimed_until=None))
        db.session.commit()
