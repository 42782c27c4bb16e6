"""The sweep on real databases: each reminder once, in office hours, and never a burst."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
from freezegun import freeze_time
from sqlalchemy import func, insert, select

from hub import clock
from hub.accounts.models import Account
from hub.audit.rules import SYSTEM, person
from hub.audit.service import record
from hub.coordination import service as coordination
from hub.extensions import db
from hub.forwardings import receipt, tracks
from hub.forwardings import service as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ProofChannel
from hub.letters.models import Letter, LetterKind
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.post import queries as post
from hub.post import service as mail_room
from hub.responses import service as responses
from hub.silence import queries, service
from hub.silence.models import Heartbeat, LadderStep
from hub.silence.queries import cases, facts_of
from hub.silence.rules import Grade
from tests.conftest import Client
from tests.story import Story
from tests.world import World

FRIDAY_MORNING = "2026-03-13T02:00:00Z"  # 09.00 WIB; acknowledge due Wed 25 March, response due Fri 10 April


@pytest.fixture
def sent(world: World) -> Iterator[Forwarding]:
    with freeze_time(FRIDAY_MORNING):
        yield Story(world).sent()


@pytest.fixture
def acknowledged(world: World) -> Iterator[Forwarding]:
    with freeze_time(FRIDAY_MORNING):
        yield Story(world).acknowledged()


def sweep_at(moment: str) -> service.SweepReport:
    with freeze_time(moment):
        report = service.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        return report


def reminders() -> int:
    wanted = select(func.count()).where(EmailDispatch.purpose == EmailPurpose.REMINDER)
    return db.session.scalar(wanted) or 0


def test_no_reminder_on_the_due_date_itself(sent: Forwarding) -> None:
    assert sweep_at("2026-03-25T03:00:00+00:00").reminded == []


def test_the_first_reminder_goes_the_day_after_and_only_once(sent: Forwarding) -> None:
    first = sweep_at("2026-03-26T03:00:00+00:00")
    again = sweep_at("2026-03-26T04:00:00+00:00")
    assert [(one.forwarding, one.step) for one in first.reminded] == [(sent.id, 1)]
    assert again.reminded == []
    assert reminders() == 1


def test_the_second_follows_three_working_days_after_the_first_to_everybody_at_the_office(sent: Forwarding) -> None:
    sweep_at("2026-03-26T03:00:00+00:00")
    assert sweep_at("2026-03-30T03:00:00+00:00").reminded == []
    second = sweep_at("2026-03-31T03:00:00+00:00")
    assert [one.step for one in second.reminded] == [2]
    assert {address for _, address in second.reminded[0].to} == {"regency.pic@kantor.example", "35-13@kantor.example"}
    assert sweep_at("2026-06-01T03:00:00+00:00").reminded == []


def test_after_weeks_without_a_sweep_only_one_step_goes(sent: Forwarding) -> None:
    assert [one.step for one in sweep_at("2026-05-04T03:00:00+00:00").reminded] == [1]
    assert sweep_at("2026-05-04T03:30:00+00:00").reminded == []


@pytest.mark.parametrize(
    "moment",
    ["2026-03-28T03:00:00+00:00", "2026-03-25T18:00:00+00:00", "2026-03-26T10:00:00+00:00"],
    ids=["saturday", "one in the night", "five in the afternoon"],
)
def test_nobody_is_reminded_outside_office_hours(sent: Forwarding, moment: str) -> None:
    report = sweep_at(moment)
    assert report.reminded == []
    assert report.outside_office_hours == 1


def test_the_answer_has_a_ladder_of_its_own(acknowledged: Forwarding) -> None:
    report = sweep_at("2026-04-13T03:00:00+00:00")
    assert [(one.step, one.clock) for one in report.reminded] == [(1, "response_ordinary")]
    case = cases()[0]
    assert not case.is_silent
    sweep_at("2026-04-16T03:00:00+00:00")
    with freeze_time("2026-04-17T03:00:00Z"):
        assert cases()[0].is_silent


def test_a_withdrawn_forwarding_is_left_alone(sent: Forwarding, world: World) -> None:
    forwardings.withdraw(sent, world.registrar.person, "Salah sasaran")
    db.session.commit()
    assert sweep_at("2026-05-04T03:00:00+00:00").open == 0


def test_one_broken_case_does_not_stop_the_others(sent: Forwarding, world: World) -> None:
    with freeze_time(FRIDAY_MORNING):
        other = Story(world).sent(recipient=world.province)
    world.regency_pic.person.email = "bukan alamat"
    record(sent.stream, "nobody_knows_this", SYSTEM)
    db.session.commit()
    report = sweep_at("2026-03-26T03:00:00+00:00")
    assert report.failed == [sent.id]
    assert [one.forwarding for one in report.reminded] == [other.id]


def test_a_row_that_makes_no_sense_hides_nobody_else(
    sent: Forwarding, world: World, signed_in_as: Callable[[Account], Client]
) -> None:
    with freeze_time(FRIDAY_MORNING):
        others = [Story(world).sent(recipient=world.province) for _ in range(4)]
    step = {"deadline_id": sent.deadlines[-1].id, "forwarding_id": sent.id, "step": 99, "taken_at": clock.now()}
    db.session.execute(insert(LadderStep), [step])
    db.session.commit()
    report = sweep_at("2026-03-26T03:00:00+00:00")
    assert (report.open, report.failed) == (5, [sent.id])
    assert [one.forwarding for one in report.reminded] == [one.id for one in others]
    with freeze_time("2026-03-26T03:05:00Z"):
        page = signed_in_as(world.monitor).get("/silence")
    assert page.status_code == 200
    assert sent.letter.number in page.text


def test_what_breaks_many_is_no_bad_row_and_is_told_as_it_is(
    sent: Forwarding, monkeypatch: pytest.MonkeyPatch, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    """No empty page that looks as if all were in time, and no search that never ends."""
    monkeypatch.setattr(queries, "_MOST_SENSELESS", 0)
    monkeypatch.setattr(queries, "unread", lambda _moment: {}["nothing"])
    with count_queries() as statements, pytest.raises(KeyError):
        cases()
    assert len(statements) < 40


def test_an_address_no_mail_can_be_sent_to_is_reminded_by_letter(sent: Forwarding, world: World) -> None:
    world.regency_pic.person.email = "bukan alamat"
    db.session.commit()
    assert [one.step for one in sweep_at("2026-03-26T03:00:00+00:00").reminded] == [1]
    assert reminders() == 0
    assert db.session.scalars(select(Letter.state).where(Letter.kind == LetterKind.REMINDER)).all() == ["to_sign"]


def test_a_step_that_was_planned_before_an_extension_is_not_taken(acknowledged: Forwarding, world: World) -> None:
    moment = datetime.fromisoformat("2026-04-13T03:00:00+00:00")
    with freeze_time("2026-04-10T03:00:00Z"):
        asked = coordination.ask_for_time(acknowledged, date(2026, 4, 17), "Uji.", world.regency_pic.person)
    with freeze_time(moment):
        [due] = service.plan(moment).reminded
        coordination.decide(asked, True, None, "", world.registrar.person)
        assert service.take([due], moment) == []
    assert reminders() == 0


def test_a_letter_is_undelivered_since_its_last_copy_came_back_not_since_it_left(world: World) -> None:
    with freeze_time(FRIDAY_MORNING):
        forwarding = Story(world).signed(by_email=False)
        envelope = post.of(forwarding.stream)[0]
        mail_room.mark_printed(envelope)
        mail_room.mark_posted(envelope, "RR473124829ID")
        tracks.notice_dispatches()
    with freeze_time("2026-03-27T02:00:00Z"):
        mail_room.mark_returned(envelope, date(2026, 3, 26), "Pindah alamat")
        tracks.notice_dispatches()
        db.session.commit()
        [case] = cases()
        facts = facts_of(forwarding, [], [envelope], [], [])
    assert (case.verdict.grade, case.verdict.since) == (Grade.UNDELIVERED, date(2026, 3, 26))
    assert facts == case.facts


def test_a_clock_that_begins_anew_has_a_ladder_of_its_own(world: World) -> None:
    with freeze_time(FRIDAY_MORNING):
        response = Story(world).answered()
        responses.return_incomplete(response, world.registrar.person, "Foto jalan setelah diperbaiki.")
        db.session.commit()
    steps = [
        [one.step for one in sweep_at(moment).reminded]
        for moment in ("2026-04-10T03:00:00+00:00", "2026-04-13T03:00:00+00:00", "2026-04-16T03:00:00+00:00")
    ]
    assert steps == [[], [1], [2]]


def test_who_answers_while_the_sweep_is_under_way_is_not_reminded(sent: Forwarding, world: World) -> None:
    moment = datetime.fromisoformat("2026-03-26T03:00:00+00:00")
    with freeze_time(moment):
        [due] = service.plan(moment).reminded
        receipt.acknowledge(sent, ProofChannel.SIGN_IN, "Rina", "Irban I", person(world.regency_pic.person_id))
        assert service.take([due], moment) == []
    assert reminders() == 0


def test_a_dry_run_tells_the_same_and_writes_nothing(sent: Forwarding) -> None:
    moment = datetime.fromisoformat("2026-03-26T03:00:00+00:00")
    assert [one.step for one in service.plan(moment).reminded] == [1]
    assert not db.session.new
    assert not db.session.dirty
    assert reminders() == 0


def test_the_sweep_leaves_a_heartbeat(sent: Forwarding) -> None:
    moment = datetime.fromisoformat("2026-03-26T03:00:00+00:00")
    assert service.is_due(moment)
    sweep_at("2026-03-26T03:00:00+00:00")
    beat = db.session.get_one(Heartbeat, "sweep")
    assert beat.at == moment
    assert not service.is_due(moment)
