"""What lies behind a public link: which letter and whether somebody has confirmed it, or which question."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hub import clock
from hub.directory import queries as directory
from hub.directory.models import Appointment, AppointmentRole, Institution, Network, ReachCheck
from hub.exchange.rules import ANSWERS_A_DAY
from hub.extensions import db
from hub.forwardings import deadlines, receipt, second_request
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import (
    BY_LINK,
    ENDED_BY_REVIEW,
    OPEN_STAGES,
    RESPONSE_CLOCKS,
    ClockKey,
    Happening,
    ProofChannel,
    Stage,
    is_possible,
)
from hub.letters.models import Letter
from hub.mail import queries as mail
from hub.mail.models import EmailPurpose
from hub.post import queries as post
from hub.responses import queries as responses
from hub.responses.models import AnnouncedReply, Response
from hub.upkeep import questions


class Closed(StrEnum):
    """Why a link opens nothing. `unknown`: it never existed, or was tampered with.

    `handed_on`: whoever it went to has left, and somebody else at the office has got another one. `over`: the sender
    has closed the matter.
    """

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    HANDED_ON = "handed_on"
    OVER = "over"


class NotAnswerable(StrEnum):
    """Why a letter whose link opens cannot be answered by it now."""

    NOT_SENT = "not_sent"
    UNDER_REVIEW = "under_review"
    OVER = "over"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class OpenLink:
    """A link that may be used: `channel` and `dispatch_id` say on which track it travelled, with which letter."""

    forwarding: Forwarding
    channel: ProofChannel
    dispatch_id: int
    letter_id: int | None


def open_link(token: str) -> OpenLink | Closed:
    """The letter behind a token, or why it does not open. Email and slip tokens differ in purpose, not in shape."""
    email = mail.by_link_token(token)
    channel = ProofChannel.LINK if email else ProofChannel.SLIP
    dispatch = email or post.by_link_token(token)
    forwarding = forwardings.by_stream(dispatch.about) if dispatch else None
    if dispatch is None or forwarding is None or forwarding.recipient_id != dispatch.institution_id:
        return Closed.UNKNOWN  # only what went to the recipient proves that the recipient has it
    state = Closed.REVOKED if forwarding.stage is Stage.WITHDRAWN else dispatch.link_state
    if forwarding.stage in ENDED_BY_REVIEW:
        return Closed.OVER
    if email and state.value == "revoked" and forwarding.stage in OPEN_STAGES:
        return Closed.HANDED_ON
    if state.value != "good":
        return Closed(state.value)
    return OpenLink(forwarding, channel, dispatch.id, dispatch.letter_id)


def to_confirm(link: OpenLink) -> Letter | None:
    """The letter whose receipt is asked for: the first, or a second request that came with this very link."""
    forwarding = link.forwarding
    is_proven = receipt.is_proven_by(forwarding, link.channel, link.dispatch_id)
    later = None if is_proven else second_request.awaited(forwarding, link.letter_id)
    return later or (None if receipt.first_confirmation(forwarding) else forwarding.letter)


def confirmation(link: OpenLink) -> Proof | None:
    """Who confirmed: by this very link, where it came with a later letter; else whoever was first."""
    is_first = link.letter_id == link.forwarding.letter_id
    own = None if is_first else receipt.standing_proof(link.forwarding, link.channel, link.dispatch_id)
    return own or receipt.first_confirmation(link.forwarding)


def office_of(token: str) -> str:
    """The office that the mail with this link went to; "" for any other token."""
    dispatch = mail.by_link_token(token)
    office = db.session.get(Institution, dispatch.institution_id) if dispatch and dispatch.institution_id else None
    return office.name if office else ""


def not_answerable(forwarding: Forwarding) -> NotAnswerable | None:
    """Why no answer can be given by a link now; None when one can."""
    if forwarding.stage is Stage.ANSWERED:
        return NotAnswerable.UNDER_REVIEW
    if not is_possible(forwarding.stage, Happening.ANSWERED):
        return NotAnswerable.NOT_SENT if forwarding.stage in OPEN_STAGES else NotAnswerable.OVER
    since = clock.now() - timedelta(days=1)
    lately = [one for one in _by_link(forwarding) if one.arrived_at > since]
    return NotAnswerable.TOO_MANY if len(lately) >= ANSWERS_A_DAY else None


def is_first_sign(link: OpenLink) -> bool:
    """Nobody has confirmed or answered by this link, or by another one of the letter, before."""
    forwarding = link.forwarding
    return not receipt.is_proven_by(forwarding, link.channel, link.dispatch_id) and not _by_link(forwarding)


def last_answer(forwarding: Forwarding) -> Response | None:
    """The newest answer that is here, however it came."""
    return next(iter(responses.of(forwarding)), None)


def is_here(forwarding: Forwarding, request_key: str | None) -> bool:
    """The answer of this very form has arrived."""
    return any(one.request_key == request_key for one in _by_link(forwarding))


def _by_link(forwarding: Forwarding) -> list[Response]:
    return [one for one in responses.of(forwarding) if one.channel in BY_LINK]


def answer_due(forwarding: Forwarding) -> date | None:
    """The date the answer is due, None when none is owed (any more) or it stands still."""
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    return running.due_on if running and not running.paused_since else None


@dataclass(frozen=True)
class UnderWay:
    """Answers that are awaited. `is_missing`: the first should be here; `is_late`: the date of the answer has passed.

    `may_tell`: an answer that has left can be told of.
    """

    awaited: list[AnnouncedReply]
    is_missing: bool
    is_late: bool
    may_tell: bool


def under_way(forwarding: Forwarding) -> UnderWay:
    """What the page of a letter says of answers that have left."""
    today = clock.today(forwarding.recipient.zone)
    arrives = deadlines.find_running(forwarding, ClockKey.REPLY_ARRIVES)
    due = answer_due(forwarding)
    return UnderWay(
        awaited=responses.awaited(forwarding) if arrives else [],
        is_missing=arrives is not None and today > arrives.due_on,
        is_late=due is not None and today > due,
        may_tell=is_possible(forwarding.stage, Happening.ANSWERED),
    )


@dataclass(frozen=True)
class OpenQuestion:
    """A reach check that may be answered, and the networks it is about."""

    check: ReachCheck
    networks: list[Network]
    dispatch_id: int


def open_question(token: str) -> OpenQuestion | Closed:
    """The reach check behind a token, or why it does not open."""
    dispatch = mail.by_link_token(token)
    if dispatch is None or dispatch.purpose is not EmailPurpose.REACH_CHECK:
        return Closed.UNKNOWN
    check = db.session.get(ReachCheck, int(dispatch.about.partition(":")[2]))
    if check is None:
        return Closed.UNKNOWN
    if dispatch.link_state.value != "good":
        return Closed(dispatch.link_state.value)
    day = clock.today(check.appointment.institution.zone)
    if not check.decided_at and _is_followed(check.appointment, day):
        return Closed.REVOKED
    return OpenQuestion(check, questions.networks_of(check.appointment, day), dispatch.id)


def _is_followed(asked: Appointment, day: date) -> bool:
    """Somebody else is PIC there by now, so whoever was asked does not speak for the office any more."""
    present = [one for one in directory.appointments_of(asked.institution) if one.role is AppointmentRole.PIC]
    holders = {one.network: one.person_id for one in present if one.is_in_force(day)}
    return asked.network in holders and asked.person_id not in holders.values()
