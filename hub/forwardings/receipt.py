"""The ledger of receipt: who confirmed that a letter arrived, by which channel, and what that starts."""

from datetime import datetime

from sqlalchemy import select

from hub import clock
from hub.audit.rules import Actor
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import DISPATCH_CLOCKS, OPEN_STAGES, ClockKey, Happening, ProofChannel, response_clock
from hub.forwardings.stages import advance


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
    db.session.refresh(forwarding, ["stage"], with_for_update=True)
    if first := _same_proof(forwarding, channel, dispatch_id):
        return first
    proof = prove(forwarding, channel, name, office, dispatch_id=dispatch_id)
    advance(forwarding, Happening.ACKNOWLEDGED, actor, {"proof": proof.id, "channel": channel})
    deadlines.end(forwarding, {ClockKey.ACKNOWLEDGE})
    return proof


def prove(
    forwarding: Forwarding,
    channel: ProofChannel,
    name: str,
    office: str,
    dispatch_id: int | None = None,
    occurred_at: datetime | None = None,
) -> Proof:
    """Enter a proof of receipt. The first one starts the clock of the answer, on its date in the recipient's zone."""
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
        key = response_clock(forwarding.purpose, forwarding.response_class)
        deadlines.start(forwarding, key, clock.local(moment, forwarding.recipient.zone).date())
    return proof


def is_acknowledged(forwarding: Forwarding) -> bool:
    """True when a person at the recipient confirmed; delivery by post alone does not count."""
    confirmed = select(Proof.id).where(Proof.forwarding_id == forwarding.id, Proof.channel != ProofChannel.POST)
    return db.session.scalar(confirmed.limit(1)) is not None


def _same_proof(forwarding: Forwarding, channel: ProofChannel, dispatch_id: int | None) -> Proof | None:
    return db.session.scalar(
        select(Proof)
        .where(Proof.forwarding_id == forwarding.id, Proof.channel == channel, Proof.dispatch_id == dispatch_id)
        .order_by(Proof.id)
        .limit(1)
    )
