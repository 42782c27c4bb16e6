"""The recipient asks for more time, the sender decides: one date runs, and only that one reminds."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hub import clock
from hub.accounts.models import Account
from hub.audit import queries as audit
from hub.audit.rules import person
from hub.coordination import queries, service
from hub.coordination.models import ThreadMessage
from hub.coordination.rules import ExtensionDecision
from hub.coordination.service import CannotExtend
from hub.database import read_only
from hub.extensions import db
from hub.forwardings import deadlines, receipt, voices
from hub.forwardings import queries as known
from hub.forwardings import service as forwardings
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening, NotNow, ProofChannel
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.monitoring.verification import findings
from hub.responses import queries as answers
from hub.responses import service as responses
from hub.responses.models import ResponseKind
from hub.silence import service as silence
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[Account], Client]
FRIDAY = "2026-03-13T02:00:00Z"  # response due Fri 10 April
LATER = date(2026, 4, 24)
KEYS = [f"0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a{n:02}" for n in range(9)]


@pytest.fixture
def forwarding(story: Story) -> Iterator[Forwarding]:
    with freeze_time(FRIDAY):
        yield story.acknowledged()


def running(forwarding: Forwarding) -> list[Deadline]:
    db.session.refresh(forwarding, ["deadlines", "stage"])
    return [one for one in forwarding.deadlines if one.ended_at is None and one.clock in RESPONSE_CLOCKS]


def request(forwarding: Forwarding, world: World, until: date = LATER) -> ThreadMessage:
    message = service.ask_for_time(forwarding, until, "Menunggu hasil uji laboratorium.", world.regency_pic.person)
    db.session.commit()
    return message


def mail_texts(subject: str) -> list[EmailDispatch]:
    wanted = select(EmailDispatch).where(EmailDispatch.subject.startswith(subject))
    return list(db.session.scalars(wanted.order_by(EmailDispatch.id)))


def test_a_request_granted_moves_the_date_and_both_are_told(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    recipient, sender = signed_in_as(world.regency_pic), signed_in_as(world.registrar)
    page = f"/forwardings/{forwarding.id}"
    assert f"{page}/more-time" in recipient.get(page).text
    typed = {"until": LATER.isoformat(), "reason": "Menunggu hasil uji.", "request_key": KEYS[0]}
    assert [recipient.post(f"{page}/more-time", data=typed).status_code for _ in range(2)] == [302, 302]
    message = db.session.scalars(select(ThreadMessage)).one()
    assert [one.to_address for one in mail_texts("Permintaan perpanjangan")] == ["registrar@kantor.example"]
    assert "Permintaan perpanjangan" in sender.get("/").text
    decide = f"/messages/{message.id}/decide"
    assert decide in sender.get(page).text
    assert sender.post(decide, data={"until": "2026-04-22", "decision": "granted"}).status_code == 302
    [deadline] = running(forwarding)
    assert (deadline.due_on, deadline.is_agreed) == (date(2026, 4, 22), True)
    event = audit.last_of(forwarding.stream, Happening.EXTENDED)
    assert event.details == {"message": message.id, "old": "2026-04-10", "new": "2026-04-22"}
    assert [one.to_address for one in mail_texts("Perpanjangan diberikan")] == ["regency.pic@kantor.example"]
    again = sender.post(decide, data={"until": "2026-04-24", "decision": "granted"})
    assert (again.status_code, running(forwarding)) == (422, [deadline])
    assert "22 April 2026" in recipient.get(page).text
    with read_only():
        assert list(findings()) == []


def test_a_request_refused_needs_a_word_and_keeps_the_date(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    message, sender = request(forwarding, world), signed_in_as(world.monitor)
    [before] = running(forwarding)
    decide = f"/messages/{message.id}/decide"
    assert sender.post(decide, data={"decision": "refused", "note": ""}).status_code == 422
    assert sender.post(decide, data={"decision": "refused", "note": "Warga menunggu."}).status_code == 302
    assert running(forwarding) == [before]
    assert message.decision is ExtensionDecision.REFUSED
    [told] = mail_texts("Perpanjangan tidak diberikan")
    assert "Warga menunggu." in told.paragraphs
    assert "Warga menunggu." in signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").text
    request(forwarding, world)
    with read_only():
        assert list(findings()) == []


def test_the_ladder_begins_anew_after_the_new_date(forwarding: Forwarding, world: World) -> None:
    def reminders_at(moment: str) -> list[int]:
        with freeze_time(moment):
            report = silence.sweep(datetime.fromisoformat(moment))
            db.session.commit()
            return [one.step for one in report.reminded]

    assert reminders_at("2026-04-13T03:00:00+00:00") == [1]
    with freeze_time("2026-04-13T04:00:00Z"):
        service.decide(request(forwarding, world), True, None, "", world.registrar.person)
        db.session.commit()
    assert [reminders_at(f"2026-04-{day}T03:00:00+00:00") for day in ("16", "20", "24")] == [[], [], []]
    assert reminders_at("2026-04-27T03:00:00+00:00") == [1]
    assert db.session.scalar(select(func.count()).where(EmailDispatch.purpose == EmailPurpose.REMINDER)) == 2


def test_while_no_date_runs_a_request_is_refused_in_words(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.sent()
    pic, page = signed_in_as(world.regency_pic), f"/forwardings/{forwarding.id}/more-time"
    sentence = "tidak ada yang dapat diperpanjang"
    assert sentence in pic.get(page).text
    refused = pic.post(page, data={"until": LATER.isoformat(), "reason": "Perlu waktu.", "request_key": KEYS[1]})
    assert refused.status_code == 422
    assert sentence in refused.text
    assert "Perlu waktu." in refused.text
    assert signed_in_as(world.registrar).get(page).status_code == 403


@pytest.mark.parametrize(
    ("until", "why"),
    [
        ("2026-04-10", "sesudah batas waktu"),
        ("2026-04-25", "bukan hari kerja"),
        ("2028-04-14", "terlalu lama"),
    ],
)
def test_only_a_later_working_day_can_be_asked_for(
    forwarding: Forwarding, world: World, signed_in_as: SignIn, until: str, why: str
) -> None:
    typed = {"until": until, "reason": "Menunggu hasil uji.", "request_key": KEYS[2]}
    refused = signed_in_as(world.regency_pic).post(f"/forwardings/{forwarding.id}/more-time", data=typed)
    assert refused.status_code == 422
    assert why in refused.text


def test_one_request_at_a_time(forwarding: Forwarding, world: World, signed_in_as: SignIn) -> None:
    first, pic = request(forwarding, world), signed_in_as(world.regency_pic)
    with pytest.raises(CannotExtend):
        request(forwarding, world)
    page = f"/forwardings/{forwarding.id}"
    assert f'"{page}/more-time"' not in pic.get(page).text
    assert "belum memutuskan" in pic.get(f"{page}/more-time").text
    assert queries.open_request(forwarding) is first


def test_only_the_senders_office_decides(forwarding: Forwarding, world: World, signed_in_as: SignIn) -> None:
    decide = f"/messages/{request(forwarding, world).id}/decide"
    answered = {name: signed_in_as(who).get(decide).status_code for name, who in world.accounts.items()}
    assert {name for name, status in answered.items() if status == 200} == {"registrar", "monitor"}


def test_no_date_is_granted_below_that_lies_behind_ones_own(
    forwarding: Forwarding, story: Story, world: World, signed_in_as: SignIn
) -> None:
    """Who passed a letter on answers for it above by 10 April; nobody below may have longer."""
    with freeze_time("2026-03-10T02:00:00Z"):
        below = story.acknowledged()
    below.parent = forwarding
    decide = f"/messages/{request(below, world, date(2026, 4, 9)).id}/decide"
    sender = signed_in_as(world.registrar)
    refused = sender.post(decide, data={"until": "2026-04-10", "decision": "granted"})
    assert (refused.status_code, "Jumat, 10 April 2026" in refused.text) == (422, True)
    assert sender.post(decide, data={"until": "2026-04-09", "decision": "granted"}).status_code == 302
    assert [one.due_on for one in running(below)] == [date(2026, 4, 9)]


def test_a_request_overtaken_by_the_answer_moves_nothing(forwarding: Forwarding, world: World) -> None:
    message = request(forwarding, world)
    answer(forwarding, world)
    with pytest.raises(NotNow):
        service.decide(message, True, None, "", world.registrar.person)
    db.session.rollback()
    assert running(forwarding) == []


def test_an_extension_stands_when_the_first_of_two_proofs_of_that_day_falls(story: Story, world: World) -> None:
    """Both proofs and the new date are of one day; what falls is not what the date rests on."""
    with freeze_time(FRIDAY):
        forwarding, who = story.acknowledged(), person(world.regency_pic.person.id)
    with freeze_time("2026-03-13T04:00:00Z"):
        receipt.acknowledge(forwarding, ProofChannel.REPLY, "Rina", "Irban I", who, dispatch_id=7)
        service.decide(request(forwarding, world), True, None, "", world.registrar.person)
        receipt.withdraw(forwarding, known.proofs(forwarding)[0], who, "Salah alamat.")
    assert [one.due_on for one in running(forwarding)] == [LATER]


def answer(forwarding: Forwarding, world: World, kind: ResponseKind = ResponseKind.FINAL) -> Any:
    told = responses.Answer(kind, "700/12/2026", clock.today("WIB"), "Jalan sudah diperbaiki.")
    response = responses.receive(forwarding, told, voices.signed_in(world.regency_pic.person))
    db.session.commit()
    return response


ACTS = ("ask", "grant", "refuse", "answer", "interim", "return", "withdraw")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(ACTS), min_size=3, max_size=8))
def test_in_any_order_with_answers_and_withdrawals_one_date_runs_or_none(
    story: Story, world: World, acts: list[str]
) -> None:
    with freeze_time(FRIDAY) as time:
        forwarding = story.acknowledged()
        sender = world.registrar.person
        for act in acts:
            time.tick(timedelta(days=1))
            try:
                if act == "ask":
                    service.ask_for_time(forwarding, date(2026, 7, 1), "Perlu waktu.", world.regency_pic.person)
                elif act in ("grant", "refuse"):
                    if waiting := queries.open_request(forwarding):
                        service.decide(waiting, act == "grant", None, "Baik, dicatat.", sender)
                elif act in ("answer", "interim"):
                    answer(forwarding, world, ResponseKind.FINAL if act == "answer" else ResponseKind.INTERIM)
                elif act == "return":
                    if to_review := answers.to_review(answers.of(forwarding)):
                        responses.return_incomplete(to_review, sender, "Foto belum ada.")
                else:
                    forwardings.withdraw(forwarding, sender, "Sudah selesai.")
                db.session.commit()
            except (NotNow, CannotExtend):
                db.session.rollback()
            owes = forwarding.stage in ("received", "acknowledged")
            assert len(running(forwarding)) == (1 if owes else 0)
            assert deadlines.find_running(forwarding, *RESPONSE_CLOCKS) is not None or not owes
        with read_only():
            assert list(findings()) == []
