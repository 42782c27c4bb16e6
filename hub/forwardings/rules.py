"""The life of a forwarding: stages, the facts and decisions that move it, and their fold. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from hub.complaints.rules import Classification
from hub.routing.rules import Purpose

SHORTEST_OVERRIDE, LONGEST_OVERRIDE = 20, 500
"""Characters of the reason for sending a complaint to who would judge in its own case: a sentence, not a word."""


class ResponseClass(StrEnum):
    """Tiers of PermenPANRB 62/2018: information 5, ordinary 14, supervisory (berkadar pengawasan) 60 working days."""

    INFORMATION = "information"
    ORDINARY = "ordinary"
    SUPERVISORY = "supervisory"


class ClockKey(StrEnum):
    """Clocks that run on a forwarding; rows of the same key are in the clock table."""

    SIGN = "sign"
    DISPATCH_MAIL = "dispatch_mail"
    DISPATCH_POST = "dispatch_post"
    ACKNOWLEDGE = "acknowledge"
    RESPONSE_INFORMATION = "response_information"
    RESPONSE_ORDINARY = "response_ordinary"
    RESPONSE_SUPERVISORY = "response_supervisory"
    OMBUDSMAN_FIRST_REQUEST = "ombudsman_first_request"
    OMBUDSMAN_SECOND_REQUEST = "ombudsman_second_request"
    REVIEW = "review"
    REPLY_ARRIVES = "reply_arrives"


DISPATCH_CLOCKS = frozenset({ClockKey.DISPATCH_MAIL, ClockKey.DISPATCH_POST})
CLOCKS_OF_THE_SENDER = DISPATCH_CLOCKS | {ClockKey.SIGN, ClockKey.REVIEW, ClockKey.REPLY_ARRIVES}
RESPONSE_CLOCKS = frozenset(
    {
        ClockKey.RESPONSE_INFORMATION,
        ClockKey.RESPONSE_ORDINARY,
        ClockKey.RESPONSE_SUPERVISORY,
        ClockKey.OMBUDSMAN_FIRST_REQUEST,
        ClockKey.OMBUDSMAN_SECOND_REQUEST,
    }
)
"""One of these runs at a time: until when the answer is due."""


def response_clock(purpose: Purpose, response_class: ResponseClass) -> ClockKey:
    """The clock that limits the answer: art. 33 for a clarification, else the tier of the complaint."""
    if purpose is Purpose.CLARIFICATION:
        return ClockKey.OMBUDSMAN_FIRST_REQUEST
    return ClockKey(f"response_{response_class}")


def proposed_class(classification: Classification, is_supervisory: bool) -> ResponseClass:
    """The class most complaints of this kind need: supervisory content outranks the kind."""
    if is_supervisory:
        return ResponseClass.SUPERVISORY
    asks = classification is Classification.INFORMATION
    return ResponseClass.INFORMATION if asks else ResponseClass.ORDINARY


class ProofChannel(StrEnum):
    """How we know that the letter was received. All but the post are also acknowledgements.

    `paper`: a letter from the recipient, or the slip filled in by hand. `desk`: somebody there told the sender so, by
    phone or in person.
    """

    LINK = "link"
    SLIP = "slip"
    SIGN_IN = "sign_in"
    ANSWER = "answer"
    REPLY = "reply"
    PAPER = "paper"
    DESK = "desk"
    POST = "post"


BY_LINK = frozenset({ProofChannel.LINK, ProofChannel.SLIP})
"""Channels of who opened the link of a mail or slip and did not sign in."""
ENTERED_HERE = frozenset({ProofChannel.POST, ProofChannel.PAPER, ProofChannel.DESK})
"""Channels that the sender's own people enter, and can take back when it was a mistake."""
ANSWERED_IN_PERSON = BY_LINK | {ProofChannel.SIGN_IN}
"""Channels by which an answer is given to the hub itself, and is a proof of receipt of its own."""


class Stage(StrEnum):
    DRAFT = "draft"
    AWAITING_SIGNATURE = "awaiting_signature"
    READY = "ready"
    SENT = "sent"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


OPEN_STAGES = (
    Stage.DRAFT,
    Stage.AWAITING_SIGNATURE,
    Stage.READY,
    Stage.SENT,
    Stage.RECEIVED,
    Stage.ACKNOWLEDGED,
    Stage.ANSWERED,
)
"""Someone still owes something."""
AWAITING_ACKNOWLEDGEMENT = (Stage.SENT, Stage.RECEIVED)
"""The letter has left, and nobody at the recipient has confirmed it."""


PASSED_BY = (Stage.WITHDRAWN, Stage.DECLINED)
"""Nobody answers here, and nobody did: the complaint needs another way."""


class Happening(StrEnum):
    """What can happen to a forwarding, in the past tense; the kinds of its events."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted_for_signature"
    RETURNED = "letter_returned_to_draft"
    SIGNED = "letter_signed"
    VOIDED = "letter_voided"
    RESENT = "letter_sent_again"
    DISPATCHED = "dispatched"
    NOT_SENT = "email_not_delivered"
    DELIVERED = "delivered_by_post"
    SECOND_REQUEST_RECEIVED = "second_request_received"
    RETURNED_BY_POST = "returned_by_post"
    PRESUMED_LOST = "presumed_lost_by_post"
    ACKNOWLEDGED = "acknowledged"
    INTERIM_RECEIVED = "interim_response_received"
    ANSWERED = "final_response_received"
    FOUND_INCOMPLETE = "response_found_incomplete"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    NUDGED = "nudged_before_the_date"
    REMINDED = "reminded"
    URGED = "follow_up_letter_signed"
    HANDED_ON = "handed_on_to_new_pic"
    REPLIED = "reply_mail_filed"
    AWAY = "pic_found_away"
    PROOF_WITHDRAWN = "proof_withdrawn"
    REPLY_ANNOUNCED = "reply_announced"
    REPLY_GIVEN_UP = "announced_reply_not_found"
    DECLINED = "decline_accepted"
    REOPENED = "reopened"
    EXTENDED = "date_extended"
    DISCUSSED = "message_written"
    PAUSED = "date_paused"
    RESUMED = "date_runs_again"
    FORWARDED_ON = "forwarded_on"
    DUE_MOVED = "due_date_moved"
    STEP_DUE = "ladder_step_due"
    CALLED = "recipient_called"
    RECORD_DUE = "record_of_not_answering_due"
    LAPSED = "recorded_as_not_answering"


DECISIONS = frozenset(
    {
        Happening.DRAFTED,
        Happening.SUBMITTED,
        Happening.RETURNED,
        Happening.SIGNED,
        Happening.VOIDED,
        Happening.RESENT,
        Happening.FOUND_INCOMPLETE,
        Happening.CLOSED,
        Happening.WITHDRAWN,
        Happening.DECLINED,
        Happening.REOPENED,
        Happening.EXTENDED,
        Happening.REPLY_GIVEN_UP,
        Happening.FORWARDED_ON,
    }
)
"""Acts of the sender. One that does not fit the stage is refused; a fact from outside is kept and changes nothing."""

ENDS = frozenset({Happening.CLOSED, Happening.DECLINED, Happening.WITHDRAWN, Happening.LAPSED})
"""After these no date runs any more."""
NEW_DATES = frozenset({Happening.FOUND_INCOMPLETE, Happening.EXTENDED, Happening.REPLY_GIVEN_UP, Happening.REOPENED})
"""Decisions by which the recipient gets another date for the answer, whatever becomes of the proof of receipt."""
OWING_AN_ANSWER = (Stage.RECEIVED, Stage.ACKNOWLEDGED)
ENDED_BY_REVIEW = (Stage.CLOSED, Stage.DECLINED)
"""The sender has looked at the final answer, and nobody owes anything."""
_WITHDRAWABLE = tuple(stage for stage in OPEN_STAGES if stage is not Stage.ANSWERED)
_BEFORE_RECEIPT = (Stage.READY, Stage.SENT)
_BEFORE_ACKNOWLEDGEMENT = (*_BEFORE_RECEIPT, Stage.RECEIVED)
_BEFORE_ANSWER = (*_BEFORE_ACKNOWLEDGEMENT, Stage.ACKNOWLEDGED, Stage.LAPSED)

TRANSITIONS: dict[tuple[Stage, Happening], Stage] = {
    (Stage.DRAFT, Happening.DRAFTED): Stage.DRAFT,
    (Stage.DRAFT, Happening.SUBMITTED): Stage.AWAITING_SIGNATURE,
    (Stage.AWAITING_SIGNATURE, Happening.RETURNED): Stage.DRAFT,
    (Stage.AWAITING_SIGNATURE, Happening.SIGNED): Stage.READY,
    (Stage.AWAITING_SIGNATURE, Happening.VOIDED): Stage.DRAFT,
    (Stage.READY, Happening.VOIDED): Stage.DRAFT,
    (Stage.READY, Happening.DISPATCHED): Stage.SENT,
    **{(stage, Happening.RESENT): stage for stage in _BEFORE_RECEIPT},
    **{(stage, Happening.DELIVERED): Stage.RECEIVED for stage in _BEFORE_RECEIPT},
    **{(stage, Happening.ACKNOWLEDGED): Stage.ACKNOWLEDGED for stage in _BEFORE_ACKNOWLEDGEMENT},
    **{(stage, Happening.REPLIED): Stage.ACKNOWLEDGED for stage in _BEFORE_ACKNOWLEDGEMENT},
    **{(stage, Happening.INTERIM_RECEIVED): Stage.ACKNOWLEDGED for stage in _BEFORE_ACKNOWLEDGEMENT},
    **{(stage, Happening.REPLY_ANNOUNCED): Stage.ACKNOWLEDGED for stage in _BEFORE_ACKNOWLEDGEMENT},
    **{(stage, Happening.ANSWERED): Stage.ANSWERED for stage in _BEFORE_ANSWER},
    (Stage.ANSWERED, Happening.FOUND_INCOMPLETE): Stage.ACKNOWLEDGED,
    (Stage.ANSWERED, Happening.CLOSED): Stage.CLOSED,
    (Stage.ANSWERED, Happening.DECLINED): Stage.DECLINED,
    **{(stage, Happening.REOPENED): Stage.ACKNOWLEDGED for stage in (*ENDED_BY_REVIEW, Stage.LAPSED)},
    **{(stage, Happening.LAPSED): Stage.LAPSED for stage in OWING_AN_ANSWER},
    (Stage.LAPSED, Happening.REPLY_ANNOUNCED): Stage.ACKNOWLEDGED,
    **{(stage, Happening.EXTENDED): stage for stage in OWING_AN_ANSWER},
    **{(stage, Happening.REPLY_GIVEN_UP): stage for stage in OWING_AN_ANSWER},
    **{(stage, Happening.FORWARDED_ON): stage for stage in OWING_AN_ANSWER},
    **{(stage, Happening.WITHDRAWN): Stage.WITHDRAWN for stage in _WITHDRAWABLE},
}


class NotNow(ValueError):
    """A decision that does not fit the stage the forwarding is in."""

    def __init__(self, stage: Stage, happening: Happening) -> None:
        super().__init__(f"{happening} is not possible at stage {stage}")
        self.stage, self.happening = stage, happening


def next_stage(stage: Stage, happening: Happening) -> Stage:
    """Where `happening` leads. A fact that arrives late or twice leaves the stage as it is.

    Raises NotNow for a decision that does not fit.
    """
    if (stage, happening) in TRANSITIONS:
        return TRANSITIONS[stage, happening]
    if happening in DECISIONS:
        raise NotNow(stage, happening)
    return stage


def fold(happenings: Iterable[Happening]) -> Stage:
    """The stage that a whole history leads to."""
    stage = Stage.DRAFT
    for happening in happenings:
        stage = next_stage(stage, happening)
    return stage


_EVIDENCE = ("proof", "response", "announcement")
"""Details of an event by which it rests on something that can turn out to be a mistake."""


History = Sequence[tuple[Happening, Mapping[str, Any]]]
"""What happened, each with its details, in the order in which it was learnt."""


def standing(history: Iterable[tuple[Happening, Mapping[str, Any]]]) -> list[Happening]:
    """What of a history still counts."""
    told = list(history)
    return [happening for (happening, _), stands in zip(told, which_stand(told), strict=True) if stands]


def which_stand(history: History) -> list[bool]:
    """False for all that rests on a proof, answer or announcement withdrawn later: it is as if it had never been."""
    withdrawn = {
        one for happening, details in history if happening is Happening.PROOF_WITHDRAWN for one in _rests_on(details)
    }
    return [not withdrawn.intersection(_rests_on(details)) for _, details in history]


def decision_on(evidence: Mapping[str, Any], history: History) -> Happening | None:
    """A decision of the sender that names this very proof, answer or announcement as its ground."""
    named = set(_rests_on(evidence))
    grounds = (one for one, details in history if one in DECISIONS and named.intersection(_rests_on(details)))
    return next(grounds, None)


def _rests_on(details: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(name, details[name]) for name in _EVIDENCE if details.get(name)]


def is_possible(stage: Stage, decision: Happening) -> bool:
    """True when the sender may take `decision` now; buttons are shown by this."""
    return (stage, decision) in TRANSITIONS
