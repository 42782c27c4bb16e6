"""What can be done about each grade, the gentlest first: the page of a forwarding offers it as buttons. Pure."""

from collections.abc import Collection
from enum import StrEnum

from hub.silence.rules import Grade


class Remedy(StrEnum):
    CALL = "call"
    RESEND = "resend"
    BY_POST = "by_post"
    REMIND = "remind"
    SECOND_REQUEST = "second_request"
    TO_HEAD = "to_head"
    ESCALATE = "escalate"
    ASK = "ask"
    SIGN = "sign"
    PRINT = "print"
    SEE_MAIL = "see_mail"
    TRACE = "trace"
    REVIEW = "review"


_LETTERS = (Remedy.REMIND, Remedy.SECOND_REQUEST, Remedy.TO_HEAD)

REMEDIES: dict[Grade, tuple[Remedy, ...]] = {
    Grade.NOT_DISPATCHED: (Remedy.SIGN, Remedy.PRINT, Remedy.SEE_MAIL),
    Grade.UNDELIVERED: (Remedy.RESEND, Remedy.BY_POST, Remedy.CALL),
    Grade.RECEIPT_UNPROVEN: (Remedy.CALL, Remedy.BY_POST, Remedy.RESEND, Remedy.REMIND),
    Grade.UNACKNOWLEDGED: (Remedy.CALL, Remedy.REMIND, Remedy.TO_HEAD),
    Grade.UNANSWERED: (Remedy.CALL, *_LETTERS, Remedy.ESCALATE),
    Grade.INTERIM_ONLY: (Remedy.CALL, Remedy.ASK, *_LETTERS, Remedy.ESCALATE),
    Grade.REPLY_MISSING: (Remedy.TRACE, Remedy.CALL),
    Grade.REVIEW_DUE: (Remedy.REVIEW,),
}
"""DESIGN, grades: no letter goes higher than its ladder. Before receipt is proven nobody's superior learns of it."""


_SAID_NOT_TO_BE_THERE = (Remedy.RESEND, Remedy.BY_POST)


def offered(grade: Grade | None, possible: Collection[Remedy], is_missed: bool = False) -> tuple[Remedy, ...]:
    """Of what helps against `grade`, all that is `possible` now, in the order of the table.

    `is_missed`: they say that the letter is not there, so sending it again comes first, also while no date has passed.
    """
    wanted = (*(_SAID_NOT_TO_BE_THERE if is_missed else ()), *(REMEDIES[grade] if grade else ()))
    return tuple(one for one in dict.fromkeys(wanted) if one in possible)
