"""Use cases of an answer: it comes in, and the sender accepts it or asks again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from hub import clock
from hub.audit.rules import person
from hub.audit.service import record
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import deadlines, receipt, stages, tracks
from hub.forwardings import service as forwardings
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import OPEN_STAGES, RESPONSE_CLOCKS, ClockKey, Happening, NotNow, ProofChannel, is_possible
from hub.forwardings.voices import Voice
from hub.letters.models import IncomingLetter
from hub.mail.rules import one_line
from hub.responses import announcements, queries, receipts, words
from hub.responses.models import Response, ResponseKind, Review
from hub.responses.rules import AnswerOutcome


@dataclass(frozen=True)
class Answer:
    """What the recipient says, and the letter and files it says it with.

    `reports`: examination reports (LHP). `sources`: answers of offices below that it was made from.
    """

    kind: ResponseKind
    letter_number: str
    letter_date: date
    summary: str
    files: Sequence[StoredFile] = ()
    outcome: AnswerOutcome | None = None
    proposed_owner: Institution | None = None
    reports: Sequence[StoredFile] = ()
    sources: Sequence[Response] = ()


def receive(forwarding: Forwarding, answer: Answer, voice: Voice, request_key: str | None = None) -> Response:
    """An answer arrived. The same `request_key` again returns the first one.

    Raises NotNow when no answer is awaited: before the letter has left, while another one is under review, at the end.
    """
    stages.lock(forwarding)  # of the same form sent twice at once, one waits here
    if request_key and (first := db.session.scalar(select(Response).where(Response.request_key == request_key))):
        return first
    return enter(forwarding, answer, voice, request_key=request_key)


def receive_for_all(
    matters: Sequence[Forwarding], answer: Answer, voice: Voice, request_key: str | None = None
) -> list[Response]:
    """One answer to several letters of one office: to each of them or, raising NotNow, to none. Files are shared.

    The same `request_key` again returns the first answers.
    """
    held = stages.lock_all(one.id for one in matters)
    return [receive(one, answer, voice, request_key and _key_for(request_key, one)) for one in held]


def _key_for(request_key: str, forwarding: Forwarding) -> str:
    """Each letter's own key, as long as that of the form it was sent with."""
    return str(uuid5(UUID(request_key), forwarding.stream))


def enter(
    forwarding: Forwarding,
    answer: Answer,
    voice: Voice,
    arrived_at: datetime | None = None,
    request_key: str | None = None,
    incoming: IncomingLetter | None = None,
) -> Response:
    """Keep an answer, however it came, and confirm to its office that it is here. Raises NotNow like `receive`."""
    refuse_unawaited(forwarding)
    response = Response(
        forwarding=forwarding,
        kind=answer.kind,
        channel=voice.channel,
        outcome=answer.outcome,
        proposed_owner=answer.proposed_owner,
        letter_number=answer.letter_number,
        letter_date=answer.letter_date,
        summary=answer.summary,
        author=voice.person,
        author_name=one_line(voice.name if voice.person else voice.signature, 400),
        arrived_at=arrived_at or clock.now(),
        files=list(answer.files),
        reports=list(answer.reports),
        sources=list(answer.sources),
        request_key=request_key,
        incoming=incoming,
    )
    db.session.add(response)
    db.session.flush()
    forwardings.note_answer(forwarding, response.id, answer.kind is ResponseKind.FINAL, voice, arrived_at)
    keep_under_review(forwarding)
    announcements.note_arrival(response)
    receipts.issue(response)
    return response


def refuse_unawaited(forwarding: Forwarding) -> None:
    """Raise NotNow when no answer is awaited."""
    if not is_possible(forwarding.stage, Happening.ANSWERED):
        raise NotNow(forwarding.stage, Happening.ANSWERED)


def decline(
    forwarding: Forwarding,
    reason: str,
    owner: Institution | None,
    voice: Voice,
    request_key: str | None = None,
    letter_number: str = "",
    letter_date: date | None = None,
    files: Sequence[StoredFile] = (),
) -> Response:
    """The recipient says that it is not competent (bukan wewenang), and who may be. It waits for the sender's review.

    It may come without a letter of its own: then it is dated today. Raises NotNow like `receive`.
    """
    answer = Answer(
        kind=ResponseKind.FINAL,
        letter_number=letter_number,
        letter_date=letter_date or clock.today(forwarding.recipient.zone),
        summary=reason,
        files=files,
        outcome=AnswerOutcome.NOT_COMPETENT,
        proposed_owner=owner,
    )
    return receive(forwarding, answer, voice, request_key)


def accept(response: Response, reviewer: Person, rerouted_to: Forwarding | None = None) -> None:
    """The answer is complete and the forwarding closes; or it is a decline, and the forwarding ends as declined.

    `rerouted_to`: the forwarding that takes the place of a declined one. Raises NotNow when this is not the answer to
    review.
    """
    forwarding = response.forwarding
    refuse_overtaken(response, Happening.DECLINED if response.is_decline else Happening.CLOSED)
    if response.is_decline:
        forwardings.accept_decline(forwarding, reviewer, rerouted_to.id if rerouted_to else None)
        tracks.notify(forwarding, words.declined_mail(forwarding))
    else:
        forwardings.close(forwarding, reviewer)
    _review(response, Review.ACCEPTED, "", reviewer)


def return_incomplete(response: Response, reviewer: Person, missing: str, due_on: date | None = None) -> None:
    """The answer lacks `missing`, or a decline does not hold and that says why; the recipient gets a new date.

    `due_on`: the date that the reviewer names instead of the one that the clock gives. Raises NotNow like `accept`,
    deadlines.UnfitDate for a date that nobody can answer by.
    """
    forwarding = response.forwarding
    refuse_overtaken(response, Happening.FOUND_INCOMPLETE)
    deadline = forwardings.ask_again(forwarding, reviewer, response.id, due_on)
    mail = words.still_asked_mail if response.is_decline else words.incomplete_mail
    tracks.notify(forwarding, mail(forwarding, missing, deadline.due_on))
    keep_under_review(forwarding)
    _review(response, Review.INCOMPLETE, missing, reviewer)


def reopen(forwarding: Forwarding, author: Person, reason: str, due_on: date | None = None) -> None:
    """A closed or declined forwarding is asked again; its recipient is told why and until when.

    Raises as forwardings.service.reopen does.
    """
    deadline = forwardings.reopen(forwarding, author, reason, due_on)
    tracks.notify(forwarding, words.reopened_mail(forwarding, reason, deadline.due_on))
    keep_under_review(forwarding)


def withdraw(response: Response, by: Person, reason: str) -> None:
    """An answer that came by link or sign-in belongs to another letter, or was not from that office.

    Whoever answered in good faith is told that an answer is awaited again. Raises NotNow when a later decision of the
    sender rests on it.
    """
    forwarding = response.forwarding
    stages.lock(forwarding)
    db.session.refresh(response, ["withdrawn_at"], with_for_update=True)
    if response.withdrawn_at is not None:
        return
    take_back(forwarding, receipt.standing_proof(forwarding, ProofChannel.ANSWER, response.id), response, by, reason)
    if is_possible(forwarding.stage, Happening.ANSWERED):
        due = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
        tracks.notify(forwarding, words.taken_back(response, reason, due.due_on if due else None))


def take_back(forwarding: Forwarding, proof: Proof | None, response: Response | None, by: Person, reason: str) -> None:
    """What came in by mistake, whichever way: its proof, the answer it was taken for, or both.

    The caller holds the row. A receipt that has not left yet stays here; the same paper or form can come in again.
    Raises NotNow when a later decision of the sender rests on it.
    """
    if response is not None:
        receipts.recall(response)
        response.withdrawn_at, response.incoming, response.request_key = clock.now(), None, None
        db.session.flush()
    receipt.withdraw(forwarding, proof, person(by.id), reason, response.id if response else None)
    if response is not None:
        announcements.await_again(response)
    keep_under_review(forwarding)


def open_report(response: Response, report: StoredFile, by: Person) -> None:
    """Somebody opens an examination report: that is on record."""
    record(response.stream, "report_opened", person(by.id), {"file": report.id, "forwarding": response.forwarding_id})


def keep_under_review(forwarding: Forwarding) -> None:
    """While an answer or a reply waits for the sender's word, the sender's clock runs, since the oldest did."""
    since = queries.under_review_since(forwarding) if forwarding.stage in OPEN_STAGES else []
    if since:
        deadlines.run_from(forwarding, ClockKey.REVIEW, min(since))
    else:
        deadlines.end(forwarding, {ClockKey.REVIEW})


def refuse_overtaken(response: Response, decision: Happening) -> None:
    """Raise NotNow unless this is the newest answer, which nobody reviewed yet: the page with the button may be old."""
    stages.lock(response.forwarding)
    if not queries.is_to_review(response):
        raise NotNow(response.forwarding.stage, decision)


def _review(response: Response, review: Review, note: str, reviewer: Person) -> None:
    response.review, response.review_note, response.reviewed_at = review, note, clock.now()
    record(response.stream, f"reviewed_{review}", person(reviewer.id), {"forwarding": response.forwarding_id})
