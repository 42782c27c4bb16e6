"""What became of messages, and which link belongs to which."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import func, or_, select

from hub import clock
from hub.extensions import db
from hub.mail import rules
from hub.mail.inbox.models import Mailbox
from hub.mail.models import IS_QUEUED, EmailAttempt, EmailDispatch, EmailState
from hub.webkit import links, tokens


@dataclass(frozen=True)
class Waiting:
    """Mail that should have left by now. `last_error` is what the mail server said last, "" when it was not asked.

    `mailbox_error`: why mail that came in cannot be fetched, "" while it can.
    """

    count: int
    oldest_queued_at: datetime | None
    last_error: str
    mailbox_error: str = ""


def of(about: str) -> Sequence[EmailDispatch]:
    """Every message about this matter, oldest first."""
    return db.session.scalars(
        select(EmailDispatch).where(EmailDispatch.about == about).order_by(EmailDispatch.id)
    ).all()


def tried(about: str) -> dict[EmailDispatch, list[EmailAttempt]]:
    """Every message about this matter with what was tried and reported of it, each oldest first, in one query."""
    rows = db.session.execute(
        select(EmailDispatch, EmailAttempt)
        .outerjoin(EmailAttempt, EmailAttempt.dispatch_id == EmailDispatch.id)
        .where(EmailDispatch.about == about)
        .order_by(EmailDispatch.id, EmailAttempt.at, EmailAttempt.id)
    )
    pairs: list[tuple[EmailDispatch, EmailAttempt | None]] = [(dispatch, attempt) for dispatch, attempt in rows]
    return {
        dispatch: [attempt for _, attempt in its if attempt is not None]
        for dispatch, its in groupby(pairs, key=itemgetter(0))
    }


def still_with(matters: Iterable[str], addresses: Iterable[str]) -> Sequence[EmailDispatch]:
    """Messages about these matters that these addresses can still use or will still get: a link is open, or it waits.

    Oldest first, in one query.
    """
    usable = EmailDispatch.link_revoked_at.is_(None) & (EmailDispatch.action != "")
    theirs = {(rules.usable_address(address) or address).lower() for address in addresses}
    return db.session.scalars(
        select(EmailDispatch)
        .where(
            EmailDispatch.about.in_(list(matters)),
            func.lower(EmailDispatch.to_address).in_(theirs),
            or_(usable, EmailDispatch.state == EmailState.QUEUED),
        )
        .order_by(EmailDispatch.id)
    ).all()


def waiting() -> Waiting:
    """Queued mail that is due for ten minutes or has failed at least once: the sign that mail does not leave.

    What waits its turn, behind many others to the same domain, is not due.
    """
    late = EmailDispatch.next_attempt_at < clock.now() - rules.OVERDUE_AFTER
    last_error = (
        select(EmailDispatch.server_reply)
        .where(IS_QUEUED, EmailDispatch.attempts > 0)
        .order_by(EmailDispatch.next_attempt_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    long_ago = or_(Mailbox.visited_at.is_(None), Mailbox.visited_at < clock.now() - rules.OVERDUE_AFTER)
    mailbox_error = select(Mailbox.error).where(Mailbox.error != "", long_ago).limit(1).scalar_subquery()
    count, oldest, error, unread = db.session.execute(
        select(func.count(), func.min(EmailDispatch.queued_at), last_error, mailbox_error).where(
            IS_QUEUED, or_(late, EmailDispatch.attempts > 0)
        )
    ).one()
    return Waiting(count, oldest, error or "", unread or "")


def by_link_token(token: str) -> EmailDispatch | None:
    """The message whose link this is; its `link_state` tells whether the link still opens.

    A tampered token and one that never existed look the same.
    """
    id = tokens.claimed_id(token)
    dispatch = db.session.get(EmailDispatch, id) if id else None
    if dispatch is None or not dispatch.action:
        return None
    if not links.is_genuine(token, dispatch.link_purpose, dispatch.id, dispatch.nonce):
        return None
    return dispatch


def by_message_ids(message_ids: Sequence[str]) -> list[EmailDispatch]:
    """Our messages among these Message-IDs, in that order, in one query."""
    if not message_ids:
        return []
    rows = db.session.scalars(select(EmailDispatch).where(EmailDispatch.message_id.in_(message_ids)))
    known = {dispatch.message_id: dispatch for dispatch in rows}
    return [known[id] for id in message_ids if id in known]


def last_to(address: str, since: datetime) -> EmailDispatch | None:
    """The last message that a server took for this address, if that was after `since`."""
    return db.session.scalar(
        select(EmailDispatch)
        .where(
            EmailDispatch.to_domain == address.rpartition("@")[2].lower(),
            func.lower(EmailDispatch.to_address) == address.lower(),
            EmailDispatch.state == EmailState.HANDED_OVER,
            EmailDispatch.handed_over_at > since,
        )
        .order_by(EmailDispatch.id.desc())
        .limit(1)
    )
