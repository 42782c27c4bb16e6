"""An answer that is on its way: awaited, looked for, found, or never sent after all."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hub.desk import queries as desk
from hub.extensions import db
from hub.forwardings import voices
from hub.forwardings.models import Forwarding
from hub.forwardings.queries import proofs
from hub.forwardings.rules import ClockKey, Happening, NotNow, ProofChannel, Stage
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.monitoring import verification
from hub.responses import announcements, queries, service
from hub.responses.announcements import Told
from hub.responses.models import AnnouncedReply, Response, ResponseKind
from hub.responses.rules import ReplyWay
from hub.silence import service as silence
from hub.silence.queries import Case, cases
from hub.silence.rules import Grade, Turn
from tests.story import Story
from tests.world import World

FRIDAY = "2026-03-13T02:00:00Z"  # response due Friday 10 April


@pytest.fixture
def friday(app: Flask) -> Iterator[None]:
    with freeze_time(FRIDAY):
        yield


@pytest.fixture
def forwarding(friday: None, story: Story) -> Forwarding:
    return story.acknowledged()


def announced(forwarding: Forwarding, world: World, number: str = "700/77/2026", **changes: Any) -> AnnouncedReply:
    facts = {"letter_date": date(2026, 3, 12), "way": ReplyWay.POST, "sent_on": date(2026, 3, 13), **changes}
    voice = voices.signed_in(world.regency_pic.person)
    found = announcements.announce(forwarding, Told(number, tracking_number="RR473124829ID", **facts), voice)
    db.session.commit()
    return found


def answered(forwarding: Forwarding, world: World, kind: ResponseKind, number: str = "700/77/2026") -> Response:
    answer = service.Answer(kind, number, date(2026, 3, 12), "Jalan sudah diperbaiki.")
    response = service.receive(forwarding, answer, voices.signed_in(world.regency_pic.person))
    db.session.commit()
    return response


def running(forwarding: Forwarding) -> dict[ClockKey, date]:
    return {one.clock: one.due_on for one in forwarding.deadlines if one.ended_at is None}


def sweep_at(moment: str) -> list[int]:
    """Steps of the ladder that this sweep took."""
    with freeze_time(moment):
        report = silence.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        return [one.step for one in report.reminded]


def case_at(moment: str, world: World, forwarding: Forwarding) -> Case:
    """The case as lists see it, with the proof that the page judges the same."""
    with freeze_time(moment):
        [case] = cases()
        page = desk.forwarding_page(world.registrar, forwarding.id)
    assert page.verdict == case.verdict
    return case


def test_whoever_announced_an_answer_is_not_silent_and_then_the_sender_traces_it(forwarding, world):
    announced(forwarding, world)
    assert running(forwarding) == {
        ClockKey.RESPONSE_ORDINARY: date(2026, 4, 10),
        ClockKey.REPLY_ARRIVES: date(2026, 4, 6),
    }
    assert case_at("2026-04-06T03:00:00+00:00", world, forwarding).verdict.grade is None
    late = case_at("2026-04-20T03:00:00+00:00", world, forwarding)
    assert (late.verdict.turn, late.verdict.grade, late.verdict.since) == (
        Turn.SENDER,
        Grade.REPLY_MISSING,
        date(2026, 4, 7),
    )
    assert not late.is_silent


def test_announcing_confirms_the_letter(friday, story, world):
    forwarding = story.sent()
    announced(forwarding, world)
    assert forwarding.stage is Stage.ACKNOWLEDGED
    [proof] = proofs(forwarding)
    assert (proof.channel, proof.name) == (ProofChannel.SIGN_IN, world.regency_pic.person.name)
    assert ClockKey.ACKNOWLEDGE not in running(forwarding)
    assert list(verification.findings()) == []


def test_a_letter_posted_long_ago_is_missing_at_once(forwarding, world):
    announced(forwarding, world, letter_date=date(2026, 2, 2), sent_on=date(2026, 2, 3))
    assert case_at("2026-03-13T03:00:00+00:00", world, forwarding).verdict.grade is Grade.REPLY_MISSING


def test_the_same_letter_is_announced_once_however_its_number_is_typed(forwarding, world):
    first = announced(forwarding, world)
    assert announced(forwarding, world, "700 / 77 / 2026") is first
    assert announced(forwarding, world, "700/78/2026") is not first


def test_nothing_is_announced_where_no_answer_is_awaited(friday, story, world):
    closed = story.closed()
    with pytest.raises(NotNow):
        announced(closed, world)


def test_a_final_answer_is_all_that_was_awaited(forwarding, world):
    first, second = announced(forwarding, world), announced(forwarding, world, "700/78/2026")
    final = answered(forwarding, world, ResponseKind.FINAL, "lain")
    assert [first.response, second.response] == [final, final]
    assert running(forwarding).keys() == {ClockKey.REVIEW}


def test_an_interim_answer_is_the_announced_one_only_with_its_number(forwarding, world):
    first = announced(forwarding, world)
    second = announced(forwarding, world, "700/78/2026", sent_on=date(2026, 3, 12))
    answered(forwarding, world, ResponseKind.INTERIM, "700/99/2026")
    assert running(forwarding)[ClockKey.REPLY_ARRIVES] == date(2026, 4, 2)
    interim = answered(forwarding, world, ResponseKind.INTERIM, "700.78.2026")
    assert (first.is_awaited, second.response) == (True, interim)
    assert running(forwarding)[ClockKey.REPLY_ARRIVES] == date(2026, 4, 6)


def test_after_the_first_reminder_an_announcement_stops_the_ladder_and_its_withdrawal_resumes_it(forwarding, world):
    assert sweep_at("2026-04-13T03:00:00+00:00") == [1]
    with freeze_time("2026-04-14T03:00:00Z"):
        told = announced(forwarding, world, sent_on=date(2026, 4, 10))
    assert sweep_at("2026-04-20T03:00:00+00:00") == []
    assert sweep_at("2026-06-01T03:00:00+00:00") == []
    with freeze_time("2026-06-02T03:00:00Z"):
        announcements.withdraw(told, world.registrar.person, "Keliru surat.")
        db.session.commit()
    assert running(forwarding) == {ClockKey.RESPONSE_ORDINARY: date(2026, 4, 10)}
    assert sweep_at("2026-06-03T03:00:00+00:00") == [2]


def test_given_up_the_recipient_gets_a_date_for_a_copy_and_a_ladder_of_its_own(forwarding, world):
    assert sweep_at("2026-04-13T03:00:00+00:00") == [1]
    with freeze_time("2026-04-14T03:00:00Z"):
        told = announced(forwarding, world, sent_on=date(2026, 3, 13))
    with freeze_time("2026-04-15T03:00:00Z"):
        announcements.give_up(told, world.registrar.person, "Tidak ada di agenda.", date(2026, 4, 20))
        db.session.commit()
    assert running(forwarding) == {ClockKey.RESPONSE_ORDINARY: date(2026, 4, 20)}
    assert forwarding.deadlines[-1].is_agreed
    asked = db.session.scalars(select(EmailDispatch).order_by(EmailDispatch.id.desc())).first()
    assert (asked.purpose, asked.action) == (EmailPurpose.NOTICE, "Kirim salinan jawaban")
    assert "Senin, 20 April 2026" in asked.paragraphs
    assert sweep_at("2026-04-20T03:00:00+00:00") == []
    assert sweep_at("2026-04-21T03:00:00+00:00") == [1]
    assert sweep_at("2026-04-24T03:00:00+00:00") == [2]
    assert case_at("2026-04-27T03:00:00+00:00", world, forwarding).is_silent
    assert list(verification.findings()) == []


def test_an_interim_answer_and_one_on_its_way(forwarding, world):
    answered(forwarding, world, ResponseKind.INTERIM, "700/70/2026")
    announced(forwarding, world, sent_on=date(2026, 3, 13))
    assert case_at("2026-04-20T03:00:00+00:00", world, forwarding).verdict.grade is Grade.REPLY_MISSING
    assert sweep_at("2026-04-20T03:00:00+00:00") == []


def test_what_was_given_up_is_neither_given_up_again_nor_withdrawn(forwarding, world):
    told = announced(forwarding, world)
    announcements.give_up(told, world.registrar.person, "Tidak ada di agenda.", date(2026, 4, 20))
    db.session.commit()
    before = running(forwarding)
    with pytest.raises(NotNow):
        announcements.give_up(told, world.registrar.person, "Sekali lagi.", date(2026, 4, 21))
    with pytest.raises(NotNow):
        announcements.withdraw(told, world.registrar.person, "Keliru.")
    db.session.rollback()
    assert (told.withdrawn_at, running(forwarding)) == (None, before)


def test_withdrawn_it_takes_its_proof_of_receipt_along(friday, story, world):
    forwarding = story.sent()
    before = running(forwarding)
    told = announced(forwarding, world)
    announcements.withdraw(told, world.registrar.person, "Untuk surat lain.")
    db.session.commit()
    assert (forwarding.stage, forwarding.received_at, proofs(forwarding)) == (Stage.SENT, None, [])
    assert running(forwarding) == before
    assert queries.awaited(forwarding) == []
    assert list(verification.findings()) == []


def test_a_confirmation_of_another_kind_stays_when_an_announcement_is_withdrawn(forwarding, world):
    received_at = forwarding.received_at
    told = announced(forwarding, world)
    announcements.withdraw(told, world.registrar.person, "Untuk surat lain.")
    assert (forwarding.stage, forwarding.received_at) == (Stage.ACKNOWLEDGED, received_at)


def test_the_history_names_the_announcement_and_no_person(forwarding, world):
    told = announced(forwarding, world)
    [event] = [one for one, _ in desk.forwardings.history(forwarding) if one.kind == Happening.REPLY_ANNOUNCED]
    assert event.details["announcement"] == told.id
    assert "Rina" not in str(event.details)


def test_announcing_many_times_writes_one_row(forwarding, world):
    for _ in range(3):
        announced(forwarding, world)
    assert db.session.scalar(select(func.count()).select_from(AnnouncedReply)) == 1
