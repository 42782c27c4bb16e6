"""Calls: the names that events leave out."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, stored
from hub.directory.models import Person
from hub.files.models import StoredFile
from hub.forwardings.calls.rules import CallOutcome, CallWay
from hub.forwardings.models import Forwarding


class Call(Base):
    """Somebody at the recipient was asked about a letter. `name` and `position`: who was reached, "" when nobody was.

    One that confirms receipt is the ground of a proof (ProofChannel.DESK, `dispatch_id` is this row); `files` are its
    evidence. `withdrawn_at`: that was a mistake.
    """

    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), index=True)
    way: Mapped[CallWay] = mapped_column(stored(CallWay))
    outcome: Mapped[CallOutcome] = mapped_column(stored(CallOutcome))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(2000))
    called_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    request_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    withdrawn_at: Mapped[datetime | None]

    forwarding: Mapped[Forwarding] = relationship()
    by: Mapped[Person] = relationship()
    files: Mapped[list[StoredFile]] = relationship(secondary="call_files", order_by=StoredFile.id)

    @property
    def is_proof(self) -> bool:
        return self.outcome is CallOutcome.CONFIRMED and self.withdrawn_at is None


class CallFile(Base):
    __tablename__ = "call_files"

    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
