"""One virtual year of one world: it is settled, everything is entered in the agenda, and played."""

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from hub import clock
from hub.audit.queries import Finding
from hub.audit.rules import SYSTEM
from hub.clock import ZONES
from hub.demo import names
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import AppointmentRole, Institution, InstitutionKind, Network, Person
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.monitoring import clock_checks, verification
from hub.silence.causes import causes
from hub.silence.ladder import Step
from hub.silence.models import LadderStep
from hub.silence.queries import cases
from hub.simulation.comparison import ACCUSING, Findings, Said, compare, compare_cause
from hub.simulation.faults import Faults
from hub.simulation.policy import Policy
from hub.simulation.recipients import Recipients
from hub.simulation.senders import Senders
from hub.simulation.world import Leave, Office, World, decree_holiday, opened
from hub.upkeep import handover
from hub.upkeep.handover import Succession


@dataclass(frozen=True)
class Span:
    """Letters are written until `written_until`; what is under way then comes to its end until `last`."""

    first: date
    written_until: date
    last: date


YEAR = Span(date(2026, 1, 5), date(2026, 12, 30), date(2027, 1, 29))
MORNING, EVENING = time(9), time(16, 30)
SENDERS = (("KSN-DUMAS", Network.KEMENSETNEG), ("ORI-15", Network.OMBUDSMAN))
_CLARIFICATIONS = 0.2
_OFFICES = 40
_GARBAGE_AFTER = 50_000
"""New objects: the usual 700 would let Python look for garbage all the time among what a whole hub holds."""


@dataclass
class Told:
    """What a world was like: what was found, the steps of the ladder by name, and how many were ever accused."""

    findings: Findings = field(default_factory=Findings)
    steps: dict[str, int] = field(default_factory=dict)
    accused: set[int] = field(default_factory=set)
    lapsed: set[int] = field(default_factory=set)
    contradictions: dict[str, str] = field(default_factory=dict)


def rehearse(
    forwardings: int,
    seed: str,
    faults: Faults,
    policy: Policy,
    progress: Callable[[date], None],
    span: Span = YEAR,
) -> Told:
    """Play a year with so many forwardings. The same seed, faults and policy tell the same story."""
    memory = Path("/dev/shm")  # noqa: S108  # a folder of our own below it
    folder = TemporaryDirectory(prefix="hub-rehearsal-", dir=memory if memory.is_dir() else None)
    with folder as where, opened(Path(where), faults, policy, seed, span.first, span.last) as world:
        return _play(world, forwardings, span, progress)


def _play(world: World, forwardings: int, span: Span, progress: Callable[[date], None]) -> Told:
    told = Told()
    recipients = Recipients(world)
    senders = Senders(world, recipients)
    world.after_round.append(recipients.mails_left)
    world.paper_arrives = senders.paper_arrives
    with clock.travelling(_at(span.first - timedelta(days=20), MORNING)):
        _settle(world)
        db.session.commit()
    _plan(world, senders, forwardings, span)
    world.enter_rounds()
    for day in _days(span.first, span.last):
        world.at(_at(day, time(0, 1)), partial(progress, day))
        world.at(_at(day, EVENING), recipients.look_in_the_outbox)
        world.at(_at(day, EVENING), partial(_look, world, told))
        if day.day == 1:
            world.at(_at(day, EVENING), lambda: _verify(told, clock_checks.findings()))
        if world.days.is_working(day):
            for sender, _ in SENDERS:
                world.at(_at(day, MORNING), partial(senders.morning, sender))
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_GARBAGE_AFTER, 20, 20)
    try:
        world.agenda.play(_at(span.last, time(23)), lambda _: None)
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
    _verify(told, verification.findings())
    counted = select(LadderStep.step, func.count()).group_by(LadderStep.step)
    told.steps = {Step(step).name.lower(): number for step, number in db.session.execute(counted)}
    return told


def _verify(told: Told, findings: Iterable[Finding]) -> None:
    """What the hub itself calls a contradiction, in its record or between stages and clocks."""
    for one in findings:
        words = f"{one.stream} {one.problem}"
        told.contradictions.setdefault(words, f"{clock.now():%Y-%m-%d}: {words}")


def _look(world: World, told: Told) -> None:
    """What the hub says this evening of everything that is open, and of what it gave up today."""
    found = told.findings
    open_ones = [case for case in cases() if not world.matters[case.id].is_over]
    silent = [case for case in open_ones if case.is_silent]
    why = causes(silent)
    said = {case.id: Said(str(case.verdict.grade or ""), str(why.get(case.id, ""))) for case in open_ones}
    lapsed = set(db.session.scalars(select(Forwarding.id).where(Forwarding.stage == Stage.LAPSED)))
    said |= {id: Said("lapsed") for id in lapsed - told.lapsed}
    told.lapsed |= lapsed
    for id, one in said.items():
        matter = world.matters[id]
        compare(found, matter, one, clock.today(matter.zone), world.days, world.policy)
        if one.grade in ACCUSING:
            told.accused.add(id)
    for case in silent:
        office = world.offices[world.matters[case.id].office]
        compare_cause(found, said[case.id].cause, office.causes(clock.today(case.zone), world.dead))


def _settle(world: World) -> None:
    """The senders' staff, and the inspectorates with their mailboxes."""
    world.names = names.people(world.random)
    for code, _ in SENDERS:
        office = directory.by_code(code)
        address = f"{code.lower()}@pengirim.example"
        _furnish(office, address, "Jalan Contoh Nomor 1")
        world.staff[code] = {
            role: people.add_person(office, next(world.names), "", f"{role}@{code.lower()}.example", "", SYSTEM).id
            for role in ("registrar", "signatory")
        }
    kinds = (InstitutionKind.REGENCY, InstitutionKind.CITY)
    known = list(db.session.scalars(select(Institution).where(Institution.kind.in_(kinds)).order_by(Institution.code)))
    near = [one for one in known if one.code.startswith("35")]
    far = world.random.sample([one for one in known if not one.code.startswith("35")], _OFFICES - len(near))
    for office in (*near, *far):
        _open(world, office)
    supervisors = select(Institution).where(Institution.kind == InstitutionKind.PROVINCE)
    for office in db.session.scalars(supervisors).all():
        _furnish(office, "", f"Jalan Contoh, {office.seat}")


def _furnish(office: Institution, email: str, postal_address: str) -> None:
    told = {"email": email, "phone": "(000) 5550001", "postal_address": postal_address}
    people.change_office(office, told, SYSTEM)


def _open(world: World, office: Institution) -> None:
    code = office.code.replace(".", "-")
    here = Office(office.code, office.id, office.zone, office.name)
    if not world.chance(world.faults.without_office_mailbox):
        here.office_address = f"persuratan@{code}.example"
        world.servers.open(here.office_address)
    _furnish(office, here.office_address, f"Jalan Contoh, {office.seat}")
    world.offices[office.code] = here
    if not world.chance(world.faults.without_pic):
        _appoint(world, office, here)
    _plan_leaves(world, here)


def _appoint(world: World, office: Institution, here: Office) -> None:
    here.pic_name = next(world.names)
    here.pic_address = here.listed = f"pic@{office.code.replace('.', '-')}.example"
    world.servers.open(here.pic_address)
    pic = people.add_person(office, here.pic_name, "Inspektur Pembantu I", here.pic_address, "", SYSTEM)
    here.pic = pic.id
    for _, network in SENDERS:
        people.appoint(pic, office, network, AppointmentRole.PIC, "700/1/SK/2025", date(2025, 6, 2), None, SYSTEM)


def _plan_leaves(world: World, here: Office) -> None:
    for _ in range(_some(world, world.faults.leaves_a_year)):
        first = world.first + timedelta(days=world.random.randrange(360))
        last = first + timedelta(days=world.random.randint(2, 12))
        here.leaves.append(Leave(first, last, not world.chance(world.faults.leaves_untold)))
    for _ in range(_some(world, world.faults.replaced_a_year)):
        day = world.first + timedelta(days=world.random.randrange(30, 340))
        world.at(_at(world.days.after(day, 1), time(8, 30)), partial(_replace, world, here))


def _replace(world: World, here: Office) -> None:
    """A new PIC; the administrator is told some days after the old mailbox is closed."""
    if here.pic is None or not here.pic_address:
        return
    world.servers.close(here.pic_address)
    here.pic_address, here.pic_name = "", next(world.names)
    world.at(world.hours.after(clock.now(), world.random.randint(1, 15), here.zone), partial(_hand_over, world, here))


def _hand_over(world: World, here: Office) -> None:
    office = db.session.get_one(Institution, here.id)
    address = f"pic.{world.random.randrange(10**6)}@{here.code.replace('.', '-')}.example"
    world.servers.open(address)
    newcomer: Person | None = None
    for _, network in SENDERS:
        present = directory.pic_on(office, network, clock.today(here.zone))
        succession = Succession(
            clock.today(here.zone),
            None,
            "700/2/SK/2026",
            person=newcomer,
            name="" if newcomer else here.pic_name,
            title="Irban II",
            email="" if newcomer else address,
        )
        handed = handover.hand_over(office, network, succession, present.id if present else None, SYSTEM)
        newcomer = db.session.get_one(Person, handed.appointment.person_id)
    assert newcomer is not None
    here.pic, here.pic_address, here.listed = newcomer.id, address, address


def _plan(world: World, senders: Senders, forwardings: int, span: Span) -> None:
    """Days on which letters are written, and what happens to hub and country."""
    random, faults = world.random, world.faults
    working = [day for day in _days(span.first, span.written_until) if world.days.is_working(day)]
    codes = sorted(world.offices)
    near = [code for code in codes if code.startswith("35")]
    for _ in range(forwardings):
        sender, _network = SENDERS[random.random() < _CLARIFICATIONS]
        office = random.choice(near if sender == "ORI-15" else codes)
        world.at(world.hours.on(random.choice(working), "WIB"), partial(senders.begin, sender, office))
    world.standstills = {random.choice(working) for _ in range(_some(world, faults.standstills_a_year))}
    world.outages = {
        (random.choice(working), world.chance(0.5)) for _ in range(_some(world, faults.relay_outages_a_year))
    }
    if world.chance(faults.holidays_decreed):
        decreed = working[len(working) // 2]
        world.at(_at(decreed, time(8)), partial(decree_holiday, world, world.days.after(decreed, 15)))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _some(world: World, a_year: float) -> int:
    """A whole number that is `a_year` on average."""
    return int(a_year) + world.chance(a_year - int(a_year))


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZONES["WIB"])
