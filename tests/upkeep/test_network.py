"""What could cost a letter is seen before it does: on the page of the network and by command."""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hub import clock
from hub.audit.rules import SYSTEM, Actor, ActorKind
from hub.cli import commands
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import (
    Appointment,
    AppointmentRole,
    Coverage,
    FaultKind,
    Institution,
    Network,
    Person,
    ReachAnswer,
    ReachCheck,
)
from hub.extensions import db
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.upkeep import first_run, reach
from hub.upkeep.first_run import FirstStep
from hub.upkeep.queries import health, proposals
from hub.upkeep.reach import Successor
from hub.upkeep.rules import Concern, Term, ends_soon, vacant_since
from tests.conftest import Client
from tests.story import Story
from tests.world import World

KSN, ORI = Network.KEMENSETNEG, Network.OMBUDSMAN
DAY = date(2026, 8, 31)
MORNING = "2026-08-31T03:00:00Z"
SignIn = Callable[..., Client]
Counting = Callable[[], AbstractContextManager[list[str]]]


def term(first: date, last: date | None = None, id: int = 1) -> Term:
    return Term(id, id, first, last)


class TestSeats:
    SINCE = date(2024, 1, 2)

    def test_a_seat_that_was_never_held_is_not_vacant(self) -> None:
        assert vacant_since([], DAY) is None

    def test_a_seat_is_vacant_from_the_day_after_the_last_term(self) -> None:
        assert vacant_since([term(self.SINCE, DAY - timedelta(days=1))], DAY) == DAY
        assert vacant_since([term(self.SINCE, DAY)], DAY) is None

    def test_who_begins_tomorrow_fills_it_today(self) -> None:
        left = term(self.SINCE, DAY - timedelta(days=1))
        assert vacant_since([left, term(DAY + timedelta(days=1), id=2)], DAY) is None
        assert vacant_since([left, term(DAY + timedelta(days=2), id=2)], DAY) == DAY

    def test_a_term_ends_soon_within_thirty_days(self) -> None:
        for days, soon in ((0, True), (30, True), (31, False)):
            assert bool(ends_soon([term(self.SINCE, DAY + timedelta(days=days))], DAY)) is soon
        assert ends_soon([term(self.SINCE)], DAY) is None

    def test_who_follows_the_next_day_is_enough_and_a_gap_is_not(self) -> None:
        last = DAY + timedelta(days=10)
        present = term(self.SINCE, last)
        assert ends_soon([present, term(last + timedelta(days=1), id=2)], DAY) is None
        assert ends_soon([present, term(last + timedelta(days=2), id=2)], DAY) is present


def found(concern: Concern, networks: Iterable[Network] = tuple(Network)) -> list[tuple[str, Network | None]]:
    db.session.commit()
    return [(one.code, one.network) for one in health(DAY, networks).found[concern]]


def appointment_of(world: World) -> Appointment:
    wanted = select(Appointment).where(Appointment.person_id == world.regency_pic.person_id)
    return db.session.scalars(wanted).one()


def seat(somebody: Person, network: Network = KSN, since: date = date(2024, 1, 2)) -> Appointment:
    return people.appoint(somebody, somebody.institution, network, AppointmentRole.PIC, "700/9/SK", since, None, SYSTEM)


def test_a_new_hub_has_no_alarms_and_counts_who_was_never_appointed(app: Flask) -> None:
    with freeze_time(MORNING):
        for appointment in db.session.scalars(select(Appointment)):
            db.session.delete(appointment)
        now = health(DAY)
    assert {concern: len(of) for concern, of in now.found.items()} == dict.fromkeys(Concern, 0)
    assert now.never_staffed == {KSN: 546, ORI: 546}
    assert now.alarms == 0


def test_a_seat_that_lost_its_pic_is_vacant(world: World) -> None:
    people.end_term(appointment_of(world), DAY - timedelta(days=3), SYSTEM)
    assert found(Concern.VACANT) == [("35.13", KSN)]
    [one] = health(DAY).found[Concern.VACANT]
    assert (one.since, one.person) == (DAY - timedelta(days=2), "Rina Maheswari")
    assert one.name == "Inspektorat Kabupaten Probolinggo (35.13)"


def test_letters_under_way_to_a_seat_that_never_had_a_pic_are_a_vacancy(story: Story, world: World) -> None:
    with freeze_time("2026-08-28T03:00:00Z"):
        story.draft(recipient=world.unstaffed)
        assert found(Concern.VACANT) == []
        story.sent(recipient=world.unstaffed)
    assert found(Concern.VACANT) == [("35.14", KSN)]
    [one] = health(DAY).found[Concern.VACANT]
    assert (one.letters, one.since) == (1, date(2026, 8, 28))


def test_a_term_that_ends_within_thirty_days_is_told_until_somebody_follows(world: World) -> None:
    last = DAY + timedelta(days=20)
    people.end_term(appointment_of(world), last, SYSTEM)
    assert found(Concern.ENDING) == [("35.13", KSN)]
    bima = people.add_person(world.regency, "Bima Anggara", "Irban I", "bima@kantor.example", "", SYSTEM)
    seat(bima, since=last + timedelta(days=1))
    assert found(Concern.ENDING) == []


def test_an_address_counts_once_however_often_something_came_back(world: World) -> None:
    somebody = world.regency_pic.person
    for number in (1, 2):
        people.mark_fault(
            world.regency, somebody, FaultKind.BOUNCED, somebody.email, "550 5.1.1", f"email:{number}", clock.now()
        )
    [one] = health(DAY).found[Concern.BOUNCING]
    assert (one.address, one.words, one.network) == ("regency.pic@kantor.example", "550 5.1.1", KSN)


def test_a_person_of_the_other_network_is_the_other_networks_business(world: World) -> None:
    somebody = world.regency_pic.person
    people.mark_fault(world.regency, somebody, FaultKind.BOUNCED, somebody.email, "", "email:1", clock.now())
    people.mark_fault(world.regency, None, FaultKind.RETURNED, world.regency.postal_address, "", "post:1", clock.now())
    assert len(found(Concern.BOUNCING, [KSN])) == 2
    assert len(found(Concern.BOUNCING, [ORI])) == 1


def test_a_region_without_an_ombudsman_office_is_uncovered(world: World) -> None:
    db.session.execute(Coverage.__table__.delete().where(Coverage.region_code == "35.13"))
    assert found(Concern.UNCOVERED) == [("35.13", ORI)]
    assert found(Concern.UNCOVERED, [KSN]) == []


def test_a_passed_acknowledge_date_or_a_question_that_lay_two_weeks_is_quiet(story: Story, world: World) -> None:
    with freeze_time("2026-08-24T03:00:00Z"):
        story.sent()  # three working days: due on Friday, 28 August (25 August is a holiday)
    assert found(Concern.QUIET) == [("35.13", KSN)]
    with freeze_time("2026-08-17T03:00:00Z"):
        reach.ask(db.session.scalars(select(Appointment).where(Appointment.institution_id == world.province.id)).one())
    assert found(Concern.QUIET) == [("35", KSN), ("35.13", KSN)]


def test_a_question_of_last_week_is_not_yet_a_silence(world: World) -> None:
    with freeze_time("2026-08-18T03:00:00Z"):
        reach.ask(appointment_of(world))
    assert found(Concern.QUIET) == []


def test_who_gave_no_sign_in_two_quarters_is_unverified_newcomers_are_not(world: World) -> None:
    assert len(found(Concern.UNVERIFIED)) == 3
    world.regency_pic.person.verified_at = datetime(2026, 4, 1, 1, tzinfo=UTC)
    world.province_pic.person.verified_at = datetime(2026, 3, 31, 1, tzinfo=UTC)
    assert found(Concern.UNVERIFIED) == [("33.74", KSN), ("35", KSN)]
    bima = people.add_person(world.unstaffed, "Bima Anggara", "Irban I", "bima@kantor.example", "", SYSTEM)
    seat(bima, since=DAY - timedelta(days=29))
    assert ("35.14", KSN) not in found(Concern.UNVERIFIED)


def test_a_sign_of_life_counts_in_the_quarter_of_the_offices_own_zone(world: World) -> None:
    jayapura = directory.by_code("91.71")
    yohana = people.add_person(jayapura, "Yohana Kambu", "Irban I", "yohana@kantor.example", "", SYSTEM)
    seat(yohana)
    yohana.verified_at = datetime(2026, 6, 30, 15, 30, tzinfo=UTC)  # 1 July, half past midnight in Jayapura
    world.regency_pic.person.verified_at = datetime(2026, 6, 30, 15, 30, tzinfo=UTC)  # still 30 June in Probolinggo
    verified = {one.code: one.verified for one in health(DAY).provinces}
    assert (verified["91"], verified["35"]) == (1, 0)


def test_each_province_tells_who_was_asked_answered_and_verified(world: World) -> None:
    with freeze_time(MORNING):
        check = reach.ask(appointment_of(world))
        db.session.commit()
        reach.answer(check, ReachAnswer.STILL, None, Actor(ActorKind.LINK, 1))
    by_code = {one.code: one for one in health(DAY).provinces}
    east_java = by_code["35"]
    counts = (east_java.appointed, east_java.asked, east_java.answered, east_java.verified)
    assert counts == (2, 1, 1, 1)
    assert (east_java.percent, east_java.level, east_java.seats) == (50, 3, 78)
    assert (by_code["11"].percent, by_code["11"].level) == (None, 0)
    assert len(by_code) == 38


def propose(world: World) -> ReachCheck:
    check = reach.ask(appointment_of(world))
    db.session.flush()
    bima = Successor("Bima Anggara", "Irban II", "bima@kantor.example", "0812-0000-0001")
    reach.answer(check, ReachAnswer.SUCCESSOR, bima, Actor(ActorKind.LINK, 1))
    db.session.commit()
    return check


class TestPage:
    @pytest.fixture(autouse=True)
    def ill(self, story: Story, world: World) -> None:
        people.end_term(appointment_of(world), clock.today("WIB") + timedelta(days=5), SYSTEM)
        people.mark_fault(
            world.province,
            world.province_pic.person,
            FaultKind.BOUNCED,
            world.province_pic.person.email,
            "550 5.1.1 <b>User unknown</b>",
            "email:77",
            clock.now(),
        )
        db.session.commit()

    def test_it_says_what_could_cost_a_letter_and_what_to_do(self, world: World, signed_in_as: SignIn) -> None:
        page = signed_in_as(world.administrator).get("/network").text
        assert "Inspektorat Kabupaten Probolinggo (35.13)" in page
        assert 'href="/directory/35.13/handover/kemensetneg"' in page
        assert "550 5.1.1 &lt;b&gt;User unknown" in page
        assert 'id="ending"' in page
        assert 'id="bouncing"' in page

    def test_a_monitor_sees_the_own_network_only(self, world: World, signed_in_as: SignIn) -> None:
        assert "35.13" in signed_in_as(world.monitor).get("/network").text
        page = signed_in_as(world.ombudsman_monitor).get("/network").text
        assert "Inspektorat Kabupaten Probolinggo" not in page
        assert "550 5.1.1" not in page
        assert "/handover/" not in signed_in_as(world.monitor).get("/network").text

    def test_others_see_nothing(self, world: World, signed_in_as: SignIn) -> None:
        for account in (world.registrar, world.regency_pic, world.signatory):
            assert signed_in_as(account).get("/network").status_code == 403
        assert signed_in_as(world.monitor).get("/network/start").status_code == 403

    def test_navigation_leads_there(self, world: World, signed_in_as: SignIn) -> None:
        assert 'href="/network"' in signed_in_as(world.monitor).get("/directory").text
        assert 'href="/network"' not in signed_in_as(world.registrar).get("/directory").text

    def test_it_costs_the_same_however_many_are_ill(
        self, world: World, story: Story, signed_in_as: SignIn, count_queries: Counting
    ) -> None:
        browser = signed_in_as(world.administrator)
        propose(world)
        with count_queries() as few:
            browser.get("/network")
        offices = db.session.scalars(select(Institution).where(func.length(Institution.code) == 5).limit(30)).all()
        for number, office in enumerate(offices):
            somebody = people.add_person(office, f"Orang {number}", "Irban", f"o{number}@x.example", "", SYSTEM)
            seat(somebody, ORI)
            people.mark_fault(
                office, somebody, FaultKind.BOUNCED, somebody.email, "550", f"email:{100 + number}", clock.now()
            )
        for _ in range(2):
            story.sent(recipient=world.unstaffed)
        with count_queries() as many:
            page = browser.get("/network").text
        assert len(many) == len(few) <= 14, many
        assert "all=bouncing" in page
        assert page.count("@x.example") == 5
        assert browser.get("/network?all=bouncing").text.count("@x.example") == 30

    def test_a_proposal_is_handed_over_or_declined_with_a_reason(self, world: World, signed_in_as: SignIn) -> None:
        check, browser = propose(world), signed_in_as(world.administrator)
        page = browser.get("/network").text
        assert "Bima Anggara" in page
        assert f"/directory/35.13/handover/kemensetneg?proposal={check.id}" in page
        assert "Bima Anggara" in signed_in_as(world.monitor).get("/network").text
        assert f"/network/proposals/{check.id}/decline" not in signed_in_as(world.monitor).get("/network").text
        address = f"/network/proposals/{check.id}/decline"
        assert browser.get(address).status_code == 200
        assert browser.post(address, data={"reason": ""}).status_code == 422
        assert browser.post(address, data={"reason": "Belum ada surat keputusan."}).location == "/network"
        db.session.expire_all()
        assert proposals(clock.today("WIB")) == []
        assert browser.get(address).status_code == 404

    def test_only_an_administrator_decides(self, world: World, signed_in_as: SignIn) -> None:
        check = propose(world)
        address = f"/network/proposals/{check.id}/decline"
        assert signed_in_as(world.monitor).post(address, data={"reason": "Tidak."}).status_code == 403


class TestFirstSteps:
    def test_it_counts_what_is_known_without_an_alarm(self, world: World, signed_in_as: SignIn) -> None:
        known = {one.step: (one.known, one.total) for one in first_run.steps(DAY)}
        assert known[FirstStep.MAILBOXES] == (546, 546)
        assert known[FirstStep.PICS_KEMENSETNEG] == (3, 546)
        assert known[FirstStep.PICS_OMBUDSMAN] == (0, 546)
        assert known[FirstStep.INVITATIONS] == (0, 3)
        assert known[FirstStep.COVERAGE] == (514, 514)
        page = signed_in_as(world.administrator).get("/network/start").text
        assert '<progress max="546" value="3"' in page
        assert 'href="/directory?missing=pic_kemensetneg"' in page
        assert page.index("<details") < page.index('<progress max="546" value="546"')  # what is done is folded

    def test_an_empty_directory_begins_at_nought(self, app: Flask) -> None:
        for office in db.session.scalars(select(Institution)):
            office.email = office.postal_address = office.phone = ""
        assert [one.known for one in first_run.steps(DAY)][:2] == [0, 0]


class TestCommand:
    def check(self, app: Flask, *options: str) -> Any:
        db.session.commit()
        return app.test_cli_runner().invoke(commands, ["directory", "check", *options])

    def test_a_sound_network_ends_with_nought(self, app: Flask) -> None:
        result = self.check(app, "--json")
        told = json.loads(result.stdout)
        assert result.exit_code == 0
        assert {"vacant", "ending", "bouncing", "unverified", "quiet", "uncovered", "never_staffed"} <= told.keys()
        assert told["vacant"] == []
        assert told["never_staffed"] == {"kemensetneg": 543, "ombudsman": 546}
        assert len(told["unverified"]) == 3

    def test_what_costs_a_letter_ends_with_one(self, app: Flask, world: World) -> None:
        people.end_term(appointment_of(world), clock.today("WIB") - timedelta(days=2), SYSTEM)
        result = self.check(app, "--json")
        assert result.exit_code == 1
        [one] = json.loads(result.stdout)["vacant"]
        assert (one["code"], one["network"], one["person"]) == ("35.13", "kemensetneg", "Rina Maheswari")
        assert one["since"] == (clock.today("WIB") - timedelta(days=1)).isoformat()

    def test_people_read_it_too(self, app: Flask, world: World) -> None:
        people.end_term(appointment_of(world), clock.today("WIB") + timedelta(days=2), SYSTEM)
        result = self.check(app)
        assert result.exit_code == 1
        assert "Masa tugas segera berakhir: 1" in result.stdout
        assert "Inspektorat Kabupaten Probolinggo (35.13)" in result.stdout


def test_asking_about_a_day_sends_nothing(world: World) -> None:
    health(DAY)
    sent = select(func.count()).where(EmailDispatch.purpose == EmailPurpose.REACH_CHECK)
    assert db.session.scalar(sent) == 0
