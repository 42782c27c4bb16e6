"""Whose turn it is, and why; what to do next follows from it alone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hub.forwardings.rules import DISPATCH_CLOCKS, RESPONSE_CLOCKS, ClockKey, Stage


class Grade(StrEnum):
    NOT_DISPATCHED = "not_dispatched"
    UNDELIVERED = "undelivered"
    RECEIPT_UNPROVEN = "receipt_unproven"
    UNACKNOWLEDGED = "unacknowledged"
    UNANSWERED = "unanswered"
    INTERIM_ONLY = "interim_only"
    REPLY_MISSING = "reply_missing"
    REVIEW_DUE = "review_due"


class Turn(StrEnum):
    SENDER = "sender"
    RECIPIENT = "recipient"
    NOBODY = "nobody"


class Cause(StrEnum):
    """Why a recipient is silent, as far as the hub can tell."""

    NO_PIC = "no_pic"
    ADDRESS_DEAD = "address_dead"
    AWAY = "away"
    QUIET = "quiet"


@dataclass(frozen=True)
class Facts:
    """What is known of one forwarding. `due` holds the running clocks; a due date still ahead accuses nobody.

    `has_reply_to_read`: somebody answered by mail, and the sender has not said yet what that is. Once the date has
    passed this holds for one such mail: after it was found to be no answer, further ones excuse nobody.
    `is_paused`: the date of the answer stands still, because the recipient waits for something from the sender.
    `last_news`: when the stage last changed, or a mail or envelope met its end, whichever was later.
    """

    stage: Stage
    last_news: date
    due: Mapping[ClockKey, date]
    was_attempted: bool = False
    has_live_track: bool = True
    has_interim: bool = False
    has_reply_to_read: bool = False
    is_paused: bool = False


@dataclass(frozen=True)
class Verdict:
    """`grade` is None while all is in time. `since` is the first day on which the grade held."""

    turn: Turn
    grade: Grade | None = None
    since: date | None = None
    clock: ClockKey | None = None


_SENDERS_TURN = (Stage.DRAFT, Stage.AWAITING_SIGNATURE, Stage.READY, Stage.ANSWERED)
_RECIPIENTS_TURN = (Stage.SENT, Stage.RECEIVED, Stage.ACKNOWLEDGED)

_ACKNOWLEDGE = frozenset({ClockKey.ACKNOWLEDGE})

OWED: dict[Stage, tuple[tuple[frozenset[ClockKey], Grade], ...]] = {
    Stage.AWAITING_SIGNATURE: ((frozenset({ClockKey.SIGN}), Grade.NOT_DISPATCHED),),
    Stage.READY: ((DISPATCH_CLOCKS, Grade.NOT_DISPATCHED),),
    Stage.SENT: ((_ACKNOWLEDGE, Grade.RECEIPT_UNPROVEN),),
    Stage.RECEIVED: ((RESPONSE_CLOCKS, Grade.UNANSWERED), (_ACKNOWLEDGE, Grade.UNACKNOWLEDGED)),
    Stage.ACKNOWLEDGED: ((RESPONSE_CLOCKS, Grade.UNANSWERED),),
    Stage.ANSWERED: ((frozenset({ClockKey.REVIEW}), Grade.REVIEW_DUE),),
}
"""Which clocks are awaited at each stage, and the grade once one of them has passed; the gravest first."""


def judge(facts: Facts, today: date) -> Verdict:
    """Grade of a forwarding on `today`, a date in the recipient's zone."""
    if facts.stage in (Stage.READY, Stage.SENT) and facts.was_attempted and not facts.has_live_track:
        return Verdict(Turn.SENDER, Grade.UNDELIVERED, facts.last_news)
    if facts.stage in _RECIPIENTS_TURN:
        if facts.has_reply_to_read and ClockKey.REVIEW in facts.due:
            return _of_an_answer(ClockKey.REVIEW, Grade.REVIEW_DUE, facts, today)
        if ClockKey.REPLY_ARRIVES in facts.due:
            return _of_an_answer(ClockKey.REPLY_ARRIVES, Grade.REPLY_MISSING, facts, today)
        if facts.is_paused:
            return Verdict(Turn.SENDER)
    for keys, late in OWED.get(facts.stage, ()):
        passed = [(due_on, key) for key, due_on in facts.due.items() if key in keys and today > due_on]
        if passed:
            due_on, key = min(passed)
            grade = Grade.INTERIM_ONLY if late is Grade.UNANSWERED and facts.has_interim else late
            return Verdict(_turn_of(grade), grade, due_on + timedelta(days=1), key)
    return Verdict(turn(facts.stage))


def _of_an_answer(key: ClockKey, late: Grade, facts: Facts, today: date) -> Verdict:
    """Whoever answered, or says that an answer is on its way, is not silent: it is for the sender to look for it."""
    due_on = facts.due[key]
    if today <= due_on:
        return Verdict(Turn.SENDER)
    return Verdict(Turn.SENDER, late, due_on + timedelta(days=1), key)


def turn(stage: Stage) -> Turn:
    """Who has to act while everything is in time."""
    if stage in _SENDERS_TURN:
        return Turn.SENDER
    return Turn.RECIPIENT if stage in _RECIPIENTS_TURN else Turn.NOBODY


_GRADES_OF_THE_RECIPIENT = (Grade.UNACKNOWLEDGED, Grade.UNANSWERED, Grade.INTERIM_ONLY)
ACCUSING_GRADES = (Grade.UNACKNOWLEDGED, Grade.UNANSWERED)
"""Grades that, after the second reminder, make an institution a silent one. Each needs a proof of receipt."""


def _turn_of(grade: Grade) -> Turn:
    return Turn.RECIPIENT if grade in _GRADES_OF_THE_RECIPIENT else Turn.SENDER


def is_silent(grade: Grade | None, was_reminded_twice: bool) -> bool:
    """True when the recipient has the letter, owes an answer or acknowledgement, and was reminded twice."""
    return grade in ACCUSING_GRADES and was_reminded_twice


def likely_cause(has_pic: bool, has_address: bool, is_away: bool = False) -> Cause:
    """What a sender should look at first."""
    if not has_address:
        return Cause.ADDRESS_DEAD
    if is_away:
        return Cause.AWAY
    return Cause.QUIET if has_pic else Cause.NO_PIC
