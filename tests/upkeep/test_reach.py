"""Who is asked whether they are still the PIC: once a quarter, in their own office hours, never in a burst."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from hub import clock
from hub.audit.models import Event
from hub.audit.rules import SYSTEM, Actor, ActorKind, person
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import (
    Appointment,
    AppointmentRole,
    FaultKind,
    Institution,
    Network,
    Person,
    ReachAnswer,
    ReachCheck,
)
from hub.extensions import db
from hub.mail import queries as mail
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.mail.sender import send_due
from hub.upkeep import reach, rounds, rules
from hub.upkeep.reach import Successor
from tests.conftest import Client
from tests.smtp import MailServer
from tests.world import World

LINK = Actor(ActorKind.LINK, 1)
SIGN_IN = Callable[..., Client]


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 3, 31), date(2026, 1, 1)),
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 12, 31), date(2026, 10, 1)),
    ],
)
def test_a_quarter_begins_with_january_april_july_and_october(day: date, first: date) -> None:
    assert rules.quarter_start(day) == first


def test_a_sign_of_life_holds_for_its_quarter_and_the_next() -> None:
    seen = date(2026, 1, 1)
    assert rules.is_verified(seen, date(2026, 6, 30))
    assert not rules.is_verified(seen, date(2026, 7, 1))
    assert rules.is_verified(date(2026, 3, 31), date(2026, 6, 30))
    assert not rules.is_verified(None, date(2026, 1, 1))


def test_everybody_has_a_slot_of_their_own_among_twenty() -> None:
    slots = [rules.slot(id) for id in range(1, 1001)]
    assert set(slots) == set(range(20))
    assert max(slots.count(one) for one in range(20)) == 50
    assert slots == [rules.slot(id) for id in range(1, 1001)]


def asked() -> list[str]:
    """Addresses asked so far, in order."""
    wanted = select(EmailDispatch.to_address).where(EmailDispatch.purpose == EmailPurpose.REACH_CHECK)
    return list(db.session.scalars(wanted.order_by(EmailDispatch.id)))


def round_at(moment: str) -> int:
    with freeze_time(moment):
        count = rounds.ask_due(clock.now())
        db.session.commit()
        return count


def seat(somebody: Person, network: Network = Network.KEMENSETNEG, since: date = date(2024, 1, 2)) -> Appointment:
    return people.appoint(somebody, somebody.institution, network, AppointmentRole.PIC, "700/9/SK", since, None, SYSTEM)


def newcomer(office: Institution, name: str) -> Person:
    address = f"{name.lower().replace(' ', '.')}@kantor.example"
    return people.add_person(office, name, "Irban I", address, "0812-0000-0001", SYSTEM)


@pytest.fixture
def alone(world: World) -> Appointment:
    """Rina Maheswari in Probolinggo is the only PIC of the country."""
    for other in db.session.scalars(select(Appointment).where(Appointment.person_id != world.regency_pic.person_id)):
        other.valid_until = date(2025, 12, 31)
    db.session.commit()
    return db.session.scalars(select(Appointment).where(Appointment.person_id == world.regency_pic.person_id)).one()


def slot_day(alone: Appointment, quarter: date) -> date:
    """Working day of the quarter on which she is asked, counted by hand: weekdays, none of them off in July 2026."""
    days = [quarter + timedelta(days=n) for n in range(60)]
    return [day for day in days if day.weekday() < 5][rules.slot(alone.person_id)]


def test_a_pic_is_asked_on_the_own_slot_and_once_a_quarter(alone: Appointment) -> None:
    day = slot_day(alone, date(2026, 7, 1))
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    assert round_at(f"{before}T03:00:00Z") == 0
    assert round_at(f"{day}T00:59:59Z") == 0  # a second before eight in Jakarta
    assert round_at(f"{day}T01:00:00Z") == 1
    assert [round_at(f"{one}T03:00:00Z") for one in (day, after, date(2026, 9, 30))] == [0, 0, 0]
    assert asked() == ["regency.pic@kantor.example"]


def test_the_next_quarter_asks_again(alone: Appointment) -> None:
    assert round_at("2026-08-31T03:00:00Z") == 1
    assert round_at("2026-10-30T03:00:00Z") == 1
    assert len(asked()) == 2


def test_whoever_was_asked_late_is_not_asked_again_within_thirty_days(alone: Appointment) -> None:
    assert round_at("2026-09-30T03:00:00Z") == 1  # after weeks of downtime
    assert round_at("2026-10-29T03:00:00Z") == 0
    assert round_at("2026-11-02T03:00:00Z") == 1


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        ("2026-08-28T09:30:00Z", 0),  # Friday, 16.30
        ("2026-08-29T03:00:00Z", 0),  # Saturday
        ("2026-08-30T18:00:00Z", 0),  # one in the night to Monday
        ("2026-08-31T08:59:00Z", 1),  # Monday, 15.59
        ("2026-08-17T03:00:00Z", 0),  # Independence Day, a Monday
    ],
)
def test_nobody_is_asked_at_night_at_weekends_and_on_holidays(alone: Appointment, moment: str, count: int) -> None:
    assert round_at(moment) == count


def test_nobody_is_asked_in_the_week_of_lebaran(alone: Appointment) -> None:
    alone.person.verified_at = None
    assert [round_at(f"2026-03-{day}T03:00:00Z") for day in (18, 19, 20, 23, 24)] == [0] * 5
    assert round_at("2026-03-25T03:00:00Z") == 1


def test_each_is_asked_by_the_clock_of_the_own_zone(alone: Appointment, world: World) -> None:
    jayapura = directory.by_code("91.71")
    assert jayapura.zone == "WIT"
    seat(newcomer(jayapura, "Yohana Kambu"))
    assert round_at("2026-08-30T23:00:00Z") == 1  # Monday, eight in Jayapura, six in Jakarta
    assert asked() == ["yohana.kambu@kantor.example"]
    assert round_at("2026-08-31T01:00:00Z") == 1
    with freeze_time("2026-08-30T23:00:00Z"):
        check = db.session.scalars(select(ReachCheck).order_by(ReachCheck.id)).first()
    assert check is not None
    assert check.asked_on == date(2026, 8, 31)


def test_a_newcomer_is_left_alone_for_thirty_days(world: World, alone: Appointment) -> None:
    alone.valid_until = date(2026, 7, 31)
    seat(newcomer(world.regency, "Bima Anggara"), since=date(2026, 8, 1))
    assert round_at("2026-08-28T03:00:00Z") == 0
    assert round_at("2026-08-31T03:00:00Z") == 1


def test_who_is_on_leave_or_cannot_be_reached_is_not_asked(alone: Appointment) -> None:
    with freeze_time("2026-08-27T03:00:00Z"):
        people.plan_absence(alone.person, date(2026, 8, 28), date(2026, 9, 4), SYSTEM)
    assert round_at("2026-08-31T03:00:00Z") == 0
    office, address = alone.institution, alone.person.email
    people.mark_fault(office, alone.person, FaultKind.BOUNCED, address, "550 5.1.1", "email:1", clock.now())
    assert round_at("2026-09-07T03:00:00Z") == 0
    people.mend_faults(address, SYSTEM)
    assert round_at("2026-09-07T03:00:00Z") == 1


def test_one_person_in_both_networks_is_asked_once_about_both(alone: Appointment, smtp: MailServer) -> None:
    seat(alone.person, Network.OMBUDSMAN)
    assert round_at("2026-08-31T03:00:00Z") == 1
    with freeze_time("2026-08-31T03:00:00Z"):
        send_due()
    assert "Kementerian Sekretariat Negara dan Ombudsman RI" in " ".join(smtp.received[0].text.split())


def test_a_long_downtime_makes_no_burst(alone: Appointment) -> None:
    offices = db.session.scalars(select(Institution).where(func.length(Institution.code) == 5).limit(150)).all()
    for number, office in enumerate(offices):
        if office.id != alone.institution_id:
            seat(newcomer(office, f"Orang {'abcdefghij'[number % 10] * (1 + number // 10)}"))
    db.session.commit()
    counts = [round_at(f"2026-09-{day}T03:00:00Z") for day in ("21", "21", "22", "23", "24")]
    assert counts == [60, 0, 60, 31, 0]


def test_asking_costs_nothing_outside_office_hours_and_one_query_while_nobody_is_due(
    alone: Appointment, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    round_at("2026-08-31T03:00:00Z")
    with freeze_time("2026-08-31T03:00:02Z"), count_queries() as working:
        rounds.ask_due(clock.now())
    with freeze_time("2026-08-31T15:00:00Z"), count_queries() as sleeping:
        rounds.ask_due(clock.now())
    assert (len(working), len(sleeping)) == (1, 0)


def test_one_that_cannot_be_asked_does_not_stop_the_others(
    alone: Appointment, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat(newcomer(world.unstaffed, "Bima Anggara"))
    real = reach.ask

    def failing(appointment: Appointment, *rest: Any) -> ReachCheck:
        if appointment.person_id == alone.person_id:
            raise RuntimeError("broken row")
        return real(appointment, *rest)

    monkeypatch.setattr(reach, "ask", failing)
    assert round_at("2026-08-31T03:00:00Z") == 1
    assert asked() == ["bima.anggara@kantor.example"]


def test_the_worker_asks_and_the_mail_has_three_buttons(
    alone: Appointment, smtp: MailServer, work: Callable[[], dict[str, Any]]
) -> None:
    with freeze_time("2026-08-31T03:00:00Z"):
        assert work()["upkeep"]["asked"] == 1
        work()
    [received] = smtp.received
    words = received.text
    assert received.message["Subject"] == "Apakah Saudara masih PIC Inspektorat Kabupaten Probolinggo?"
    assert "Inspektorat Kabupaten Probolinggo (35.13)" in " ".join(words.split())
    assert "Senin, 14 September 2026" in " ".join(words.split())
    for label in ("Ya, saya masih PIC", "Sekarang orang lain", "Bukan kantor kami"):
        assert label in words
    told = words.partition("Ya, saya masih PIC")[0]
    assert len(told.split()) < 120
    assert "Asisten Deputi Pengaduan Masyarakat" in words


class TestAnswers:
    @pytest.fixture
    def check(self, alone: Appointment) -> ReachCheck:
        found = reach.ask(alone)
        db.session.commit()
        return found

    def test_still_the_pic_shows_that_the_address_is_read(self, check: ReachCheck, world: World) -> None:
        reach.answer(check, ReachAnswer.STILL, None, LINK)
        assert check.answer is ReachAnswer.STILL
        assert world.regency_pic.person.verified_at == check.answered_at

    def test_a_wrong_office_marks_the_address_until_somebody_says_otherwise(self, check: ReachCheck) -> None:
        reach.answer(check, ReachAnswer.WRONG_OFFICE, None, LINK)
        assert [fault.kind for fault in directory.open_faults()] == [FaultKind.WRONG_OFFICE]
        reach.answer(check, ReachAnswer.STILL, None, LINK)
        assert directory.open_faults() == []

    def test_an_answer_about_an_address_that_was_replaced_says_nothing_about_the_new_one(
        self, check: ReachCheck
    ) -> None:
        somebody = check.appointment.person
        people.change_person(somebody, {"email": "rina.baru@kantor.example"}, SYSTEM)
        reach.answer(check, ReachAnswer.WRONG_OFFICE, None, LINK)
        assert directory.open_faults() == []
        reach.answer(check, ReachAnswer.STILL, None, LINK)
        assert somebody.verified_at is None

    def test_each_answer_is_an_event_and_the_latest_counts(self, check: ReachCheck) -> None:
        bima = Successor("Bima Anggara", "Irban II", "bima@kantor.example", "")
        reach.answer(check, ReachAnswer.STILL, None, LINK)
        reach.answer(check, ReachAnswer.SUCCESSOR, bima, LINK)
        reach.answer(check, ReachAnswer.SUCCESSOR, bima, LINK)
        kinds = db.session.scalars(select(Event.kind).where(Event.stream == check.stream).order_by(Event.seq)).all()
        assert kinds == ["asked", "answered", "answered"]
        assert check.successor_name == "Bima Anggara"
        details = db.session.scalars(select(Event.details).where(Event.stream == check.stream)).all()
        assert "Bima" not in str(details)

    def test_after_a_decision_nothing_changes(self, check: ReachCheck, world: World) -> None:
        bima = Successor("Bima Anggara", "Irban II", "bima@kantor.example", "")
        reach.answer(check, ReachAnswer.SUCCESSOR, bima, LINK)
        assert reach.decide(check, person(world.administrator.person_id), approved=False, note="Belum ada SK.")
        assert not reach.decide(check, person(world.administrator.person_id))
        reach.answer(check, ReachAnswer.STILL, None, LINK)
        assert check.answer is ReachAnswer.SUCCESSOR

    def test_a_declined_proposal_is_told_with_the_reason(self, check: ReachCheck, world: World) -> None:
        reach.answer(check, ReachAnswer.SUCCESSOR, Successor("Bima", "", "bima@kantor.example", ""), LINK)
        reach.decide(check, person(world.administrator.person_id), approved=False, note="Belum ada surat keputusan.")
        told = mail.of(check.stream)[-1]
        assert (told.purpose, told.to_address) == (EmailPurpose.NOTICE, "regency.pic@kantor.example")
        assert "Belum ada surat keputusan." in told.paragraphs

    def test_an_approved_one_stays_open_while_the_other_network_has_no_successor(
        self, check: ReachCheck, alone: Appointment, world: World
    ) -> None:
        other = seat(alone.person, Network.OMBUDSMAN)
        by, today = person(world.administrator.person_id), clock.today("WIB")
        reach.answer(check, ReachAnswer.SUCCESSOR, Successor("Bima", "", "bima@kantor.example", ""), LINK)
        bima = newcomer(world.regency, "Bima Anggara")
        for term, network in ((alone, Network.KEMENSETNEG), (other, Network.OMBUDSMAN)):
            assert check.decided_at is None
            people.end_term(term, today - timedelta(days=1), SYSTEM)
            seat(bima, network, today)
            reach.decide(check, by)
        assert check.decided_at is not None

    def test_a_new_question_withdraws_the_one_before(self, check: ReachCheck, alone: Appointment) -> None:
        [first] = mail.of(check.stream)
        second = reach.ask(alone)
        assert first.link_revoked_at is not None
        assert mail.of(second.stream)[0].link_revoked_at is None


class TestOnDemand:
    def ask(self, browser: Client, appointment: Appointment, **form: str) -> Any:
        code = appointment.institution.code
        return browser.post(f"/directory/{code}/appointments/{appointment.id}/ask", data=form)

    def test_a_monitor_asks_and_comes_back_to_where_the_button_was(
        self, alone: Appointment, world: World, signed_in_as: SIGN_IN
    ) -> None:
        answer = self.ask(signed_in_as(world.monitor), alone, next="/network")
        assert (answer.status_code, answer.location) == (302, "/network")
        assert asked() == ["regency.pic@kantor.example"]

    def test_a_double_click_asks_once(self, alone: Appointment, world: World, signed_in_as: SIGN_IN) -> None:
        browser = signed_in_as(world.administrator)
        assert self.ask(browser, alone).location == "/directory/35.13"
        self.ask(browser, alone)
        assert len(asked()) == 1

    def test_a_monitor_asks_in_the_own_network_only(
        self, alone: Appointment, world: World, signed_in_as: SIGN_IN
    ) -> None:
        assert self.ask(signed_in_as(world.ombudsman_monitor), alone).status_code == 403
        assert self.ask(signed_in_as(world.regency_pic), alone).status_code == 403
        assert asked() == []

    def test_only_a_pic_in_force_of_that_office_is_asked(
        self, alone: Appointment, world: World, signed_in_as: SIGN_IN
    ) -> None:
        browser = signed_in_as(world.administrator)
        assert browser.post(f"/directory/35/appointments/{alone.id}/ask").status_code == 404
        alone.valid_until = clock.today("WIB") - timedelta(days=1)
        assert self.ask(browser, alone).status_code == 404

    def test_a_dead_address_is_not_asked(self, alone: Appointment, world: World, signed_in_as: SIGN_IN) -> None:
        somebody = alone.person
        people.mark_fault(
            alone.institution,
            somebody,
            FaultKind.BOUNCED,
            somebody.email,
            "",
            "email:1",
            datetime.now(clock.ZONES["WIB"]),
        )
        self.ask(signed_in_as(world.administrator), alone)
        assert asked() == []
