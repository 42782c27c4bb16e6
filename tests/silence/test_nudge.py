"""A friendly word before a long limit ends: once, to who can be mailed, and to nobody who has answered or asked."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import select

from hub.accounts.models import Account
from hub.audit import queries as audit
from hub.cli.watch import watch
from hub.coordination import service as coordination
from hub.extensions import db
from hub.forwardings import voices
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, ResponseClass
from hub.letters.models import Letter
from hub.mail.models import EmailDispatch
from hub.monitoring.verification import findings
from hub.responses import service as responses
from hub.responses.models import ResponseKind
from hub.silence import service
from hub.silence.ladder import Step
from hub.silence.models import LadderStep
from hub.silence.queries import cases
from tests.conftest import Client
from tests.silence.test_sweep import reminders
from tests.story import Story

SignIn = Callable[[Account], Client]
FRIDAY = "2026-03-13T02:00:00Z"  # 60 working days: Wed 24 June
TOO_EARLY, FIVE_BEFORE, THE_DAY = "2026-06-15T03:00:00+00:00", "2026-06-17T03:00:00+00:00", "2026-06-24T03:00:00+00:00"
AFTER, LATER = "2026-06-25T03:00:00+00:00", "2026-06-30T03:00:00+00:00"
SUBJECT = "Menjelang batas waktu"


@pytest.fixture
def asked(story: Story) -> Forwarding:
    with freeze_time(FRIDAY):
        return story.acknowledged(response_class=ResponseClass.SUPERVISORY)


def sweep(moment: str) -> list[Step]:
    with freeze_time(moment):
        report = service.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        assert report.failed == []
        return [one.step for one in report.reminded]


def nudges() -> list[EmailDispatch]:
    return list(db.session.scalars(select(EmailDispatch).where(EmailDispatch.subject.startswith(SUBJECT))))


def test_it_goes_once_five_working_days_before_the_date_and_names_it(asked: Forwarding) -> None:
    assert [sweep(moment) for moment in (TOO_EARLY, FIVE_BEFORE, FIVE_BEFORE, THE_DAY)] == [[], [Step.NUDGE], [], []]
    [mail] = nudges()
    assert mail.to_address == "regency.pic@kantor.example"
    assert "24 Juni 2026" in mail.paragraphs
    assert audit.last_of(asked.stream, Happening.NUDGED) is not None
    assert list(findings()) == []


def test_after_a_time_without_sweeps_it_still_goes_on_the_last_day(asked: Forwarding) -> None:
    assert sweep(THE_DAY) == [Step.NUDGE]


def test_it_is_no_reminder_and_accuses_nobody(asked: Forwarding) -> None:
    assert sweep(FIVE_BEFORE) == [Step.NUDGE]
    assert reminders() == 0
    with freeze_time(FIVE_BEFORE):
        [case] = cases()
    assert (case.verdict.grade, case.taken(), case.is_silent) == (None, {}, False)
    assert [sweep(AFTER), sweep(LATER)] == [[Step.REMINDER], [Step.SECOND_REMINDER]]


def test_a_short_limit_has_none(story: Story) -> None:
    with freeze_time(FRIDAY):
        story.acknowledged()
    assert sweep("2026-04-09T03:00:00+00:00") == []


def test_who_has_answered_gets_none(asked: Forwarding, story: Story) -> None:
    with freeze_time(TOO_EARLY):
        answer = responses.Answer(ResponseKind.FINAL, "700/12/2026", date(2026, 6, 12), "Sudah diperbaiki.")
        responses.receive(asked, answer, voices.signed_in(story.world.regency_pic.person))
        db.session.commit()
    assert [sweep(FIVE_BEFORE), nudges()] == [[], []]


def test_who_asks_for_more_time_has_not_forgotten(asked: Forwarding, story: Story) -> None:
    with freeze_time(TOO_EARLY):
        coordination.ask_for_time(asked, date(2026, 7, 10), "Menunggu uji.", story.world.regency_pic.person)
        db.session.commit()
    assert [sweep(FIVE_BEFORE), nudges()] == [[], []]


def test_where_nobody_can_be_mailed_there_is_none_and_no_letter_takes_its_place(
    asked: Forwarding, story: Story
) -> None:
    story.world.regency_pic.person.email = "bukan alamat"
    db.session.commit()
    letters = len(db.session.scalars(select(Letter)).all())
    assert sweep(FIVE_BEFORE) == []
    assert len(db.session.scalars(select(Letter)).all()) == letters
    assert db.session.scalars(select(LadderStep)).all() == []
    story.world.regency_pic.person.email = "regency.pic@kantor.example"
    db.session.commit()
    assert sweep(THE_DAY) == [Step.NUDGE]


def test_the_history_tells_it_and_so_does_watch(
    asked: Forwarding, app: Flask, signed_in_as: SignIn, story: Story
) -> None:
    with freeze_time(FIVE_BEFORE):
        told = app.test_cli_runner().invoke(watch, ["--dry-run"])
        assert f"Pemberitahuan sebelum tenggat: {asked.letter.number}" in told.output
        sweep(FIVE_BEFORE)
        page = signed_in_as(story.world.registrar).get(f"/forwardings/{asked.id}").text
        assert "Email pemberitahuan sebelum tenggat" in page
