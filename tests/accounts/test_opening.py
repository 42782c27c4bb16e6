"""Accounts of people who came by a link: opened, found, and from the command line invited."""

import json

import pytest
from click.testing import CliRunner

from hub.accounts.queries import accounts_of
from hub.accounts.service import TooManyAttempts, WeakPassword, authenticate, open_account
from hub.audit.rules import SYSTEM
from hub.cli import commands
from hub.directory import service as directory
from hub.directory.models import Person
from hub.extensions import db
from hub.mail import queries as mails
from tests.world import PASSWORD

SECRET = "kabut turun di lereng bromo"


@pytest.fixture
def newcomer(world) -> Person:
    return directory.add_person(world.unstaffed, "Wulan Prameswari", "", "wulan@kantor.example", "", SYSTEM)


def test_a_new_account_has_no_role_but_what_appointments_give(newcomer):
    account = open_account(newcomer, SECRET)
    assert account.roles == frozenset()
    assert authenticate("wulan@kantor.example", SECRET) is account


def test_an_account_that_was_there_keeps_its_roles_and_gets_the_password(world):
    account = open_account(world.monitor.person, SECRET)
    assert account is world.monitor
    assert account.may("monitor")
    assert authenticate("monitor@kantor.example", PASSWORD) is None


def test_a_door_closed_by_wrong_guesses_opens_for_the_new_password(world):
    for _ in range(5):
        authenticate("monitor@kantor.example", "wrong")
    with pytest.raises(TooManyAttempts):
        authenticate("monitor@kantor.example", PASSWORD)
    open_account(world.monitor.person, SECRET)
    assert authenticate("monitor@kantor.example", SECRET) is not None


def test_a_weak_password_opens_nothing(newcomer):
    with pytest.raises(WeakPassword):
        open_account(newcomer, "pendek")
    assert accounts_of([newcomer.id]) == {}


def test_accounts_are_found_in_one_query(world, newcomer, count_queries):
    ids = [world.monitor.person_id, world.regency_pic.person_id, newcomer.id]
    db.session.expire_all()
    with count_queries() as statements:
        found = accounts_of(ids)
    assert found == {world.monitor.person_id: world.monitor, world.regency_pic.person_id: world.regency_pic}
    assert len(statements) == 1


def run(*arguments: str):
    db.session.commit()
    return CliRunner().invoke(commands, ("user", "invite", *arguments, "--json"))


def test_the_command_puts_an_invitation_into_the_outbox(world):
    done = run("--email", "Monitor@kantor.example")
    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["person"], answer["email"]) == (world.monitor.person_id, "monitor@kantor.example")
    db.session.rollback()
    [dispatch] = mails.of(f"person:{world.monitor.person_id}")
    assert dispatch.signature.startswith("Kementerian Sekretariat Negara")


def test_nobody_is_invited_who_is_unknown_or_holds_no_office(newcomer):
    for address, hint in (("nobody@kantor.example", "knows nobody"), ("wulan@kantor.example", "Wulan Prameswari")):
        done = run("--email", address)
        assert done.exit_code == 2
        assert hint in done.stderr
