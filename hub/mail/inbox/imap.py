"""Visits to the mailbox of HUB_IMAP_URL. Nothing is lost, nothing is kept twice, nothing there is moved or deleted.

How far the mailbox was read is entered together with the mails themselves; whether a person has read a message there
plays no part. The server is never spoken to while a transaction is open: it may take its time.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from flask import current_app
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.config import ImapAccount
from hub.extensions import db
from hub.mail.inbox import service
from hub.mail.inbox.models import ArrivedBy, Mailbox
from hub.mail.inbox.talk import CannotVisit, NotGiven, Talk

log = structlog.get_logger("hub.mail")

EVERY = timedelta(seconds=60)
_A_VISIT = timedelta(seconds=30)
"""Then the worker's other steps have their turn; the next visit goes on."""
_PATIENCE = timedelta(minutes=2)
"""Of a visit that looks for a message behind one it did not get: each that the server is silent about takes 40 s."""
_AT_ONCE, _BYTES_AT_ONCE = 20, 20 * 1024 * 1024
"""Messages kept in one transaction, and from which size on it holds fewer."""


@dataclass
class VisitReport:
    """`fetched` messages were kept. `error` is what ended the visit before its time, "" when nothing did."""

    fetched: int = 0
    error: str = ""


def is_due(now: datetime) -> bool:
    """True when there is a mailbox to visit, and the last visit began a while ago."""
    account = _account()
    lately = exists().where(Mailbox.name == account.name, Mailbox.tried_at > now - EVERY) if account else None
    return lately is not None and not db.session.scalar(select(lately))


def visit() -> VisitReport | None:
    """Keep what is new in the mailbox; None when HUB_IMAP_URL names none. What goes wrong is told, and tried again."""
    account = _account()
    if account is None:
        return None
    report = VisitReport()
    mailbox = _locked(account)
    mailbox.tried_at = clock.now()
    known = (mailbox.uid_validity, mailbox.last_uid)
    db.session.commit()
    try:
        with Talk(account) as talk:
            validity = talk.uid_validity()
            for batch in _batches(account, talk, known[1] if validity == known[0] else 0):
                report.fetched += _keep(account, validity, batch)
                talk.mark_seen([message.uid for message in batch if not message.problem])
    except CannotVisit as problem:
        report.error = str(problem)
    except Exception as problem:  # an answer no server should give, a full disk: the next visit begins where this ended
        db.session.rollback()
        log.exception("mailbox_not_read")
        report.error = f"{type(problem).__name__}: {problem}"
    mailbox = _locked(account)
    mailbox.error = report.error[:500]
    mailbox.visited_at = mailbox.visited_at if report.error else clock.now()
    db.session.commit()
    return report


class _Message(NamedTuple):
    """`problem`: why `content` is not the message itself but a note that it is there."""

    uid: int
    content: bytes
    problem: str = ""


def _batches(account: ImapAccount, talk: Talk, last_uid: int) -> Iterator[list[_Message]]:
    """The messages behind `last_uid`, in order, for half a minute.

    One that the server does not give out is passed over, with a note for people, as soon as it gives out a later one.
    Until then it may be the server that is ill: the visit ends with its words, and the next one asks again.
    """
    begun = clock.now()
    batch: list[_Message] = []
    refused: list[tuple[int, NotGiven]] = []
    for uid in talk.after(last_uid):
        if clock.now() > begun + (_PATIENCE if refused else _A_VISIT):
            break
        try:
            content = talk.content(uid)
        except NotGiven as problem:
            refused.append((uid, problem))
            continue
        if content is None:
            continue
        batch += [*(_note(account, talk.uid_validity(), *one) for one in refused), _Message(uid, content)]
        refused.clear()
        if len(batch) >= _AT_ONCE or sum(len(message.content) for message in batch) >= _BYTES_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
    if refused:
        raise refused[0][1]


def _note(account: ImapAccount, validity: int, uid: int, problem: NotGiven) -> _Message:
    """What is kept for a message that could not be had: always the same for the same one."""
    place = f"message {uid} of {account.name} (UIDVALIDITY {validity})"
    return _Message(uid, f"Subject: Not fetched: {place}\n\nThis note stands for {place}.\n".encode(), str(problem))


def _keep(account: ImapAccount, validity: int, batch: list[_Message]) -> int:
    """Keep a batch, and how far it leads, in one transaction. What another worker kept meanwhile is left out."""
    mailbox = _locked(account)
    if mailbox.uid_validity != validity:
        mailbox.uid_validity, mailbox.last_uid = validity, 0
    new = [message for message in batch if message.uid > mailbox.last_uid]
    kept = service.keep_all([message.content for message in new], ArrivedBy.IMAP)
    for message, mail in zip(new, kept, strict=True):
        if message.problem and mail.kind is None:
            service.quarantine(mail, message.problem)
        mailbox.last_uid = message.uid
    db.session.commit()
    return len(new)


def _locked(account: ImapAccount) -> Mailbox:
    """How far this mailbox was read. Of several workers one goes on; the others wait for the end of its transaction."""
    wanted = select(Mailbox).where(Mailbox.name == account.name).with_for_update()
    if db.session.scalar(wanted) is None:
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(Mailbox(name=account.name))
    return db.session.scalars(wanted).one()


def _account() -> ImapAccount | None:
    account: ImapAccount | None = current_app.extensions["settings"].imap_account
    return account
