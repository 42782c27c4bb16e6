"""Telling that an answer is on its way: signed in, noted by the sender's staff, and what follows."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import select

from hub.desk import queries as desk
from hub.desk.rules import Task
from hub.extensions import db
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import ClockKey, ProofChannel
from hub.responses.models import AnnouncedReply
from tests.conftest import Client
from tests.story import Story

SignIn = Callable[[object], Client]


@pytest.fixture
def monday(app: Flask) -> Iterator[None]:
    with freeze_time("2026-03-16T02:00:00Z"):
        yield


@pytest.fixture
def forwarding(app: Flask, story: Story, monday: None) -> Forwarding:
    with freeze_time("2026-03-13T02:00:00Z"):
        return story.acknowledged()


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "letter_number": "700/77/2026",
        "letter_date": "2026-03-13",
        "way": "post",
        "sent_on": "2026-03-14",
        "tracking_number": "rr 47312482-9 id",
        "request_key": "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a44",
        **changes,
    }


def told() -> AnnouncedReply:
    return db.session.scalars(select(AnnouncedReply)).one()


def test_the_pic_tells_and_both_offices_read_until_when_it_is_awaited(forwarding, world, signed_in_as):
    pic, page = signed_in_as(world.regency_pic), f"/forwardings/{forwarding.id}"
    assert f"{page}/under-way" in pic.get(page).text
    assert pic.post(f"{page}/under-way", data=typed()).location == page
    assert told().tracking_number == "RR473124829ID"
    for reader in (pic, signed_in_as(world.registrar)):
        shown = reader.get(page).text
        assert "Jawaban no. 700/77/2026 sedang di jalan dan ditunggu sampai Senin, 6 April 2026" in shown
        assert "Giliran: Pengirim" in shown
        assert "Tiba" not in shown
    work = desk.work_list(world.regency_pic)
    assert (work.errands, [case.id for case in work.watching]) == ([], [forwarding.id])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"letter_date": "2026-03-17"}, "Tanggal surat tidak boleh di masa depan"),
        ({"sent_on": "2026-03-17"}, "Hari ini ada di masa depan"),
        ({"letter_date": "2026-03-15"}, "Surat tidak mungkin dikirim sebelum tanggalnya"),
        ({"letter_date": "2026-03-02", "sent_on": "2026-03-12"}, "Surat kami bertanggal 13 Mar 2026"),
        ({"tracking_number": "RR4"}, "Nomor resi terdiri atas 8 sampai 20 huruf dan angka"),
        ({"letter_number": "--"}, "Tulis nomor surat jawaban"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_stays_typed(forwarding, world, signed_in_as, changes, sentence):
    page = signed_in_as(world.regency_pic).post(f"/forwardings/{forwarding.id}/under-way", data=typed(**changes))
    assert page.status_code == 422
    assert sentence in page.text
    for value in changes.values():
        assert f'value="{value}"' in page.text
    assert db.session.scalars(select(AnnouncedReply)).all() == []


def test_a_mistyped_tracking_number_is_kept_and_pointed_out(forwarding, world, signed_in_as):
    pic = signed_in_as(world.regency_pic)
    pic.post(f"/forwardings/{forwarding.id}/under-way", data=typed(tracking_number="RR473124828ID"))
    assert told().tracking_number == "RR473124828ID"
    assert "RR473124828ID tampaknya salah ketik" in pic.get(f"/forwardings/{forwarding.id}").text


def test_the_senders_staff_note_what_somebody_said_on_the_phone(app, story, world, signed_in_as, monday):
    with freeze_time("2026-03-13T02:00:00Z"):
        forwarding = story.sent()
    registrar, page = signed_in_as(world.registrar), f"/forwardings/{forwarding.id}/under-way"
    assert registrar.post(page, data=typed(name="Bu Wulan")).status_code == 422
    noted = typed(name="Wulan", position="Sekretaris", note="Menelepon pukul 9.15 dari nomor kantor.")
    assert registrar.post(page, data=noted).status_code == 302
    [proof] = db.session.scalars(select(Proof)).all()
    assert (proof.channel, proof.name, proof.office) == (ProofChannel.DESK, "Wulan", "Sekretaris")
    assert "Menelepon pukul 9.15" in registrar.get(f"/forwardings/{forwarding.id}").text
    assert "Menelepon pukul 9.15" not in signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").text


def test_who_has_no_part_in_it_tells_nothing(forwarding, world, signed_in_as):
    address = f"/forwardings/{forwarding.id}/under-way"
    assert signed_in_as(world.other_pic).post(address, data=typed()).status_code == 404
    assert signed_in_as(world.signatory).get(address).status_code == 403
    assert signed_in_as(world.ombudsman_monitor).get(address).status_code == 404


def test_where_no_answer_is_awaited_the_page_says_how_it_stands(app, story, world, signed_in_as):
    closed = story.closed()
    assert signed_in_as(world.regency_pic).get(f"/forwardings/{closed.id}/under-way").status_code == 409


def test_whoever_is_called_late_finds_the_way_on_the_first_page_and_on_that_of_the_letter(
    forwarding, world, signed_in_as
):
    address = f"/forwardings/{forwarding.id}/under-way"
    assert address not in signed_in_as(world.regency_pic).get("/").text
    with freeze_time("2026-04-20T02:00:00Z"):
        pic = signed_in_as(world.regency_pic)
        for page in ("/", f"/forwardings/{forwarding.id}"):
            assert address in pic.get(page).text
            assert "Sudah menjawab? Beri tahu nomor dan tanggalnya" in pic.get(page).text


def test_once_it_should_be_here_the_sender_has_it_on_the_work_list(forwarding, world, signed_in_as):
    signed_in_as(world.regency_pic).post(f"/forwardings/{forwarding.id}/under-way", data=typed())
    with freeze_time("2026-04-20T02:00:00Z"):
        [errand] = desk.work_list(world.registrar).errands
        assert (errand.task, errand.due) == (Task.TRACE, date(2026, 4, 6))
        page = signed_in_as(world.registrar).get(f"/forwardings/{forwarding.id}").text
        overview = signed_in_as(world.monitor).get("/monitoring").text
    assert "Pengirim mencarinya; penerima tidak terlambat" in page
    assert "salinan" in page
    assert "Balasan belum tiba" in overview


def test_what_arrived_is_registered_with_what_is_known_of_it(forwarding, world, signed_in_as):
    signed_in_as(world.regency_pic).post(f"/forwardings/{forwarding.id}/under-way", data=typed())
    registrar = signed_in_as(world.registrar)
    entry = f"/agenda/in/new?announced={told().id}"
    assert entry in registrar.get(f"/forwardings/{forwarding.id}").text
    page = registrar.get(entry).text
    for known in ("700/77/2026", "2026-03-13", forwarding.letter.number, "35.13"):
        assert known in page
    assert signed_in_as(world.ombudsman_registrar).get(entry).status_code == 404


def test_not_found_asks_for_a_copy_until_a_working_day(forwarding, world, signed_in_as):
    signed_in_as(world.regency_pic).post(f"/forwardings/{forwarding.id}/under-way", data=typed())
    with freeze_time("2026-04-20T02:00:00Z"):
        registrar, page = signed_in_as(world.registrar), f"/announced/{told().id}/not-found"
        assert 'value="2026-04-23"' in registrar.get(page).text
        assert "Sabtu" in registrar.post(page, data={"due_on": "2026-04-25", "note": "Di agenda."}).text
        assert registrar.post(page, data={"due_on": "2026-04-20", "note": "Di agenda."}).status_code == 422
        registrar.post(page, data={"due_on": "2026-04-24", "note": "Di agenda dan kotak surat."})
        shown = signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").text
        assert registrar.post(page, data={"due_on": "2026-04-27", "note": "Sekali lagi."}).status_code == 409
    running = {one.clock: one.due_on for one in forwarding.deadlines if one.ended_at is None}
    assert running == {ClockKey.RESPONSE_ORDINARY: date(2026, 4, 24)}
    assert "Di agenda dan kotak surat." in shown
    assert "Tanggal ini ditetapkan pengirim." in shown


def test_a_mistake_is_taken_back_for_a_reason_by_the_sender_alone(forwarding, world, signed_in_as):
    signed_in_as(world.regency_pic).post(f"/forwardings/{forwarding.id}/under-way", data=typed())
    page = f"/announced/{told().id}/mistake"
    assert signed_in_as(world.regency_pic).get(page).status_code in (403, 404)
    registrar = signed_in_as(world.registrar)
    assert registrar.post(page, data={"reason": ""}).status_code == 422
    registrar.post(page, data={"reason": "Itu surat yang lain."})
    assert told().withdrawn_at is not None
    assert "Diberitahukan karena keliru" in registrar.get(f"/forwardings/{forwarding.id}").text
