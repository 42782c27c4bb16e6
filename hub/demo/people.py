"""Who works where in the demonstration: staff with accounts, focal points, mailboxes and addresses. All invented."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hub.accounts.rules import Role
from hub.accounts.service import create_account
from hub.audit.rules import SYSTEM
from hub.demo import names
from hub.demo.plot import ASDEP, OMBUDSMAN_OFFICES, Reach
from hub.directory import queries as directory
from hub.directory import service
from hub.directory.models import AppointmentRole, Institution, InstitutionKind, Network, Person
from hub.directory.offices import ITJEN

PASSWORD = "penghubung-demo"


@dataclass(frozen=True)
class DemoAccount:
    """An account that is printed when the demonstration starts. `roles` empty: a PIC, appointed for `institution`."""

    what: str
    email: str
    name: str
    title: str
    institution: str
    roles: tuple[Role, ...] = ()


ACCOUNTS = (
    DemoAccount(
        "Asdep Dumas, pemantau",
        "pemantau@ksn.example",
        "Ratri Kusumaningrat",
        "Analis Pengaduan Masyarakat",
        ASDEP,
        (Role.MONITOR,),
    ),
    DemoAccount(
        "Asdep Dumas, penanda tangan",
        "penandatangan@ksn.example",
        "Wiratmaja Suryanata",
        "Asisten Deputi Pengaduan Masyarakat",
        ASDEP,
        (Role.SIGNATORY,),
    ),
    DemoAccount(
        "Asdep Dumas, persuratan",
        "persuratan@ksn.example",
        "Endah Laksmitasari",
        "Pengelola Surat",
        ASDEP,
        (Role.REGISTRAR,),
    ),
    DemoAccount(
        "Administrator",
        "admin@ksn.example",
        "Bagaskara Adyatma",
        "Pranata Komputer",
        ASDEP,
        (Role.ADMINISTRATOR,),
    ),
    DemoAccount(
        "Ombudsman Jawa Timur, pemantau",
        "pemantau@ori15.example",
        "Palupi Hardjanti",
        "Asisten Ombudsman",
        "ORI-15",
        (Role.MONITOR,),
    ),
    DemoAccount(
        "Provinsi Jawa Timur, penanda tangan",
        "inspektur@jatim.example",
        "Hayuning Prabandari",
        "Inspektur",
        "35",
        (Role.SIGNATORY,),
    ),
    DemoAccount("PIC Provinsi Jawa Timur", "pic@jatim.example", "Damar Wicaksana", "Inspektur Pembantu II", "35"),
    DemoAccount(
        "PIC Kabupaten Probolinggo", "pic@probolinggo.example", "Rina Maheswari", "Inspektur Pembantu I", "35.13"
    ),
)

_TITLES = (
    "Inspektur Pembantu I",
    "Inspektur Pembantu II",
    "Inspektur Pembantu III",
    "Inspektur Pembantu Investigasi",
    "Sekretaris Inspektorat",
)
Seat = tuple[str, Network]
"""Code of an institution, and the network in which somebody speaks for it."""


@dataclass
class People:
    """Everybody the story needs. `staff`: by office and role; `focal_points`: by seat; `names` nobody has yet."""

    random: Random
    started: date
    names: Iterator[str]
    staff: dict[tuple[str, Role], Person] = field(default_factory=dict)
    focal_points: dict[Seat, Person] = field(default_factory=dict)
    decrees: int = 0


def settle(offices: Iterable[Institution], reach: dict[str, Reach], random: Random, today: date) -> People:
    """Give every office its addresses, those in `reach` their focal points, and the senders their staff."""
    people = People(random, today - timedelta(days=400), names.people(random))
    by_code = {one.code: one for one in offices}
    for office in by_code.values():
        _equip(office, reach.get(office.code))
    for one in ACCOUNTS:
        _sign_on(people, one, by_code[one.institution])
    for code, province, _ in OMBUDSMAN_OFFICES:
        for role in (Role.MONITOR, Role.SIGNATORY, Role.REGISTRAR):
            _employ(people, by_code[code], role)
        for seat, way in reach.items():
            if seat.startswith(province) and way is Reach.PIC:
                _appoint(people, by_code[seat], Network.OMBUDSMAN)
    for code, way in reach.items():
        if way in (Reach.PIC, Reach.DEAD):
            _appoint(people, by_code[code], Network.KEMENSETNEG)
    _appoint(people, by_code[ITJEN], Network.KEMENSETNEG)
    return people


def _equip(office: Institution, reach: Reach | None) -> None:
    """Sample addresses. Those that only paper reaches have no mailbox."""
    number = 1 + office.id % 40
    mailbox = "" if reach is Reach.PAPER else f"persuratan@{names.domain(office)}"
    changes = {
        "email": mailbox,
        "phone": f"(000) 555{office.id:04}",
        "postal_address": f"Jalan Contoh Nomor {number}, {office.seat}",
    }
    service.change_office(office, changes, SYSTEM)


def _sign_on(people: People, one: DemoAccount, office: Institution) -> None:
    known = service.add_person(office, one.name, one.title, one.email, "0812-0000-0000", SYSTEM)
    create_account(known, PASSWORD, one.roles)
    for role in one.roles:
        people.staff[office.code, role] = known
    if not one.roles:
        _seat(people, known, office, Network.KEMENSETNEG, AppointmentRole.PIC)


def _employ(people: People, office: Institution, role: Role) -> None:
    """Colleagues without an account of their own; they act in the story only."""
    if (office.code, role) not in people.staff:
        title = "Kepala Perwakilan" if role is Role.SIGNATORY else "Asisten Ombudsman"
        people.staff[office.code, role] = newcomer(people, office, title)


def _appoint(people: People, office: Institution, network: Network) -> None:
    """A PIC where there is none yet, half of the time the other network's too; a deputy in every third place."""
    if (office.code, network) in people.focal_points:
        return
    other = people.focal_points.get((office.code, Network.OMBUDSMAN))
    is_shared = other is not None and people.random.random() < 0.5
    known = other if is_shared and other else newcomer(people, office, people.random.choice(_TITLES))
    _seat(people, known, office, network, AppointmentRole.PIC)
    if people.random.random() < 0.33:
        deputy = newcomer(people, office, people.random.choice(("Auditor Ahli Madya", "Auditor Ahli Muda")))
        _seat(people, deputy, office, network, AppointmentRole.DEPUTY)


def newcomer(people: People, office: Institution, title: str) -> Person:
    """Somebody more who works there."""
    name = next(people.names)
    phone = f"0812-0000-{people.random.randrange(10_000):04}"
    return service.add_person(office, name, title, names.address(name, office), phone, SYSTEM)


def _seat(people: People, one: Person, office: Institution, network: Network, role: AppointmentRole) -> None:
    people.decrees += 1
    since = people.started + timedelta(days=people.random.randrange(150))
    is_regional = office.kind is not InstitutionKind.ITJEN
    decree = f"{700 if is_regional else 800}.1/{people.decrees:03}/SK-PIC/{since.year}"
    service.appoint(one, office, network, role, decree, since, None, SYSTEM)
    if role is AppointmentRole.PIC:
        people.focal_points[office.code, network] = one


def offices() -> list[Institution]:
    """Every institution of the directory."""
    return directory.pickable("", limit=10_000)
