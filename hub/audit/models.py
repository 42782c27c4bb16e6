"""The record: append-only events, each bound to the one before it in its stream."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base


class EventStream(Base):
    """Length and last hash of a stream. Its row is locked while an event is appended, and betrays a cut tail."""

    __tablename__ = "event_streams"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    length: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))


class Event(Base):
    """Something that happened, in the past tense. Never changed, never deleted; holds ids, not identities."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("stream", "seq"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    stream: Mapped[str] = mapped_column(ForeignKey("event_streams.name"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(48))
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[int | None]
    details: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
