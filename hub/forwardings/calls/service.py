"""Use cases of a call: it is logged, and taken back when it was a mistake."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hub import clock
from hub.audit.rules import person
from hub.directory.models import Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import receipt, stages
from hub.forwardings.calls.models import Call
from hub.forwardings.calls.rules import LOGGED_AT, CallOutcome, CallWay
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow, ProofChannel


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
    """Keep what somebody there said. When they confirm receipt it is a proof; else the stage stays.

    The same `request_key` again returns the first one. Raises NotNow where nobody is asked about the letter.
    """
    stages.lock(forwarding)
    same_form = select(Call).where(Call.request_key == request_key)
    if request_key and (first := db.session.scalar(same_form)):
        return first
    if forwarding.stage not in LOGGED_AT:
        raise NotNow(forwarding.stage, Happening.CALLED)
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
        request_key=request_key,
        files=list(files),
    )
    db.session.add(call)
    db.session.flush()
    evidence, who = {"call": call.id, "way": told.way, "outcome": told.outcome}, person(by.id)
    if told.outcome is CallOutcome.CONFIRMED:
        spoke = (told.name, told.position)
        receipt.acknowledge(
            forwarding, ProofChannel.DESK, *spoke, who, call.id, occurred_at=told.called_at, evidence=evidence
        )
    else:
        stages.advance(forwarding, Happening.CALLED, who, evidence, told.called_at)
    return call


def withdraw(call: Call, by: Person, reason: str) -> None:
    """Nobody confirmed it after all: the letter stands as if this call had never been.

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
