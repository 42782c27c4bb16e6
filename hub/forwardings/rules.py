"""The life of a forwarding: stages, the facts and decisions that move it, and their fold. Pure."""

from collections.abc import Iterable
from enum import StrEnum


class Purpose(StrEnum):
    HANDLING = "handling"
    CLARIFICATION = "clarification"


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
    REVIEW = "review"


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


class Happening(StrEnum):
    """What can happen to a forwarding, in the past tense; the kinds of its events."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted_for_signature"
    RETURNED = "letter_returned_to_draft"
    SIGNED = "letter_signed"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered_by_post"
    RETURNED_BY_POST = "returned_by_post"
    ACKNOWLEDGED = "acknowledged"
    INTERIM_RECEIVED = "interim_response_received"
    ANSWERED = "final_response_received"
    FOUND_INCOMPLETE = "response_found_incomplete"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REMINDED = "reminded"
    NOT_SENT = "email_not_delivered"


DECISIONS = frozenset(
    {
        Happening.SUBMITTED,
        Happening.RETURNED,
        Happening.SIGNED,
        Happening.FOUND_INCOMPLETE,
        Happening.CLOSED,
        Happening.WITHDRAWN,
    }
)
"""Acts of the sender. One that does not fit the stage is refused; a fact from outside is kept and changes nothing."""

_WITHDRAWABLE = OPEN_STAGES[:-1]
_NOT_YET_RECEIVED = (Stage.READY, Stage.SENT)
_NOT_YET_ACKNOWLEDGED = (*_NOT_YET_RECEIVED, Stage.RECEIVED)

TRANSITIONS: dict[tuple[Stage, Happening], Stage] = {
    (Stage.DRAFT, Happening.SUBMITTED): Stage.AWAITING_SIGNATURE,
    (Stage.AWAITING_SIGNATURE, Happening.RETURNED): Stage.DRAFT,
    (Stage.AWAITING_SIGNATURE, Happening.SIGNED): Stage.READY,
    (Stage.READY, Happening.DISPATCHED): Stage.SENT,
    **{(stage, Happening.DELIVERED): Stage.RECEIVED for stage in _NOT_YET_RECEIVED},
    **{(stage, Happening.ACKNOWLEDGED): Stage.ACKNOWLEDGED for stage in _NOT_YET_ACKNOWLEDGED},
    **{(stage, Happening.ANSWERED): Stage.ANSWERED for stage in (*_NOT_YET_ACKNOWLEDGED, Stage.ACKNOWLEDGED)},
    (Stage.LAPSED, Happening.ANSWERED): Stage.ANSWERED,
    (Stage.ANSWERED, Happening.FOUND_INCOMPLETE): Stage.ACKNOWLEDGED,
    (Stage.ANSWERED, Happening.CLOSED): Stage.CLOSED,
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
