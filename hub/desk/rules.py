"""What a forwarding asks of the person who looks at it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from hub.forwardings.chain.rules import is_stranded
from hub.forwardings.rules import AWAITING_ACKNOWLEDGEMENT, Stage
from hub.silence.rules import Grade


class Task(StrEnum):
    """Something that needs this person now, in the order in which the work list shows it."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    SIGN = "sign"
    REPAIR = "repair"
    DECIDE_EXTENSION = "decide_extension"
    READ_REPLY = "read_reply"
    SORT_MAIL = "sort_mail"
    REVIEW = "review"
    TRACE = "trace"
    RECORD = "record"
    CALL = "call"
    DISPATCH = "dispatch"
    FINISH_DRAFT = "finish_draft"
    ANSWER_QUESTION = "answer_question"
    RESUME = "resume"
    TAKE_BACK = "take_back"


@dataclass(frozen=True)
class Hat:
    """What the person is in this forwarding, and may do there."""

    is_recipient: bool
    is_sender: bool
    may_sign: bool = False
    may_forward: bool = False
    may_review: bool = False


@dataclass(frozen=True)
class Waiting:
    """What lies on a forwarding beside its stage.

    `has_reply_to_read`: a mail of the recipient waits for the sender's word. `is_awaited`: the recipient said that its
    answer is on the way. `has_request`: a request for more time waits for this person. `is_asked`: so does a question
    of the other side. `stage_above`: of the letter that this one passes on; when that has ended, this one is to be
    taken back. `awaits_record`: the ladder is at its end, and this person, a monitor, says whether that is recorded.
    `is_paused`: the date of the answer stands still until the sender has given what it owes.
    """

    has_reply_to_read: bool = False
    is_awaited: bool = False
    has_request: bool = False
    is_asked: bool = False
    stage_above: Stage | None = None
    awaits_record: bool = False
    is_paused: bool = False


def task_for(stage: Stage, grade: Grade | None, hat: Hat, lies: Waiting = Waiting()) -> Task | None:
    """The one thing this person can do now to move the forwarding on, if there is any."""
    if hat.is_recipient and stage in AWAITING_ACKNOWLEDGEMENT:
        return Task.ACKNOWLEDGE
    if hat.is_recipient and stage is Stage.ACKNOWLEDGED and not lies.is_awaited:
        return Task.ANSWER
    if lies.has_request:
        return Task.DECIDE_EXTENSION
    if hat.is_sender and lies.has_reply_to_read and hat.may_review:
        return Task.READ_REPLY
    if hat.is_sender and hat.may_forward and is_stranded(stage, lies.stage_above):
        return Task.TAKE_BACK
    if lies.awaits_record:
        task: Task | None = Task.RECORD
    elif hat.is_sender and not (lies.is_paused and grade is Grade.REVIEW_DUE):
        task = _task_of_sender(stage, grade, hat)
        if task is Task.CALL and lies.is_asked:
            task = Task.ANSWER_QUESTION
    else:
        task = None
    return task or _what_they_wait_for(hat, lies)


def _what_they_wait_for(hat: Hat, lies: Waiting) -> Task | None:
    if lies.is_asked:
        return Task.ANSWER_QUESTION
    return Task.RESUME if lies.is_paused and hat.is_sender and hat.may_review else None


def _task_of_sender(stage: Stage, grade: Grade | None, hat: Hat) -> Task | None:
    if stage is Stage.AWAITING_SIGNATURE:
        return Task.SIGN if hat.may_sign else None
    if stage is Stage.ANSWERED:
        return Task.REVIEW if hat.may_review else None
    if grade is Grade.REPLY_MISSING:
        return Task.TRACE if hat.may_review else None
    if not hat.may_forward:
        return None
    if stage is Stage.DRAFT:
        return Task.FINISH_DRAFT
    return _REPAIRS.get(grade) if grade else None


_REPAIRS = {
    Grade.NOT_DISPATCHED: Task.DISPATCH,
    Grade.UNDELIVERED: Task.REPAIR,
    Grade.RECEIPT_UNPROVEN: Task.CALL,
    Grade.UNACKNOWLEDGED: Task.CALL,
    Grade.UNANSWERED: Task.CALL,
    Grade.INTERIM_ONLY: Task.CALL,
    Grade.REVIEW_DUE: Task.SORT_MAIL,
}
"""What the sender can do about each grade; reminders go by themselves meanwhile."""
