"""Letters on paper that belong to a forwarding: they prove receipt, and are an answer where the sender says so."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from hub import clock
from hub.audit.rules import person
from hub.directory.models import Person
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings import receipt, stages
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import ProofChannel
from hub.forwardings.voices import Voice
from hub.letters.models import IncomingLetter
from hub.mail.rules import one_line
from hub.responses.models import Decision, Response, ResponseKind
from hub.responses.rules import AnswerOutcome
from hub.responses.service import Answer, enter, refuse_unawaited, take_back


def take(
    forwarding: Forwarding,
    letter: IncomingLetter,
    decision: Decision,
    signed_by: str,
    by: Person,
    outcome: AnswerOutcome | None = None,
) -> None:
    """File a letter that came in with a forwarding it belongs to, and say what it is. It counts from its day.

    `outcome`: of a final answer, where it says so. An answer gets its receipt. Raises NotNow for an answer where none
    is awaited.
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
        enter(forwarding, _answer(letter, ResponseKind(decision), outcome), voice, moment, incoming=letter)


def withdraw(forwarding: Forwarding, letter: IncomingLetter, by: Person, reason: str) -> None:
    """The letter was filed with the wrong forwarding: what it proved and answered is taken back.

    Raises NotNow when a later decision of the sender rests on it.
    """
    stages.lock(forwarding)
    proofs = (one for one in forwardings.proofs(forwarding) if one.channel is ProofChannel.PAPER)
    proof = next((one for one in proofs if one.dispatch_id == letter.id), None)
    response = next((one for one in answers_on(letter) if one.forwarding_id == forwarding.id), None)
    take_back(forwarding, proof, response, by, reason)


def matters_of(letter: IncomingLetter) -> list[Forwarding]:
    """The forwardings that this letter is filed with, the oldest first: one letter may answer several of ours."""
    return matters_by_letter([letter]).get(letter.id, [])


def matters_by_letter(letters: Iterable[IncomingLetter]) -> dict[int, list[Forwarding]]:
    """The same for many letters, by the key of each that is filed. One query."""
    filed = (Proof.channel == ProofChannel.PAPER) & Proof.withdrawn_at.is_(None)
    around = (joinedload(Forwarding.letter), joinedload(Forwarding.recipient), joinedload(Forwarding.complaint))
    rows = db.session.execute(
        select(Proof.dispatch_id, Forwarding)
        .join(Proof, Proof.forwarding_id == Forwarding.id)
        .where(filed, Proof.dispatch_id.in_([one.id for one in letters]))
        .options(*around)
        .order_by(Forwarding.id)
    )
    found: dict[int, list[Forwarding]] = {}
    for letter_id, forwarding in rows:
        if letter_id is not None:
            found.setdefault(letter_id, []).append(forwarding)
    return found


def answers_on(letter: IncomingLetter) -> list[Response]:
    """The answers that this letter is, one for each letter of ours that it answers."""
    return list(db.session.scalars(select(Response).where(Response.incoming_id == letter.id).order_by(Response.id)))


def add_scan(letter: IncomingLetter) -> None:
    """The scan of a letter that is an answer goes along with the answer, once it is there."""
    if letter.scan is not None:
        for response in answers_on(letter):
            response.files = [letter.scan]


def _answer(letter: IncomingLetter, kind: ResponseKind, outcome: AnswerOutcome | None) -> Answer:
    return Answer(
        kind=kind,
        letter_number=letter.number,
        letter_date=letter.dated or letter.received_on,
        summary=letter.subject,
        files=[letter.scan] if letter.scan else [],
        outcome=outcome,
    )
