"""One complaint from the day it came in to wherever it is today. Each act enters the next one."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from hub import clock
from hub.accounts.rules import Role
from hub.audit.rules import Actor, ActorKind, person
from hub.complaints import service as complaints
from hub.complaints.models import Complaint
from hub.demo import words
from hub.demo.plot import ASDEP, Case, Reach, Step
from hub.demo.replies import arrives, reply
from hub.demo.story import Story
from hub.directory.models import Institution, Network, Person
from hub.forwardings import receipt, tracks, voices
from hub.forwardings import service as forwardings
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import (
    OPEN_STAGES,
    Happening,
    ProofChannel,
    ResponseClass,
    Stage,
    is_possible,
    proposed_class,
)
from hub.letters.rules import number
from hub.mail import queries as mail
from hub.mail import return_address
from hub.post import queries as post
from hub.post import service as posting
from hub.post.models import PostDispatch
from hub.post.rules import PostState, ScanKind, Sighting
from hub.post.scans import Telling
from hub.responses import service as responses
from hub.responses.models import Response, ResponseKind
from hub.responses.rules import AnswerOutcome
from hub.routing.queries import propose
from hub.routing.rules import Purpose

Act = Callable[[], None]

_WORKING_DAYS = {ResponseClass.INFORMATION: 5, ResponseClass.ORDINARY: 14, ResponseClass.SUPERVISORY: 60}
_FOUND = (
    AnswerOutcome.SETTLED,
    AnswerOutcome.SETTLED,
    AnswerOutcome.PROVEN,
    AnswerOutcome.PARTLY_PROVEN,
    AnswerOutcome.NOT_PROVEN,
)
_CLARIFICATION_DAYS = 10
"""Fourteen calendar days hold ten working days."""


class Thread:
    """What happens to one case. Only `register` is called from outside; the rest follows."""

    complaint: Complaint
    forwarding: Forwarding

    def __init__(self, story: Story, case: Case) -> None:
        self.story, self.case, self.course = story, case, case.course
        self.office: Institution = story.offices[case.office]
        self.random = story.random
        self.was_returned = self.was_incomplete = False

    # The sender

    def registered_at(self) -> datetime:
        """In the office hours of the day it came in, or of the next working day."""
        day: date = self.case.intake.received_on
        late = not self.story.hours.is_working_day(day)
        if late:
            eve = datetime.combine(day, datetime.min.time(), clock.ZONES[self.office.zone])
            return self.story.hours.after(eve, 1, self.office.zone)
        return self.story.hours.on(day, self.office.zone)

    def register(self) -> None:
        self.complaint = complaints.register(self.office, self.case.intake, self._clerk())
        self._next(Step.FORWARD, self.random.choice((0, 0, 1)), self.draft)

    def draft(self) -> None:
        self.forwarding = forwardings.draft(self.complaint, self._request(), self._clerk())
        self._next(Step.SUBMIT, 0, self.submit)

    def submit(self) -> None:
        forwardings.submit(self.forwarding, self._clerk())
        if self.course.stops_at is Step.SIGN:
            return
        moment = self.story.hours.after(clock.now(), self.random.choice((0, 1)), self.office.zone)
        self.story.agenda.enter(self.story.signing_time(moment), self.sign)

    def sign(self) -> None:
        signatory = self.story.staff(self.office.code, Role.SIGNATORY)
        if self.course.sent_back and not self.was_returned:
            self.was_returned = True
            forwardings.return_letter(self.forwarding, signatory, self.random.choice(words.RETURN_NOTES))
            self._in(0, self.office, self.mend)
            return
        forwardings.sign(self.forwarding, signatory)
        if self.course.by_email:
            self.story.soon(self.email_leaves)
        if self.course.by_post:
            self._next(Step.PRINT, 1, self.print)

    def mend(self) -> None:
        forwardings.redraft(self.forwarding, self._request(words.MENDED), self._clerk())
        self.submit()

    def email_leaves(self) -> None:
        self.story.mail_leaves()
        if self.forwarding.stage is not Stage.SENT or self.course.reach is Reach.DEAD:
            return
        if self.course.withdrawn:
            self._in(self.random.randint(1, 4), self.office, self.withdraw)
        self._next(Step.ACKNOWLEDGE, self.course.days_to_confirm, self.confirm, at=self.recipient)

    def withdraw(self) -> None:
        if self.forwarding.stage in (Stage.SENT, Stage.RECEIVED, Stage.ACKNOWLEDGED):
            forwardings.withdraw(self.forwarding, self._clerk(), self.random.choice(words.WITHDRAWALS))

    # The mail room and the post

    def print(self) -> None:
        if self._envelope().state is PostState.CANCELLED:
            return
        posting.mark_printed(self._envelope(), self._mail_room())
        self._next(Step.POST, self.random.choice((0, 1)), self.hand_in)

    def hand_in(self) -> None:
        if self._envelope().state is PostState.CANCELLED:
            return
        posting.mark_posted(self._envelope(), self.story.tracking_number(), self._mail_room())
        tracks.notice_dispatches()
        self._seen(ScanKind.IN_TRANSIT, words="Posting loket")
        if self.course.gets_lost:
            return
        days = self.random.randint(2, 5)
        self._in(days - 1, self.office, self.ring)
        self._next(Step.DELIVER, days, self.come_back if self.course.comes_back else self.deliver)

    def ring(self) -> None:
        """The postman at the door."""
        if self.course.nobody_opens:
            self._seen(ScanKind.ATTEMPT_FAILED, self.recipient.seat, "Kantor tutup")
        else:
            self._seen(ScanKind.IN_TRANSIT, self.recipient.seat, "Proses antar")

    def deliver(self) -> None:
        who = f"{self.random.choice(words.RECEIVERS)}, bagian umum"
        self._seen(ScanKind.DELIVERED, self.recipient.seat, receiver=who)
        if not self.course.by_email:
            self._next(Step.ACKNOWLEDGE, self.course.days_to_confirm, self.confirm, at=self.recipient)

    def come_back(self) -> None:
        self._seen(ScanKind.RETURNED, self.office.seat, self.random.choice(words.RETURN_REASONS))

    def _seen(self, kind: ScanKind, place: str = "", words: str = "", receiver: str = "") -> None:
        """As a file of the post tells it, a quarter of an hour later."""
        moment = clock.now().replace(microsecond=0) - timedelta(minutes=15)
        telling = Telling(self._envelope(), Sighting(moment, kind, receiver, words), place or self.office.seat)
        posting.note_scans([telling], self._mail_room())
        tracks.notice_dispatches()

    # The recipient

    def confirm(self) -> None:
        if self.forwarding.stage not in OPEN_STAGES:
            return
        pic = self._pic()
        if self.course.by_reply:
            self.reply(pic)
            return
        channel, dispatch_id = self._way_of_confirming()
        actor = person(pic.id) if channel is ProofChannel.SIGN_IN else Actor(ActorKind.LINK, dispatch_id)
        receipt.acknowledge(self.forwarding, channel, pic.name, pic.title, actor, dispatch_id)
        days = round(self._limit() * self.course.pace)
        if self.course.interim:
            self._in(max(1, round(days * 0.6)), self.recipient, self.answer_for_now)
        self._next(Step.ANSWER, days, self.answer, at=self.recipient)

    def reply(self, pic: Person) -> None:
        """A mail instead of a click: it confirms the letter, and the sender has to say what it is."""
        sent = next(one for one in reversed(mail.of(self.forwarding.stream)) if one.action)
        said = self.random.choice(words.REPLIES)
        sender, to = (pic.name, sent.to_address), return_address.of(sent)
        arrives(reply(sender, to, sent.subject, said, sent.message_id, sent.paragraphs))

    def answer_for_now(self) -> None:
        self._respond(ResponseKind.INTERIM, self.random.choice(words.INTERIM))

    def answer(self) -> None:
        if self.course.incomplete_first and not self.was_incomplete:
            response = self._respond(ResponseKind.FINAL, self.random.choice(words.THIN))
        else:
            response = self._respond(ResponseKind.FINAL, words.outcome(self.complaint.subject, self.random))
        if response is not None:
            self._next(Step.REVIEW, self.random.randint(1, 4), lambda: self.review(response))

    def review(self, response: Response) -> None:
        if self.course.incomplete_first and not self.was_incomplete:
            self.was_incomplete = True
            responses.return_incomplete(response, self._clerk(), self.random.choice(words.MISSING))
            self.story.soon(self.story.mail_leaves)
            self._in(self.random.randint(3, 8), self.recipient, self.answer)
            return
        responses.accept(response, self._clerk())

    # Who and what

    @property
    def recipient(self) -> Institution:
        return self.forwarding.recipient

    def _request(self, note: str = "") -> Request:
        purpose = Purpose.HANDLING
        if self.case.office != ASDEP and not self.complaint.is_supervisory:
            purpose = Purpose.CLARIFICATION
        proposal = propose(self.complaint, purpose)
        assert proposal.recipient is not None
        return Request(
            recipient=proposal.recipient,
            purpose=purpose,
            response_class=proposed_class(self.complaint.classification, self.complaint.is_supervisory),
            by_email=self.course.by_email,
            by_post=self.course.by_post,
            note=note,
            copies=tuple(proposal.copies),
        )

    def _limit(self) -> int:
        if self.forwarding.purpose is Purpose.CLARIFICATION:
            return _CLARIFICATION_DAYS
        return _WORKING_DAYS[self.forwarding.response_class]

    def _respond(self, kind: ResponseKind, summary: str) -> Response | None:
        if not is_possible(self.forwarding.stage, Happening.ANSWERED):
            return None
        today = clock.today(self.recipient.zone)
        letter_number = number(self.recipient.number_template, self.random.randint(40, 900), today)
        found = self.random.choice(_FOUND) if kind is ResponseKind.FINAL else None
        answer = responses.Answer(kind, letter_number, today, summary, outcome=found)
        self.story.soon(self.story.mail_leaves)
        return responses.receive(self.forwarding, answer, voices.signed_in(self._pic()))

    def _way_of_confirming(self) -> tuple[ProofChannel, int | None]:
        """Most use the link in the mail, some sign in; who got paper only uses the code on the slip."""
        if not self.course.by_email:
            return ProofChannel.SLIP, self._envelope().id
        if self.random.random() < 0.3:
            return ProofChannel.SIGN_IN, None
        return ProofChannel.LINK, next(one.id for one in reversed(mail.of(self.forwarding.stream)) if one.action)

    def _envelope(self) -> PostDispatch:
        return post.of(self.forwarding.stream)[0]

    def _pic(self) -> Person:
        network: Network = self.forwarding.network
        return self.story.people.focal_points[self.recipient.code, network]

    def _clerk(self) -> Person:
        return self.story.staff(self.office.code, self.random.choice((Role.MONITOR, Role.REGISTRAR)))

    def _mail_room(self) -> Person:
        return self.story.staff(self.office.code, Role.REGISTRAR)

    def _in(self, working_days: int, where: Institution, act: Act) -> None:
        self.story.agenda.enter(self.story.hours.after(clock.now(), working_days, where.zone), act)

    def _next(self, step: Step, working_days: int, act: Act, at: Institution | None = None) -> None:
        """Go on with `act`, unless the course stops before this step."""
        if self.course.stops_at is not step:
            self._in(working_days, at or self.office, act)
