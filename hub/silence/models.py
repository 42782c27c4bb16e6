"""Steps taken on the ladder, and the heartbeat of the sweep."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, stored
from hub.letters.models import Letter
from hub.routing.rules import Purpose
from hub.silence.ladder import Approver, Owed


class LadderStep(Base):
    """A step taken for one running deadline. The constraint is what "each once" rests on.

    `letter`: what was drafted for it. `note`: why the step was left out, where it could not be taken.
    """

    __tablename__ = "ladder_steps"
    __table_args__ = (UniqueConstraint("deadline_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"))
    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), index=True)
    step: Mapped[int]
    taken_at: Mapped[datetime]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")

    letter: Mapped[Letter | None] = relationship()


class LadderRung(Base):
    """One step of a ladder: for what is owed, after how many working days, and who approves it.

    Rows of a network go before those of all.

    A network that has any row of its own for a ladder has that whole ladder of its own.
    """

    __tablename__ = "ladder_rungs"
    __table_args__ = (UniqueConstraint("network", "purpose", "owed", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network: Mapped[str] = mapped_column(String(32), default="")
    purpose: Mapped[Purpose] = mapped_column(stored(Purpose))
    owed: Mapped[Owed] = mapped_column(stored(Owed))
    step: Mapped[int]
    after: Mapped[int]
    approver: Mapped[Approver] = mapped_column(stored(Approver), default=Approver.NOBODY)


class Heartbeat(Base):
    """When a recurring job last finished. `failed`: ids of the forwardings, or accounts, that it could not see to."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
    failed: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
