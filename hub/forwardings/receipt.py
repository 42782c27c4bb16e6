"""The ledger of receipt: who confirmed that a letter arrived, by which channel, and what that starts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select

from hub import clock
from hub.audit.models import Event
from hub.audit.rules import Actor
from hub.extensions import db
from hub.forwardings import deadlines, second_request
from hub.forwardings.models import Deadline, Forwarding, Proof
from hub.forwardings.rules import (
    AWAITING_ACKNOWLEDGEMENT,
    DISPATCH_CLOCKS,
    ENDS,
    NEW_DATES,
    OPEN_STAGES,
    OWING_AN_ANSWER,
    RESPONSE_CLOCKS,
    ClockKey,
    Happening,
    ProofChannel,
    Stage,
)
from hub.forwardings.stages import advance, lock, withdraw_evidence
from hub.mail.models import ON_THE_TRACK, EmailDispatch, EmailState
from hub.post.models import PostDispatch
from hub.post.rules import ON_THE_WAY, PostState


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
    first = standing_proof(forwarding, channel, dispatch_id)
    return first or confirm(forwarding, channel, name, office, actor, dispatch_id, occurred_at, happening, evidence)


def confirm(
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
    """The same, of its own beside what was confirmed before by the same channel: it can be a mistake of its own."""
    lock(forwarding)
    proof = prove(forwarding, channel, name, office, dispatch_id=dispatch_id, occurred_at=occurred_at)
    details = {"proof": proof.id, "channel": channel, **(evidence or {})}
    advance(forwarding, happening, actor, details, occurred_at)
    deadlines.end(forwarding, {ClockKey.ACKNOWLEDGE})
    second_request.note_receipt(forwarding, proof, actor)
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
    forwarding: Forwarding,
    proof: Proof | None,
    actor: Actor,
    reason: str,
    response_id: int | None = None,
    announcement_id: int | None = None,
) -> None:
    """A proof, or the answer or announcement that came with it, was a mistake: all stands as if it had never come.

    Raises NotNow, changing nothing, when a later decision of the sender rests on it.
    """
    told = {
        "proof": proof.id if proof else None,
        "response": response_id,
        "announcement": announcement_id,
        "reason": reason,
    }
    was_answered = forwarding.stage is Stage.ANSWERED
    history = withdraw_evidence(forwarding, actor, {name: value for name, value in told.items() if value})
    if proof is not None:
        proof.withdrawn_at = clock.now()
        db.session.flush()
    forwarding.received_at = _received_at(forwarding, history)
    _set_clocks_back(forwarding, history)
    if was_answered and forwarding.stage is not Stage.ANSWERED:
        deadlines.end(forwarding, {ClockKey.REVIEW})


def _received_at(forwarding: Forwarding, history: Sequence[Event]) -> datetime | None:
    """When the first proof that still stands happened; one that came after the end proves nothing any more."""
    first = select(Proof).where(_alive(forwarding)).order_by(Proof.recorded_at, Proof.id).limit(1)
    if forwarding.stage not in OPEN_STAGES:
        end = next(event for event in reversed(history) if event.kind in ENDS)
        first = first.where(Proof.recorded_at <= end.recorded_at)
    proof = db.session.scalar(first)
    return proof.occurred_at if proof else None


def _set_clocks_back(forwarding: Forwarding, history: Sequence[Event]) -> None:
    """Let those clocks run that would, had only this happened; each with the date that it had."""
    if forwarding.stage in OWING_AN_ANSWER:
        _resume_answer(forwarding, history)
    else:
        deadlines.end(forwarding, RESPONSE_CLOCKS)
    if forwarding.stage is Stage.READY:
        deadlines.resume_dispatch(forwarding)
    follow_the_tracks(forwarding)


def follow_the_tracks(forwarding: Forwarding) -> None:
    """Let the clock of the acknowledgement run from the first arrival that still counts; without one it ends.

    An envelope that has not left yet then has its own date again: it must not lie here unseen.
    """
    arrived_at = _first_arrival(forwarding) if forwarding.stage in AWAITING_ACKNOWLEDGEMENT else None
    if arrived_at:
        deadlines.run_from(forwarding, ClockKey.ACKNOWLEDGE, arrived_at)
        return
    deadlines.end(forwarding, {ClockKey.ACKNOWLEDGE})
    if forwarding.stage is Stage.SENT and _has_only_unsent(forwarding):
        deadlines.resume_dispatch(forwarding, {ClockKey.DISPATCH_POST})


def _first_arrival(forwarding: Forwarding) -> datetime | None:
    """When a mail that did not come back was taken by its server, or the post delivered the letter, to anybody."""
    mails = db.session.scalar(
        select(func.min(EmailDispatch.handed_over_at)).where(
            EmailDispatch.letter_id == forwarding.letter_id,
            EmailDispatch.institution_id == forwarding.recipient_id,
            EmailDispatch.purpose.in_(ON_THE_TRACK),
            EmailDispatch.state == EmailState.HANDED_OVER,
        )
    )
    delivered_on = db.session.scalar(
        select(func.min(PostDispatch.delivered_on)).where(
            *_envelopes_of(forwarding), PostDispatch.state == PostState.DELIVERED
        )
    )
    moments = [mails, clock.noon(delivered_on, forwarding.recipient.zone) if delivered_on else None]
    return min((one for one in moments if one), default=None)


def _has_only_unsent(forwarding: Forwarding) -> bool:
    """True when an envelope waits to be handed in, and none is on its way."""
    states = set(db.session.scalars(select(PostDispatch.state).where(*_envelopes_of(forwarding))))
    return not states & {*ON_THE_WAY, PostState.DELIVERED} and bool(states & {PostState.TO_PRINT, PostState.PRINTED})


def _envelopes_of(forwarding: Forwarding) -> tuple[ColumnElement[bool], ...]:
    """Those to the recipient: each holds the letter, itself or as a copy with a later one."""
    return PostDispatch.about == forwarding.stream, PostDispatch.institution_id == forwarding.recipient_id


def _resume_answer(forwarding: Forwarding, history: Sequence[Event]) -> None:
    """Let the clock of the answer run: from the first proof that still stands, unless the sender set a date since.

    Whoever was asked again, or got more time, keeps the new date, whatever becomes of the proof of the first one. The
    limit of a second request runs as long as its own proof stands. Who was asked for a copy has until the day that was
    named, or the own date where that is later.
    """
    deadlines.end(forwarding, RESPONSE_CLOCKS)
    begun = [event for event in history if event.kind in (*NEW_DATES, Happening.SECOND_REQUEST_RECEIVED)]
    latest = next((event for event in reversed(begun) if event.kind != Happening.REPLY_GIVEN_UP), None)
    if latest is not None and latest.kind != Happening.SECOND_REQUEST_RECEIVED:
        set_by_sender = (one for one in reversed(forwarding.deadlines) if not _began_with_a_proof(one))
        next(set_by_sender).ended_at = None
    elif latest is not None:
        own = deadlines.run_from(forwarding, ClockKey.OMBUDSMAN_SECOND_REQUEST, latest.occurred_at)
        _give_until(forwarding, own, begun[begun.index(latest) + 1 :])
    elif forwarding.received_at is not None:
        own = deadlines.run_from(forwarding, forwarding.response_clock, forwarding.received_at)
        _give_until(forwarding, own, begun)


def _give_until(forwarding: Forwarding, own: Deadline, asked: Sequence[Event]) -> None:
    """The latest day that was named for a copy takes the place of the own date, where it lies after it."""
    days = [date.fromisoformat(event.details["due_on"]) for event in asked if "due_on" in event.details]
    named = max(days, default=own.due_on)
    agreed = (one for one in reversed(forwarding.deadlines) if one.is_agreed and one.clock in RESPONSE_CLOCKS)
    later = next((one for one in agreed if one.due_on == named), None)
    if later is not None and named > own.due_on:
        own.ended_at, later.ended_at = clock.now(), None


def _began_with_a_proof(deadline: Deadline) -> bool:
    """True for every clock but that of an answer, and for the limit of a second request, which a proof had started."""
    is_second = deadline.clock is ClockKey.OMBUDSMAN_SECOND_REQUEST and not deadline.is_agreed
    return is_second or deadline.clock not in RESPONSE_CLOCKS


def _alive(forwarding: Forwarding) -> ColumnElement[bool]:
    return (Proof.forwarding_id == forwarding.id) & Proof.withdrawn_at.is_(None)
