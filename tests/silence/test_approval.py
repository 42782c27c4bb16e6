"""Where a network wants it, a monitor decides whether it is recorded that no answer came."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from freezegun import freeze_time

from hub.accounts.models import Account
from hub.audit import queries as audit
from hub.audit.rules import SYSTEM, person
from hub.coordination import service as coordination
from hub.extensions import db
from hub.forwardings import voices
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, Stage
from hub.monitoring.verification import findings
from hub.responses import service as responses
from hub.responses.models import ResponseKind
from hub.routing.rules import Purpose
from hub.silence import ladders, service
from hub.silence.ladder import Approver, Owed, Rung, Step
from tests.conftest import Client
from tests.story import Story

SignIn = Callable[[Account], Client]
FRIDAY = "2026-03-13T02:00:00Z"  # response due Fri 10 April
FIRST, SECOND, END = "2026-04-13T03:00:00+00:00", "2026-04-16T03:00:00+00:00", "2026-05-12T03:00:00+00:00"
BUTTON = "Catat bahwa tidak ada tanggapan"


@pytest.fixture
def late(story: Story) -> Forwarding:
    """Every step was taken; the record waits for a monitor."""
    rungs = [Rung(Step.REMINDER, 0), Rung(Step.SECOND_REMINDER, 3), Rung(Step.LAPSE, 20, Approver.MONITOR)]
    ladders.change("kemensetneg", Purpose.HANDLING, Owed.ANSWER, rungs, SYSTEM)
    with freeze_time(FRIDAY):
        forwarding = story.acknowledged()
    assert [sweep(one) for one in (FIRST, SECOND, END)] == [[Step.REMINDER], [Step.SECOND_REMINDER], [Step.LAPSE]]
    db.session.refresh(forwarding)
    return forwarding


def sweep(moment: str) -> list[Step]:
    with freeze_time(moment):
        report = service.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        assert report.failed == []
        return [one.step for one in report.reminded]


def test_the_clock_asks_once_and_records_nothing_by_itself(late: Forwarding) -> None:
    assert late.stage is Stage.ACKNOWLEDGED
    assert sweep("2026-09-01T03:00:00+00:00") == []
    assert late.stage is Stage.ACKNOWLEDGED
    assert audit.last_of(late.stream, Happening.RECORD_DUE) is not None
    assert list(findings()) == []


@freeze_time(END)
def test_it_lies_on_the_list_of_the_monitor_whose_button_records_it(
    late: Forwarding, story: Story, signed_in_as: SignIn
) -> None:
    monitor = signed_in_as(story.world.monitor)
    assert "Tidak ada jawaban sampai akhir" in monitor.get("/").text
    assert BUTTON in monitor.get(f"/forwardings/{late.id}").text
    assert monitor.post(f"/forwardings/{late.id}/record").status_code == 302
    db.session.expire_all()
    assert late.stage is Stage.LAPSED
    told = audit.last_of(late.stream, Happening.LAPSED)
    assert told is not None
    assert (told.actor_kind, told.actor_id) == ("person", person(story.world.monitor.person.id).id)
    assert "Tidak ada jawaban sampai akhir" not in monitor.get("/").text
    assert monitor.post(f"/forwardings/{late.id}/record").status_code == 409


@freeze_time(END)
def test_nobody_else_decides_it(late: Forwarding, story: Story, signed_in_as: SignIn) -> None:
    expected = {"registrar": 403, "regency_pic": 403, "ombudsman_monitor": 404, "administrator": 403}
    for who, code in expected.items():
        browser = signed_in_as(getattr(story.world, who))
        assert browser.post(f"/forwardings/{late.id}/record").status_code == code
        assert BUTTON not in browser.get(f"/forwardings/{late.id}").text
    db.session.expire_all()
    assert late.stage is Stage.ACKNOWLEDGED


def test_an_answer_that_came_meanwhile_leaves_nothing_to_record(
    late: Forwarding, story: Story, signed_in_as: SignIn
) -> None:
    with freeze_time("2026-05-13T02:00:00Z"):
        answer = responses.Answer(ResponseKind.FINAL, "700/9/2026", date(2026, 5, 13), "Selesai.")
        responses.receive(late, answer, voices.signed_in(story.world.regency_pic.person))
        monitor = signed_in_as(story.world.monitor)
        assert BUTTON not in monitor.get(f"/forwardings/{late.id}").text
        assert monitor.post(f"/forwardings/{late.id}/record").status_code == 409
    db.session.expire_all()
    assert late.stage is Stage.ANSWERED


def test_a_request_for_more_time_is_decided_first(late: Forwarding, story: Story, signed_in_as: SignIn) -> None:
    with freeze_time("2026-05-13T02:00:00Z"):
        asked = coordination.ask_for_time(late, date(2026, 5, 29), "Saksi.", story.world.regency_pic.person)
        monitor = signed_in_as(story.world.monitor)
        answer = monitor.post(f"/forwardings/{late.id}/record", follow_redirects=True)
        assert "menunggu keputusan pengirim" in answer.text
        coordination.decide(asked, True, None, "", story.world.registrar.person)
        assert BUTTON not in monitor.get(f"/forwardings/{late.id}").text
        assert monitor.post(f"/forwardings/{late.id}/record").status_code == 409
    assert sweep("2026-06-02T03:00:00+00:00") == [Step.REMINDER]
