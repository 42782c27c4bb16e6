"""Do the clocks stand as the forwardings do, and did every step of the ladder leave something behind?"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, String, and_, case, cast, literal, select

from hub.audit import queries as audit
from hub.audit.queries import Finding
from hub.extensions import db
from hub.forwardings import recounting
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.recounting import Move
from hub.forwardings.rules import OPEN_STAGES, OWING_AN_ANSWER, RESPONSE_CLOCKS, ClockKey, Happening, Stage
from hub.mail.models import ON_THE_TRACK, EmailDispatch, EmailPurpose, EmailState
from hub.post.models import PostDispatch
from hub.post.rules import ON_THE_WAY, PostState
from hub.silence.ladder import LETTERS, REMINDERS, Step
from hub.silence.models import LadderStep

_RUNS = Deadline.ended_at.is_(None)
_BRINGS_NEWS = (*ON_THE_WAY, PostState.TO_PRINT, PostState.PRINTED)
_STREAM = literal("forwarding:") + cast(Forwarding.id, String)


def findings() -> Iterator[Finding]:
    """Every contradiction, with what to do about it. Four queries, and one more for a date that differs."""
    yield from _running_after_the_end()
    yield from _without_a_clock()
    yield from _miscounted()
    yield from _steps_that_left_nothing()


def _running_after_the_end() -> Iterator[Finding]:
    rows = db.session.execute(
        select(Deadline.forwarding_id, Forwarding.stage, Deadline.clock, Deadline.id)
        .join(Deadline.forwarding)
        .where(_RUNS, Forwarding.stage.not_in(OPEN_STAGES))
        .order_by(Deadline.id)
    )
    for id, stage, clock, deadline in rows:
        yield _finding(id, f"the clock {clock} runs although it is {stage}: end it (deadlines, id {deadline})")


def _without_a_clock() -> Iterator[Finding]:
    """Someone owes a confirmation, an answer or its review, and nobody would ever notice that it does not come."""
    of_the_answer = _RUNS & (Deadline.forwarding_id == Forwarding.id) & Deadline.clock.in_(RESPONSE_CLOCKS)
    of_the_review = _RUNS & (Deadline.forwarding_id == Forwarding.id) & (Deadline.clock == ClockKey.REVIEW)
    owes_answer = Forwarding.stage.in_(OWING_AN_ANSWER)
    owes_review = Forwarding.stage == Stage.ANSWERED
    lacks_answer = owes_answer & ~select(Deadline.id).where(of_the_answer).exists()
    lacks_review = owes_review & ~select(Deadline.id).where(of_the_review).exists()
    lacks = lacks_answer | lacks_review | _unwatched()
    for id, stage in db.session.execute(select(Forwarding.id, Forwarding.stage).where(lacks).order_by(Forwarding.id)):
        yield _finding(id, f"it is {stage} and no clock runs for the {_LACKS.get(stage, _ANSWER)}")


def _unwatched() -> ColumnElement[bool]:
    """Sent, and believed to be there by a mail that nobody confirms; no envelope brings news of it either."""
    mailed = (EmailDispatch.letter_id == Forwarding.letter_id) & EmailDispatch.purpose.in_(ON_THE_TRACK)
    is_there = mailed & (EmailDispatch.state == EmailState.HANDED_OVER)
    brings_news = (PostDispatch.about == _STREAM) & PostDispatch.state.in_(_BRINGS_NEWS)
    runs = _RUNS & (Deadline.forwarding_id == Forwarding.id)
    return and_(
        Forwarding.stage == Stage.SENT,
        select(EmailDispatch.id).where(is_there).exists(),
        ~select(PostDispatch.id).where(brings_news).exists(),
        ~select(Deadline.id).where(runs).exists(),
    )


_ANSWER = "answer: call the recipient, then add the date you agree on (deadlines)"
_LACKS = {
    Stage.ANSWERED: "review: look at the answer now",
    Stage.SENT: "confirmation: call the recipient, and send it again",
}


def _miscounted() -> Iterator[Finding]:
    """Dates that differ from a recount. One that a calendar brought nearer may lie later: whoever owes had notice."""
    for one in recounting.miscounted():
        if one.was < one.due_on or not _was_moved(one):
            yield _finding(
                one.deadline.forwarding_id,
                f"the clock {one.deadline.clock} is due on {one.was} and counts to {one.due_on}: "
                f"tell both offices, and correct due_on (deadlines, id {one.deadline.id})",
            )


def _was_moved(move: Move) -> bool:
    told = audit.last_of(move.deadline.forwarding.stream, Happening.DUE_MOVED)
    return told is not None and told.details.get("clock") == move.deadline.clock


def _steps_that_left_nothing() -> Iterator[Finding]:
    """A mail, a letter, or the reason why there is none. The record of the last rung is an event of its own."""
    purpose = case((LadderStep.step == Step.NUDGE, EmailPurpose.NOTICE.value), else_=EmailPurpose.REMINDER.value)
    mailed = (
        select(EmailDispatch.id)
        .where(
            EmailDispatch.about == _STREAM,
            cast(EmailDispatch.purpose, String) == purpose,
            EmailDispatch.queued_at >= LadderStep.taken_at,
        )
        .exists()
    )
    by_mail = LadderStep.step.in_((*REMINDERS, Step.NUDGE)) & ~mailed
    rows = db.session.execute(
        select(LadderStep.forwarding_id, LadderStep.step, LadderStep.id)
        .join(Forwarding, Forwarding.id == LadderStep.forwarding_id)
        .where(LadderStep.letter_id.is_(None), LadderStep.note == "", by_mail | LadderStep.step.in_(LETTERS))
        .order_by(LadderStep.id)
    )
    for id, step, row in rows:
        name = Step(step).name.lower()
        yield _finding(id, f"the step {name} left no mail and no letter (ladder_steps, id {row}): follow it up by hand")


def _finding(forwarding: int, problem: str) -> Finding:
    return Finding(f"forwarding:{forwarding}", 0, problem)
