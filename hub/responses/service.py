"""Use cases of an answer: it comes in, and the sender accepts it or asks again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from hub import clock
from hub.audit.rules import person
from hub.audit.service import record
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import deadlines, stages, tracks
from hub.forwardings import service as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import OPEN_STAGES, ClockKey, Happening, NotNow, is_possible
from hub.forwardings.voices import Voice
from hub.letters.models import IncomingLetter
from hub.mail.rules import one_line
from hub.responses import queries, receipts, words
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


def keep_under_review(forwarding: Forwarding) -> None:
    """While a reply waits for the sender's word, the sender's clock runs: from the day the oldest of them was filed."""
    waiting = queries.waiting_of(forwarding)
    if waiting and forwarding.stage in OPEN_STAGES:
        deadlines.start(forwarding, ClockKey.REVIEW, min(reply.filed_at for reply in waiting))


def refuse_overtaken(response: Response, decision: Happening) -> None:
    """Raise NotNow unless this is the newest answer, which nobody reviewed yet: the page with the button may be old."""
    stages.lock(response.forwarding)
    if not queries.is_to_review(response):
        raise NotNow(response.forwarding.stage, decision)


def _review(response: Response, review: Review, note: str, reviewer: Person) -> None:
    response.review, response.review_note, response.reviewed_at = review, note, clock.now()
    record(response.stream, f"reviewed_{review}", person(reviewer.id), {"forwarding": response.forwarding_id})
