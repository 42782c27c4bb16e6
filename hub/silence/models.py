"""Steps taken on the ladder, and the heartbeat of the sweep."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base


class LadderStep(Base):
    """A reminder that went out for one running deadline. The constraint is what "each once" rests on."""

    __tablename__ = "ladder_steps"
    __table_args__ = (UniqueConstraint("deadline_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"))
    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), index=True)
    step: Mapped[int]
    taken_at: Mapped[datetime]


class Heartbeat(Base):
    """When a recurring job last finished."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
