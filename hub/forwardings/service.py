"""Use cases of a forwarding, from the draft to its end. Receipt and the two tracks have rooms of their own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from flask_babel import gettext as _
from sqlalchemy import select

from hub import clock
from hub.audit import queries as audit
from hub.audit.rules import CLOCK, Actor, person
from hub.complaints.models import Complaint
from hub.directory.models import Institution, Network, Person
from hub.extensions import db
from hub.forwardings import copies, correspondence, deadlines, queries, receipt, tracks, voiding
from hub.forwardings.chain import words as chain_words
from hub.forwardings.chain.rules import ENDED_ABOVE
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import (
    ANSWERED_IN_PERSON,
    RESPONSE_CLOCKS,
    SHORTEST_OVERRIDE,
    ClockKey,
    Happening,
    NotNow,
    ProofChannel,
    Stage,
    is_possible,
)
from hub.forwardings.stages import advance, lock
from hub.forwardings.voices import Voice
from hub.letters import service as letters
from hub.letters.models import Letter, LetterKind
from hub.letters.service import APPROVED, Signature
from hub.letters.stationery.service import Unprintable
from hub.mail import service as mail
from hub.routing import queries as routing
from hub.routing.queries import Conflict
from hub.routing.rules import Purpose


class CannotForward(ValueError):
    """The sentence tells the sender what to mend."""


class OwnCase(CannotForward):
    """The recipient or a copy would judge in its own case; only a reason on record lets the letter go there."""

    def __init__(self, conflicts: Sequence[Conflict], recipient: Institution) -> None:
        of_copies = [one.why for one in conflicts if one.institution is not recipient]
        remedy = [_("A copy would tell it of the complaint: take it out.")] if of_copies else []
        self.conflicts = conflicts
        self.of_recipient = [one.sentence for one in conflicts if one.institution is recipient]
        self.of_copies = [*of_copies, *remedy]
        super().__init__(" ".join((*self.of_recipient, *self.of_copies)))


def draft(
    complaint: Complaint,
    request: Request,
    author: Person,
    request_key: str | None = None,
    parent: Forwarding | None = None,
) -> Forwarding:
    """A forwarding with its letter as a draft. The same `request_key` again returns the first one.

    `parent`: the one that its recipient passes on; chain.service says when that may be. Raises CannotForward when the
    letter could not reach the recipient, OwnCase when it should not.
    """
    db.session.refresh(complaint, ["id"], with_for_update=True)  # of the same form sent twice at once, one waits here
    if request_key and (first := by_request_key(request_key)):
        return first
    sender, network = author.institution, parent.network if parent else author.institution.network
    _refuse_unreachable(sender, network, request.recipient, request.by_email, request.by_post)
    request = _cleared(complaint, sender, request)
    letter = letters.draft(
        sender,
        LetterKind.FORWARDING,
        correspondence.subject(complaint),
        correspondence.forwarding_letter(complaint, sender, request, chain_words.opening(parent)),
        author,
    )
    moment = clock.now()
    forwarding = Forwarding(
        complaint=complaint,
        parent=parent,
        root_id=(parent.root_id or parent.id) if parent else None,
        network=network,
        sender=sender,
        letter=letter,
        stage=Stage.DRAFT,
        stage_since=moment,
        created_at=moment,
        created_by_id=author.id,
        request_key=request_key,
    )
    _apply(forwarding, request)
    db.session.add(forwarding)
    db.session.flush()
    letter.about = forwarding.stream
    advance(forwarding, Happening.DRAFTED, person(author.id), _details(request))
    return forwarding


def draft_each(
    complaint: Complaint, request: Request, others: Sequence[Institution], author: Person, request_key: str
) -> list[Forwarding]:
    """The same for several recipients, each with a forwarding and a letter of its own; all of them or none.

    Raises as `draft` does; who of the `others` would judge in its own case is told as CannotForward, for a reason is
    written for one recipient.
    """
    drafted = [draft(complaint, request, author, request_key)]
    for one in others:
        key = str(uuid5(UUID(request_key), one.code))
        try:
            drafted.append(draft(complaint, replace(request, recipient=one), author, key))
        except OwnCase as problem:
            raise CannotForward(str(problem)) from None
    return drafted


def redraft(forwarding: Forwarding, request: Request, author: Person) -> Forwarding:
    """Change a draft; its letter is written anew. Raises as `draft` does, or NotNow once it is no draft any more."""
    _refuse_unreachable(forwarding.sender, forwarding.network, request.recipient, request.by_email, request.by_post)
    request = _cleared(forwarding.complaint, forwarding.sender, request)
    advance(forwarding, Happening.DRAFTED, person(author.id), _details(request))
    opening = chain_words.opening(forwarding.parent)
    content = correspondence.forwarding_letter(forwarding.complaint, forwarding.sender, request, opening)
    letters.revise(forwarding.letter, correspondence.subject(forwarding.complaint), content, author)
    _apply(forwarding, request)
    return forwarding


def submit(forwarding: Forwarding, author: Person) -> None:
    """Put the letter to the signatory. Raises CannotForward when it could not be printed, or comes too late."""
    _refuse_too_late(forwarding)
    advance(forwarding, Happening.SUBMITTED, person(author.id))
    put_to_sign(forwarding.letter, author)
    deadlines.start(forwarding, ClockKey.SIGN)


def put_to_sign(letter: Letter, author: Person | None) -> None:
    """Submit it. Raises CannotForward while it could not be printed."""
    try:
        letters.submit(letter, author)
    except Unprintable as problem:
        raise CannotForward(str(problem)) from None


def return_letter(forwarding: Forwarding, signatory: Person, note: str) -> None:
    """The signatory wants it changed. Raises letters.CannotSign once its number is reserved."""
    advance(forwarding, Happening.RETURNED, person(signatory.id))
    letters.return_to_draft(forwarding.letter, note, signatory)
    deadlines.end(forwarding, {ClockKey.SIGN})


def reserve(forwarding: Forwarding, signatory: Person, signature: Signature, by: Person) -> None:
    """Give the letter its number for a signature on paper or elsewhere; it waits on for the signed file.

    Raises as `sign` does, so that no number is used for a letter that could not leave.
    """
    _refuse_what_cannot_leave(forwarding)
    lock(forwarding)
    if not is_possible(forwarding.stage, Happening.SIGNED):
        raise NotNow(forwarding.stage, Happening.SIGNED)
    letters.reserve(forwarding.letter, signatory, signature, by)


def sign(forwarding: Forwarding, signatory: Person, signature: Signature = APPROVED, by: Person | None = None) -> None:
    """Sign the letter, give it its number, and queue it on every track it travels. `by`: who brought the signed file.

    Raises CannotForward when meanwhile no usable address is left, OwnCase when meanwhile it should not go there, NotNow
    when it does not wait for a signature, letters.CannotSign when it cannot be signed this way.
    """
    _refuse_what_cannot_leave(forwarding)
    details = {"letter": forwarding.letter_id, "method": signature.method.value, "signatory": signatory.id}
    advance(forwarding, Happening.SIGNED, person((by or signatory).id), details)
    letters.sign(forwarding.letter, signatory, signature, by)
    deadlines.end(forwarding, {ClockKey.SIGN})
    copies.queue(forwarding)
    _queue(forwarding, forwarding.by_email, forwarding.by_post)


def resend(forwarding: Forwarding, by_email: bool, by_post: bool, author: Person) -> None:
    """Send the signed letter again, to whoever is the addressee today; what became of the first copy stays on record.

    Raises CannotForward and OwnCase like `sign`, NotNow before it was signed and once somebody has it.
    """
    _refuse_unreachable(forwarding.sender, forwarding.network, forwarding.recipient, by_email, by_post)
    _refuse_new_own_case(forwarding)
    advance(forwarding, Happening.RESENT, person(author.id), {"by_email": by_email, "by_post": by_post})
    forwarding.by_email, forwarding.by_post = forwarding.by_email or by_email, forwarding.by_post or by_post
    _queue(forwarding, by_email, by_post)


def withdraw(forwarding: Forwarding, author: Person, reason: str) -> None:
    """Take the forwarding back; what is still queued does not leave, and letters that have a number are void."""
    advance(forwarding, Happening.WITHDRAWN, person(author.id), {"reason": reason})
    tracks.call_back(forwarding)
    if forwarding.letter.number:
        letters.void(forwarding.letter, reason, author)
    voiding.withdraw_follow_ups(forwarding, author, reason)
    deadlines.end(forwarding)


def note_answer(
    forwarding: Forwarding, response_id: int, is_final: bool, voice: Voice, occurred_at: datetime | None = None
) -> None:
    """An answer arrived, now or when told. It proves receipt; only a final one moves on to the sender's review.

    One that somebody here took from a mail or a paper proves nothing more: the mail or paper did.
    """
    if voice.channel in ANSWERED_IN_PERSON:
        if receipt.is_acknowledged(forwarding):
            receipt.prove(forwarding, ProofChannel.ANSWER, voice.name, voice.office, response_id)
        else:
            receipt.acknowledge(forwarding, ProofChannel.ANSWER, voice.name, voice.office, voice.actor, response_id)
    details = {"response": response_id}
    if not is_final:
        advance(forwarding, Happening.INTERIM_RECEIVED, voice.actor, details, occurred_at)
    elif advance(forwarding, Happening.ANSWERED, voice.actor, details, occurred_at):
        deadlines.end(forwarding, RESPONSE_CLOCKS)


def lapse(forwarding: Forwarding, by: Actor = CLOCK) -> None:
    """The ladder is at its end and no answer came: that is recorded. One that comes late is taken all the same."""
    advance(forwarding, Happening.LAPSED, by, {"purpose": forwarding.purpose})
    deadlines.end(forwarding)


def close(forwarding: Forwarding, reviewer: Person) -> None:
    """The answer is complete: the forwarding has reached its end. A copy that has not left yet stays here."""
    advance(forwarding, Happening.CLOSED, person(reviewer.id))
    tracks.keep_here(forwarding)
    deadlines.end(forwarding)


def ask_again(forwarding: Forwarding, reviewer: Person, response_id: int, due_on: date | None = None) -> Deadline:
    """The answer is incomplete: the recipient gets a new date, counted from today or named by the sender.

    Raises deadlines.UnfitDate for one that is no date to answer by.
    """
    if due_on:
        deadlines.refuse_unfit(due_on, forwarding)
    advance(forwarding, Happening.FOUND_INCOMPLETE, person(reviewer.id), {"response": response_id})
    return _date_anew(forwarding, due_on)


def accept_decline(forwarding: Forwarding, reviewer: Person, rerouted_to: int | None = None) -> None:
    """The recipient is not competent: an end here. `rerouted_to`: the forwarding that takes its place, if one does."""
    details = {"rerouted_to": rerouted_to} if rerouted_to else None
    advance(forwarding, Happening.DECLINED, person(reviewer.id), details)
    tracks.keep_here(forwarding)
    deadlines.end(forwarding)


def reopen(forwarding: Forwarding, author: Person, reason: str, due_on: date | None = None) -> Deadline:
    """What was closed or declined is asked again, until a date counted from today or named by the sender.

    Raises deadlines.UnfitDate, CannotForward once another office was asked instead, NotNow at any other stage.
    """
    lock(forwarding)
    _refuse_too_late_above(forwarding)
    if due_on:
        deadlines.refuse_unfit(due_on, forwarding)
    other = queries.standing_successor(forwarding) if forwarding.stage is Stage.DECLINED else None
    if other:
        went_to = other.recipient.name
        raise CannotForward(_("This was re-routed to %(name)s: go on there, or withdraw that first.", name=went_to))
    advance(forwarding, Happening.REOPENED, person(author.id), {"reason": reason})
    return _date_anew(forwarding, due_on)


def _date_anew(forwarding: Forwarding, due_on: date | None) -> Deadline:
    deadlines.end(forwarding)
    key, proposed = forwarding.response_clock, deadlines.asked_anew(forwarding)
    if due_on is None and proposed == deadlines.provisional(key, forwarding.recipient, forwarding.network).due:
        return deadlines.start(forwarding, key)
    return deadlines.agree(forwarding, key, due_on or proposed)


def _queue(forwarding: Forwarding, by_email: bool, by_post: bool) -> None:
    try:
        tracks.queue(forwarding, by_email, by_post)
    except mail.UnusableAddress as problem:
        raise CannotForward(str(problem)) from None


def _refuse_too_late_above(forwarding: Forwarding) -> None:
    if forwarding.parent and forwarding.parent.stage in ENDED_ABOVE:
        raise CannotForward(_("The letter that this one passes on has ended: withdraw this one."))


def _refuse_too_late(forwarding: Forwarding) -> None:
    """A letter that passes one on is no use once that one has ended, nor when the date that it names has passed."""
    _refuse_too_late_above(forwarding)
    if forwarding.answer_by and forwarding.answer_by < clock.today(forwarding.recipient.zone):
        raise CannotForward(_("The date that this letter names has passed. Return it to draft and choose another one."))


def _refuse_what_cannot_leave(forwarding: Forwarding) -> None:
    _refuse_too_late(forwarding)
    _refuse_unreachable(
        forwarding.sender, forwarding.network, forwarding.recipient, forwarding.by_email, forwarding.by_post
    )
    _refuse_new_own_case(forwarding, forwarding.copies)


def _apply(forwarding: Forwarding, request: Request) -> None:
    forwarding.recipient = request.recipient
    forwarding.purpose, forwarding.response_class = request.purpose, request.response_class
    forwarding.by_email, forwarding.by_post, forwarding.note = request.by_email, request.by_post, request.note
    forwarding.copies, forwarding.override_reason = list(request.copies), request.override_reason
    forwarding.answer_by = request.answer_by


def _cleared(complaint: Complaint, sender: Institution, request: Request) -> Request:
    """The request as it is kept: copies in order, and a reason only where one is needed."""
    for one in request.copies:
        if one.id in (sender.id, request.recipient.id):
            raise CannotForward(_("%(name)s needs no copy of this letter: take it out.", name=one.name))
    ordered = tuple(sorted(set(request.copies), key=lambda one: one.code))
    reason = _refuse_own_case(complaint, request.purpose, request.recipient, ordered, request.override_reason)
    return replace(request, copies=ordered, override_reason=reason)


def _refuse_own_case(
    complaint: Complaint, purpose: Purpose, recipient: Institution, copied: Sequence[Institution], reason: str
) -> str:
    """The reason for sending it there all the same; "" where none is needed."""
    found = routing.conflicts(complaint, purpose, [recipient, *copied])
    if not found:
        return ""
    if len(reason.strip()) < SHORTEST_OVERRIDE:
        raise OwnCase(found, recipient)
    return reason.strip()


def _refuse_new_own_case(forwarding: Forwarding, copied: Sequence[Institution] = ()) -> None:
    """Judge by what is known now. The reason on record was for the body complained of when it was written, no other."""
    written = audit.last_of(forwarding.stream, Happening.DRAFTED)
    changed = audit.last_of(forwarding.complaint.stream, "complained_of_changed")
    holds = not (written and changed and changed.id > written.id)
    reason = forwarding.override_reason if holds else ""
    _refuse_own_case(forwarding.complaint, forwarding.purpose, forwarding.recipient, copied, reason)


def _details(request: Request) -> dict[str, Any]:
    told = {"copies": [one.id for one in request.copies], "override_reason": request.override_reason}
    return {name: value for name, value in told.items() if value}


def _refuse_unreachable(
    sender: Institution, network: Network, recipient: Institution, by_email: bool, by_post: bool
) -> None:
    if recipient.id == sender.id:
        raise CannotForward(_("A letter cannot go to the office that sends it. Choose another recipient."))
    if not (by_email or by_post):
        raise CannotForward(_("Choose at least one track: email, post or both."))
    if by_email and not tracks.email_addressees(recipient, network):
        raise CannotForward(
            _(
                "%(name)s has no PIC and no office mailbox yet. Add one in the directory, or send by post only.",
                name=recipient.name,
            )
        )
    if by_post and not recipient.postal_address:
        raise CannotForward(
            _(
                "%(name)s has no postal address yet. Add it in the directory, or send by email only.",
                name=recipient.name,
            )
        )


def by_request_key(request_key: str) -> Forwarding | None:
    """What was made from the form with this key before."""
    return db.session.scalar(select(Forwarding).where(Forwarding.request_key == request_key))
