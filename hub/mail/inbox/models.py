"""The inbox: each row is one mail that came in, what it is, and where it belongs."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, BindParameter, ForeignKey, Index, String, Text, bindparam
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, stored
from hub.directory.models import Institution, Network
from hub.files.models import StoredFile
from hub.mail.models import EmailDispatch
from hub.mail.reading.classify import MailKind


class ArrivedBy(StrEnum):
    IMAP = "imap"
    PIPE = "pipe"
    UPLOAD = "upload"


class Filing(StrEnum):
    """Where a mail ended up. `held`: a person has to look at it."""

    MATCHED = "matched"
    HELD = "held"


class FoundBy(StrEnum):
    """What showed which message or letter a mail is about, the surest first."""

    ADDRESS = "address"
    THREAD = "thread"
    NUMBER = "number"
    RECIPIENT = "recipient"
    PERSON = "person"


class InboundMail(Base):
    """One mail. Its bytes are kept before anything is read from them; `kind` is empty until it was read.

    `words` are what its writer wrote, for a bounce what the server said, for a quarantined mail why. `dispatch` is the
    message of ours that it answers or reports on. `found_by` says what showed that.
    `numbers` are the letter numbers it names, as `reading.numbers` normalises them. `filing`, `network` and `office`
    are decided by the floor above, whose registrar owns what is held; `noticed_at` is empty until it has.
    """

    __tablename__ = "inbound_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"))
    arrived_by: Mapped[ArrivedBy] = mapped_column(stored(ArrivedBy))
    arrived_at: Mapped[datetime]
    is_cut: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    kind: Mapped[MailKind | None] = mapped_column(stored(MailKind))
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    sender_address: Mapped[str] = mapped_column(String(254), default="")
    sender_domain: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    recipients: Mapped[list[Any]] = mapped_column(default=list)
    is_away: Mapped[bool] = mapped_column(default=False)
    away_until: Mapped[date | None]
    numbers: Mapped[list[Any]] = mapped_column(default=list)
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    dispatch_id: Mapped[int | None] = mapped_column(ForeignKey("email_dispatches.id"), index=True)
    found_by: Mapped[FoundBy | None] = mapped_column(stored(FoundBy))
    noticed_at: Mapped[datetime | None]
    filing: Mapped[Filing | None] = mapped_column(stored(Filing))
    network: Mapped[Network | None] = mapped_column(stored(Network))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))

    raw: Mapped[StoredFile] = relationship(innerjoin=True)
    dispatch: Mapped[EmailDispatch | None] = relationship()
    office: Mapped[Institution | None] = relationship()
    files: Mapped[list[StoredFile]] = relationship(secondary="inbound_mail_files")

    @property
    def stream(self) -> str:
        return f"mail:{self.id}"


class InboundMailFile(Base):
    """A file that came with a mail of a person, kept apart from it."""

    __tablename__ = "inbound_mail_files"

    mail_id: Mapped[int] = mapped_column(ForeignKey("inbound_mails.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)


class Mailbox(Base):
    """How far a mailbox was read. `last_uid` only means something together with `uid_validity` (RFC 9051 §2.3.1.1).

    `name` is host, user and folder, never the password. `visited_at` is the last visit that went well; `error` what the
    last one failed with, "" when it did not.
    """

    __tablename__ = "mailboxes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300), unique=True)
    uid_validity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    visited_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500), default="")


IS_UNREAD = InboundMail.kind.is_(None)
Index("ix_inbound_mails_unread", InboundMail.id, sqlite_where=IS_UNREAD, postgresql_where=IS_UNREAD)
IS_NEWS = InboundMail.noticed_at.is_(None) & InboundMail.read_at.is_not(None)
Index("ix_inbound_mails_news", InboundMail.id, sqlite_where=IS_NEWS, postgresql_where=IS_NEWS)
_HELD: BindParameter[Filing] = bindparam("held", Filing.HELD, literal_execute=True)
IS_HELD = InboundMail.filing == _HELD
Index("ix_inbound_mails_held", InboundMail.id, sqlite_where=IS_HELD, postgresql_where=IS_HELD)
Index("ix_inbound_mails_sender", InboundMail.sender_domain, InboundMail.id)
