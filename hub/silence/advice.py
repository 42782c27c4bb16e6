"""What a person does now about a letter that is late: said once, and nothing that was done already. Pure."""

from collections.abc import Collection
from enum import StrEnum

from hub.forwardings.rules import ClockKey
from hub.routing.rules import Purpose
from hub.silence.ladder import Step
from hub.silence.rules import Cause, Grade, Turn, Verdict


class Advice(StrEnum):
    APPOINT = "appoint"
    MEND_ADDRESS = "mend_address"
    WRITE_TO_DEPUTY = "write_to_deputy"
    CALL_MEANWHILE = "call_meanwhile"
    SECOND_REQUEST = "second_request"
    TO_HEAD = "to_head"
    SUPERVISOR = "supervisor"
    CALL = "call"


_MENDING = {
    Cause.NO_PIC: Advice.APPOINT,
    Cause.ADDRESS_DEAD: Advice.MEND_ADDRESS,
    Cause.AWAY: Advice.WRITE_TO_DEPUTY,
}
_LETTERS = {
    Step.SECOND_REQUEST: Advice.SECOND_REQUEST,
    Step.TO_HEAD: Advice.TO_HEAD,
    Step.ESCALATION: Advice.SUPERVISOR,
}


def accuses(verdict: Verdict) -> bool:
    """True when the recipient has the letter and owes what is past its date: then alone anybody is called late."""
    return verdict.grade is not None and verdict.turn is Turn.RECIPIENT


def mending(cause: Cause) -> Advice | None:
    """What makes the institution reachable; None where it is."""
    return _MENDING.get(cause)


def about(cause: Cause, verdict: Verdict, purpose: Purpose, taken: Collection[Step]) -> Advice | None:
    """`taken`: steps of the ladder so far. None where the words of the grade say it all."""
    if verdict.grade is Grade.UNDELIVERED and cause is Cause.ADDRESS_DEAD:
        return None
    return mending(cause) or (asking(verdict, purpose, taken) if accuses(verdict) else None)


def asking(verdict: Verdict, purpose: Purpose, taken: Collection[Step]) -> Advice:
    """How to ask an institution that can be reached: a call, and the next letter that was not written yet."""
    letters = _letters(verdict, purpose)
    is_reminded_still = Step.SECOND_REMINDER not in taken and not any(step in taken for step in letters)
    if letters and is_reminded_still:
        return Advice.CALL_MEANWHILE
    return next((_LETTERS[step] for step in letters if step not in taken), Advice.CALL)


def _letters(verdict: Verdict, purpose: Purpose) -> tuple[Step, ...]:
    """The mildest first. Of a clarification, nobody asks a third time (UU 37/2008 art. 33)."""
    if verdict.grade is Grade.UNACKNOWLEDGED:
        return (Step.TO_HEAD,)
    if purpose is Purpose.CLARIFICATION:
        return () if verdict.clock is ClockKey.OMBUDSMAN_SECOND_REQUEST else (Step.SECOND_REQUEST,)
    return (Step.TO_HEAD, Step.ESCALATION)
