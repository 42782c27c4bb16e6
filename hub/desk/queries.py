"""What the pages of the desk show, each in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from sqlalchemy import Select, and_, func, or_, select

from hub import clock
from hub.accounts.models import Account
from hub.accounts.rules import Capability
from hub.audit.models import Event
from hub.complaints import queries as complaints
from hub.complaints.models import Complaint
from hub.coordination import queries as coordination
from hub.coordination.queries import NOTHING, Pending, Thread
from hub.coordination.rules import Side
from hub.desk.course import Course, course_of
from hub.desk.next_steps import Around, NextSteps, next_steps_of
from hub.desk.repairs import Repair, repair_of
from hub.desk.rules import Hat, Task, Waiting, task_for
from hub.directory.models import Network, Person
from hub.exchange.inbox import queries as inbox
from hub.extensions import db
from hub.forwardings import copies, deadlines
from hub.forwardings import queries as forwardings
from hub.forwardings.calls import queries as calls
from hub.forwardings.calls.models import Call
from hub.forwardings.calls.rules import LOGGED_AT, CallOutcome
from hub.forwardings.chain import queries as passed_on
from hub.forwardings.chain.queries import Chain, Progress
from hub.forwardings.copies import Copy
from hub.forwardings.followups import queries as waiting_letters
from hub.forwardings.followups import service as followups
from hub.forwardings.followups.rules import OPEN_FOR
from hub.forwardings.models import Deadline, Forwarding, Proof
from hub.forwardings.rules import PASSED_BY, ClockKey, Happening, Stage, is_possible
from hub.letters import queries as letters
from hub.letters import ways
from hub.letters.models import Letter, LetterKind, LetterState
from hub.letters.service import Signature
from hub.mail import queries as mail
from hub.mail.inbox.models import InboundMail
from hub.mail.models import DEAD_ENDS, EmailAttempt, EmailDispatch, EmailPurpose
from hub.post import queries as post
from hub.post.models import PostDispatch
from hub.responses import queries as responses
from hub.responses.models import AnnouncedReply, MailedReply, Response
from hub.responses.rollup import queries as rollup
from hub.silence import advice
from hub.silence.queries import IS_AT_ITS_END, Case, awaits_record, cases, facts_of
from hub.silence.rules import Grade, Verdict, judge
from hub.upkeep import queries as upkeep
from hub.workdays import queries as workdays
from hub.workdays.models import Clock
from hub.workdays.rules import DueDate, working_days_between


@dataclass(frozen=True)
class Errand:
    """One line of the work list. `is_asked`: a question of the other side waits, beside the task itself.

    `below`: of the letters by which this one was passed on, how many were answered.
    """

    task: Task
    case: Case
    due: date | None
    today: date
    is_asked: bool = False
    below: Progress | None = None

    @property
    def has_passed(self) -> bool:
        return self.due is not None and self.today > self.due

    @property
    def is_late(self) -> bool:
        """The date has passed, and that is held against the recipient."""
        return self.has_passed and advice.accuses(self.case.verdict)


@dataclass(frozen=True)
class Upkeep:
    """What of the network waits for an administrator: successors to approve, places where a letter could get lost."""

    proposed: int
    alarms: int


@dataclass(frozen=True)
class WorkList:
    """What needs this person now, most urgent first; the rest of the open cases they see; and loose ends.

    `unsigned`: of the letters to sign, those that follow up another one and wait too long.
    """

    errands: list[Errand]
    watching: list[Case]
    to_sign: int
    unsigned: int
    unforwarded: int
    to_print: int
    to_post: int
    to_file: int

    @property
    def by_task(self) -> list[tuple[Task, list[Errand]]]:
        """The errands under each task, tasks in their own order; tasks without any are left out."""
        grouped = ((task, [one for one in self.errands if one.task is task]) for task in Task)
        return [(task, errands) for task, errands in grouped if errands]


def upkeep_of(day: date) -> Upkeep:
    return Upkeep(proposed=len(upkeep.proposals(day)), alarms=upkeep.health(day).alarms)


def work_list(account: Account) -> WorkList:
    """Everything on the desk of this person."""
    errands, watching = [], []
    office_id = account.institution.id
    held = forwardings.offices_held(account)
    hat_for = cache(partial(_hat, account))  # asked for each case, and there are four answers
    sees_any = forwardings.sees_any(account)
    threads = coordination.pending(account) if sees_any else {}
    shown = and_(forwardings.visible(account), or_(forwardings.in_line(account), IS_AT_ITS_END))
    known = cases(shown) if sees_any else []
    below = passed_on.progress_of([case.id for case in known if (case.recipient_id, case.network) in held])
    for case in known:
        hat = hat_for((case.recipient_id, case.network) in held, case.sender_id == office_id)
        asked = _asked(threads.get(case.id, NOTHING), hat)
        is_awaited = ClockKey.REPLY_ARRIVES in case.facts.due
        is_to_record = case.awaits_record and _may_record(account, case.network)
        lies = Waiting(
            case.facts.has_reply_to_read, is_awaited, *asked, case.stage_above, is_to_record, case.facts.is_paused
        )
        if task := task_for(case.stage, case.verdict.grade, hat, lies):
            day = clock.today(case.zone)
            errands.append(Errand(task, case, case.next_due, day, lies.is_asked, below.get(case.id)))
        else:
            watching.append(case)
    errands.sort(key=lambda one: (not one.case.is_silent, one.due or date.max, one.case.id))
    room = post.list_counts(account) if account.may(Capability.POST) else {}
    return WorkList(
        errands,
        watching,
        to_sign=letters.number_to_sign(office_id) if account.may(Capability.SIGN) else 0,
        unsigned=len(waiting_letters.unsigned(clock.now(), office_id)) if account.may(Capability.SIGN) else 0,
        unforwarded=_number_of(unforwarded(account)) if account.may(Capability.REGISTER) else 0,
        to_print=room.get("to_print", 0),
        to_post=room.get("printed", 0),
        to_file=inbox.number_held(account) + responses.number_waiting_after_the_end(account)
        if account.may(Capability.REGISTER)
        else 0,
    )


@dataclass(frozen=True)
class Why:
    """How a due date was counted, on which basis, and what is left of it."""

    counted: DueDate
    clock: Clock
    working_days_left: int | None


@dataclass(frozen=True)
class StandsStill:
    """The date of the answer stands still since that day; `if_today`: where it would lie if it ran again now."""

    since: date
    if_today: date


@dataclass(frozen=True)
class FollowUp:
    """A letter after the first one, with its own mails and envelopes; `sign_by` while it waits for its signature."""

    letter: Letter
    emails: Sequence[EmailDispatch]
    posts: Sequence[PostDispatch]
    sign_by: date | None

    @classmethod
    def of(
        cls, letter: Letter, emails: Iterable[EmailDispatch], posts: Iterable[PostDispatch], sign_by: date | None
    ) -> "FollowUp":
        mine = [one for one in emails if one.letter_id == letter.id]
        return cls(letter, mine, [one for one in posts if one.letter_id == letter.id], sign_by)


@dataclass(frozen=True)
class UnderWay:
    """Answers that were said to be on their way, newest first, and the clock of those that are awaited.

    `may_tell`: this person can say so for the recipient; `may_note`: for who told the sender; `may_decide`: what
    becomes of one; `may_send_copy`: the answer can be given here all the same.
    """

    announced: Sequence[AnnouncedReply]
    arrives: Deadline | None
    may_tell: bool
    may_note: bool
    may_decide: bool
    may_send_copy: bool

    @property
    def awaited(self) -> list[AnnouncedReply]:
        return [one for one in self.announced if one.is_awaited]


@dataclass(frozen=True)
class ForwardingPage:
    """All that the page of one forwarding shows."""

    forwarding: Forwarding
    verdict: Verdict
    task: Task | None
    deadline: Deadline | None
    why: Why | None
    pause: StandsStill | None
    today: date
    emails: Sequence[EmailDispatch]
    posts: Sequence[PostDispatch]
    proofs: Sequence[Proof]
    responses: Sequence[Response]
    replies: Sequence[MailedReply]
    underway: UnderWay
    attempts: dict[EmailDispatch, list[EmailAttempt]]
    reports: Sequence[InboundMail]
    to_review: Response | None
    may_open_reports: bool
    history: Sequence[tuple[Event, Person | None]]
    copies: Sequence[Copy]
    follow_ups: Sequence[FollowUp]
    sender_today: date
    may_follow_up: bool
    is_sender: bool
    may_review: bool
    reads_along: bool
    may_read_reasons: bool
    may_withdraw: bool
    may_void: bool
    void_letters: Sequence[Letter]
    at_one_press: Signature | None
    repair: Repair | None
    next_steps: NextSteps | None
    calls: Sequence[Call]
    may_log_call: bool
    course: Course

    thread: Thread | None
    waiting_messages: Sequence[MailedReply]
    lost_messages: Sequence[EmailDispatch]

    chain: Chain | None
    may_pass_on: bool
    offers: Sequence[Response]

    @property
    def is_late(self) -> bool:
        """The date has passed, and that is held against the recipient."""
        has_passed = self.deadline is not None and self.today > self.deadline.due_on
        return has_passed and advice.accuses(self.verdict)


def forwarding_page(account: Account, id: int) -> ForwardingPage:
    """One forwarding with everything around it. 404 when this person may not see it."""
    forwarding = forwardings.get_visible(account, id)
    attempts, envelopes = mail.tried(forwarding.stream), post.of(forwarding.stream)
    after = [one for one in letters.follow_ups(forwarding.stream) if followups.may_read(account, forwarding, one)]
    sign_by = waiting_letters.sign_by([one for one in after if one.state is LetterState.TO_SIGN])
    follow_ups = [FollowUp.of(one, attempts, envelopes, sign_by.get(one.id)) for one in after]
    emails = [one for one in attempts if one.letter_id == forwarding.letter_id]
    posts = [one for one in envelopes if one.letter_id == forwarding.letter_id]
    answers = responses.of(forwarding)
    of_thread = [one for one in attempts if one.purpose is EmailPurpose.COORDINATION]
    replies, reports = responses.came_in(forwarding, [one for one in attempts if one not in of_thread])
    thread = coordination.thread(account, forwarding)
    history = forwardings.history(forwarding)
    is_passed_on = any(event.kind == Happening.FORWARDED_ON for event, _ in history)
    chain = passed_on.chain_of(account, forwarding) if forwarding.parent_id or is_passed_on else None
    was_called = any("call" in event.details for event, _ in history)
    was_voided = any(event.kind == Happening.VOIDED for event, _ in history)
    today = clock.today(forwarding.recipient.zone)
    known = facts_of(forwarding, emails, envelopes, answers, replies)
    verdict = judge(known, today)
    is_sender = forwardings.is_sender(account, forwarding)
    is_recipient = forwardings.is_recipient(account, forwarding)
    hat = _hat(account, is_recipient, is_sender)
    underway = _under_way(account, forwarding, is_sender, is_recipient)
    running = [one for one in forwarding.deadlines if one.ended_at is None]
    paused = next((one for one in running if one.paused_since), None)
    deadline = underway.arrives or min((one for one in running if one is not paused), key=_due_on, default=None)
    is_to_read = any(one.is_waiting for one in replies)
    above = chain.above[-1].stage if chain and chain.above else None
    may_forward = is_sender and account.may(Capability.FORWARD)
    repair = repair_of(forwarding, emails, posts, verdict.grade is Grade.UNDELIVERED) if may_forward else None
    called = calls.of(forwarding) if was_called and calls.may_read(account, forwarding) else []
    not_again = [one.kind for one in after if _is_written(one, forwarding)]
    around = Around(posts, not_again, underway.awaited, thread, repair, _is_missed(called, history))
    is_to_record = _may_record(account, forwarding.network) and awaits_record(forwarding, verdict)
    asked = _asked(_pending_in(thread), hat)
    lies = Waiting(is_to_read, underway.arrives is not None, *asked, above, is_to_record, known.is_paused)
    return ForwardingPage(
        forwarding=forwarding,
        verdict=verdict,
        task=task_for(forwarding.stage, verdict.grade, hat, lies),
        deadline=deadline,
        why=_why(deadline, today) if deadline else None,
        pause=_pause(paused, today) if paused else None,
        today=today,
        emails=emails,
        posts=posts,
        proofs=forwardings.proofs(forwarding),
        responses=answers,
        replies=replies,
        underway=underway,
        attempts=attempts if is_sender else {},
        reports=reports if is_sender else [],
        to_review=responses.to_review(answers) if forwarding.stage is Stage.ANSWERED else None,
        may_open_reports=responses.may_open_reports(account, forwarding),
        history=[(one, who) for one, who in history if thread or one.kind != Happening.DISCUSSED],
        copies=copies.of(forwarding, emails),
        follow_ups=follow_ups,
        sender_today=clock.today(forwarding.sender.zone),
        may_follow_up=may_forward and forwarding.stage in OPEN_FOR,
        is_sender=is_sender,
        may_review=is_sender and account.may(Capability.REVIEW),
        reads_along=not (is_sender or is_recipient) and forwardings.reads_along(account, forwarding),
        may_read_reasons=is_sender or account.may(Capability.MONITOR),
        may_withdraw=may_forward and is_possible(forwarding.stage, Happening.WITHDRAWN),
        may_void=is_sender
        and bool(forwarding.letter.number)
        and (account.may(Capability.SIGN) or account.may(Capability.FORWARD))
        and is_possible(forwarding.stage, Happening.VOIDED),
        void_letters=letters.void_ones(forwarding.stream) if is_sender and was_voided else [],
        at_one_press=ways.at_one_press(forwarding.sender) if forwarding.stage is Stage.AWAITING_SIGNATURE else None,
        repair=repair,
        next_steps=next_steps_of(account, forwarding, verdict, around),
        calls=called,
        may_log_call=may_forward and forwarding.stage in LOGGED_AT,
        thread=thread,
        waiting_messages=[one for one in replies if is_sender and one.is_waiting and one.mail.dispatch in of_thread],
        lost_messages=_lost(of_thread, forwarding, thread),
        course=course_of(account, forwarding, [event for event, _ in history]),
        chain=chain,
        offers=rollup.offers(forwarding)
        if is_passed_on and is_recipient and is_possible(forwarding.stage, Happening.ANSWERED)
        else (),
        may_pass_on=is_recipient
        and forwarding.recipient_id == account.institution.id
        and is_possible(forwarding.stage, Happening.FORWARDED_ON),
    )


def _under_way(account: Account, forwarding: Forwarding, is_sender: bool, is_recipient: bool) -> UnderWay:
    is_asked = is_possible(forwarding.stage, Happening.ANSWERED)
    may_review = is_sender and account.may(Capability.REVIEW)
    speaks = is_recipient and account.may(Capability.RESPOND)
    return UnderWay(
        announced=responses.announced_for(forwarding),
        arrives=deadlines.find_running(forwarding, ClockKey.REPLY_ARRIVES),
        may_tell=is_asked and speaks,
        may_note=is_asked and may_review and forwarding.stage is not Stage.READY,
        may_decide=may_review,
        may_send_copy=is_asked and speaks,
    )


def _asked(pending: Pending, hat: Hat) -> tuple[bool, bool]:
    """Whether a request for more time waits for this person's decision, and a question for their answer."""
    writes = hat.may_review or hat.may_forward
    is_asked = (pending.asked is Side.RECIPIENT and hat.is_recipient) or (
        pending.asked is Side.SENDER and hat.is_sender and writes
    )
    return pending.has_request and hat.is_sender and hat.may_review, is_asked


def _pending_in(thread: Thread | None) -> Pending:
    if thread is None or not thread.is_open:
        return NOTHING
    return Pending(thread.side if thread.is_asked else None, thread.request is not None)


def _lost(mails: Sequence[EmailDispatch], forwarding: Forwarding, thread: Thread | None) -> list[EmailDispatch]:
    """Mails that were to tell the other side what the reader's side wrote, and reached nobody."""
    if thread is None or thread.side is None:
        return []
    to = forwarding.recipient_id if thread.side is Side.SENDER else forwarding.sender_id
    return [one for one in mails if one.institution_id == to and one.state in DEAD_ENDS]


def _is_missed(called: Sequence[Call], history: Sequence[tuple[Event, Person | None]]) -> bool:
    """Whoever was asked last said that the letter is not there, and it was not sent again since."""
    last = next((one for one in called if one.withdrawn_at is None), None)
    if last is None or last.outcome is not CallOutcome.NEVER_GOT_IT:
        return False
    return not any(event.kind == Happening.RESENT and event.recorded_at >= last.recorded_at for event, _ in history)


def _hat(account: Account, is_recipient: bool, is_sender: bool) -> Hat:
    return Hat(
        is_recipient=is_recipient,
        is_sender=is_sender,
        may_sign=account.may(Capability.SIGN),
        may_forward=account.may(Capability.FORWARD),
        may_review=account.may(Capability.REVIEW),
    )


def _is_written(letter: Letter, forwarding: Forwarding) -> bool:
    """True while nobody would write this letter once more: it is under way, or it went out at this stage already.

    A reminder can be repeated.
    """
    if letter.state is LetterState.SIGNED and letter.kind is not LetterKind.REMINDER:
        return letter.signed_at is not None and letter.signed_at >= forwarding.stage_since
    return letter.state in (LetterState.DRAFT, LetterState.TO_SIGN)


def _may_record(account: Account, network: Network) -> bool:
    """A monitor, in the own network."""
    return account.may(Capability.MONITOR) and account.institution.network is network


def _due_on(deadline: Deadline) -> date:
    return deadline.due_on


def _why(deadline: Deadline, today: date) -> Why:
    calendar = workdays.calendar_for(deadlines.who_owes(deadline.forwarding, deadline.clock).region_code)
    is_ahead = today <= deadline.due_on
    return Why(
        counted=deadlines.explain(deadline, calendar),
        clock=workdays.clock(deadline.clock, deadline.forwarding.network),
        working_days_left=working_days_between(today, deadline.due_on, calendar) if is_ahead else None,
    )


def _pause(paused: Deadline, today: date) -> StandsStill:
    calendar = workdays.calendar_for(deadlines.who_owes(paused.forwarding, paused.clock).region_code)
    assert paused.paused_since is not None
    return StandsStill(paused.paused_since, deadlines.if_resumed(paused, today, calendar))


def unforwarded(account: Account) -> Select[Complaint]:
    """Complaints of the own office that nobody forwarded yet, or whose every forwarding was withdrawn or declined."""
    standing = Forwarding.stage.not_in(PASSED_BY)
    forwarded = select(Forwarding.id).where(Forwarding.complaint_id == Complaint.id, standing).exists()
    own = Complaint.office_id == account.institution.id
    return select(Complaint).where(complaints.visible(account), own, ~forwarded)


def _number_of(statement: Select[Complaint]) -> int:
    return db.session.scalar(statement.with_only_columns(func.count(Complaint.id))) or 0
