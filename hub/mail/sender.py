"""Takes what is due out of the outbox and gives it to the mail server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import current_app

from hub import clock
from hub.database import without_waiting_for_the_disk
from hub.extensions import db
from hub.mail import claims, return_address, rules, service
from hub.mail.connection import Connection, NotTaken, Refused, Unreachable
from hub.mail.message import compose
from hub.mail.models import AttemptOutcome, EmailDispatch

log = structlog.get_logger("hub.mail")

_AT_ONCE = 50
"""Messages under one claim."""
_A_RUN = timedelta(seconds=30)
"""Then the worker's other steps have their turn, however much is due."""


@dataclass
class SendReport:
    """What one run did, counted in messages. `error` is what stopped the run, "" when nothing did."""

    handed_over: int = 0
    failed: int = 0
    postponed: int = 0
    error: str = ""


Connect = Callable[[], Connection]


def _connection() -> Connection:
    return Connection(current_app.extensions["mail"])


def send_due(connect: Connect = _connection) -> SendReport:
    """Send what is due, for half a minute at most, over one connection. `connect`: a rehearsal has servers of its own.

    Each message is recorded by itself: a process killed between hand-over and commit leaves that one queued; after five
    minutes it leaves again, with the same Message-ID. After a power cut that may be those of one claim. None is lost.
    """
    report = SendReport()
    end = clock.now() + _A_RUN
    with connect() as connection:
        while clock.now() < end and not report.error and (claimed := claims.take(_AT_ONCE)):
            with without_waiting_for_the_disk():
                _send(claimed, connection, end, report)
    return report


def _send(claimed: list[EmailDispatch], connection: Connection, end: datetime, report: SendReport) -> None:
    """One after the other. The commit that begins a message also keeps what became of the one before it."""
    while claimed and not report.error and clock.now() < end:
        dispatch = claimed.pop(0)
        if not claims.begin(dispatch):
            continue
        try:
            words = _hand_over(dispatch, connection)
        except NotTaken as refusal:
            _not_taken(_locked(dispatch.id), refusal, report)
            if refusal.outcome is AttemptOutcome.POSTPONED and rules.speaks_of_rate(str(refusal)):
                _spare(dispatch.to_domain, claimed)
        except Exception as problem:  # a message that cannot be made must not stand in the way of the others
            log.exception("email_not_made", email=dispatch.id)
            db.session.rollback()
            service.postpone(_locked(dispatch.id), f"{type(problem).__name__}: {problem}", AttemptOutcome.NOT_MADE)
            report.postponed += 1
        else:
            service.hand_over(dispatch, words)
            report.handed_over += 1
    db.session.commit()
    claims.give_back(claimed)
    db.session.commit()


def _hand_over(dispatch: EmailDispatch, connection: Connection) -> str:
    """What the server said when it took the message. No transaction is open: the server may take its time."""
    address = return_address.of(dispatch)
    mail_from = current_app.extensions["settings"].mail_from
    return connection.hand_over(compose(dispatch, mail_from, address), address)


def _not_taken(dispatch: EmailDispatch, refusal: NotTaken, report: SendReport) -> None:
    if isinstance(refusal, Refused):
        service.fail(dispatch, str(refusal))
        report.failed += 1
        return
    service.postpone(dispatch, str(refusal), refusal.outcome)
    report.postponed += 1
    report.error = str(refusal) if isinstance(refusal, Unreachable) else ""


def _spare(domain: str, claimed: list[EmailDispatch]) -> None:
    """The domain asks for patience: what is due there, claimed or not, waits instead of being tried at once."""
    db.session.commit()
    claims.give_back([other for other in claimed if other.to_domain == domain])
    claims.put_off([domain])
    claimed[:] = [other for other in claimed if other.to_domain != domain]


def _locked(id: int) -> EmailDispatch:
    return db.session.get_one(EmailDispatch, id, with_for_update=True, populate_existing=True)
