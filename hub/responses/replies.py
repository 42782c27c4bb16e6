"""Replies that came by mail: filed with a letter they acknowledge it, then the sender says what they are."""

from collections.abc import Sequence
from datetime import date, datetime

from hub import clock
from hub.audit.rules import Actor, ActorKind, person
from hub.coordination import service as coordination
from hub.coordination.rules import Side
from hub.directory.models import Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import receipt, stages
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import AWAITING_ACKNOWLEDGEMENT, Happening, ProofChannel, Stage
from hub.forwardings.stages import advance
from hub.forwardings.voices import Voice
from hub.mail.inbox.models import FoundBy, InboundMail
from hub.mail.rules import one_line
from hub.responses import queries
from hub.responses.models import NO_ANSWER, Decision, MailedReply, Response, ResponseKind
from hub.responses.rules import AnswerOutcome
from hub.responses.service import Answer, enter, keep_under_review, refuse_unawaited, take_back

_PROVING_RECEIPT = (Stage.READY, *AWAITING_ACKNOWLEDGEMENT, Stage.ACKNOWLEDGED, Stage.ANSWERED)


def take(forwarding: Forwarding, mail: InboundMail, found_by: FoundBy, filed_by: Person | None = None) -> MailedReply:
    """File a person's mail with the letter it answers. It acknowledges the letter, and waits for the sender's word.

    The same mail again is the same reply; one that was taken away by mistake comes back. `filed_by` is None when the
    hub found the letter by itself.
    """
    stages.lock(forwarding)
    actor = person(filed_by.id) if filed_by else Actor(ActorKind.MAIL, mail.id)
    reply = queries.reply_of(forwarding, mail)
    if reply is not None and reply.withdrawn_at is None:
        return reply
    evidence = {"mail": mail.id, "sha256": mail.sha256, "found_by": found_by}
    proof = None
    if forwarding.stage in _PROVING_RECEIPT:
        proof = receipt.acknowledge(
            forwarding,
            ProofChannel.REPLY,
            one_line(mail.sender_name or mail.sender_address, 200),
            one_line(mail.sender_address, 200),
            actor,
            dispatch_id=mail.id,
            occurred_at=mail.arrived_at,
            happening=Happening.REPLIED,
            evidence=evidence,
        )
    else:
        advance(forwarding, Happening.REPLIED, actor, evidence, mail.arrived_at)
    if reply is None:
        reply = MailedReply(forwarding=forwarding, mail=mail)
        db.session.add(reply)
    reply.found_by, reply.filed_at, reply.proof = found_by, clock.now(), proof
    reply.withdrawn_at = reply.decision = reply.decided_at = reply.response = None
    db.session.flush()
    keep_under_review(forwarding)
    return reply


def decide(
    reply: MailedReply,
    decision: Decision,
    reviewer: Person,
    letter_number: str = "",
    letter_date: date | None = None,
    outcome: AnswerOutcome | None = None,
    reports: Sequence[StoredFile] = (),
) -> None:
    """Say what a reply is: only the word that the letter has arrived, a message, an interim or a final answer.

    `outcome`: of a final one, where it says so; `reports`: which of its files are examination reports (LHP). A message
    goes into the thread; `reviewer` has read it and gets no mail of it. An answer arrived when its mail did. Raises
    NotNow for an answer where none is awaited, and for a message where the thread is closed.
    """
    stages.lock(reply.forwarding)
    db.session.refresh(reply, with_for_update={"of": MailedReply})
    if not reply.is_waiting:
        return
    if decision is Decision.MESSAGE:
        actor = Actor(ActorKind.MAIL, reply.mail_id)
        coordination.take_mail(reply.forwarding, Side.RECIPIENT, reply.mail, actor, but={reviewer.email})
    if decision not in NO_ANSWER:
        refuse_unawaited(reply.forwarding)
        reply.response = _answer(reply, ResponseKind(decision), reviewer, letter_number, letter_date, outcome, reports)
    reply.decision, reply.decided_at = decision, clock.now()
    db.session.flush()
    keep_under_review(reply.forwarding)


def withdraw(reply: MailedReply, by: Person, reason: str) -> None:
    """The mail was filed with the wrong letter: what it proved, answered or said is taken back; it waits to be filed.

    Raises NotNow when a later decision of the sender rests on it.
    """
    stages.lock(reply.forwarding)
    db.session.refresh(reply, with_for_update={"of": MailedReply})
    if reply.withdrawn_at is not None:
        return
    reply.withdrawn_at = clock.now()
    coordination.take_out(reply.forwarding, reply.mail, by)
    db.session.flush()
    take_back(reply.forwarding, reply.proof, reply.response, by, reason)


def _answer(
    reply: MailedReply,
    kind: ResponseKind,
    reviewer: Person,
    letter_number: str,
    letter_date: date | None,
    outcome: AnswerOutcome | None,
    reports: Sequence[StoredFile],
) -> Response:
    mail, zone = reply.mail, reply.forwarding.recipient.zone
    answer = Answer(
        kind=kind,
        letter_number=letter_number,
        letter_date=letter_date or _day_of(mail.arrived_at, zone),
        summary=mail.words,
        files=[one for one in mail.files if one not in reports],
        outcome=outcome,
        reports=reports,
    )
    author = f"{mail.sender_name} <{mail.sender_address}>".strip()
    voice = Voice(ProofChannel.REPLY, author, "", person(reviewer.id), mail.id)
    return enter(reply.forwarding, answer, voice, mail.arrived_at)


def _day_of(moment: datetime, zone: str) -> date:
    return clock.local(moment, zone).date()
