"""What came in and was not dealt with yet, and when the mailbox was visited last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from hub.extensions import db
from hub.mail.inbox.models import IS_NEWS, IS_UNREAD, ArrivedBy, InboundMail, Mailbox
from hub.mail.reading.classify import MailKind


@dataclass(frozen=True)
class Intake:
    """`unread` mails are kept and not read yet, the oldest of them since `unread_since`.

    `last_arrival`: when the newest mail came in by itself; what a person brought along shows nothing.
    """

    unread: int
    unread_since: datetime | None
    last_arrival: datetime | None


OF_PEOPLE = InboundMail.kind == MailKind.HUMAN
OF_ABSENCE = ~OF_PEOPLE & InboundMail.is_away
OF_MACHINES = ~OF_PEOPLE & ~InboundMail.is_away


def news(limit: int, which: ColumnElement[bool]) -> Sequence[InboundMail]:
    """Mail that was read and that the floor above has not noticed yet, oldest first. Locked, and nobody else's."""
    wanted = select(InboundMail).where(IS_NEWS, which).order_by(InboundMail.id).limit(limit)
    about = joinedload(InboundMail.dispatch)
    return db.session.scalars(wanted.options(about).with_for_update(skip_locked=True, of=InboundMail)).all()


def mailbox() -> Mailbox | None:
    """The mailbox that is visited, None before the first visit."""
    return db.session.scalar(select(Mailbox).order_by(Mailbox.tried_at.desc()).limit(1))


def intake() -> Intake:
    """Whether mail comes in and is read, in one query."""
    by_itself = select(InboundMail.arrived_at).where(InboundMail.arrived_by != ArrivedBy.UPLOAD)
    newest = by_itself.order_by(InboundMail.id.desc()).limit(1).scalar_subquery()
    found = select(func.count(InboundMail.id), func.min(InboundMail.arrived_at), newest).where(IS_UNREAD)
    return Intake(*db.session.execute(found).one())
