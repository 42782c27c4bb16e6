"""Facts about many forwardings at once: a fixed number of queries, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, case, cast, func, literal, select, true
from sqlalchemy.orm import aliased

from hub import clock
from hub.audit.models import Event
from hub.complaints.models import Complaint
from hub.coordination import queries as coordination
from hub.directory.models import Institution, Network
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings.models import IS_OPEN, Deadline, Forwarding, paused_since
from hub.forwardings.rules import RESPONSE_CLOCKS, ClockKey, Happening, Stage
from hub.letters.models import Letter
from hub.mail.models import ON_THE_TRACK, EmailDispatch, EmailState
from hub.post.models import PostDispatch
from hub.post.rules import GONE, ON_THE_WAY, SURELY_UNDER_WAY, PostState, given_up_on
from hub.responses.models import MailedReply, Response, ResponseKind
from hub.routing.rules import Purpose
from hub.silence.ladder import LONG_LIMIT, Step
from hub.silence.models import LadderStep
from hub.silence.rules import Facts, Grade, Turn, Verdict, is_silent, judge, latest_resumption
from hub.silence.unread import Unread, unread
from hub.workdays import queries as workdays
from hub.workdays.rules import Unit


@dataclass(frozen=True)
class Taken:
    """A step that was taken. A letter that nobody has signed yet has not gone out."""

    at: datetime
    went_out: bool


@dataclass
class Case:
    """One forwarding as lists show it, with the verdict on it today.

    `long_clock`: of an answer with a long limit. `is_asked`: the recipient asked something, or for more time, and the
    sender has not replied. That stops no date and no reminder, yet whoever waits for a word is not silent.
    """

    id: int
    number: str | None
    dated: date | None
    was_returned: bool
    subject: str
    reference: str
    network: Network
    sender_id: int
    sender: str
    purpose: Purpose
    recipient_id: int
    recipient_code: str
    recipient: str
    region_code: str | None
    zone: str
    stage: Stage
    stage_above: Stage | None
    facts: Facts
    verdict: Verdict
    deadlines: dict[ClockKey, int]
    long_clock: ClockKey | None = None
    is_asked: bool = False
    steps: dict[int, dict[Step, Taken]] = field(default_factory=dict)

    @property
    def province_code(self) -> str:
        return (self.region_code or "")[:2]

    @property
    def next_due(self) -> date | None:
        """The nearest running date; that of an answer on its way comes before all that the recipient owes."""
        return self.facts.due.get(ClockKey.REPLY_ARRIVES) or min(self.facts.due.values(), default=None)

    def taken(self) -> dict[Step, Taken]:
        """What was done so far about the late clock."""
        late = self.verdict.clock
        steps = self.steps.get(self.deadlines[late], {}) if late else {}
        return {step: one for step, one in steps.items() if step is not Step.NUDGE}

    @property
    def may_be_nudged(self) -> bool:
        """A long limit runs, all is in time, nothing is on its way or waits here, and nobody was nudged yet."""
        if self.long_clock is None or self.verdict != Verdict(Turn.RECIPIENT):
            return False
        return Step.NUDGE not in self.steps.get(self.deadlines[self.long_clock], {})

    @property
    def awaits_record(self) -> bool:
        """The ladder is at its end, and a monitor decides whether that is recorded."""
        return self.verdict.grade is Grade.UNANSWERED and Step.LAPSE in self.taken()

    @property
    def is_silent(self) -> bool:
        """Not while the sender owes its word. The second request of a clarification is a second reminder too."""
        if self.is_asked:
            return False
        second = self.taken().get(Step.SECOND_REMINDER)
        was_asked_twice = self.verdict.clock is ClockKey.OMBUDSMAN_SECOND_REQUEST
        return is_silent(self.verdict.grade, was_asked_twice or (second is not None and second.went_out))


WENT_OUT = (LadderStep.letter_id.is_(None) | Letter.signed_at.is_not(None)) & (LadderStep.note == "")
"""Of a step with its letter, if it has one: somebody was written to."""
_RECIPIENT = aliased(Institution)
_SENDER = aliased(Institution)
_ABOVE = aliased(Forwarding)
_DEPARTED_EMAIL = (EmailState.HANDED_OVER, EmailState.BOUNCED, EmailState.FAILED)
_LIVE_EMAIL = (EmailState.QUEUED, EmailState.HANDED_OVER)
"""As long as its link opens: with one that was taken back, somebody who left holds the letter."""
_HERE_OR_THERE = (PostState.TO_PRINT, PostState.PRINTED, PostState.DELIVERED)


_SENSELESS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What a row raises that says what cannot be."""
_MOST_SENSELESS = 20
"""Rows, in one reading. More of them are no bad rows: something is wrong with the hub, and that is told as it is."""


def cases(condition: ColumnElement[bool] | None = None, at: datetime | None = None) -> list[Case]:
    """Every open forwarding that fits `condition`, oldest first, judged at `at` (now, unless told).

    Ten queries, three more while a mail is held, and one while a date stands still. One that cannot be judged is left
    out: `judged` names it, and the sweep tells.
    """
    return judged(condition, at)[0]


def judged(
    condition: ColumnElement[bool] | None = None, at: datetime | None = None
) -> tuple[list[Case], dict[int, Exception]]:
    """The same, and why others cannot be judged, by their ids: rows that make no sense do not hide the others."""
    wanted, moment = IS_OPEN & (true() if condition is None else condition), at or clock.now()
    try:
        return _judged(wanted, moment), {}
    except _SENSELESS as first:
        problem = first
    ids = db.session.scalars(select(Forwarding.id).where(wanted).order_by(Forwarding.id)).all()
    if not ids:
        raise problem
    unjudged: dict[int, Exception] = {}
    return _judged_apart(wanted, ids, moment, unjudged), unjudged


def _judged_apart(
    wanted: ColumnElement[bool], ids: Sequence[int], moment: datetime, unjudged: dict[int, Exception]
) -> list[Case]:
    """In halves, until whoever cannot be judged is alone."""
    try:
        return _judged(wanted & Forwarding.id.between(ids[0], ids[-1]), moment)
    except _SENSELESS as found:
        problem = found
    if len(ids) > 1:
        half = len(ids) // 2
        first = _judged_apart(wanted, ids[:half], moment, unjudged)
        return first + _judged_apart(wanted, ids[half:], moment, unjudged)
    unjudged[ids[0]] = problem
    if len(unjudged) > _MOST_SENSELESS:
        raise problem
    return []


def _judged(wanted: ColumnElement[bool], moment: datetime) -> list[Case]:
    rows = db.session.execute(
        select(
            Forwarding.id,
            Forwarding.network,
            Forwarding.stage,
            Forwarding.stage_since,
            Forwarding.letter_id,
            Forwarding.sender_id,
            Forwarding.purpose,
            Letter.number,
            Letter.dated,
            (Letter.returned_note != "").label("was_returned"),
            Complaint.subject,
            Complaint.reference,
            _SENDER.name.label("sender"),
            _SENDER.region_code.label("sender_region"),
            _SENDER.zone.label("sender_zone"),
            _RECIPIENT.id.label("recipient_id"),
            _RECIPIENT.code.label("recipient_code"),
            _RECIPIENT.name.label("recipient"),
            _RECIPIENT.region_code,
            _RECIPIENT.zone,
            _ABOVE.stage.label("stage_above"),
        )
        .join(Forwarding.letter)
        .join(Forwarding.complaint)
        .join(_SENDER, Forwarding.sender_id == _SENDER.id)
        .join(_RECIPIENT, Forwarding.recipient_id == _RECIPIENT.id)
        .outerjoin(_ABOVE, Forwarding.parent_id == _ABOVE.id)
        .where(wanted)
        .order_by(Forwarding.id)
    )
    names, known = list(rows.keys()), _Known.about(wanted, moment)
    days = {zone: clock.local(moment, zone).date() for zone in clock.ZONES}
    return [known.case(dict(zip(names, row, strict=True)), days) for row in rows]


def awaits_record(forwarding: Forwarding, verdict: Verdict) -> bool:
    """The same of one forwarding whose verdict is known: at most one query."""
    late = deadlines.find_running(forwarding, verdict.clock) if verdict.clock else None
    if late is None or verdict.grade is not Grade.UNANSWERED:
        return False
    at_its_end = (LadderStep.deadline_id == late.id) & (LadderStep.step == Step.LAPSE)
    return db.session.scalar(select(LadderStep.id).where(at_its_end)) is not None


IS_AT_ITS_END = (
    select(LadderStep.id)
    .join(Deadline, LadderStep.deadline_id == Deadline.id)
    .where(LadderStep.forwarding_id == Forwarding.id, LadderStep.step == Step.LAPSE, Deadline.ended_at.is_(None))
    .exists()
)
"""A monitor was asked whether to record that no answer came, and the date that was missed still runs."""


def handed_on_since(moment: datetime) -> dict[int, datetime]:
    """Forwardings that were handed on to a new PIC after `moment`, with the last time. Reads the newest events only."""
    rows = db.session.execute(
        select(Event.stream, Event.recorded_at)
        .where(Event.recorded_at > moment, Event.kind == Happening.HANDED_ON)
        .order_by(Event.recorded_at)
    )
    return {int(stream.partition(":")[2]): at for stream, at in rows}


Tracks = tuple[int, int, Any]
"""Dispatches on one track that were tried, those still alive, and when the last one ended."""
_NONE: Tracks = (0, 0, None)


class Envelopes(NamedTuple):
    """Those that were tried; those that wait here or were delivered; when the post saw one under way, and lost one."""

    tried: int
    alive: int
    seen_at: datetime | None
    ended_on: date | None


_NO_ENVELOPE = Envelopes(0, 0, None, None)


@dataclass(frozen=True)
class _Known:
    """What the other tables say about the wanted forwardings, by forwarding or letter id."""

    running: dict[int, dict[ClockKey, tuple[int, date]]]
    long: dict[int, ClockKey]
    paused: dict[int, date]
    calendars: workdays.Calendars | None
    emails: dict[int, Tracks]
    posts: dict[int, Envelopes]
    interim: set[int]
    unread: Unread
    asked: frozenset[int]
    steps: dict[int, dict[Step, Taken]]

    @classmethod
    def about(cls, wanted: ColumnElement[bool], moment: datetime) -> "_Known":
        ids = select(Forwarding.id).where(wanted)
        letters = select(Forwarding.letter_id).where(wanted)
        running: dict[int, dict[ClockKey, tuple[int, date]]] = defaultdict(dict)
        long: dict[int, ClockKey] = {}
        paused: dict[int, date] = {}
        is_long = (Deadline.unit == Unit.WORKING_DAYS) & (Deadline.amount >= LONG_LIMIT)
        for id, forwarding_id, key, due_on, stood_still, is_far in db.session.execute(
            select(
                Deadline.id, Deadline.forwarding_id, Deadline.clock, Deadline.due_on, Deadline.paused, is_long
            ).where(Deadline.ended_at.is_(None), Deadline.forwarding_id.in_(ids))
        ):
            if since := paused_since(stood_still):
                paused[forwarding_id] = since
                continue
            running[forwarding_id][key] = (id, due_on)
            if is_far and key in RESPONSE_CLOCKS:
                long[forwarding_id] = key
        posts = _envelopes(wanted)
        steps: dict[int, dict[Step, Taken]] = defaultdict(dict)
        for deadline_id, step, taken_at, is_out in db.session.execute(
            select(LadderStep.deadline_id, LadderStep.step, LadderStep.taken_at, WENT_OUT)
            .outerjoin(LadderStep.letter)
            .where(LadderStep.forwarding_id.in_(ids))
        ):
            steps[deadline_id][Step(step)] = Taken(taken_at, bool(is_out))
        return cls(
            running=running,
            long=long,
            paused=paused,
            calendars=workdays.calendars() if paused or _is_any_old(posts, moment) else None,
            emails=_mails(letters),
            posts=posts,
            interim=set(
                db.session.scalars(
                    select(Response.forwarding_id).where(
                        Response.kind == ResponseKind.INTERIM,
                        Response.withdrawn_at.is_(None),
                        Response.forwarding_id.in_(ids),
                    )
                )
            ),
            unread=unread(moment),
            asked=frozenset(coordination.waiting_for_the_sender(wanted)),
            steps=steps,
        )

    def case(self, row: dict[str, Any], days: Mapping[str, date]) -> Case:
        """`days`: the date in each zone."""
        id, zone = row["id"], row["zone"]
        letter_id, stage_since = row.pop("letter_id"), row.pop("stage_since")
        region, sender_zone = row.pop("sender_region"), row.pop("sender_zone")
        resume_by = self._resume_by(id, region)
        running = self.running.get(id, {})
        emails, posts = self.emails.get(letter_id, _NONE), self.posts.get(id, _NO_ENVELOPE)
        given_up = self._given_up_on(posts.seen_at, sender_zone, region)
        is_lost = given_up is not None and days[sender_zone] >= given_up
        due = {key: due_on for key, (_, due_on) in running.items()}
        facts = Facts(
            stage=row["stage"],
            last_news=_last_news(zone, (stage_since, emails[2]), posts.ended_on, given_up if is_lost else None),
            due=due,
            was_attempted=emails[0] + posts.tried > 0,
            has_live_track=emails[1] + posts.alive > 0 or (posts.seen_at is not None and not is_lost),
            has_interim=id in self.interim,
            has_reply_to_read=id in self.unread.letters,
            has_unread_mail=self.unread.may_hold_words(row["recipient_id"], row["sender_id"]),
            resume_by=resume_by,
        )
        deadlines = {key: id for key, (id, _) in running.items()}
        return Case(
            **row,
            facts=facts,
            verdict=judge(facts, days[zone]),
            deadlines=deadlines,
            long_clock=self.long.get(id),
            is_asked=id in self.asked,
            steps={id: self.steps.get(id, {}) for id in deadlines.values()},
        )

    def _given_up_on(self, seen_at: datetime | None, zone: str, region: str | None) -> date | None:
        """When the newest of the envelopes under way is presumed lost, also while no worker is there to say so."""
        if self.calendars is None or seen_at is None:
            return None
        return given_up_on(clock.local(seen_at, zone).date(), self.calendars.of(region))

    def _resume_by(self, id: int, sender_region: str | None) -> date | None:
        if self.calendars is None or id not in self.paused:
            return None
        return latest_resumption(self.paused[id], self.calendars.of(sender_region))


def _mails(letters: Any) -> dict[int, Tracks]:
    """What became of all mails with a letter, by letter."""
    is_live = EmailDispatch.state.in_(_LIVE_EMAIL) & EmailDispatch.link_revoked_at.is_(None)
    rows = db.session.execute(
        select(
            EmailDispatch.letter_id,
            func.sum(case((EmailDispatch.state.in_(_DEPARTED_EMAIL), 1), else_=0)),
            func.sum(case((is_live, 1), else_=0)),
            func.max(func.coalesce(EmailDispatch.link_revoked_at, EmailDispatch.ended_at)),
        )
        .where(EmailDispatch.letter_id.in_(letters), EmailDispatch.purpose.in_(ON_THE_TRACK))
        .group_by(EmailDispatch.letter_id)
    )
    return {id: (tried, alive, last) for id, tried, alive, last in rows}


def _envelopes(wanted: ColumnElement[bool]) -> dict[int, Envelopes]:
    """What became of all envelopes to the recipient, by forwarding.

    A later letter carries a copy of the first one, once it has left: until then it hides nothing.
    """
    carries_it = (PostDispatch.letter_id == Forwarding.letter_id) | PostDispatch.state.in_(GONE)
    seen_at = func.coalesce(PostDispatch.last_scan_at, PostDispatch.posted_at)
    rows = db.session.execute(
        select(
            Forwarding.id,
            func.sum(case((PostDispatch.state.in_(GONE), 1), else_=0)),
            func.sum(case((PostDispatch.state.in_(_HERE_OR_THERE) & carries_it, 1), else_=0)),
            func.max(case((PostDispatch.state.in_(ON_THE_WAY), seen_at))),
            func.max(func.coalesce(PostDispatch.returned_on, PostDispatch.presumed_lost_on)),
        )
        .join(PostDispatch, PostDispatch.about == literal("forwarding:") + cast(Forwarding.id, String))
        .where(wanted, PostDispatch.institution_id == Forwarding.recipient_id)
        .group_by(Forwarding.id)
    )
    return {id: Envelopes(*rest) for id, *rest in rows}


def _is_any_old(posts: Mapping[int, Envelopes], moment: datetime) -> bool:
    return any(one.seen_at is not None and one.seen_at < moment - SURELY_UNDER_WAY for one in posts.values())


def _last_news(zone: str, moments: Iterable[datetime | None], *days: date | None) -> date:
    """The latest of all that is known, as a date in `zone`."""
    latest = max(one for one in moments if one)
    return max([clock.local(latest, zone).date(), *(day for day in days if day)])


def facts_of(
    forwarding: Forwarding,
    emails: Sequence[EmailDispatch],
    posts: Sequence[PostDispatch],
    responses: Sequence[Response],
    replies: Sequence[MailedReply],
) -> Facts:
    """The facts of one forwarding whose rows are at hand already.

    Mail with a letter that follows it up is on no track of it; an envelope to the recipient holds a copy of the first.
    """
    emails = [one for one in emails if one.purpose in ON_THE_TRACK and one.letter_id == forwarding.letter_id]
    posts = [
        one
        for one in posts
        if one.institution_id == forwarding.recipient_id
        and (one.letter_id == forwarding.letter_id or one.state in GONE)
    ]
    tried = [one for one in emails if one.state in _DEPARTED_EMAIL]
    alive = [one for one in emails if one.state in _LIVE_EMAIL and one.link_revoked_at is None]
    running = [one for one in forwarding.deadlines if one.ended_at is None]
    due = {one.clock: one.due_on for one in running if not one.paused_since}
    since = next((one.paused_since for one in running if one.paused_since), None)
    sender = forwarding.sender
    under_way = [one.last_scan_at or one.posted_at for one in posts if one.state in ON_THE_WAY]
    seen_at = max((one for one in under_way if one), default=None)
    is_old = seen_at is not None and seen_at < clock.now() - SURELY_UNDER_WAY
    calendar = workdays.calendar_for(sender.region_code) if since or is_old else None
    given_up = given_up_on(clock.local(seen_at, sender.zone).date(), calendar) if seen_at and calendar else None
    is_lost = given_up is not None and clock.today(sender.zone) >= given_up
    return Facts(
        stage=forwarding.stage,
        last_news=_last_news(
            forwarding.recipient.zone,
            (forwarding.stage_since, *(one.link_revoked_at or one.ended_at for one in emails)),
            *(one.returned_on or one.presumed_lost_on for one in posts),
            given_up if is_lost else None,
        ),
        due=due,
        was_attempted=bool(tried) or any(one.state in GONE for one in posts),
        has_live_track=bool(alive)
        or any(one.state in _HERE_OR_THERE for one in posts)
        or (seen_at is not None and not is_lost),
        has_interim=any(one.kind is ResponseKind.INTERIM for one in responses),
        has_reply_to_read=any(one.is_waiting for one in replies),
        has_unread_mail=unread(clock.now()).may_hold_words(forwarding.recipient_id, forwarding.sender_id),
        resume_by=latest_resumption(since, calendar) if since and calendar else None,
    )
