"""Whoever waits for the sender's word is not silent, and is not recorded as if: dates and reminders go on meanwhile."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from freezegun import freeze_time

from hub.coordination import service as coordination
from hub.coordination.rules import MessageKind, Side
from hub.desk.rules import Hat, Task, Waiting, task_for
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.silence import service
from hub.silence.queries import Case, cases
from hub.silence.rules import Grade
from tests.story import Story
from tests.world import World

FRIDAY = "2026-03-13T02:00:00Z"  # answer due Fri 10 April
REMINDED = ("2026-04-13T03:00:00+00:00", "2026-04-16T03:00:00+00:00")
BEFORE_THE_END = ("2026-04-20T03:00:00+00:00", "2026-04-27T03:00:00+00:00")
AT_THE_END = "2026-05-18T03:00:00+00:00"


@pytest.fixture
def silent(story: Story) -> Forwarding:
    with freeze_time(FRIDAY):
        forwarding = story.acknowledged()
        db.session.commit()
    assert [sweep(moment) for moment in REMINDED] == [[1], [2]]
    return forwarding


def sweep(moment: str) -> list[int]:
    with freeze_time(moment):
        report = service.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        return [one.step for one in report.reminded]


def case(moment: str) -> Case:
    with freeze_time(moment):
        [found] = cases()
        return found


def ask(forwarding: Forwarding, world: World) -> Callable[[], None]:
    """Returns how the sender replies."""
    coordination.write(forwarding, Side.RECIPIENT, MessageKind.QUESTION, "Jalan yang mana?", world.regency_pic.person)
    coordination.note(forwarding, Side.SENDER, "Tanya dulu ke dinas.", world.registrar.person)

    def reply() -> None:
        coordination.write(forwarding, Side.SENDER, MessageKind.CLARIFICATION, "Di Tongas.", world.registrar.person)

    return reply


def ask_for_time(forwarding: Forwarding, world: World) -> Callable[[], None]:
    asked = coordination.ask_for_time(forwarding, date(2026, 5, 29), "Masih di lapangan.", world.regency_pic.person)
    return lambda: coordination.decide(asked, False, None, "Sudah terlalu lama.", world.registrar.person)


@pytest.mark.parametrize("asks", [ask, ask_for_time])
def test_who_waits_for_the_senders_word_is_not_silent_and_not_recorded(
    silent: Forwarding, world: World, asks: Callable[[Forwarding, World], Callable[[], None]]
) -> None:
    assert case("2026-04-17T03:00:00Z").is_silent
    with freeze_time("2026-04-17T03:00:00Z"):
        reply = asks(silent, world)
        db.session.commit()
    waiting = case("2026-04-17T04:00:00Z")
    assert (waiting.is_silent, waiting.verdict.grade) == (False, Grade.UNANSWERED)
    assert [step for moment in BEFORE_THE_END for step in sweep(moment)] == [3, 4]
    assert sweep(AT_THE_END) == []
    db.session.refresh(silent)
    assert silent.stage is Stage.ACKNOWLEDGED
    with freeze_time(AT_THE_END):
        reply()
        db.session.commit()
    assert case(AT_THE_END).is_silent
    assert sweep(AT_THE_END) == [5]
    assert silent.stage is Stage.LAPSED


def test_a_question_of_the_sender_excuses_nobody(silent: Forwarding, world: World) -> None:
    with freeze_time("2026-04-17T03:00:00Z"):
        coordination.write(silent, Side.SENDER, MessageKind.QUESTION, "Sudah ada hasil?", world.registrar.person)
        db.session.commit()
    assert case("2026-04-17T04:00:00Z").is_silent


def test_the_sender_is_asked_to_reply_before_it_calls() -> None:
    sender = Hat(is_recipient=False, is_sender=True, may_forward=True, may_review=True)
    assert task_for(Stage.ACKNOWLEDGED, Grade.UNANSWERED, sender, Waiting(is_asked=True)) is Task.ANSWER_QUESTION
    assert task_for(Stage.ACKNOWLEDGED, Grade.UNANSWERED, sender) is Task.CALL
