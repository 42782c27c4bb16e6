"""What came in and was not dealt with yet, and when the mailbox was visited last."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from hub.extensions import db
from hub.mail.inbox.models import IS_NEWS, InboundMail, Mailbox
from hub.mail.reading.classify import MailKind


def news(limit: int, of_people: bool) -> Sequence[InboundMail]:
    """Mail of people, or all other, that was read and that the floor above has not noticed yet, oldest first.

    Locked, and nobody else's.
    """
    is_of_people = InboundMail.kind == MailKind.HUMAN
    wanted = select(InboundMail).where(IS_NEWS, is_of_people if of_people else ~is_of_people)
    wanted = wanted.order_by(InboundMail.id).limit(limit)
    about = joinedload(InboundMail.dispatch)
    return db.session.scalars(wanted.options(about).with_for_update(skip_locked=True, of=InboundMail)).all()


def mailbox() -> Mailbox | None:
    """The mailbox that is visited, None before the first visit."""
    return db.session.scalar(select(Mailbox).order_by(Mailbox.tried_at.desc()).limit(1))
