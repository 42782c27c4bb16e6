"""Use cases of a call: it is logged, and taken back when it was a mistake."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from hub import clock
from hub.audit.rules import person
from hub.directory.models import Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import correspondence, receipt, stages, tracks
from hub.forwardings.calls import queries
from hub.forwardings.calls.models import Call
from hub.forwardings.calls.rules import LOGGED_AT, WAY_WORDS, CallOutcome, CallWay
from hub.forwardings.correspondence import Message
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import AWAITING_ACKNOWLEDGEMENT, Happening, NotNow, ProofChannel


@dataclass(frozen=True)
class Told:
    """What came of asking. `called_at`: when, which is not when it is entered."""

    way: CallWay
    outcome: CallOutcome
    called_at: datetime
    name: str = ""
    position: str = ""
    note: str = ""


def log(
    forwarding: Forwarding, told: Told, by: Person, request_key: str | None = None, files: Sequence[StoredFile] = ()
) -> Call:
    """Keep what somebody there said. When they confirm receipt it is a proof, and their office is told so by mail.

    The same `request_key` for the same letter again returns the first one. Raises NotNow where nobody is asked about
    the letter, or can have what they confirm.
    """
    stages.lock(forwarding)
    same_form = str(uuid5(UUID(request_key), forwarding.stream)) if request_key else None
    if same_form and (first := db.session.scalar(select(Call).where(Call.request_key == same_form))):
        return first
    if forwarding.stage not in LOGGED_AT:
        raise NotNow(forwarding.stage, Happening.CALLED)
    is_confirmed = told.outcome is CallOutcome.CONFIRMED
    if is_confirmed and not queries.may_be_there(forwarding):
        raise NotNow(forwarding.stage, Happening.ACKNOWLEDGED)
    call = Call(
        forwarding=forwarding,
        way=told.way,
        outcome=told.outcome,
        name=told.name,
        position=told.position,
        note=told.note,
        called_at=told.called_at,
        recorded_at=clock.now(),
        by=by,
        request_key=same_form,
        files=list(files),
    )
    db.session.add(call)
    db.session.flush()
    evidence, who = {"call": call.id, "way": told.way, "outcome": told.outcome}, person(by.id)
    if is_confirmed:
        spoke, at = (told.name, told.position), _counted_from(forwarding, told.called_at)
        receipt.acknowledge(forwarding, ProofChannel.DESK, *spoke, who, call.id, occurred_at=at, evidence=evidence)
        _tell(call, correspondence.confirmed_mail)
    else:
        stages.advance(forwarding, Happening.CALLED, who, evidence, told.called_at)
    return call


def _counted_from(forwarding: Forwarding, called_at: datetime) -> datetime:
    """When receipt counts as proven: today at the earliest. Whoever is told only now has all the days of its answer."""
    zone = forwarding.recipient.zone
    return called_at if clock.local(called_at, zone).date() >= clock.today(zone) else clock.now()


def _tell(call: Call, mail: Callable[[Forwarding, str, str, date], Message]) -> None:
    """Whoever reads the mail of the office learns what was said in its name, and what was a mistake."""
    day = clock.local(call.called_at, call.forwarding.recipient.zone).date()
    tracks.notify(call.forwarding, mail(call.forwarding, WAY_WORDS[call.way], f"{call.name}, {call.position}", day))


def withdraw(call: Call, by: Person, reason: str) -> None:
    """Nobody confirmed it after all: the letter stands as if this call had never been.

    Unless somebody else has confirmed it, the office is told, and asked to.

    Raises NotNow when a later decision of the sender rests on it.
    """
    forwarding = call.forwarding
    stages.lock(forwarding)
    db.session.refresh(call, ["withdrawn_at"], with_for_update=True)
    if not call.is_proof:
        return
    proof = receipt.standing_proof(forwarding, ProofChannel.DESK, call.id)
    receipt.withdraw(forwarding, proof, person(by.id), reason)
    call.withdrawn_at = clock.now()
    db.session.flush()
    if forwarding.stage in AWAITING_ACKNOWLEDGEMENT:
        _tell(call, correspondence.unconfirmed_mail)
