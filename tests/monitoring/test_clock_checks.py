"""`hub audit verify` counts the clocks, too: each contradiction is told with what to do about it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import delete, select, update

from hub.audit.rules import person
from hub.cli.audit import verify
from hub.extensions import db
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, ClockKey
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.monitoring.verification import findings
from hub.silence import service as silence
from hub.silence.models import LadderStep
from hub.workdays import queries as workdays
from hub.workdays import service as calendar
from hub.workdays.rules import DayKind, NamedDay
from tests.story import Story
from tests.world import World

FRIDAY = "2026-03-13T02:00:00Z"  # response due Fri 10 April
FIRST = "2026-04-13T03:00:00+00:00"


@pytest.fixture
def forwarding(story: Story) -> Iterator[Forwarding]:
    with freeze_time(FRIDAY):
        yield story.acknowledged()


def found() -> list[str]:
    db.session.commit()
    return [f"{one.stream} {one.problem}" for one in findings()]


def sweep(moment: str) -> None:
    with freeze_time(moment):
        silence.sweep(datetime.fromisoformat(moment))
        db.session.commit()


def answer_clock(forwarding: Forwarding) -> Deadline:
    [one] = [one for one in forwarding.deadlines if one.clock in RESPONSE_CLOCKS]
    return one


def test_a_clock_that_runs_after_the_end_is_told(story: Story, app: Flask) -> None:
    closed = story.closed()
    assert found() == []
    review = next(one for one in closed.deadlines if one.clock is ClockKey.REVIEW)
    review.ended_at = None
    problem = f"the clock review runs although it is closed: end it (deadlines, id {review.id})"
    assert found() == [f"{closed.stream} {problem}"]
    result = app.test_cli_runner().invoke(verify, [])
    assert result.exit_code == 1
    assert f"{closed.stream}: {problem}" in result.output


def test_an_answer_that_no_clock_waits_for_is_told(forwarding: Forwarding, story: Story) -> None:
    answer_clock(forwarding).ended_at = forwarding.created_at
    [one] = found()
    assert one.startswith(f"{forwarding.stream} it is acknowledged and no clock runs for the answer: ")


def test_a_letter_that_nobody_would_notice_to_be_lost_is_told(story: Story) -> None:
    sent = story.sent(by_post=False)
    assert found() == []
    for one in sent.deadlines:
        one.ended_at = one.ended_at or sent.created_at
    [problem] = found()
    assert problem.startswith(f"{sent.stream} it is sent and no clock runs for the confirmation: ")


def test_an_answer_that_nobody_is_due_to_review_is_told(story: Story) -> None:
    answered = story.answered().forwarding
    for one in answered.deadlines:
        one.ended_at = one.ended_at or answered.created_at
    [problem] = found()
    assert problem.startswith(f"{answered.stream} it is answered and no clock runs for the review: ")


@pytest.mark.parametrize("days", [-3, 3])
def test_a_date_that_differs_from_a_recount_is_told(forwarding: Forwarding, days: int) -> None:
    due = answer_clock(forwarding)
    due.due_on += timedelta(days=days)
    [one] = found()
    assert f"is due on {due.due_on} and counts to 2026-04-10" in one


def test_dates_that_follow_the_calendar_are_no_contradiction_however_near_they_come(
    forwarding: Forwarding, world: World
) -> None:
    def change(added: list[NamedDay], without: list[int], moment: str) -> None:
        by = person(world.registrar.person_id)
        with freeze_time(moment):
            calendar.change(added, without, "SK", "Libur", workdays.newest_version(), by)
            db.session.commit()
            assert found() == []  # not yet followed: the next sweep does
        sweep(moment)
        assert found() == []

    days = [NamedDay(date(2026, 4, day), "Libur daerah", DayKind.HOLIDAY, "35.13") for day in (7, 8, 9)]
    change(days, [], "2026-03-30T03:00:00+00:00")
    assert answer_clock(forwarding).due_on == date(2026, 4, 15)
    ids = [one.id for one in workdays.days_off(2026, "35.13") if one.name == "Libur daerah"]
    change([], ids, "2026-04-14T03:00:00+00:00")
    assert answer_clock(forwarding).due_on == date(2026, 4, 15)


def test_a_step_without_a_mail_or_letter_is_told(forwarding: Forwarding) -> None:
    sweep(FIRST)
    assert found() == []
    db.session.execute(delete(EmailDispatch).where(EmailDispatch.purpose == EmailPurpose.REMINDER))
    [one] = found()
    assert "the step reminder left no mail and no letter" in one


def test_a_step_that_became_a_letter_or_says_why_there_is_none_is_no_contradiction(
    forwarding: Forwarding, world: World
) -> None:
    world.regency_pic.person.email = "bukan alamat"
    db.session.commit()
    sweep(FIRST)
    assert found() == []
    step = db.session.scalars(select(LadderStep)).one()
    assert step.letter_id is not None
    db.session.execute(update(LadderStep).values(letter_id=None))
    assert len(found()) == 1
    db.session.execute(update(LadderStep).values(note="Tidak ada alamat."))
    assert found() == []
