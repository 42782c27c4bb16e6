"""Invented people in real offices. Everybody's password is `PASSWORD`."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime

import argon2
from sqlalchemy import select

from hub.accounts.models import Account, AccountRole
from hub.accounts.rules import Role
from hub.directory.models import Appointment, AppointmentRole, Institution, Network, Person
from hub.extensions import db

PASSWORD = "gerimis di teras belakang"
_CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

_STAFF = (
    ("registrar", "KSN-DUMAS", "Laksmi Paramastri", Role.REGISTRAR),
    ("signatory", "KSN-DUMAS", "Bagas Wirayuda", Role.SIGNATORY),
    ("monitor", "KSN-DUMAS", "Nirmala Kusumadewi", Role.MONITOR),
    ("administrator", "KSN-DUMAS", "Teguh Adiwarna", Role.ADMINISTRATOR),
    ("ombudsman_monitor", "ORI-15", "Sekar Ayuningrat", Role.MONITOR),
    ("ombudsman_registrar", "ORI-15", "Galih Pranowobumi", Role.REGISTRAR),
    ("ombudsman_signatory", "ORI-15", "Ratna Wulandini", Role.SIGNATORY),
)
_APPOINTED = (
    ("regency_pic", "35.13", "Rina Maheswari", Network.KEMENSETNEG),
    ("province_pic", "35", "Damar Sasongkojati", Network.KEMENSETNEG),
    ("other_pic", "33.74", "Ayu Candraningtyas", Network.KEMENSETNEG),
)


@dataclass(frozen=True)
class World:
    """Offices and accounts every test can count on.

    `other_pic` belongs to an inspectorate (33.74) that has nothing to do with the rest: the one who must see nothing.
    35.14 has no PIC and no people at all.
    """

    ksn: Institution
    province: Institution
    regency: Institution
    unstaffed: Institution
    ombudsman: Institution
    registrar: Account
    signatory: Account
    monitor: Account
    administrator: Account
    ombudsman_monitor: Account
    ombudsman_registrar: Account
    ombudsman_signatory: Account
    regency_pic: Account
    province_pic: Account
    other_pic: Account

    @property
    def accounts(self) -> dict[str, Account]:
        """Every account by its name here."""
        return {f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), Account)}


def populate() -> None:
    """Put the people into a seeded database."""
    for institution in db.session.scalars(select(Institution)):
        institution.email = f"{institution.code.lower().replace('.', '-')}@kantor.example"
        institution.postal_address = f"Jalan Melati Nomor 1, {institution.seat}"
    for key, code, name, role in _STAFF:
        _account(key, code, name).granted.append(AccountRole(role=role))
    for key, code, name, network in _APPOINTED:
        account = _account(key, code, name)
        appointment = Appointment(
            person=account.person,
            institution=account.person.institution,
            network=network,
            role=AppointmentRole.PIC,
            decree_number="700/1/SK/2024",
            valid_from=date(2024, 1, 2),
        )
        db.session.add(appointment)
    db.session.commit()


def load() -> World:
    accounts = {account.person.email: account for account in db.session.scalars(select(Account)).unique()}
    return World(
        ksn=_office("KSN-DUMAS"),
        province=_office("35"),
        regency=_office("35.13"),
        unstaffed=_office("35.14"),
        ombudsman=_office("ORI-15"),
        **{key: accounts[_address(key)] for key, *_ in (*_STAFF, *_APPOINTED)},
    )


def _account(key: str, code: str, name: str) -> Account:
    person = Person(institution=_office(code), name=name, email=_address(key), phone="081200000000")
    account = Account(person=person, password_hash=_CHEAP.hash(PASSWORD), created_at=datetime(2024, 1, 2, tzinfo=UTC))
    db.session.add(account)
    return account


def _address(key: str) -> str:
    return f"{key.replace('_', '.')}@kantor.example"


def _office(code: str) -> Institution:
    return db.session.scalars(select(Institution).where(Institution.code == code)).one()
