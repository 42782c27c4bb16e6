"""What the sender can do about a letter that is late, does not arrive, or finds nobody there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub import clock
from hub.accounts.models import Account
from hub.accounts.rules import Capability
from hub.coordination.queries import Thread
from hub.coordination.rules import Side
from hub.desk.repairs import Repair
from hub.directory import queries as directory
from hub.directory.rules import written
from hub.forwardings import deadlines
from hub.forwardings import queries as forwardings
from hub.forwardings.calls import queries as calls
from hub.forwardings.calls.rules import LOGGED_AT
from hub.forwardings.followups import addressing
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, Stage, is_possible
from hub.letters.models import LetterKind
from hub.post.models import PostDispatch
from hub.post.rules import ON_THE_WAY, PostState
from hub.responses.models import AnnouncedReply
from hub.silence import asking, history
from hub.silence.advice import Advice, about, accuses
from hub.silence.asking import Line, Matter
from hub.silence.causes import cause_of
from hub.silence.ladder import Step
from hub.silence.remedies import Remedy, offered
from hub.silence.rules import Cause, Grade, Verdict

_SEES_MAIL = (Capability.MONITOR, Capability.REGISTER, Capability.ADMINISTER)
_TO_PRINT = (PostState.TO_PRINT, PostState.PRINTED)
_WITH_A_CAUSE = (
    Grade.UNDELIVERED,
    Grade.RECEIPT_UNPROVEN,
    Grade.UNACKNOWLEDGED,
    Grade.UNANSWERED,
    Grade.INTERIM_ONLY,
)
"""Grades that may lie with who can be reached there."""
LETTERS = {
    LetterKind.REMINDER: Remedy.REMIND,
    LetterKind.SECOND_REQUEST: Remedy.SECOND_REQUEST,
    LetterKind.TO_HEAD: Remedy.TO_HEAD,
    LetterKind.ESCALATION: Remedy.ESCALATE,
}


@dataclass(frozen=True)
class Around:
    """What the page of the forwarding has fetched already. `is_missed`: they say that the letter is not there.

    `not_again`: kinds of letters of which one is under way, or went out at this stage already.
    """

    posts: Sequence[PostDispatch]
    not_again: Sequence[LetterKind]
    awaited: Sequence[AnnouncedReply]
    thread: Thread | None
    repair: Repair | None
    is_missed: bool


@dataclass(frozen=True)
class NextSteps:
    """`names`: whom an email would go to now. `lines`: whom to ask. `may_act`: the reader is who does all this.

    `cause`: why nothing comes, as far as the hub can tell; None where the grade says it already. `advice`: what to do
    now, beyond the words of the grade. `is_missed`: they say that the letter is not there, and it can be sent again.
    """

    may_act: bool
    cause: Cause | None
    advice: Advice | None = None
    remedies: tuple[Remedy, ...] = ()
    lines: tuple[Line, ...] = ()
    names: tuple[str, ...] = ()
    to_print: PostDispatch | None = None
    is_missed: bool = False


def next_steps_of(account: Account, forwarding: Forwarding, verdict: Verdict, around: Around) -> NextSteps | None:
    """None while all is in time, believed to arrive and missed by nobody, and for who neither sends nor watches."""
    is_missed = around.is_missed and is_possible(forwarding.stage, Happening.RESENT)
    grade = verdict.grade or (Grade.UNDELIVERED if around.repair else None)
    may_act = forwardings.is_sender(account, forwarding) and account.may(Capability.FORWARD)
    if not (grade or is_missed) or not (may_act or calls.may_read(account, forwarding)):
        return None
    office = forwarding.recipient
    known = directory.contacts([office.id], forwarding.network, clock.today(office.zone))[office.id]
    cause = cause_of(known) if verdict.grade in _WITH_A_CAUSE else None
    if not may_act:
        return NextSteps(may_act, cause)
    names = tuple(name for name, _ in known.addressees)
    is_asked = grade if asking.is_asked_about(grade) else None
    text = asking.message(is_asked, _matter(forwarding, verdict, around)) if is_asked else ""
    return NextSteps(
        may_act,
        cause,
        about(cause, verdict, forwarding.purpose, _taken(forwarding, verdict)) if cause else None,
        offered(verdict.grade, set(_possible(account, forwarding, around, bool(names))), is_missed),
        tuple(asking.lines(office, known, text)) if text else (),
        names,
        next((one for one in around.posts if one.state in _TO_PRINT), None),
        is_missed,
    )


def _taken(forwarding: Forwarding, verdict: Verdict) -> set[Step]:
    """What was done about the date that is held against the recipient. At most one query."""
    late = deadlines.find_running(forwarding, verdict.clock) if verdict.clock and accuses(verdict) else None
    return history.of_deadline(late) if late else set()


def _matter(forwarding: Forwarding, verdict: Verdict, around: Around) -> Matter:
    running = {one.clock: one.due_on for one in forwarding.deadlines if one.ended_at is None}
    return Matter(
        to=written(forwarding.recipient),
        sender=forwarding.sender.name,
        number=forwarding.letter.number or "",
        dated=forwarding.letter.dated,
        due_on=running.get(verdict.clock) if verdict.clock else None,
        address=around.repair.failed[0].address if around.repair else "",
    )


def _possible(account: Account, forwarding: Forwarding, around: Around, has_addressee: bool) -> Iterator[Remedy]:
    """All that could be done now, whatever the grade. Signing and reviewing are buttons of the task itself."""
    office, stage = forwarding.recipient, forwarding.stage
    if stage in LOGGED_AT:
        yield Remedy.CALL
    if is_possible(stage, Happening.RESENT) and around.repair is None:  # that card has these buttons of its own
        if has_addressee:
            yield Remedy.RESEND
        if office.postal_address and not any(one.state in (*_TO_PRINT, *ON_THE_WAY) for one in around.posts):
            yield Remedy.BY_POST
    if account.may(Capability.POST) and any(one.state in _TO_PRINT for one in around.posts):
        yield Remedy.PRINT
    if stage is Stage.READY and any(account.may(one) for one in _SEES_MAIL):
        yield Remedy.SEE_MAIL
    if around.awaited:
        yield Remedy.TRACE
    if around.thread and around.thread.may_write and around.thread.side is Side.SENDER:
        yield Remedy.ASK
    possible = [one.kind for one in addressing.choices(forwarding) if one.to]
    yield from (LETTERS[kind] for kind in possible if kind not in around.not_again)
