"""While mail lies here unread, nobody who may have written it is called late."""

from datetime import timedelta

import pytest
from freezegun import freeze_time

from hub import clock
from hub.desk import queries as desk
from hub.exchange.inbox import service as pen
from hub.extensions import db
from hub.forwardings import service as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import ArrivedBy, Filing
from hub.responses import queries as responses
from hub.responses import replies
from hub.responses.models import Decision
from hub.silence.queries import cases
from hub.silence.recipients import offices, queries
from hub.silence.rules import Grade, Turn
from hub.silence.service import plan
from hub.silence.unread import Unread, unread
from tests import chains
from tests.exchange.inbox.conftest import PIC, reply_address

STRANGER = "Auditor Muda <auditor@surel.example>"


@pytest.fixture
def late(story):
    """A letter whose date has passed, on the day after its last one."""
    forwarding = story.acknowledged()
    with freeze_time(clock.now() + timedelta(days=60)):
        yield forwarding


def grade(forwarding: Forwarding) -> Grade | None:
    return cases(Forwarding.id == forwarding.id)[0].verdict.grade


def test_a_mail_of_an_unknown_sender_may_be_of_anybody(late, arrive, world):
    mail = arrive(sender=STRANGER, subject="Tanggapan")
    assert mail.filing is Filing.HELD
    assert unread(clock.now()).may_hold_words(world.province.id, world.ksn.id)
    assert grade(late) is Grade.REVIEW_DUE
    assert [step for step in plan(clock.now()).reminded if step.forwarding == late.id] == []
    pen.mark_junk(mail, world.registrar.person)
    db.session.commit()
    assert grade(late) is Grade.UNANSWERED


def test_the_page_says_that_it_is_the_reader_who_is_late(late, arrive, world):
    arrive(sender=STRANGER, subject="Tanggapan")
    page = desk.forwarding_page(world.registrar, late.id)
    assert (page.verdict.turn, page.verdict.grade, page.task) == (Turn.SENDER, Grade.REVIEW_DUE, "sort_mail")


def test_who_may_not_look_through_the_mail_is_told_whom_to_ask(story, arrive, world, signed_in_as):
    pic, button = world.province_pic, 'href="/inbox"'
    with freeze_time(chains.FRIDAY):
        own = story.acknowledged()
        child = chains.with_receiver(chains.received(story, world), world.regency, pic.person)
    with freeze_time("2026-06-15T02:00:00Z"):
        arrive(sender=STRANGER, subject="Tanggapan")
        page = signed_in_as(pic).get(f"/forwardings/{child.id}").text
        read = signed_in_as(world.registrar).get(f"/forwardings/{own.id}").text
    assert "Minta petugas registrasi kantor Anda melihatnya" in page
    assert button not in page.partition('class="actions"')[2]
    assert "Minta petugas registrasi" not in read
    assert button in read.partition('class="actions"')[2]


def test_an_advertisement_is_nobody_s_answer(late, arrive):
    mail = arrive(sender="Toko <promo@toko.example>", subject="Diskon", words="Beli dua gratis satu.")
    assert mail.filing is Filing.HELD
    assert grade(late) is Grade.UNANSWERED


def test_a_file_without_words_may_be_the_answer_of_anybody(late, arrive):
    arrive(sender=STRANGER, subject="Foto", words="Terlampir.", files=[("hasil.pdf", b"%PDF-1.7")])
    assert grade(late) is Grade.REVIEW_DUE


@pytest.mark.parametrize("signed", ["Inspektorat Kabupaten {}", "Inspektorat Kab. {}, Subbag Umum", "PEMKAB {}"])
def test_a_stranger_who_names_a_region_may_be_of_its_inspectorate_alone(late, arrive, world, signed):
    name = world.regency.region.name.removeprefix("Kabupaten ")
    arrive(sender=STRANGER, subject="Tanggapan", words="Sudah kami perbaiki.\n\n" + signed.format(name))
    found = unread(clock.now())
    assert world.regency.id in found.offices
    assert (world.province.id in found.offices, found.is_of_anybody) == (False, False)
    assert grade(late) is Grade.REVIEW_DUE


def test_a_known_sender_speaks_for_the_own_office_alone(late, arrive, world):
    mail = arrive(sender=f"Rina <{PIC}>", subject="Tanggapan")
    assert mail.filing is Filing.HELD
    assert not unread(clock.now()).may_hold_words(world.province.id, world.ksn.id)
    assert grade(late) is Grade.REVIEW_DUE


def test_a_letter_that_a_stranger_names_tells_whose_mail_it_is(late, arrive, world):
    arrive(sender=STRANGER, subject=f"Nomor {late.letter.number}")
    found = unread(clock.now())
    assert (found.offices, found.is_of_anybody) == ({world.regency.id}, False)


def test_a_reply_to_one_letter_may_be_the_answer_to_another_of_that_office(late, arrive, story):
    other = story.sent()
    arrive(to=reply_address(other), words="Terlampir jawaban kami.")
    assert grade(late) is Grade.REVIEW_DUE


def test_a_mail_that_nobody_sorts_for_two_weeks_shields_nobody_any_more(late, arrive):
    arrive(sender=STRANGER, subject="Tanggapan")
    with freeze_time(clock.now() + timedelta(days=13)):
        assert grade(late) is Grade.REVIEW_DUE
    with freeze_time(clock.now() + timedelta(days=15)):
        assert grade(late) is Grade.UNANSWERED


def test_a_mail_that_the_worker_could_not_read_in_time_may_be_of_anybody(late):
    inbox.keep(b"Subject: Jawaban\n\nTerlampir.\n", ArrivedBy.PIPE)
    db.session.commit()
    assert grade(late) is Grade.UNANSWERED
    with freeze_time(clock.now() + timedelta(minutes=11)):
        assert grade(late) is Grade.REVIEW_DUE


def test_a_reply_to_another_sender_is_for_that_one_to_read(late, world):
    reply = Unread(frozenset({99}), frozenset({(world.regency.id, world.province.id)}), frozenset(), False)
    assert not reply.may_hold_words(world.regency.id, world.ksn.id)
    assert reply.may_hold_words(world.regency.id, world.province.id)


def test_a_reply_to_a_letter_that_has_ended_is_on_the_desk_of_its_registrar(arrive, story, world):
    closed = story.closed()
    arrive(to=reply_address(closed), words="Terlampir juga jawaban atas surat lain.")
    assert desk.work_list(world.registrar).to_file == 1


def test_a_report_of_a_server_is_nobody_s_answer(late, arrive):
    raw = (
        b"From: MAILER-DAEMON@mx.example\nTo: penghubung@hub.example\nSubject: Undelivered Mail Returned to Sender\n\n"
    )
    mail = arrive(raw=raw + b"<siapa@mx.example>: host mx.example said: 550 5.1.1 User unknown\n")
    assert mail.filing is Filing.HELD
    assert grade(late) is Grade.UNANSWERED


def test_a_letter_recorded_as_not_answered_names_nobody_while_a_late_answer_lies_here(
    story, arrive, world, signed_in_as
):
    old, monitor = story.acknowledged(), signed_in_as(world.monitor)
    forwardings.lapse(old)
    db.session.commit()

    def named() -> tuple[int, int, int, list[int]]:
        """Letters on the list, rows of the file, answers counted, and letters named on the page of the office."""
        habits = offices.page_of(world.monitor, world.regency).habits
        rows = monitor.get("/silence/export.csv").text.count('\n"Tercatat tidak menanggapi"')
        letters = queries.listing(world.monitor, queries.Chosen(), 50, 200).recorded_letters
        return letters, rows, habits.answer.letters, [id for id, _ in habits.lapsed]

    assert named() == (1, 1, 1, [old.id])
    arrive(to=reply_address(old), words="Jalan sudah diperbaiki, laporan terlampir.")
    assert (old.stage, named()) == (Stage.LAPSED, (0, 0, 0, []))
    replies.decide(responses.waiting_of(old)[0], Decision.RECEIPT, world.registrar.person)
    db.session.commit()
    assert named() == (1, 1, 1, [old.id])
