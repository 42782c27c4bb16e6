"""The ledger of receipt: who confirmed that a letter arrived, by which channel, and what that starts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select

from hub import clock
from hub.audit import queries as audit
from hub.audit.rules import Actor
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import (
    AWAITING_ACKNOWLEDGEMENT,
    DISPATCH_CLOCKS,
    OPEN_STAGES,
    RESPONSE_CLOCKS,
    ClockKey,
    Happening,
    ProofChannel,
    Stage,
)
from hub.forwardings.stages import advance, lock, withdraw_evidence


def acknowledge(
    forwarding: Forwarding,
    channel: ProofChannel,
    name: str,
    office: str,
    actor: Actor,
    dispatch_id: int | None = None,
    occurred_at: datetime | None = None,
    happening: Happening = Happening.ACKNOWLEDGED,
    evidence: Mapping[str, Any] | None = None,
) -> Proof:
    """Record that the recipient has the letter: who says so and by which channel, with what more is known of it.

    The same channel and dispatch again returns the first proof; another one is kept beside it and changes nothing.
    """
    lock(forwarding)
    if first := standing_proof(forwarding, channel, dispatch_id):
        return first
    proof = prove(forwarding, channel, name, office, dispatch_id=dispatch_id, occurred_at=occurred_at)
    details = {"proof": proof.id, "channel": channel, **(evidence or {})}
    advance(forwarding, happening, actor, details, occurred_at)
    deadlines.end(forwarding, {ClockKey.ACKNOWLEDGE})
    return proof


def is_proven_by(forwarding: Forwarding, channel: ProofChannel, dispatch_id: int) -> bool:
    """True when this very dispatch was confirmed before."""
    return standing_proof(forwarding, channel, dispatch_id) is not None


def standing_proof(forwarding: Forwarding, channel: ProofChannel, dispatch_id: int | None) -> Proof | None:
    """The proof by this very dispatch, unless it turned out to be a mistake."""
    if forwarding.received_at is None and forwarding.stage in OPEN_STAGES:
        return None  # no proof stands
    same = select(Proof).where(_alive(forwarding), Proof.channel == channel, Proof.dispatch_id == dispatch_id)
    with db.session.no_autoflush:  # a proof is written as soon as it is entered
        return db.session.scalar(same.order_by(Proof.id).limit(1))


def prove(
    forwarding: Forwarding,
    channel: ProofChannel,
    name: str,
    office: str,
    dispatch_id: int | None = None,
    occurred_at: datetime | None = None,
) -> Proof:
    """Enter a proof of receipt. The first one starts the clock of the answer, on the recipient's date.

    Written at once, like events, past all else that waits to be written: some dozens of replies are written together.
    """
    moment = occurred_at or clock.now()
    told = {
        "forwarding_id": forwarding.id,
        "channel": channel,
        "dispatch_id": dispatch_id,
        "name": name,
        "office": office,
        "occurred_at": moment,
        "recorded_at": clock.now(),
    }
    with db.session.no_autoflush:
        proof = db.session.scalars(insert(Proof).returning(Proof), [told]).one()
    if forwarding.received_at is None and forwarding.stage in OPEN_STAGES:
        forwarding.received_at = moment
        deadlines.end(forwarding, DISPATCH_CLOCKS)
        if forwarding.stage is not Stage.ANSWERED:
            deadlines.start_answer(forwarding, moment)
    return proof


def is_acknowledged(forwarding: Forwarding) -> bool:
    """True when a person at the recipient confirmed; delivery by post alone does not count."""
    return first_confirmation(forwarding) is not None


def first_confirmation(forwarding: Forwarding) -> Proof | None:
    """Who confirmed first. Delivery by post is proof of receipt, yet nobody's confirmation."""
    return db.session.scalar(
        select(Proof)
        .where(_alive(forwarding), Proof.channel != ProofChannel.POST)
        .order_by(Proof.recorded_at, Proof.id)
        .limit(1)
    )


def withdraw(
    forwarding: Forwarding, proof: Proof | None, actor: Actor, reason: str, response_id: int | None = None
) -> None:
    """A proof, or the answer that came with it, was a mistake: stage and clocks stand as if it had never come.

    Raises NotNow when a later decision of the sender rests on it.
    """
    told = {"proof": proof.id if proof else None, "response": response_id, "reason": reason}
    withdraw_evidence(forwarding, actor, {name: value for name, value in told.items() if value})
    if proof is not None:
        proof.withdrawn_at = clock.now()
        db.session.flush()
    _set_clocks_back(forwarding)


_OWING_AN_ANSWER = (Stage.RECEIVED, Stage.ACKNOWLEDGED)


def _set_clocks_back(forwarding: Forwarding) -> None:
    first = db.session.scalar(select(Proof).where(_alive(forwarding)).order_by(Proof.recorded_at, Proof.id).limit(1))
    was, forwarding.received_at = forwarding.received_at, first.occurred_at if first else None
    if forwarding.stage in _OWING_AN_ANSWER:
        _resume_answer(forwarding, was)
    else:
        deadlines.end(forwarding, RESPONSE_CLOCKS)
    if forwarding.stage is Stage.READY:
        deadlines.reopen(forwarding, DISPATCH_CLOCKS)
    if forwarding.stage in AWAITING_ACKNOWLEDGEMENT and not deadlines.reopen(forwarding, {ClockKey.ACKNOWLEDGE}):
        deadlines.start(forwarding, ClockKey.ACKNOWLEDGE)
    if forwarding.stage is not Stage.ANSWERED:
        deadlines.end(forwarding, {ClockKey.REVIEW})


def _resume_answer(forwarding: Forwarding, was_received_at: datetime | None) -> None:
    """Let the clock of the answer run: from the first proof that still stands, unless a later one was set since.

    Whoever was asked again, or got more time, keeps the new date, whatever becomes of the proof of the first one.
    """
    last = next((one for one in reversed(forwarding.deadlines) if one.clock in RESPONSE_CLOCKS), None)
    extended = audit.last_of(forwarding.stream, Happening.EXTENDED)
    is_extended = last is not None and extended is not None and extended.details["new"] == last.due_on.isoformat()
    rests_on_the_first = (
        last is not None
        and not is_extended
        and was_received_at is not None
        and was_received_at != forwarding.received_at
        and last.started_on == clock.local(was_received_at, forwarding.recipient.zone).date()
    )
    if rests_on_the_first:
        deadlines.end(forwarding, RESPONSE_CLOCKS)
    if rests_on_the_first or not deadlines.reopen(forwarding, {forwarding.response_clock}):
        deadlines.start_answer(forwarding, forwarding.received_at)


def _alive(forwarding: Forwarding) -> ColumnElement[bool]:
    return (Proof.forwarding_id == forwarding.id) & Proof.withdrawn_at.is_(None)
