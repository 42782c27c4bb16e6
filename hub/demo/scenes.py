"""What happens to the focal points themselves in the half year: they answer, go on leave, hand over, and leave gaps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from hub import clock
from hub.audit.rules import SYSTEM, Actor, ActorKind
from hub.demo import exchanges, names, papers, replies, words
from hub.demo.people import Seat, newcomer
from hub.demo.story import SWEEP_AT, Story
from hub.directory import queries as directory
from hub.directory import service
from hub.directory.models import Appointment, Institution, Network, Person, ReachAnswer, ReachCheck
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.letters.rules import date_words
from hub.mail import queries as mail
from hub.mail import return_address
from hub.mail.models import EmailDispatch, EmailPurpose, EmailState
from hub.upkeep import handover, reach
from hub.upkeep.handover import Succession
from hub.upkeep.service import keep_up

HANDED_OVER = (58, 19)
"""Working days ago on which a PIC handed over to a successor."""
VACANT_FOR = (12, 33)
"""Working days since a term ended and nobody followed."""
ENDING_IN = (9, 24)
"""Days until a term ends without a successor."""
AWAY = 3
"""PICs on leave today; every second place has a deputy."""
ANSWERING = 0.88
"""Share of the PICs who answer when they are asked whether they still are."""
NAMING = (70, 95)
"""Of all answers, those that name a successor; nobody has decided about them yet."""


@dataclass
class Scenes:
    """Acts about people, entered into the story's agenda. `free`: seats of nobody who signs in, in a random order."""

    story: Story
    free: list[Seat]
    answers: int = 0

    @classmethod
    def cast(cls, story: Story, kept: set[str]) -> "Scenes":
        """`kept`: codes of institutions whose PIC stays throughout."""
        held = story.people.focal_points
        seats = [seat for seat in held if seat[0] not in kept and seat[1] is Network.KEMENSETNEG]
        story.random.shuffle(seats)
        return cls(story, seats)

    def enter(self) -> None:
        """Put every scene on its day."""
        for days in HANDED_OVER:
            self._on(days, partial(self.hand_over, self.free.pop()))
        for days in VACANT_FOR:
            self._on(days, partial(self.leave, self.free.pop()))
        for days in ENDING_IN:
            self._on(30, partial(self.announce_end, self.free.pop(), days))
        for _ in range(AWAY):
            self._on(2, partial(self.go_on_leave, self.free.pop()))
        for days, act in (
            (4, self.answer_by_machine),
            (3, self.come_back),
            (1, self.write_as_strangers),
            (3, self.paper_comes_in),
            (2, self.answers_are_posted),
            (2, self.decline),
            (4, partial(exchanges.pass_on, self.story)),
            (1, partial(exchanges.talk, self.story)),
        ):
            self._on(days, act)

    def keep_up(self) -> None:
        """A round of the upkeep; whoever is asked whether they are still the PIC answers within days, or never."""
        done = keep_up(clock.now())
        if any(done.values()):
            self.story.soon(self.story.mail_leaves)
        if done["asked"]:
            today = ReachCheck.asked_on == clock.today("WIB")
            for id in db.session.scalars(select(ReachCheck.id).where(today).order_by(ReachCheck.id)):
                if self.story.random.random() < ANSWERING:
                    days = self.story.random.choice((0, 0, 1, 1, 2, 4))
                    moment = self.story.hours.after(clock.now() + timedelta(minutes=10), days, "WIB")
                    self.story.agenda.enter(moment, partial(self.answer, id))

    def hand_over(self, seat: Seat) -> None:
        office, present = self._office(seat), self._present(seat)
        name = next(self.story.people.names)
        succession = Succession(
            first_day=clock.today(office.zone),
            last_day=None,
            decree_number=f"700.1/{self.story.random.randint(200, 400)}/SK-PIC/{clock.today(office.zone).year}",
            name=name,
            title=self.story.random.choice(("Inspektur Pembantu I", "Inspektur Pembantu III")),
            email=names.address(name, office),
            phone="0812-0000-0001",
        )
        handed = handover.hand_over(office, seat[1], succession, present.id, SYSTEM)
        self.story.people.focal_points[seat] = db.session.get_one(Person, handed.appointment.person_id)
        self.story.soon(self.story.mail_leaves)

    def leave(self, seat: Seat) -> None:
        """The term ends and nobody follows; the secretary looks after what comes to the office mailbox."""
        office, present = self._office(seat), self._present(seat)
        service.end_term(present, clock.today(office.zone) - timedelta(days=1), SYSTEM)
        self.story.people.focal_points[seat] = newcomer(self.story.people, office, "Sekretaris Inspektorat")

    def announce_end(self, seat: Seat, days: int) -> None:
        service.end_term(self._present(seat), self.story.today + timedelta(days=days), SYSTEM)

    def go_on_leave(self, seat: Seat) -> None:
        """From that day until some days from today."""
        first, last = clock.today("WIB"), self.story.today + timedelta(days=self.story.random.randint(2, 9))
        service.plan_absence(self._present(seat).person, first, last, SYSTEM)

    def answer_by_machine(self) -> None:
        """A mailbox says that its owner is away: the deputy or the office mailbox gets the letter."""
        sent = self._unconfirmed()
        until = self.story.today + timedelta(days=3)
        said = words.AWAY.format(until=date_words(until))
        replies.arrives(
            replies.away((sent.to_name, sent.to_address), return_address.of(sent), sent.subject, said, sent.message_id)
        )
        self.story.soon(self.story.mail_leaves)

    def come_back(self) -> None:
        """A mail that a server had taken comes back after all."""
        sent = self._unconfirmed()
        replies.arrives(replies.returned(return_address.of(sent), sent.to_address))

    def write_as_strangers(self) -> None:
        """Mail that a registrar has to file."""
        letter = self._unconfirmed().letter
        assert letter is not None
        for name, address, *texts in words.STRANGERS:
            subject, said = (text.format(number=letter.number) for text in texts)
            replies.arrives(replies.reply((name, address), "penghubung@hub.example", subject, said))

    def paper_comes_in(self) -> None:
        papers.come_in(self.story, self._nobody_signs_in())

    def answers_are_posted(self) -> None:
        exchanges.tell_of_posted_answers(self.story, self._nobody_signs_in())

    def decline(self) -> None:
        exchanges.decline(self.story, self._nobody_signs_in())

    def _nobody_signs_in(self) -> set[int]:
        return {self.story.offices[code].id for code, _ in self.free}

    def answer(self, id: int) -> None:
        """Nearly all are still the PIC; a few name somebody else."""
        check = db.session.get_one(ReachCheck, id)
        actor = Actor(ActorKind.LINK, mail.of(check.stream)[0].id)
        office = check.appointment.institution
        self.answers += 1
        if self.answers in NAMING:
            name = next(self.story.people.names)
            named = reach.Successor(name, "Inspektur Pembantu II", names.address(name, office), "0812-0000-0002")
            reach.answer(check, ReachAnswer.SUCCESSOR, named, actor)
        else:
            reach.answer(check, ReachAnswer.STILL, None, actor)

    def _unconfirmed(self) -> EmailDispatch:
        """The mail with the last letter that somebody who cannot sign in has not confirmed."""
        seats = {self.story.offices[code].id for code, _ in self.free}
        found = db.session.scalar(
            select(EmailDispatch)
            .join(Forwarding, Forwarding.letter_id == EmailDispatch.letter_id)
            .where(
                Forwarding.stage == Stage.SENT,
                Forwarding.recipient_id.in_(seats),
                EmailDispatch.purpose == EmailPurpose.LETTER,
                EmailDispatch.state == EmailState.HANDED_OVER,
            )
            .order_by(EmailDispatch.id.desc())
            .limit(1)
        )
        assert found is not None
        return found

    def _on(self, working_days_ago: int, act: Callable[[], None]) -> None:
        day = self.story.hours.days_ago(self.story.today, working_days_ago)
        self.story.agenda.enter(datetime.combine(day, SWEEP_AT, clock.ZONES["WIB"]), act)

    def _office(self, seat: Seat) -> Institution:
        return self.story.offices[seat[0]]

    def _present(self, seat: Seat) -> Appointment:
        found = directory.pic_on(self._office(seat), seat[1], clock.today(self._office(seat).zone))
        assert found is not None
        return found
