"""Half a year of the hub, told by its own use cases: whatever the pages would have done, one act after the other."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from hub import clock
from hub.accounts.rules import Role
from hub.demo.people import People
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.forwardings import signing, tracks
from hub.forwardings.rules import NotNow
from hub.forwardings.service import CannotForward
from hub.letters.models import FOLLOW_UPS, Letter, LetterState
from hub.letters.service import APPROVED
from hub.mail import service as mail
from hub.mail.models import EmailDispatch, EmailState
from hub.post import service as posting
from hub.post.rules import check_digit
from hub.silence import service as silence
from hub.simulation.agenda import Agenda, OfficeHours

SWEEP_AT = time(9, 5)
"""WIB: within the office hours of all three zones."""
SIGNED_AFTER = timedelta(hours=5)
LAST_MAIL = time(15, 0)
"""WIB, on the last working day: what is signed later still waits for the worker when the demonstration starts."""


@dataclass
class Story:
    """The stage on which the threads meet: who is there, what is next, and which mail server takes what."""

    people: People
    offices: dict[str, Institution]
    hours: OfficeHours
    random: Random
    today: date
    dead: frozenset[str]

    def __post_init__(self) -> None:
        self.agenda = Agenda()
        self.last_day = self.hours.days_ago(self.today, 1)
        self.last_mail = datetime.combine(self.last_day, LAST_MAIL, clock.ZONES["WIB"])
        self.posted = 0

    def sweep(self) -> None:
        """Envelopes the post lost, and reminders that are due, as the worker's sweep finds them."""
        if posting.presume_lost():
            tracks.notice_dispatches()
        if silence.sweep(clock.now()).reminded:
            self.soon(self.mail_leaves)
        self.agenda.enter(clock.now() + SIGNED_AFTER, self.sign_follow_ups)

    def sign_follow_ups(self) -> None:
        """Letters that the ladder has put to the signatory are signed, as long as the answer has not come meanwhile.

        Those of the last day still wait when the demonstration starts.
        """
        if clock.today("WIB") >= self.last_day:
            return
        waiting = select(Letter).where(Letter.state == LetterState.TO_SIGN, Letter.kind.in_(FOLLOW_UPS))
        for letter in db.session.scalars(waiting.order_by(Letter.id)):
            with suppress(NotNow, CannotForward), db.session.begin_nested():
                signing.sign(letter, self.staff(letter.institution.code, Role.SIGNATORY), APPROVED)
        self.soon(self.mail_leaves)

    def soon(self, act: Callable[[], None]) -> None:
        self.agenda.enter(clock.now() + timedelta(minutes=self.random.randint(2, 4)), act)

    def mail_leaves(self) -> None:
        """The recipients' servers take everything that waits, except for addresses that are dead."""
        if clock.now() > self.last_mail:
            return
        waiting = select(EmailDispatch).where(EmailDispatch.state == EmailState.QUEUED).order_by(EmailDispatch.id)
        for dispatch in db.session.scalars(waiting):
            if dispatch.to_address in self.dead:
                mail.fail(dispatch, f"550 5.1.1 <{dispatch.to_address}>: Recipient address rejected: User unknown")
            else:
                mail.hand_over(dispatch, f"250 2.0.0 Ok: queued as {self.random.getrandbits(40):010X}")
        tracks.notice_dispatches()

    def signing_time(self, moment: datetime) -> datetime:
        """The signatory reads on the last afternoon what came in since the day before."""
        before_last = self.hours.days_ago(self.today, 2)
        if clock.local(moment, "WIB").date() < before_last:
            return moment
        afternoon = datetime.combine(self.last_day, time(15, 20), clock.ZONES["WIB"])
        return max(afternoon, clock.now()) + timedelta(seconds=self.random.randrange(60, 1800))

    def staff(self, office: str, role: Role) -> Person:
        return self.people.staff[office, role]

    def tracking_number(self) -> str:
        """A registered letter's number with its check digit (UPU S10)."""
        self.posted += 1
        serial = f"{47_310_000 + self.posted * 37}"
        return f"RR{serial}{check_digit(serial)}ID"
