"""The ledger of receipt: who confirmed that a letter arrived, by which channel, and what that starts."""

from datetime import datetime

from sqlalchemy import select

from hub import clock
from hub.audit.rules import Actor
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import DISPATCH_CLOCKS, OPEN_STAGES, ClockKey, Happening, ProofChannel
from hub.forwardings.stages import advance, lock


def acknowledge(
    forwarding: Forwarding,
    channel: ProofChannel,
    name: str,
    office: str,
    actor: Actor,
    dispatch_id: int | None = None,
) -> Proof:
    """Record that the recipient has the letter: who says so and by which channel.

    The same channel and dispatch again returns the first proof; another one is kept beside it and changes nothing.
    """
    lock(forwarding)
    if first := _same_proof(forwarding, channel, dispatch_id):
        return first
    proof = prove(forwarding, channel, name, office, dispatch_id=dispatch_id)
    advance(forwarding, Happening.ACKNOWLEDGED, actor, {"proof": proof.id, "channel": channel})
    deadlines.end(forwarding, {ClockKey.ACKNOWLEDGE})
    return proof


def is_proven_by(forwarding: Forwarding, channel: ProofChannel, dispatch_id: int) -> bool:
    """True when this very dispatch was confirmed before."""
    return _same_proof(forwarding, channel, dispatch_id) is not None


def prove(
    forwarding: Forwarding,
    channel: ProofChannel,
    name: str,
    office: str,
    dispatch_id: int | None = None,
    occurred_at: datetime | None = None,
) -> Proof:
    """Enter a proof of receipt. The first one starts the clock of the answer, on the recipient's date."""
    moment = occurred_at or clock.now()
    proof = Proof(
        forwarding_id=forwarding.id,
        channel=channel,
        dispatch_id=dispatch_id,
        name=name,
        office=office,
        occurred_at=moment,
        recorded_at=clock.now(),
    )
    db.session.add(proof)
    db.session.flush()
    if forwarding.received_at is None and forwarding.stage in OPEN_STAGES:
        forwarding.received_at = moment
        deadlines.end(forwarding, DISPATCH_CLOCKS)
        deadlines.start(forwarding, forwarding.response_clock, moment)
    return proof


def is_acknowledged(forwarding: Forwarding) -> bool:
    """True when a person at the recipient confirmed; delivery by post alone does not count."""
    return first_confirmation(forwarding) is not None


def first_confirmation(forwarding: Forwarding) -> Proof | None:
    """Who confirmed first. Delivery by post is proof of receipt, yet nobody's confirmation."""
    return db.session.scalar(
        select(Proof)
        .where(Proof.forwarding_id == forwarding.id, Proof.channel != ProofChannel.POST)
        .order_by(Proof.recorded_at, Proof.id)
        .limit(1)
    )


def _same_proof(forwarding: Forwarding, channel: ProofChannel, dispatch_id: int | None) -> Proof | None:
    return db.session.scalar(
        select(Proof)
        .where(Proof.forwarding_id == forwarding.id, Proof.channel == channel, Proof.dispatch_id == dispatch_id)
        .order_by(Proof.id)
        .limit(1)
    )
