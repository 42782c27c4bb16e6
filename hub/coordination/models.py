"""The thread of a forwarding: questions, clarifications, requests for more time, and notes of each side."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.coordination.rules import ExtensionDecision, MessageKind, Side
from hub.database import Base, stored
from hub.directory.models import Person
from hub.files.models import StoredFile
from hub.forwardings.models import Forwarding
from hub.mail.inbox.models import InboundMail


class ThreadMessage(Base):
    """One message. `author` is None when it came by mail; `author_name` says who wrote it in any case.

    For a request for more time, `until` is the date asked for; `decision` and `granted_until` are the sender's word.
    `withdrawn_at`: its mail belonged to another letter; it is kept for the record only.
    """

    __tablename__ = "thread_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), index=True)
    side: Mapped[Side] = mapped_column(stored(Side))
    kind: Mapped[MessageKind] = mapped_column(stored(MessageKind))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    author_name: Mapped[str] = mapped_column(String(400))
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_mails.id"), index=True)
    written_at: Mapped[datetime]
    until: Mapped[date | None]
    decision: Mapped[ExtensionDecision | None] = mapped_column(stored(ExtensionDecision))
    decision_note: Mapped[str] = mapped_column(String(2000), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    granted_until: Mapped[date | None]
    request_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    withdrawn_at: Mapped[datetime | None]

    forwarding: Mapped[Forwarding] = relationship(innerjoin=True)
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    mail: Mapped[InboundMail | None] = relationship()
    files: Mapped[list[StoredFile]] = relationship(secondary="thread_files", order_by=StoredFile.id)

    @property
    def stream(self) -> str:
        return f"message:{self.id}"


class ThreadFile(Base):
    __tablename__ = "thread_files"

    message_id: Mapped[int] = mapped_column(ForeignKey("thread_messages.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
