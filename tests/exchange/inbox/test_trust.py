"""Whose word confirms a letter: a sender's name can be forged, a number guessed, an old mail kept."""

from datetime import date, timedelta

import pytest
from freezegun import freeze_time

from hub import clock
from hub.audit.rules import SYSTEM
from hub.desk import queries as desk
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import Network
from hub.exchange.inbox import service as pen
from hub.extensions import db
from hub.forwardings import deadlines, voices
from hub.forwardings import service as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, ClockKey, Stage
from hub.mail import service as outbox
from hub.mail.inbox.models import Filing
from hub.monitoring import verification
from hub.responses import queries as responses
from hub.responses import replies
from hub.responses import service as answers
from hub.responses.models import Decision, ResponseKind
from hub.silence.queries import cases
from hub.silence.rules import Grade, Turn
from tests.exchange.inbox.conftest import PIC, email_of, reply_address


def verdict_of(forwarding, at=None):
    return cases(Forwarding.id == forwarding.id, at)[0].verdict


def test_a_number_confirms_no_letter_that_has_not_left(story, arrive):
    forwarding = story.signed()
    mail = arrive(subject=f"Re: {forwarding.letter.number}")
    assert (mail.filing, forwarding.stage) == (Filing.HELD, Stage.READY)


def test_a_number_counts_from_those_appointed_today_alone(story, arrive, world):
    forwarding = story.sent()
    [term] = [one for one in directory.appointments_of(world.regency) if one.network is Network.KEMENSETNEG]
    people.end_term(term, clock.today("WIB") - timedelta(days=1), SYSTEM)
    mail = arrive(subject=f"Re: {forwarding.letter.number}")
    assert (mail.filing, forwarding.stage) == (Filing.HELD, Stage.SENT)


def test_a_stranger_with_one_mail_cannot_confirm_the_other_letters_of_that_office(story, arrive):
    held, other = story.sent(), story.sent()
    arrive(sender="Entah <entah@siapa.example>", to=reply_address(held), words=f"Juga nomor {other.letter.number}.")
    assert (held.stage, other.stage) == (Stage.ACKNOWLEDGED, Stage.SENT)


def test_a_mail_that_was_taken_back_confirms_nothing_for_a_stranger(story, arrive):
    forwarding = story.sent()
    outbox.take_back([email_of(forwarding)])
    mail = arrive(sender="Mantan <mantan@pribadi.example>", to=reply_address(forwarding))
    assert (mail.filing, forwarding.stage) == (Filing.HELD, Stage.SENT)


def test_an_absence_is_believed_soon_after_our_mail_alone(story, arrive, world):
    forwarding = story.sent()
    email_of(forwarding).handed_over_at = clock.now() - timedelta(days=4)
    arrive(to=reply_address(forwarding), words="Saya cuti sampai 30 Desember 2030.", Auto_Submitted="auto-replied")
    day = clock.today("WIB")
    assert directory.absences_of([world.regency_pic.person.id], day) == {}


@pytest.fixture
def answered_twice(story, arrive, world):
    """Two replies: one is taken for the answer and returned, the other waits."""
    forwarding = story.sent()
    arrive(to=reply_address(forwarding), words="Sudah diperbaiki.")
    arrive(to=reply_address(forwarding), words="Tambahan dari kami.")
    first = responses.waiting_of(forwarding)[0]
    replies.decide(first, Decision.FINAL, world.registrar.person, "1", date(2026, 3, 16))
    [answer] = responses.of(forwarding)
    answers.return_incomplete(answer, world.registrar.person, "Foto belum ada.")
    db.session.commit()
    return forwarding


def test_a_waiting_reply_beside_an_incomplete_answer_has_its_own_date(answered_twice):
    assert deadlines.find_running(answered_twice, ClockKey.REVIEW) is not None
    verdict = verdict_of(answered_twice, clock.now() + timedelta(days=200))
    assert (verdict.turn, verdict.grade) == (Turn.SENDER, Grade.REVIEW_DUE)


def test_nobody_is_late_while_a_mail_of_theirs_lies_here_unread(story, arrive, world):
    forwarding = story.acknowledged()
    late = clock.now() + timedelta(days=200)
    with freeze_time(late):
        assert verdict_of(forwarding).grade is Grade.UNANSWERED
        for words in ("Masih kami proses.", "Masih kami proses lagi."):
            arrive(to=reply_address(forwarding), words=words)
            verdict = verdict_of(forwarding)
            assert (verdict.turn, verdict.grade) == (Turn.SENDER, Grade.REVIEW_DUE)
            assert desk.forwarding_page(world.registrar, forwarding.id).verdict == verdict
            replies.decide(responses.waiting_of(forwarding)[0], Decision.RECEIPT, world.registrar.person)
            db.session.commit()
            assert verdict_of(forwarding).grade is Grade.UNANSWERED


def test_whoever_was_asked_again_keeps_the_new_date_when_the_first_receipt_is_taken_back(story, arrive, world):
    forwarding = story.sent()
    arrive(to=reply_address(forwarding), words="Sudah kami terima.")
    [reply] = responses.waiting_of(forwarding)
    with freeze_time(clock.now() + timedelta(days=30)):
        final = answers.Answer(ResponseKind.FINAL, "9", date(2026, 3, 16), "Selesai.")
        answer = answers.receive(forwarding, final, voices.signed_in(world.regency_pic.person))
        answers.return_incomplete(answer, world.registrar.person, "Foto belum ada.")
        asked = deadlines.find_running(forwarding, *RESPONSE_CLOCKS).due_on
        pen.take_back(reply, world.registrar.person, "Milik surat lain.")
        db.session.commit()
        assert deadlines.find_running(forwarding, *RESPONSE_CLOCKS).due_on == asked
        assert forwarding.received_at is not None
        assert list(verification.findings()) == []


def test_no_clock_runs_on_what_has_ended(story, arrive, world):
    forwarding = story.sent()
    arrive(to=reply_address(forwarding), words="Satu.")
    arrive(to=reply_address(forwarding), words="Dua.")
    forwardings.withdraw(forwarding, world.registrar.person, "Salah alamat.")
    replies.withdraw(responses.waiting_of(forwarding)[0], world.registrar.person, "Milik surat lain.")
    assert [one.clock for one in forwarding.deadlines if one.ended_at is None] == []


def test_an_answer_that_was_taken_back_is_read_by_the_sender_alone(story, arrive, world, signed_in_as):
    forwarding = story.sent()
    arrive(to=reply_address(forwarding), words="Jawaban.", files=[("LHP.pdf", b"%PDF-1.7\n%%EOF")])
    [reply] = responses.waiting_of(forwarding)
    replies.decide(reply, Decision.FINAL, world.registrar.person, "1", date(2026, 3, 16))
    file = f"/responses/{reply.response.id}/files/{reply.response.files[0].id}"
    assert signed_in_as(world.regency_pic).get(file).status_code == 200
    pen.take_back(reply, world.registrar.person, "Milik surat lain.")
    db.session.commit()
    assert signed_in_as(world.regency_pic).get(file).status_code == 404
    kept = f"/replies/{reply.id}/files/{reply.mail.files[0].id}"
    assert signed_in_as(world.registrar).get(kept).status_code == 200


def test_the_address_of_a_report_in_another_name_ends_the_message_and_condemns_nobody(story, arrive, world):
    """An office forwards to a private mailbox that is gone."""
    forwarding = story.sent()
    arrive(
        sender="MAILER-DAEMON@mx.example",
        to=reply_address(forwarding),
        subject="Undelivered Mail",
        words="<pribadi@gmail.example>: host mx.example said: 550 5.1.1 User unknown",
    )
    assert email_of(forwarding).state == "bounced"
    there = directory.contacts([world.regency.id], Network.KEMENSETNEG, clock.today("WIB"))[world.regency.id]
    assert PIC not in there.dead


@pytest.mark.parametrize(
    ("words", "is_told"), [("Terima kasih, akan kami tindak lanjuti.", True), ("Jalan sudah diperbaiki.", False)]
)
def test_a_mail_of_stock_phrases_is_pointed_out_to_who_says_what_it_is(
    story, arrive, world, signed_in_as, words, is_told
):
    forwarding = story.sent()
    arrive(to=reply_address(forwarding), words=words)
    [reply] = responses.waiting_of(forwarding)
    page = signed_in_as(world.registrar).get(f"/replies/{reply.id}").text
    assert ("tidak lebih dari tanda bahwa surat sudah sampai" in page) is is_told
