"""Letters on paper that belong to a forwarding: they prove receipt, and are an answer where the sender says so."""

from sqlalchemy import select

from hub import clock
from hub.audit.rules import person
from hub.directory.models import Person
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings import receipt, stages
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ProofChannel
from hub.forwardings.voices import Voice
from hub.letters.models import IncomingLetter
from hub.mail.rules import one_line
from hub.responses import announcements, receipts
from hub.responses.models import Decision, Response, ResponseKind
from hub.responses.service import Answer, enter, keep_under_review, refuse_unawaited


def take(forwarding: Forwarding, letter: IncomingLetter, decision: Decision, signed_by: str, by: Person) -> None:
    """File a letter that came in with the forwarding it belongs to, and say what it is. It counts from its day.

    An answer gets its receipt. Raises NotNow for an answer where none is awaited.
    """
    stages.lock(forwarding)
    if decision is not Decision.RECEIPT:
        refuse_unawaited(forwarding)
    moment = clock.noon(letter.received_on, forwarding.sender.zone)
    receipt.acknowledge(
        forwarding,
        ProofChannel.PAPER,
        one_line(signed_by or letter.sender_name, 200),
        one_line(letter.sender_name, 200),
        person(by.id),
        dispatch_id=letter.id,
        occurred_at=moment,
        evidence={"incoming": letter.id},
    )
    if decision is not Decision.RECEIPT:
        voice = Voice(ProofChannel.PAPER, signed_by, letter.sender_name, person(by.id), letter.id)
        enter(forwarding, _answer(letter, ResponseKind(decision)), voice, moment, incoming=letter)


def withdraw(forwarding: Forwarding, letter: IncomingLetter, by: Person, reason: str) -> None:
    """The letter was filed with the wrong forwarding: what it proved and answered is taken back.

    Raises NotNow when a later decision of the sender rests on it.
    """
    stages.lock(forwarding)
    proofs = (one for one in forwardings.proofs(forwarding) if one.channel is ProofChannel.PAPER)
    proof = next((one for one in proofs if one.dispatch_id == letter.id), None)
    response = answer_on(letter)
    if response is not None:
        receipts.recall(response)
        response.withdrawn_at, response.incoming = clock.now(), None
        db.session.flush()
    receipt.withdraw(forwarding, proof, person(by.id), reason, response.id if response else None)
    if response is not None:
        announcements.await_again(response)
    keep_under_review(forwarding)


def add_scan(letter: IncomingLetter) -> None:
    """The scan of a letter that is an answer goes along with the answer, once it is there."""
    response = answer_on(letter)
    if response is not None and letter.scan is not None:
        response.files = [letter.scan]


def answer_on(letter: IncomingLetter) -> Response | None:
    """The answer that this letter is."""
    return db.session.scalar(select(Response).where(Response.incoming_id == letter.id))


def _answer(letter: IncomingLetter, kind: ResponseKind) -> Answer:
    return Answer(
        kind=kind,
        letter_number=letter.number,
        letter_date=letter.dated or letter.received_on,
        summary=letter.subject,
        files=[letter.scan] if letter.scan else [],
    )
