"""The only place that changes the stage of a forwarding."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import SessionTransaction, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from hub.audit import queries as audit
from hub.audit.models import Event
from hub.audit.rules import Actor
from hub.audit.service import record, record_all
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow, Stage, decision_on, next_stage, which_stand

_held: WeakKeyDictionary[SessionTransaction, set[int]] = WeakKeyDictionary()
"""Rows that a transaction, or one nested in it, has locked. A nested one that is rolled back lets go of its own."""


def lock(forwarding: Forwarding) -> None:
    """Hold the row until the transaction ends. What was read before may be old: it is read again, once."""
    if any(forwarding.id in _held.get(one, ()) for one in _transactions()):
        return
    db.session.flush()
    db.session.refresh(forwarding, ["stage", "received_at", "letter_id"], with_for_update=True)
    db.session.expire(forwarding, ["deadlines", "letter"])
    _held.setdefault(next(_transactions()), set()).add(forwarding.id)


def lock_all(ids: Iterable[int], *more: ExecutableOption) -> list[Forwarding]:
    """Hold these rows, in one order as everybody does, with all that acts on them look at. Two queries.

    `more`: what else is to be read with them.
    """
    wanted = select(Forwarding).where(Forwarding.id.in_(set(ids))).order_by(Forwarding.id)
    around = (joinedload(Forwarding.letter), joinedload(Forwarding.sender), joinedload(Forwarding.recipient))
    found = db.session.scalars(
        wanted.options(*around, *more, selectinload(Forwarding.deadlines))
        .with_for_update(of=Forwarding)
        .execution_options(populate_existing=True)
    ).all()
    _held.setdefault(next(_transactions()), set()).update(one.id for one in found)
    return list(found)


def _transactions() -> Iterator[SessionTransaction]:
    """The one that runs, and those around it."""
    transaction = db.session().get_nested_transaction() or db.session().get_transaction()
    while transaction is not None:
        yield transaction
        transaction = transaction.parent


def advance(
    forwarding: Forwarding,
    happening: Happening,
    actor: Actor,
    details: dict[str, Any] | None = None,
    occurred_at: datetime | None = None,
) -> bool:
    """Record what happened and move the stage by it, under a lock on the row. True when the stage changed.

    Raises rules.NotNow, recording nothing, for a decision that does not fit the present stage.
    """
    lock(forwarding)
    stage: Stage = next_stage(forwarding.stage, happening)
    happened_at = record(forwarding.stream, happening, actor, details, occurred_at)
    if stage is forwarding.stage:
        return False
    forwarding.stage, forwarding.stage_since = stage, happened_at
    return True


def note_all(noted: Sequence[tuple[Forwarding, dict[str, Any]]], happening: Happening, actor: Actor) -> None:
    """Record for many forwardings, held by `lock_all`, what happened to each and moves none: 500 at once."""
    if any(next_stage(one.stage, happening) is not one.stage for one, _ in noted):
        raise ValueError(f"{happening} moves a forwarding: it is for advance")
    record_all([(one.stream, happening, details) for one, details in noted], actor)


def withdraw_evidence(forwarding: Forwarding, actor: Actor, details: dict[str, Any]) -> list[Event]:
    """Record that a proof, an answer or an announcement was a mistake, and fold again what is left: it is returned.

    `details` name them: "proof", "response", "announcement", and the reason. Raises rules.NotNow, recording nothing,
    when a later decision of the sender rests on it.
    """
    lock(forwarding)
    history = audit.of_stream(forwarding.stream)
    told = [(Happening(event.kind), event.details) for event in history]
    if decision := decision_on(details, told):
        raise NotNow(forwarding.stage, decision)
    stands = which_stand([*told, (Happening.PROOF_WITHDRAWN, details)])
    left = [event for event, counts in zip(history, stands, strict=False) if counts]
    stage, since = Stage.DRAFT, forwarding.created_at
    for event in left:
        following = next_stage(stage, Happening(event.kind))
        if following is not stage:
            stage, since = following, event.occurred_at
    record(forwarding.stream, Happening.PROOF_WITHDRAWN, actor, details)
    forwarding.stage, forwarding.stage_since = stage, since
    return left
