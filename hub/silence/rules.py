"""Whose turn it is, and why; what to do next follows from it alone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hub.forwardings.rules import DISPATCH_CLOCKS, RESPONSE_CLOCKS, ClockKey, Stage
from hub.workdays.rules import Calendar, add_working_days


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

    `has_reply_to_read`: somebody answered by mail, and the sender has not said yet what that is. `has_unread_mail`: the
    recipient wrote, or may have written, something that nobody here has read yet, about whichever letter.
    `resume_by`: the date of the answer stands still, because the recipient waits for something from the sender, which
    has until that day to give it (`latest_resumption`).
    `last_news`: when the stage last changed, or a mail or envelope met its end, whichever was later.
    """

    stage: Stage
    last_news: date
    due: Mapping[ClockKey, date]
    was_attempted: bool = False
    has_live_track: bool = True
    has_interim: bool = False
    has_reply_to_read: bool = False
    has_unread_mail: bool = False
    resume_by: date | None = None

    @property
    def is_paused(self) -> bool:
        return self.resume_by is not None


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
    Stage.SENT: ((_ACKNOWLEDGE, Grade.RECEIPT_UNPROVEN), (DISPATCH_CLOCKS, Grade.NOT_DISPATCHED)),
    Stage.RECEIVED: ((RESPONSE_CLOCKS, Grade.UNANSWERED), (_ACKNOWLEDGE, Grade.UNACKNOWLEDGED)),
    Stage.ACKNOWLEDGED: ((RESPONSE_CLOCKS, Grade.UNANSWERED),),
    Stage.ANSWERED: ((frozenset({ClockKey.REVIEW}), Grade.REVIEW_DUE),),
}
"""Which clocks are awaited at each stage, and the grade once one of them has passed; the gravest first."""


LONGEST_PAUSE = 5
"""Working days of the sender's office: a date that stands still has no other watcher, and a review takes no longer."""


def latest_resumption(since: date, calendar: Calendar) -> date:
    """The last day on which a pause that began on `since` is in time. `calendar`: that of the sender's office."""
    return add_working_days(since, LONGEST_PAUSE, calendar)


def judge(facts: Facts, today: date) -> Verdict:
    """Grade of a forwarding on `today`, a date in the recipient's zone."""
    if facts.stage in (Stage.READY, Stage.SENT) and facts.was_attempted and not facts.has_live_track:
        return Verdict(Turn.SENDER, Grade.UNDELIVERED, facts.last_news)
    if facts.stage in _RECIPIENTS_TURN:
        if waits_here := _waits_too_long(facts, today):
            return waits_here
        if ClockKey.REPLY_ARRIVES in facts.due:
            is_late = today > facts.due[ClockKey.REPLY_ARRIVES]
            return _late(ClockKey.REPLY_ARRIVES, Grade.REPLY_MISSING, facts) if is_late else Verdict(Turn.SENDER)
        if facts.is_paused:
            return Verdict(Turn.SENDER)
    for keys, late in OWED.get(facts.stage, ()):
        if passed := _passed(keys, facts, today):
            grade = Grade.INTERIM_ONLY if late is Grade.UNANSWERED and facts.has_interim else late
            return _late(passed, grade, facts)
    is_to_read = facts.has_reply_to_read and facts.stage in _RECIPIENTS_TURN
    return Verdict(Turn.SENDER if is_to_read else turn(facts.stage))


def _waits_too_long(facts: Facts, today: date) -> Verdict | None:
    """A mail that nobody here has read, or what the recipient waits for while its date stands still: the older one."""
    passed = _passed(_unread_beyond(facts), facts, today)
    found = [_late(passed, Grade.REVIEW_DUE, facts)] if passed else []
    is_awaited = ClockKey.REPLY_ARRIVES in facts.due
    if facts.resume_by and today > facts.resume_by and not is_awaited:
        found.append(Verdict(Turn.SENDER, Grade.REVIEW_DUE, facts.resume_by + timedelta(days=1)))
    return min(found, key=lambda one: one.since or today, default=None)


def _unread_beyond(facts: Facts) -> frozenset[ClockKey]:
    """Dates by which a mail that lies here has to be read: that of the review, and those of whoever may have written.

    Nobody is accused of missing these before somebody has looked. While they stand still, or an answer is on its way,
    they are none.
    """
    keys = frozenset({ClockKey.REVIEW}) if facts.has_reply_to_read else frozenset()
    stands_still = facts.is_paused or ClockKey.REPLY_ARRIVES in facts.due
    if stands_still or not (facts.has_reply_to_read or facts.has_unread_mail):
        return keys
    return keys.union(*(owed for owed, late in OWED[facts.stage] if late in ACCUSING_GRADES))


def _passed(keys: frozenset[ClockKey], facts: Facts, today: date) -> ClockKey | None:
    """Of these the clock whose date passed first."""
    passed = [(due_on, key) for key, due_on in facts.due.items() if key in keys and today > due_on]
    return min(passed)[1] if passed else None


def _late(key: ClockKey, grade: Grade, facts: Facts) -> Verdict:
    """The date of `key` has passed."""
    return Verdict(_turn_of(grade), grade, facts.due[key] + timedelta(days=1), key)


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
    """What a sender should look at first. Without a PIC there may never have been an address that died."""
    if not has_pic:
        return Cause.NO_PIC
    if not has_address:
        return Cause.ADDRESS_DEAD
    return Cause.AWAY if is_away else Cause.QUIET
