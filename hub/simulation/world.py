"""The rehearsed world: a hub of its own in a temporary folder, its worker, and everything that happens around it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import update

from hub import clock, worker
from hub.bench import ground
from hub.directory.models import Person
from hub.extensions import db
from hub.files import service as files
from hub.files.rules import PDF
from hub.letters.models import IS_TO_RENDER, Letter, LetterKind
from hub.mail import sender
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import ArrivedBy
from hub.simulation.agenda import Agenda, OfficeHours
from hub.simulation.days import Days
from hub.simulation.faults import Faults
from hub.simulation.policy import Policy
from hub.simulation.servers import Servers, SimulatedConnection, WorkerDied
from hub.simulation.truth import Answer, Matter, Promise
from hub.workdays import queries as workdays
from hub.workdays import service as workday_service

ROUNDS = (time(8, 20), time(11, 30), time(15, 0))
"""When the worker goes round on a working day, on Jakarta's clocks; on others only the last."""
AGAIN = timedelta(minutes=6)
"""A worker that died is started again at once; what it held is free by then."""


@dataclass(frozen=True)
class Leave:
    """`is_told`: the mailbox answers by itself meanwhile."""

    first: date
    last: date
    is_told: bool


@dataclass
class Office:
    """An inspectorate in truth. `pic` is None while the hub knows of nobody who is appointed.

    `pic_address` is "" while the old mailbox is closed and nobody was told; `listed`: what the hub was told last.
    `answered_by_itself`: leaves for which an automatic answer left a mailbox; `away_until`: what reached the hub.
    """

    code: str
    id: int
    zone: str
    name: str = ""
    pic: int | None = None
    pic_name: str = ""
    pic_address: str = ""
    listed: str = ""
    office_address: str = ""
    leaves: list[Leave] = field(default_factory=list)
    answered_by_itself: set[tuple[date, str]] = field(default_factory=set)
    away_until: dict[str, date] = field(default_factory=dict)

    def leave_on(self, day: date) -> Leave | None:
        return next((one for one in self.leaves if one.first <= day <= one.last), None)

    def causes(self, day: date, dead: set[str]) -> frozenset[str]:
        """Why nobody there answers, as far as anybody told the hub. `dead`: addresses that mail came back from."""
        listed = [one for one in (self.listed if self.pic else "", self.office_address) if one]
        found = {
            "no_pic": self.pic is None,
            "address_dead": bool(listed) and dead.issuperset(listed),
            "away": self.pic is not None and self.away_until.get(self.listed, date.min) >= day,
        }
        return frozenset(cause for cause, is_so in found.items() if is_so) or frozenset({"quiet"})


@dataclass
class Incoming:
    """A mail on its way to the hub, and what it really is: `kept` is told when the hub has it."""

    moment: datetime
    raw: bytes
    kept: Callable[[datetime], None]


@dataclass
class World:
    """Everything that exists. Rows of the database are held by their ids: every round of the worker drops them."""

    app: Flask
    faults: Faults
    policy: Policy
    random: Random
    first: date
    last: date
    hours: OfficeHours
    days: Days
    agenda: Agenda = field(default_factory=Agenda)
    matters: dict[int, Matter] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    staff: dict[str, dict[str, int]] = field(default_factory=dict)
    on_the_way: list[Incoming] = field(default_factory=list)
    meaning: dict[str, tuple[int, "Answer | None"]] = field(default_factory=dict)
    """What a person's mail to the hub really is, by the hash of its bytes: the matter it speaks of, and the answer."""
    dead: set[str] = field(default_factory=set)
    """Addresses that are known to be dead: the hub's mail was refused, or a report came."""
    standstills: set[date] = field(default_factory=set)
    outages: set[tuple[date, bool]] = field(default_factory=set)
    names: Iterator[str] = field(default_factory=lambda: iter(()))
    page: int = 0
    posted: int = 0
    after_round: list[Callable[[], None]] = field(default_factory=list)
    told_by_post: list[Callable[[], None]] = field(default_factory=list)
    paper_arrives: Callable[[Matter, Answer], None] = lambda _matter, _answer: None

    def __post_init__(self) -> None:
        self.servers = Servers(self.random, self.faults)
        self.client = self.app.test_client()

    # Time

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Enter an act; what it wrote is committed when it has happened."""

        def done() -> None:
            act()
            db.session.commit()

        self.agenda.enter(moment, done)

    def after(self, working_days: int, zone: str, act: Callable[[], None]) -> None:
        self.at(self.hours.after(clock.now(), working_days, zone), act)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    @property
    def today(self) -> date:
        return clock.today("WIB")

    # People and papers

    def person(self, office: str, role: str) -> Person:
        """Somebody of the sender's staff."""
        return db.session.get_one(Person, self.staff[office][role])

    def office_of(self, matter: Matter) -> Office:
        return self.offices[matter.office]

    def prove_with_the_next_round(self, matter: Matter, at: datetime, letter: Letter | None) -> None:
        """The post told of a delivery, which the worker takes for a proof: whoever confirms before it, comes first."""
        id = letter.id if letter else None
        self.told_by_post.append(lambda: self.prove(matter, at, db.session.get(Letter, id) if id else None))

    def prove(self, matter: Matter, at: datetime, letter: Letter | None) -> None:
        """The hub was told that this letter is there since `at`. A second request gives a limit of its own."""
        day, was_proven = clock.local(at, matter.zone).date(), matter.proven_at is not None
        matter.prove(clock.now(), day)
        if was_proven and letter is not None and letter.kind is LetterKind.SECOND_REQUEST:
            second = Promise(day, self.policy.limit("ombudsman_second_request"), in_working_days=False)
            if matter.promise and second.day(self.days) > matter.promise.day(self.days):
                matter.promise = second

    # The worker

    def enter_rounds(self) -> None:
        day = self.first
        while day <= self.last:
            for at in ROUNDS if self.days.is_working(day) else ROUNDS[-1:]:
                if day not in self.standstills:
                    self.agenda.enter(datetime.combine(day, at, clock.ZONES["WIB"]), self.round)
            day += timedelta(days=1)

    def round(self) -> None:
        """One round of the real worker, with the press, the mail server and the mailbox of this world."""
        local = clock.local(clock.now(), "WIB")
        self.servers.is_relay_down = (local.date(), local.hour < 12) in self.outages
        if self.chance(self.faults.crashes):
            self.servers.dies_after = self.random.randint(0, 3)
        try:
            self._report(worker.run_once(self._steps()))
            told, self.told_by_post = self.told_by_post, []
            for act in told:
                act()
        except WorkerDied:
            db.session.remove()
            self.agenda.enter(clock.now() + AGAIN, self.round)
        self.servers.dies_after = None
        for act in self.after_round:
            act()

    def _report(self, told: dict[str, object]) -> None:
        """A step that failed is a fault of the hub, not of the world."""
        for name, report in told.items():
            if isinstance(report, dict) and "failed_with" in report:
                raise RuntimeError(f"{name}: {report['failed_with']}")

    def _steps(self) -> worker.Steps:
        return {
            **worker.STEPS,
            "letters": self._print,
            "prints": lambda: None,
            "mail": lambda: sender.send_due(lambda: SimulatedConnection(self.servers)),
            "inbox": self._take_mail_in,
        }

    def _print(self) -> None:
        """A press that makes every letter the same page: how letters are set is not rehearsed."""
        db.session.execute(update(Letter).where(IS_TO_RENDER).values(file_id=self.page))

    def _take_mail_in(self) -> None:
        here = [one for one in self.on_the_way if one.moment <= clock.now()]
        if here:
            self.on_the_way = [one for one in self.on_the_way if one.moment > clock.now()]
            inbox.keep_all([one.raw for one in here], ArrivedBy.IMAP)
            for one in here:
                one.kept(clock.now())
            db.session.commit()
        inbox.read_pending(limit=500)


@contextmanager
def opened(folder: Path, faults: Faults, policy: Policy, seed: str, first: date, last: date) -> Iterator[World]:
    """An empty hub with directory, calendar and ladders as every new one has them, and nobody in it yet."""
    from hub.cli.init import seed as fill

    with ground.hub(folder, 1) as app:
        logging.getLogger("hub").setLevel(logging.ERROR)  # a year of requests fills screens
        with clock.travelling(datetime.combine(first - timedelta(days=30), time(9), clock.ZONES["WIB"])):
            fill()
            policy.put_in_force()
            page = files.store_made("surat.pdf", b"%PDF-1.7\n% rehearsed\n", PDF)
            db.session.add(page)
            db.session.flush()
            random = Random(seed)  # noqa: S311  # a story, no secret
            hours = OfficeHours(workdays.calendar_for(None), random)
            days = Days(range(first.year, last.year + 1))
            world = World(app, faults, policy, random, first, last, hours, days, page=page.id)
            db.session.commit()
        yield world


def decree_holiday(world: World, day: date) -> None:
    """A day off that nobody knew of, in the middle of the year."""
    from hub.audit.rules import SYSTEM
    from hub.workdays.rules import NamedDay

    world.days.decree(day, "Hari libur yang ditetapkan kemudian")
    seen = workdays.newest_version()
    workday_service.change(
        [NamedDay(day, "Hari libur yang ditetapkan kemudian")], (), "Keputusan contoh", "", seen, SYSTEM
    )
