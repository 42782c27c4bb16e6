"""The second request of a clarification (UU 37/2008 art. 33): its limit runs from the proof that this letter arrived.

Until then the first date stands as it is. Nobody's right to answer is used up by a letter that may not have come.
"""

from datetime import datetime

from sqlalchemy import select

from hub import clock
from hub.audit import queries as audit
from hub.audit.rules import Actor
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings.models import Deadline, Forwarding, Proof
from hub.forwardings.rules import RESPONSE_CLOCKS, ClockKey, Happening, ProofChannel, standing
from hub.forwardings.stages import advance
from hub.letters.models import Letter, LetterKind, LetterState
from hub.mail.inbox.models import InboundMail
from hub.mail.models import EmailDispatch
from hub.post.models import PostDispatch

_FIRST, _SECOND = ClockKey.OMBUDSMAN_FIRST_REQUEST, ClockKey.OMBUDSMAN_SECOND_REQUEST


def note_receipt(forwarding: Forwarding, proof: Proof, actor: Actor) -> None:
    """Start the second limit when `proof` came by an envelope or a mail that held the second request.

    Any other proof changes nothing. So does one that is the first of all: then both letters came together, and the
    first limit has only begun. A date that the sender granted and that lies later stands, and so does one that stands
    still: whoever waits for the sender is not asked a second time.
    """
    running = deadlines.find_running(forwarding, _FIRST)
    letter = _carried(proof) if running else None
    if (
        running is None
        or running.paused_since
        or letter is None
        or not _follows(letter, running, forwarding, proof.occurred_at)
    ):
        return
    counted = deadlines.provisional(_SECOND, forwarding.recipient, forwarding.network, proof.occurred_at)
    if counted.due <= running.due_on:
        return
    details = {"proof": proof.id, "letter": letter.id}
    advance(forwarding, Happening.SECOND_REQUEST_RECEIVED, actor, details, proof.occurred_at)
    deadlines.end(forwarding, RESPONSE_CLOCKS)
    deadlines.start(forwarding, _SECOND, proof.occurred_at)


def awaited(forwarding: Forwarding, letter_id: int | None) -> Letter | None:
    """This letter, when it is a second request that was sent and whose receipt nobody has confirmed yet."""
    running = deadlines.find_running(forwarding, _FIRST)
    letter = db.session.get(Letter, letter_id) if running and letter_id else None
    if running is None or letter is None or letter.about != forwarding.stream:
        return None
    return letter if _follows(letter, running, forwarding, clock.now()) else None


def is_proven(forwarding: Forwarding) -> bool:
    """True when a proof that still stands shows that a second request arrived."""
    told = ((Happening(event.kind), event.details) for event in audit.of_stream(forwarding.stream))
    return Happening.SECOND_REQUEST_RECEIVED in standing(told)


def _follows(letter: Letter, running: Deadline, forwarding: Forwarding, moment: datetime) -> bool:
    """A signed second request about the answer that is owed now, which came after the first one was received."""
    if letter.kind is not LetterKind.SECOND_REQUEST or letter.state is not LetterState.SIGNED:
        return False
    assert letter.signed_at is not None
    is_of_now = clock.local(letter.signed_at, forwarding.recipient.zone).date() >= running.started_on
    return is_of_now and forwarding.received_at is not None and forwarding.received_at < moment


def _carried(proof: Proof) -> Letter | None:
    """The letter in the very mail or envelope that the proof came by; None where that cannot be told."""
    match proof.channel:
        case ProofChannel.LINK:
            carrier: type[EmailDispatch] | type[PostDispatch] = EmailDispatch
        case ProofChannel.SLIP | ProofChannel.POST:
            carrier = PostDispatch
        case ProofChannel.REPLY:
            return _answered_by(proof.dispatch_id)
        case ProofChannel.SIGN_IN:
            return db.session.get(Letter, proof.dispatch_id) if proof.dispatch_id else None
        case _:
            return None
    held = select(Letter).join(carrier, carrier.letter_id == Letter.id).where(carrier.id == proof.dispatch_id)
    return db.session.scalar(held)


def _answered_by(mail_id: int | None) -> Letter | None:
    """The letter in the mail of ours that somebody replied to."""
    mail = db.session.get(InboundMail, mail_id) if mail_id else None
    return mail.dispatch.letter if mail and mail.dispatch else None
