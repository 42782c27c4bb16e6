"""The outbox: each row is one message to one recipient, and the record people look at afterwards."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BindParameter, ForeignKey, Index, String, Text, bindparam
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from hub import clock
from hub.database import Base, stored
from hub.letters.models import Letter
from hub.webkit import tokens


class EmailState(StrEnum):
    QUEUED = "queued"
    HANDED_OVER = "handed_over"
    BOUNCED = "bounced"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AttemptOutcome(StrEnum):
    """How one attempt ended, or what a report said later."""

    TAKEN = "taken"
    REFUSED = "refused"  # for good
    POSTPONED = "postponed"  # for now
    OUR_FAULT = "our_fault"  # the server does not let the hub send
    UNREACHABLE = "unreachable"  # the talk with the server broke off or never began
    NOT_MADE = "not_made"  # the message could not be composed
    BOUNCED = "bounced"  # a report: it will not arrive
    DELAYED = "delayed"  # a report: it has not arrived yet
    GIVEN_UP = "given_up"  # not tried any more


ASKED = (AttemptOutcome.TAKEN, AttemptOutcome.REFUSED, AttemptOutcome.POSTPONED)
"""Outcomes of which the recipient's domain may have noticed something."""


DEAD_ENDS = (EmailState.BOUNCED, EmailState.FAILED)
"""Mail that reached nobody."""


class EmailPurpose(StrEnum):
    LETTER = "letter"
    REMINDER = "reminder"
    NOTICE = "notice"
    COPY = "copy"
    HANDOVER = "handover"
    INVITATION = "invitation"
    REACH_CHECK = "reach_check"
    COORDINATION = "coordination"


ON_THE_TRACK = (EmailPurpose.LETTER, EmailPurpose.REMINDER, EmailPurpose.NOTICE, EmailPurpose.HANDOVER)
"""Mail to the recipient of a letter: as long as one of these lives, the email track does."""

_LINK_PURPOSES = {EmailPurpose.INVITATION: "invitation", EmailPurpose.REACH_CHECK: "reach"}


class EmailDispatch(Base):
    """One message. Queued in the transaction of its cause; Message-ID fixed before the first attempt.

    `about` names the stream it belongs to ("forwarding:12"). `paragraphs` is the text; where a message has a link,
    `action` holds the label of its button, or of several, a line each; the address behind them is derived from `nonce`
    when it is sent, never stored.
    `letter_id`: not sent before that letter's PDF exists; the PDF is attached. `server_reply` is the last word, those
    before it are with the attempts. `bounce_is_permanent`: a report condemned the address or the message for good; one
    of a full mailbox does not.
    """

    __tablename__ = "email_dispatches"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(64), index=True)
    purpose: Mapped[EmailPurpose] = mapped_column(stored(EmailPurpose))
    state: Mapped[EmailState] = mapped_column(stored(EmailState))
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    to_name: Mapped[str] = mapped_column(String(300))
    to_address: Mapped[str] = mapped_column(String(254))
    to_domain: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    paragraphs: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(600))
    action: Mapped[str] = mapped_column(String(80), default="")
    nonce: Mapped[str] = mapped_column(String(32))
    link_expires_at: Mapped[datetime | None]
    link_revoked_at: Mapped[datetime | None]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), index=True)
    queued_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    server_reply: Mapped[str] = mapped_column(String(1000), default="")
    bounce_is_permanent: Mapped[bool] = mapped_column(default=False)
    handed_over_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    noticed_at: Mapped[datetime | None]

    letter: Mapped[Letter | None] = relationship()

    @property
    def link_purpose(self) -> str:
        """What its link is for; it opens nothing else."""
        return _LINK_PURPOSES.get(self.purpose, "mail")

    @property
    def link_state(self) -> tokens.LinkState:
        """What the link is worth at this moment."""
        return tokens.link_state(self.link_expires_at, self.link_revoked_at, clock.now())

    @validates("state")
    def _owner_has_not_seen_it(self, _: str, state: EmailState) -> EmailState:
        """Whoever the message is about pulls what is not yet noticed; every change of state is news again."""
        self.noticed_at = None
        return state


class EmailAttempt(Base):
    """One attempt to hand a message over, or one report about it; `words` are the server's own. Never changed."""

    __tablename__ = "email_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(ForeignKey("email_dispatches.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[AttemptOutcome] = mapped_column(stored(AttemptOutcome))
    words: Mapped[str] = mapped_column(String(1000))


_QUEUED: BindParameter[EmailState] = bindparam("queued", EmailState.QUEUED, literal_execute=True)
_DEAD_ENDS: BindParameter[list[EmailState]] = bindparam("dead_ends", DEAD_ENDS, expanding=True, literal_execute=True)
# Written out, not bound: SQLite uses a partial index only for conditions it can read.
IS_QUEUED = EmailDispatch.state == _QUEUED
IS_NEWS = EmailDispatch.noticed_at.is_(None) & (EmailDispatch.state != _QUEUED)
REACHED_NOBODY = EmailDispatch.state.in_(_DEAD_ENDS)
Index(
    "ix_email_dispatches_queued",
    EmailDispatch.next_attempt_at,
    sqlite_where=IS_QUEUED,
    postgresql_where=IS_QUEUED,
)
Index(
    "ix_email_dispatches_queued_to",
    EmailDispatch.to_domain,
    EmailDispatch.next_attempt_at,
    sqlite_where=IS_QUEUED,
    postgresql_where=IS_QUEUED,
)
Index(
    "ix_email_dispatches_dead_ends",
    EmailDispatch.ended_at,
    sqlite_where=REACHED_NOBODY,
    postgresql_where=REACHED_NOBODY,
)
Index("ix_email_dispatches_news", EmailDispatch.id, sqlite_where=IS_NEWS, postgresql_where=IS_NEWS)
Index("ix_email_dispatches_to_domain", EmailDispatch.to_domain, EmailDispatch.id)
