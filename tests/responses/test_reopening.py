"""What was closed or declined is asked again, with a reason and a new date."""

from collections.abc import Callable
from datetime import date

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from hub.audit import queries as audit
from hub.forwardings import deadlines
from hub.forwardings.rules import ClockKey, Happening, NotNow, Stage, fold, is_possible, next_stage, standing
from hub.mail import queries as mail
from hub.monitoring import verification
from hub.responses import service
from tests.conftest import Client
from tests.responses.conftest import Declined
from tests.story import Story
from tests.world import World

SignIn = Callable[[object], Client]
REASON = {"reason": "Warga melapor lagi: lubang yang sama terbuka."}


@freeze_time("2026-03-25T02:00:00Z")
@pytest.mark.parametrize("typed", [{}, {"due_on": "2026-04-01"}])
def test_a_closed_forwarding_is_asked_again(
    story: Story, world: World, signed_in_as: SignIn, typed: dict[str, str]
) -> None:
    forwarding, registrar = story.closed(), signed_in_as(world.registrar)
    assert f"/forwardings/{forwarding.id}/reopen" in registrar.get(f"/forwardings/{forwarding.id}").text
    assert registrar.get(f"/forwardings/{forwarding.id}/reopen").status_code == 200
    assert registrar.post(f"/forwardings/{forwarding.id}/reopen", data={**REASON, **typed}).status_code == 302
    running = deadlines.find_running(forwarding, ClockKey.RESPONSE_ORDINARY)
    due_on = date(2026, 4, 1) if typed else date(2026, 4, 15)
    assert (forwarding.stage, running.due_on, running.is_agreed) == (Stage.ACKNOWLEDGED, due_on, bool(typed))
    told = mail.of(forwarding.stream)[-1]
    assert told.subject.startswith("Dibuka kembali")
    assert "lubang yang sama terbuka" in told.paragraphs
    assert f"{due_on.day} April 2026" in told.paragraphs
    event = audit.last_of(forwarding.stream, Happening.REOPENED)
    assert event.details["reason"] == REASON["reason"]
    assert list(verification.findings()) == []


def test_after_it_a_new_answer_is_awaited_and_reviewed(story: Story, world: World, signed_in_as: SignIn) -> None:
    first = story.answered()
    service.accept(first, world.registrar.person)
    service.reopen(first.forwarding, world.registrar.person, "Foto ternyata lama.")
    pic = signed_in_as(world.regency_pic)
    answer = {
        "outcome": "settled",
        "letter_number": "700/78/2026",
        "letter_date": "2026-03-16",
        "summary": "Sudah diperbaiki lagi.",
        "request_key": "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a44",
    }
    assert pic.post(f"/forwardings/{first.forwarding_id}/answer/final", data=answer).status_code == 302
    assert first.forwarding.stage is Stage.ANSWERED
    assert signed_in_as(world.registrar).post(f"/responses/{first.id}/accept").status_code == 409
    assert list(verification.findings()) == []


def test_a_declined_one_is_asked_again_as_long_as_nobody_else_was(
    world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    response = declined()
    service.accept(response, world.registrar.person)
    address = f"/forwardings/{response.forwarding_id}/reopen"
    assert signed_in_as(world.registrar).post(address, data=REASON).status_code == 302
    assert response.forwarding.stage is Stage.ACKNOWLEDGED


@pytest.mark.parametrize("typed", [{"reason": ""}, {**REASON, "due_on": "2020-01-01"}, {**REASON, "due_on": "x"}])
def test_what_is_refused_changes_nothing(
    story: Story, world: World, signed_in_as: SignIn, typed: dict[str, str]
) -> None:
    forwarding = story.closed()
    assert signed_in_as(world.registrar).post(f"/forwardings/{forwarding.id}/reopen", data=typed).status_code == 422
    assert forwarding.stage is Stage.CLOSED


def test_it_is_for_the_sender_and_only_at_an_end(story: Story, world: World, signed_in_as: SignIn) -> None:
    closed, open_one = story.closed(), story.acknowledged()
    codes = {
        name: signed_in_as(account).post(f"/forwardings/{closed.id}/reopen", data=REASON).status_code
        for name, account in world.accounts.items()
        if name not in ("registrar", "monitor")
    }
    assert set(codes.values()) <= {403, 404}
    registrar = signed_in_as(world.registrar)
    assert registrar.get(f"/forwardings/{open_one.id}/reopen").status_code == 409
    assert registrar.post(f"/forwardings/{open_one.id}/reopen", data=REASON).status_code == 409
    assert registrar.post(f"/forwardings/{closed.id}/reopen", data=REASON).status_code == 302
    assert registrar.post(f"/forwardings/{closed.id}/reopen", data=REASON).status_code == 409


_OUT = [Happening.DRAFTED, Happening.SUBMITTED, Happening.SIGNED, Happening.DISPATCHED]
_AFTER_AN_ANSWER = [
    Happening.ANSWERED,
    Happening.FOUND_INCOMPLETE,
    Happening.DECLINED,
    Happening.CLOSED,
    Happening.REOPENED,
    Happening.WITHDRAWN,
    Happening.ACKNOWLEDGED,
]


@given(st.lists(st.sampled_from(_AFTER_AN_ANSWER), max_size=20))
def test_the_fold_agrees_with_the_stage_in_whatever_order_people_decide(wanted: list[Happening]) -> None:
    """As `advance` does: what does not fit is refused and not recorded, all else is recorded and moves the stage."""
    history, stage = list(_OUT), fold(_OUT)
    for happening in wanted:
        try:
            stage = next_stage(stage, happening)
        except NotNow:
            continue
        history.append(happening)
        assert fold(history) is stage
        assert fold(standing((one, {}) for one in history)) is stage
    if stage in (Stage.CLOSED, Stage.DECLINED):
        assert [one for one in history if one in (Happening.CLOSED, Happening.DECLINED)][-1] is (
            Happening.CLOSED if stage is Stage.CLOSED else Happening.DECLINED
        )
    assert is_possible(stage, Happening.REOPENED) is (stage in (Stage.CLOSED, Stage.DECLINED))
