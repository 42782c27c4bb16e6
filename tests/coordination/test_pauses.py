"""The date of the answer stands still while the sender owes something; the sender says so, and ends it."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hub.accounts.models import Account
from hub.audit import queries as audit
from hub.audit.rules import person
from hub.cli.due import due
from hub.coordination import service
from hub.coordination.models import ThreadMessage
from hub.coordination.rules import MessageKind, Side
from hub.coordination.service import CannotPause
from hub.database import read_only
from hub.desk import queries as desk
from hub.extensions import db
from hub.forwardings import receipt, recounting, voices
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening, ProofChannel
from hub.letters.models import Letter, LetterKind
from hub.mail.message import compose
from hub.mail.models import EmailDispatch
from hub.monitoring.digest.state import morning
from hub.monitoring.verification import findings
from hub.responses import service as responses
from hub.responses.models import ResponseKind
from hub.routing.rules import Purpose
from hub.silence import service as silence
from hub.silence.ladder import Step
from hub.silence.outlook import outlook
from hub.silence.queries import cases
from hub.silence.rules import Grade, Turn, Verdict
from hub.workdays import queries as workdays
from hub.workdays import service as calendar
from hub.workdays.rules import Calendar, DayKind, NamedDay, Pause, Unit, add_working_days, count, working_days_between
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[Account], Client]
FRIDAY = "2026-03-13T02:00:00Z"  # response due Fri 10 April
ASKED, ANSWERED = "2026-03-30T03:00:00Z", "2026-04-02T03:00:00Z"  # Mon to Thu: 4 working days
DUE, LATER = date(2026, 4, 10), date(2026, 4, 16)
WHAT = "Lampiran foto tidak ada dalam surat. Dapatkah dikirim?"


@pytest.fixture
def forwarding(story: Story) -> Forwarding:
    with freeze_time(FRIDAY):
        return story.acknowledged()


@pytest.fixture
def question(forwarding: Forwarding, world: World) -> ThreadMessage:
    with freeze_time(ASKED):
        return ask(forwarding, world)


@pytest.fixture
def paused(question: ThreadMessage, world: World) -> Forwarding:
    with freeze_time("2026-03-31T03:00:00Z"):
        service.pause(question, world.registrar.person)
        db.session.commit()
    return question.forwarding


def ask(forwarding: Forwarding, world: World, text: str = WHAT) -> ThreadMessage:
    message = service.write(forwarding, Side.RECIPIENT, MessageKind.QUESTION, text, world.regency_pic.person)
    db.session.commit()
    return message


def tell(forwarding: Forwarding, world: World, **more: Any) -> None:
    service.write(forwarding, Side.SENDER, MessageKind.CLARIFICATION, "Foto terlampir.", world.registrar.person, **more)
    db.session.commit()


def running(forwarding: Forwarding) -> Deadline:
    db.session.refresh(forwarding, ["deadlines", "stage"])
    [one] = [one for one in forwarding.deadlines if one.ended_at is None and one.clock in RESPONSE_CLOCKS]
    return one


def sweep(moment: str) -> list[Step]:
    with freeze_time(moment):
        report = silence.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        assert report.failed == []
        return [one.step for one in report.reminded]


def mails(subject: str) -> list[EmailDispatch]:
    wanted = select(EmailDispatch).where(EmailDispatch.subject.startswith(subject))
    return list(db.session.scalars(wanted.order_by(EmailDispatch.id)))


def test_the_sender_pauses_at_a_question_and_answering_it_lets_the_date_run_again(
    question: ThreadMessage, world: World, signed_in_as: SignIn
) -> None:
    forwarding, page = question.forwarding, f"/forwardings/{question.forwarding_id}"
    with freeze_time("2026-03-31T03:00:00Z"):
        sender, recipient = signed_in_as(world.registrar), signed_in_as(world.regency_pic)
        assert f"/messages/{question.id}/pause" in sender.get(page).text
        assert f"/messages/{question.id}/pause" not in recipient.get(page).text
        assert [sender.post(f"/messages/{question.id}/pause").status_code for _ in range(2)] == [302, 302]
        for reader in (sender, recipient):
            told = reader.get(page).text
            assert "dijeda sejak Senin, 30 Maret 2026" in told
            assert "Giliran: Pengirim" in told
        assert f"{page}/resume" in sender.get(page).text
        assert f"{page}/resume" not in recipient.get(page).text
    [mail] = mails("Batas waktu dijeda")
    assert mail.to_address == "regency.pic@kantor.example"
    assert "30 Maret 2026" in mail.paragraphs
    assert f"Yang Saudara tunggu: “{WHAT}” ({world.regency_pic.person.name})" in mail.paragraphs
    html = str(compose(mail, "penghubung@ksn.example", "jawab@ksn.example").html)
    assert f'<a class="away" href="http://localhost{page}#thread"' in html
    with freeze_time(ANSWERED):
        sender, recipient = signed_in_as(world.registrar), signed_in_as(world.regency_pic)
        typed = {"kind": "clarification", "text": "Foto terlampir."}
        assert sender.post(f"{page}/messages", data=typed).status_code == 302
        told = recipient.get(page).text
    assert (running(forwarding).due_on, running(forwarding).paused_since) == (LATER, None)
    assert "Dijeda dari Senin, 30 Maret 2026 sampai Kamis, 2 April 2026: 4 hari kerja." in told
    assert "Kamis, 16 April 2026" in told
    [mail] = mails("Penjelasan")
    assert "16 April 2026; dijeda dari Senin, 30 Maret 2026 sampai Kamis, 2 April 2026: 4 hari kerja" in mail.paragraphs
    kinds = [event.kind for event in audit.of_stream(forwarding.stream)]
    assert (kinds.count(Happening.PAUSED), kinds.count(Happening.RESUMED)) == (1, 1)
    event = audit.last_of(forwarding.stream, Happening.RESUMED)
    assert event is not None
    assert event.details == {
        "deadline": running(forwarding).id, "since": "2026-03-30", "until": "2026-04-02", "days": 4,
        "old": "2026-04-10", "new": "2026-04-16",
    }  # fmt: skip
    with read_only():
        assert list(findings()) == []


def test_only_the_sender_pauses_and_ends_it(question: ThreadMessage, world: World, signed_in_as: SignIn) -> None:
    addresses = (f"/messages/{question.id}/pause", f"/forwardings/{question.forwarding_id}/resume")
    for account in (world.regency_pic, world.signatory):
        assert {signed_in_as(account).post(one).status_code for one in addresses} <= {403, 404}
    assert running(question.forwarding).paused_since is None


def test_the_recipient_alone_pauses_nothing_however_much_is_asked(question: ThreadMessage, world: World) -> None:
    with freeze_time("2026-04-10T03:00:00Z"):
        ask(question.forwarding, world)
    assert running(question.forwarding).due_on == DUE
    assert sweep("2026-04-13T03:00:00+00:00") == [Step.REMINDER]


def test_while_it_stands_still_no_step_is_taken_and_it_is_the_turn_of_the_sender(
    paused: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    moments = ("2026-04-13T03:00:00+00:00", "2026-06-15T03:00:00+00:00", "2026-09-01T03:00:00+00:00")
    assert [sweep(moment) for moment in moments] == [[], [], []]
    with freeze_time(moments[-1]):
        [case] = cases()
        assert (case.verdict.turn, case.is_silent, case.next_due) == (Turn.SENDER, False, None)
        assert "Pertanyaan dari pihak lain" in signed_in_as(world.registrar).get("/").text
        tell(paused, world, still_owes=True)
        assert "Tenggat dijeda: penerima menunggu Anda" in signed_in_as(world.registrar).get("/").text
        assert signed_in_as(world.registrar).post(f"/forwardings/{paused.id}/resume").status_code == 302
    assert running(paused).due_on > date(2026, 9, 1)
    [mail] = mails("Batas waktu berjalan lagi")
    assert "dijeda dari Senin, 30 Maret 2026 sampai Selasa, 1 September 2026" in mail.paragraphs


def test_a_date_that_stands_still_too_long_is_seen_and_it_is_the_senders_turn(
    paused: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    """Paused from Monday 30 March on; Good Friday does not count."""
    with freeze_time("2026-04-07T03:00:00Z"):
        assert cases()[0].verdict == Verdict(Turn.SENDER)
    late = datetime.fromisoformat("2026-04-08T03:00:00+00:00")
    with freeze_time(late):
        [case] = known = cases()
        assert case.verdict == Verdict(Turn.SENDER, Grade.REVIEW_DUE, date(2026, 4, 8))
        [told] = outlook(late)
        assert (told.grade, told.turn, told.since, told.step) == (Grade.REVIEW_DUE, Turn.SENDER, date(2026, 4, 8), None)
        seen = morning(known, world.ksn.id, late.date(), workdays.calendar_for(None))
        assert seen.listed == {Grade.REVIEW_DUE: [case]}
        registrar = signed_in_as(world.registrar)
        tell(paused, world, still_owes=True)
        page = desk.forwarding_page(world.registrar, paused.id)
        assert (page.verdict, page.task) == (case.verdict, "resume")
        shown = registrar.get(f"/forwardings/{paused.id}").text
        assert "dijeda lebih dari 5 hari kerja" in shown
        assert f"/forwardings/{paused.id}/resume" in shown
        assert "Menunggu telaah pengirim" in registrar.get("/").text
    assert sweep(late.isoformat()) == []
    with freeze_time("2026-04-08T04:00:00Z"):
        tell(paused, world)
        assert cases()[0].verdict == Verdict(Turn.RECIPIENT)


def test_a_question_the_sender_reads_after_the_date_stops_the_reminders_and_a_new_ladder_begins_later(
    forwarding: Forwarding, world: World
) -> None:
    with freeze_time("2026-04-10T03:00:00Z"):
        question = ask(forwarding, world)
    assert sweep("2026-04-13T03:00:00+00:00") == [Step.REMINDER]
    with freeze_time("2026-04-14T03:00:00Z"):
        service.pause(question, world.registrar.person)
        db.session.commit()
    assert sweep("2026-04-16T03:00:00+00:00") == []
    with freeze_time("2026-04-16T04:00:00Z"):
        tell(forwarding, world)
    assert running(forwarding).due_on == date(2026, 4, 17)
    assert [sweep("2026-04-17T03:00:00+00:00"), sweep("2026-04-20T03:00:00+00:00")] == [[], [Step.REMINDER]]
    mail = mails("Pengingat")[-1]
    assert (
        "Jumat, 17 April 2026 (dijeda dari Jumat, 10 April 2026 sampai Kamis, 16 April 2026: 5 hari kerja)"
        in mail.paragraphs
    )


def test_what_was_written_after_the_date_or_answered_since_pauses_nothing(forwarding: Forwarding, world: World) -> None:
    with freeze_time(ASKED):
        early = ask(forwarding, world)
    with freeze_time(ANSWERED):
        tell(forwarding, world)
        with pytest.raises(CannotPause):
            service.pause(early, world.registrar.person)
    with freeze_time("2026-04-13T03:00:00Z"):
        late = ask(forwarding, world)
        with pytest.raises(CannotPause):
            service.pause(late, world.registrar.person)


def test_two_pauses_add_up_and_a_day_counts_once(paused: Forwarding, world: World) -> None:
    with freeze_time(ANSWERED):
        tell(paused, world)
        service.pause(ask(paused, world), world.registrar.person)
    with freeze_time("2026-04-06T03:00:00Z"):
        tell(paused, world)
    # 30 March to 2 April, then only Monday 6 April: Friday 3 April is Good Friday
    assert running(paused).due_on == date(2026, 4, 17)
    with read_only():
        assert list(findings()) == []


def test_an_answer_ends_a_pause_and_one_found_incomplete_gets_a_date_of_its_own(
    paused: Forwarding, world: World
) -> None:
    with freeze_time(ANSWERED):
        answer = responses.Answer(ResponseKind.FINAL, "700/12/2026", date(2026, 4, 1), "Jalan sudah diperbaiki.")
        response = responses.receive(paused, answer, voices.signed_in(world.regency_pic.person))
        assert cases()[0].verdict == Verdict(Turn.SENDER)
        responses.return_incomplete(response, world.registrar.person, "Foto jalan setelah diperbaiki.")
        db.session.commit()
    assert running(paused).paused_since is None


def test_more_time_granted_ends_a_pause(paused: Forwarding, world: World) -> None:
    with freeze_time(ANSWERED):
        request = service.ask_for_time(paused, date(2026, 5, 8), "Menunggu uji.", world.regency_pic.person)
        service.decide(request, True, None, "", world.registrar.person)
        db.session.commit()
    assert (running(paused).due_on, running(paused).paused_since) == (date(2026, 5, 8), None)
    assert audit.last_of(paused.stream, Happening.RESUMED) is not None


def test_letters_of_the_ladder_that_wait_for_a_signature_are_held_back(forwarding: Forwarding, world: World) -> None:
    with freeze_time("2026-04-09T03:00:00Z"):
        question = ask(forwarding, world)
    moments = ("2026-04-13T03:00:00+00:00", "2026-04-16T03:00:00+00:00", "2026-04-20T03:00:00+00:00")
    assert [sweep(moment) for moment in moments] == [[Step.REMINDER], [Step.SECOND_REMINDER], [Step.TO_HEAD]]
    with freeze_time("2026-04-21T03:00:00Z"):
        service.pause(question, world.registrar.person)
        db.session.commit()
    letter = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.TO_HEAD)).one()
    assert letter.state == "draft"
    with freeze_time("2026-04-21T03:00:00Z"):
        assert not cases()[0].is_silent


def test_a_proof_that_is_withdrawn_leaves_the_pause_with_the_clock_of_the_other_one(
    forwarding: Forwarding, world: World
) -> None:
    pic = world.regency_pic.person
    with freeze_time("2026-03-16T02:00:00Z"):
        receipt.acknowledge(forwarding, ProofChannel.DESK, pic.name, "Irban I", person(pic.id))
    with freeze_time(ASKED):
        service.pause(ask(forwarding, world), world.registrar.person)
    with freeze_time(ANSWERED):
        tell(forwarding, world)
        first = receipt.first_confirmation(forwarding)
        receipt.withdraw(forwarding, first, person(pic.id), "Salah surat")
        db.session.commit()
    expected = add_working_days(date(2026, 3, 16), 14 + 4, workdays.calendar_for("35.13"))
    assert (running(forwarding).started_on, running(forwarding).due_on) == (date(2026, 3, 16), expected)
    with read_only():
        assert list(findings()) == []


def test_the_date_of_a_clock_that_stood_still_follows_the_calendar_as_any_other(
    paused: Forwarding, world: World
) -> None:
    def decreed(day: date) -> list[date]:
        day_off, seen = NamedDay(day, "Libur daerah", DayKind.HOLIDAY, "35.13"), workdays.newest_version()
        calendar.change([day_off], (), "SK", "Libur", seen, person(world.registrar.person_id))
        moved, failed = recounting.recount()
        db.session.commit()
        assert failed == []
        return [one.due_on for one in moved]

    with freeze_time(ANSWERED):
        tell(paused, world)
        # within the pause it takes a day from the limit before, and gives it back with the days that are added
        assert (decreed(date(2026, 4, 1)), running(paused).due_on) == ([], LATER)
        assert decreed(date(2026, 4, 7)) == [date(2026, 4, 17)]
    with read_only():
        assert list(findings()) == []


def test_the_ombudsmans_calendar_days_are_put_off_by_calendar_days(story: Story, world: World) -> None:
    with freeze_time(FRIDAY):
        asked = story.acknowledged(purpose=Purpose.CLARIFICATION)  # 14 calendar days: Fri 27 March
    with freeze_time("2026-03-26T03:00:00Z"):
        service.pause(ask(asked, world), world.registrar.person)
    with freeze_time("2026-03-30T03:00:00Z"):
        tell(asked, world)
    assert running(asked).due_on == date(2026, 4, 1)


def test_due_counts_with_pauses(app: Flask) -> None:
    options = ["--from", "2026-03-13", "--clock", "response_ordinary", "--paused", "2026-03-30..2026-04-02"]
    told = json.loads(app.test_cli_runner().invoke(due, [*options, "--json"]).stdout)
    assert (told["due"], told["paused"]) == (
        "2026-04-16", [{"since": "2026-03-30", "until": "2026-04-02", "amount": 4}],
    )  # fmt: skip
    words = app.test_cli_runner().invoke(due, options).output
    assert "Dijeda dari Senin, 30 Maret 2026 sampai Kamis, 2 April 2026: 4 hari kerja." in words
    assert app.test_cli_runner().invoke(due, [*options[:-1], "2026-04-02..2026-03-30"]).exit_code == 2


BARE = Calendar(1, {})
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 1))


@given(DAYS, st.integers(1, 90), st.integers(0, 40), st.integers(0, 40))
def test_whoever_waited_has_as_many_working_days_as_before(start: date, amount: int, after: int, length: int) -> None:
    plain = count(start, amount, Unit.WORKING_DAYS, BARE)
    since = min(add_working_days(start, 1 + after, BARE), plain.due)
    until = add_working_days(since, length, BARE)
    put_off = count(start, amount, Unit.WORKING_DAYS, BARE, [Pause(since, until)])
    before = working_days_between(start, since, BARE) - 1
    assert before + working_days_between(until, put_off.due, BARE) == amount
    assert put_off.due > until
