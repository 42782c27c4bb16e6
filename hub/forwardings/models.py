"""Forwardings and their deadlines."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ForeignKey, Index, String, bindparam, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.complaints.models import Complaint
from hub.database import Base, stored
from hub.directory.models import Institution, Network
from hub.forwardings.rules import OPEN_STAGES, ClockKey, ProofChannel, ResponseClass, Stage, response_clock
from hub.letters.models import Letter
from hub.routing.rules import Purpose
from hub.workdays.rules import Pause, Unit


class Forwarding(Base):
    """One complaint sent by one institution to one other, with a letter and a purpose.

    `stage` is the fold of the events in stream "forwarding:<id>"; only `stages.advance` writes it. `received_at` is the
    first proof of receipt. `note` is what the sender adds to the letter in own words. `override_reason`: why it goes to
    a recipient that the conflict rule of routing refuses; empty for every other. `parent`: the forwarding that its
    sender got and passes on, `root_id` the first of that chain (None for the first itself). `answer_by`: the date the
    letter names, where it names one instead of a limit. `rerouted_from`: the one whose recipient was not competent.
    """

    __tablename__ = "forwardings"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    network: Mapped[Network] = mapped_column(stored(Network))
    sender_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), unique=True)
    purpose: Mapped[Purpose] = mapped_column(stored(Purpose))
    response_class: Mapped[ResponseClass] = mapped_column(stored(ResponseClass))
    by_email: Mapped[bool]
    by_post: Mapped[bool]
    stage: Mapped[Stage] = mapped_column(stored(Stage))
    stage_since: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    received_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(2000), default="")
    override_reason: Mapped[str] = mapped_column(String(500), default="")
    request_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("forwardings.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("forwardings.id"), index=True)
    answer_by: Mapped[date | None]
    rerouted_from_id: Mapped[int | None] = mapped_column(ForeignKey("forwardings.id"), index=True)

    complaint: Mapped[Complaint] = relationship(innerjoin=True)
    sender: Mapped[Institution] = relationship(foreign_keys=[sender_id], innerjoin=True)
    recipient: Mapped[Institution] = relationship(foreign_keys=[recipient_id], innerjoin=True)
    letter: Mapped[Letter] = relationship(innerjoin=True)
    copies: Mapped[list[Institution]] = relationship(secondary="forwarding_copies", order_by=Institution.code)
    deadlines: Mapped[list["Deadline"]] = relationship(order_by="Deadline.id", back_populates="forwarding")
    parent: Mapped["Forwarding | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])
    rerouted_from: Mapped["Forwarding | None"] = relationship(foreign_keys=[rerouted_from_id], remote_side=[id])

    @property
    def stream(self) -> str:
        return f"forwarding:{self.id}"

    @property
    def response_clock(self) -> ClockKey:
        """The clock that limits the answer to this letter."""
        return response_clock(self.purpose, self.response_class)


class ForwardingCopy(Base):
    """An office that gets the letter as a copy (tembusan): it reads along and owes no answer."""

    __tablename__ = "forwarding_copies"

    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), primary_key=True, index=True)


class Deadline(Base):
    """A running or ended clock of a forwarding. Its dates are those of the office that owes (deadlines.who_owes).

    `amount` and `unit` are copied from the clock when it starts: a changed clock affects new forwardings only.
    `is_agreed`: the date itself was named by the sender, and `amount` says how many days that gave. `paused`: first and
    last day of each time in which it stood still; the last is None while it does, and `due_on` that of before.
    """

    __tablename__ = "deadlines"

    id: Mapped[int] = mapped_column(primary_key=True)
    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), index=True)
    clock: Mapped[ClockKey] = mapped_column(stored(ClockKey, 40))
    started_on: Mapped[date]
    amount: Mapped[int]
    unit: Mapped[Unit] = mapped_column(stored(Unit, 16))
    due_on: Mapped[date]
    calendar_version: Mapped[int] = mapped_column(ForeignKey("calendar_versions.id"))
    is_agreed: Mapped[bool] = mapped_column(default=False, server_default=false())
    paused: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    ended_at: Mapped[datetime | None]

    forwarding: Mapped[Forwarding] = relationship(back_populates="deadlines")

    @property
    def pauses(self) -> list[Pause]:
        return pauses_in(self.paused)

    @property
    def paused_since(self) -> date | None:
        """The first day of the pause that lasts; None while the clock runs."""
        return paused_since(self.paused)


def pauses_in(kept: Sequence[Sequence[str | None]]) -> list[Pause]:
    """Pauses as a row keeps them, in their order."""
    return [
        Pause(date.fromisoformat(since or ""), date.fromisoformat(until) if until else None) for since, until in kept
    ]


def paused_since(kept: Sequence[Sequence[str | None]]) -> date | None:
    """The first day of the one that lasts."""
    return next((one.since for one in pauses_in(kept) if one.until is None), None)


class Proof(Base):
    """One entry of the ledger of receipt: who confirmed, by which channel, when. A link proves only with a name.

    `dispatch_id`: the envelope, email, mail that came in, or call, by channel; of who signed in, the later letter that
    was confirmed, where it was not the first. `withdrawn_at`: it was a mistake.
    """

    __tablename__ = "proofs"

    id: Mapped[int] = mapped_column(primary_key=True)
    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), index=True)
    channel: Mapped[ProofChannel] = mapped_column(stored(ProofChannel))
    dispatch_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(200))
    office: Mapped[str] = mapped_column(String(200))
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


_OPEN_STAGES: BindParameter[list[Stage]] = bindparam("open_stages", OPEN_STAGES, expanding=True, literal_execute=True)
IS_OPEN = Forwarding.stage.in_(_OPEN_STAGES)
"""Written out, not bound: SQLite uses a partial index only for conditions it can read."""
Index("ix_forwardings_open", Forwarding.id, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
_RUNNING = Deadline.ended_at.is_(None)
Index("ix_deadlines_running", Deadline.due_on, sqlite_where=_RUNNING, postgresql_where=_RUNNING)
IS_LAPSED = Forwarding.stage == bindparam("lapsed", Stage.LAPSED, literal_execute=True)
"""Written out, not bound: SQLite uses a partial index only for conditions it can read."""
Index("ix_forwardings_lapsed", Forwarding.stage_since, sqlite_where=IS_LAPSED, postgresql_where=IS_LAPSED)
