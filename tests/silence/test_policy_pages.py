"""Limits and ladders as rows that an administrator changes: for all, or for one network."""

from collections.abc import Callable
from datetime import date

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub.accounts.models import Account
from hub.audit.models import Event
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings.rules import ClockKey
from hub.routing.rules import Purpose
from hub.silence import ladders
from hub.silence.ladder import Approver, Owed, Rung, Step
from hub.webkit.labels import LABELS
from hub.workdays import queries as workdays
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[Account], Client]
FRIDAY = "2026-03-13T02:00:00Z"
FIVE_DAYS = {"amount": "5", "unit": "working_days", "basis": "Aturan internal", "verification": "own"}


def test_a_changed_limit_holds_for_what_starts_from_now_on(story: Story, world: World, signed_in_as: SignIn) -> None:
    with freeze_time(FRIDAY):
        running = story.sent()
        assert signed_in_as(world.administrator).post("/clocks/acknowledge", data=FIVE_DAYS).status_code == 302
        later = story.sent()
    due = [deadlines.find_running(one, ClockKey.ACKNOWLEDGE).due_on for one in (running, later)]
    assert due == [date(2026, 3, 25), date(2026, 3, 27)]
    (told,) = db.session.scalars(select(Event).where(Event.kind == "clock_changed"))
    assert (told.details["old"]["amount"], told.details["new"]["amount"]) == (3, 5)


def test_a_network_may_have_a_limit_of_its_own_and_give_it_up_again(world: World, signed_in_as: SignIn) -> None:
    office = signed_in_as(world.administrator)
    office.post("/clocks/acknowledge?network=ombudsman", data=FIVE_DAYS)
    assert [workdays.clock("acknowledge", one).amount for one in ("", "kemensetneg", "ombudsman")] == [3, 3, 5]
    assert "jaringan Ombudsman" in office.get("/clocks").text
    office.post("/clocks/acknowledge/drop?network=ombudsman")
    db.session.expire_all()
    assert workdays.clock("acknowledge", "ombudsman").amount == 3
    office.post("/clocks/acknowledge/drop")
    assert workdays.clock("acknowledge").amount == 3


@pytest.mark.parametrize("amount", ["", "0", "-3", "401", "tiga"])
def test_an_impossible_limit_is_refused_in_words(world: World, signed_in_as: SignIn, amount: str) -> None:
    answer = signed_in_as(world.administrator).post("/clocks/review", data={**FIVE_DAYS, "amount": amount})
    assert answer.status_code == 422
    assert workdays.clock("review").basis in answer.text


@pytest.mark.parametrize("address", ["/clocks/lunch", "/clocks/review?network=satelit"])
def test_a_limit_that_nobody_has_is_not_there(world: World, signed_in_as: SignIn, address: str) -> None:
    assert signed_in_as(world.administrator).get(address).status_code == 404


def test_everybody_reads_the_limits_and_only_an_administrator_changes_them(world: World, signed_in_as: SignIn) -> None:
    page = signed_in_as(world.regency_pic).get("/clocks").text
    assert "PermenPANRB 62/2018" in page
    assert signed_in_as(world.monitor).post("/clocks/review", data=FIVE_DAYS).status_code == 403


def test_every_limit_has_a_word(world: World) -> None:
    assert {one.key for one in workdays.clocks()} == set(LABELS["limit"])


def test_a_ladder_is_changed_for_one_network_and_given_up_again(world: World, signed_in_as: SignIn) -> None:
    office, address = signed_in_as(world.administrator), "/ladders/handling/answer?network=ombudsman"
    assert 'value="20"' in office.get(address).text
    office.post(address, data={"REMINDER": "0", "ESCALATION": "7", "LAPSE": ""})
    known = ladders.by_ladder()
    assert known["ombudsman", Purpose.HANDLING, Owed.ANSWER] == [
        Rung(Step.REMINDER, 0),
        Rung(Step.ESCALATION, 7, Approver.SIGNATORY),
    ]
    assert len(known[ladders.ALL, Purpose.HANDLING, Owed.ANSWER]) == 5
    assert "7 hari kerja sesudah langkah pertama" in office.get("/ladders").text
    office.post("/ladders/handling/answer/drop?network=ombudsman")
    assert ("ombudsman", Purpose.HANDLING, Owed.ANSWER) not in ladders.by_ladder()


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"REMINDER": "1", "LAPSE": "20"}, "Langkah pertama"),
        ({}, "Langkah pertama"),
        ({"REMINDER": "0", "LAPSE": "0"}, "satu hari"),
        ({"REMINDER": "0", "LAPSE": "-2"}, "hari kerja"),
        ({"REMINDER": "0", "LAPSE": "999"}, "hari kerja"),
        ({"REMINDER": "0", "LAPSE": "1", "SECOND_REMINDER": "3"}, "lebih berat"),
        ({"TO_HEAD": "0", "REMINDER": "2"}, "lebih berat"),
    ],
)
def test_a_ladder_that_cannot_be_is_refused_in_words(
    world: World, signed_in_as: SignIn, days: dict[str, str], sentence: str
) -> None:
    answer = signed_in_as(world.administrator).post("/ladders/handling/answer", data=days)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert len(ladders.by_ladder()[ladders.ALL, Purpose.HANDLING, Owed.ANSWER]) == 5


def test_everybody_reads_the_ladders_and_only_an_administrator_changes_them(world: World, signed_in_as: SignIn) -> None:
    assert "Surat kepada pimpinan instansi" in signed_in_as(world.regency_pic).get("/ladders").text
    assert signed_in_as(world.monitor).post("/ladders/handling/answer", data={"REMINDER": "0"}).status_code == 403
    assert signed_in_as(world.administrator).get("/ladders/handling/answer?network=satelit").status_code == 404


def test_every_step_says_who_approves_it_and_only_the_record_leaves_a_choice(
    world: World, signed_in_as: SignIn
) -> None:
    office, address = signed_in_as(world.administrator), "/ladders/handling/answer"
    assert (
        office.get(address).text.count("<select")
        == office.get("/ladders/handling/acknowledgement").text.count("<select") + 1
    )
    assert '<label for="LAPSE-approver">Siapa yang menyetujui</label>' in office.get(address).text
    rungs = {"REMINDER": "0", "TO_HEAD": "5", "LAPSE": "20"}
    assert office.post(address, data={**rungs, "TO_HEAD-approver": "nobody"}).status_code == 422
    assert office.post(address, data={**rungs, "LAPSE-approver": "monitor"}).status_code == 302
    approvers = {one.step: one.approver for one in ladders.by_ladder()[ladders.ALL, Purpose.HANDLING, Owed.ANSWER]}
    assert approvers == {
        Step.REMINDER: Approver.NOBODY, Step.TO_HEAD: Approver.SIGNATORY, Step.LAPSE: Approver.MONITOR,
    }  # fmt: skip
    assert "diputuskan pemantau jaringan" in office.get("/ladders").text
    assert set(LABELS["approver"]) == set(Approver)


def test_a_clarification_is_recorded_only_after_its_second_limit(world: World, signed_in_as: SignIn) -> None:
    office = signed_in_as(world.administrator)
    assert 'name="LAPSE"' not in office.get("/ladders/clarification/answer").text
    assert 'name="LAPSE"' in office.get("/ladders/clarification/second_answer").text
    assert office.get("/ladders/handling/second_answer").status_code == 404
