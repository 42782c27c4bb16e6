"""A letter comes in and gets its agenda number: one each, none left out, and nothing that was typed is lost."""

import io
import threading
import uuid
from datetime import date

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub.audit import queries as audit
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.letters import incoming
from hub.letters.incoming import Received
from hub.letters.models import IncomingLetter
from hub.letters.rules import Security, Urgency
from tests.exchange.agenda.conftest import PDF, iso, typed

FACTS = Received(date(2026, 3, 13), "Inspektorat", "Laporan")


def letters():
    return list(db.session.scalars(select(IncomingLetter).order_by(IncomingLetter.id)))


def test_a_letter_gets_the_next_agenda_number_and_keeps_what_was_typed(registrar, world):
    assert 'value="2026-03-13"' in registrar.get("/agenda/in/new").text
    answer = registrar.post("/agenda/in/new", data=typed(dated=iso(2026, 3, 10), security="R", urgency="urgent"))
    [letter] = letters()
    assert answer.location == f"/agenda/in/{letter.id}"
    assert (letter.agenda_number, letter.sender, letter.sender_name) == ("1/2026", world.regency, world.regency.name)
    assert (letter.dated, letter.security, letter.urgency) == (date(2026, 3, 10), Security.CONFIDENTIAL, Urgency.URGENT)
    assert "agenda 1/2026" in registrar.get(answer.location).text
    [event] = audit.of_stream(letter.stream)
    assert (event.kind, event.actor_id) == ("registered", world.registrar.person.id)


def test_the_same_form_sent_twice_registers_once(registrar):
    first = registrar.post("/agenda/in/new", data=typed())
    second = registrar.post("/agenda/in/new", data=typed())
    assert first.location == second.location
    registrar.post("/agenda/in/new", data=typed(request_key=str(uuid.uuid4()), number="700/13"))
    assert [one.running for one in letters()] == [1, 2]


def test_a_form_that_is_refused_uses_no_number(registrar):
    registrar.post("/agenda/in/new", data=typed(subject=""))
    registrar.post("/agenda/in/new", data=typed())
    assert [one.running for one in letters()] == [1]


def test_many_letters_at_once_get_every_number_once_and_the_same_form_one(app, world):
    by, office = world.registrar.person.id, world.ksn.id
    keys = [str(uuid.uuid4()) for _ in range(6)]
    start = threading.Barrier(3)

    def register():
        with app.app_context():
            start.wait()
            for key in keys:
                told = db.session.get_one(Institution, office), FACTS, db.session.get_one(Person, by)
                incoming.register(*told, key)
                db.session.commit()

    db.session.commit()
    threads = [threading.Thread(target=register) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert [(one.running, one.request_key) for one in letters()] == list(enumerate(keys, 1))


def test_what_came_in_on_the_last_day_stands_in_the_old_years_agenda(world, signed_in_as):
    with freeze_time("2027-01-04 03:00"):
        registrar = signed_in_as(world.registrar)
        registrar.post("/agenda/in/new", data=typed(received_on=iso(2026, 12, 31)))
        registrar.post("/agenda/in/new", data=typed(request_key=str(uuid.uuid4()), received_on=iso(2027, 1, 4)))
    assert [one.agenda_number for one in letters()] == ["1/2026", "1/2027"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"received_on": "2026-03-14"}, "Hari ini masih akan datang."),
        ({"received_on": "2025-03-01"}, "Periksa tahunnya."),
        ({"dated": "2026-03-14"}, "tidak mungkin bertanggal setelah hari diterimanya"),
        ({"dated": "0026-03-10"}, "Periksa tahun tanggal ini."),
        ({"office": "", "sender_name": "\u200f "}, "Pilih kantor pengirimnya"),
        ({"office": "Inspektorat Probolinggo"}, "Pilih satu kantor dari daftar"),
        ({"subject": " "}, "Tuliskan perihal surat"),
        ({"security": "X"}, "Pilih salah satu dari daftar."),
        ({"number": "7" * 121}, "120"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(registrar, wrong, sentence):
    data = typed(note="Map biru", refers_to="B-12", scan=(io.BytesIO(PDF), "surat.pdf"), **wrong)
    page = registrar.post("/agenda/in/new", data=data)
    assert page.status_code == 422
    assert sentence in page.text
    assert "Map biru" in page.text
    assert 'value="B-12"' in page.text
    assert "pilih lagi" in page.text
    assert letters() == []


def test_in_jayapura_the_day_has_begun_when_it_is_still_yesterday_in_jakarta(app, world, signed_in_as):
    """15:30 UTC is half past midnight on the 14th in WIT, and still the 13th in WIB."""
    world.ksn.zone = "WIT"
    with freeze_time("2026-03-13 15:30"):
        answer = signed_in_as(world.registrar).post("/agenda/in/new", data=typed(received_on=iso(2026, 3, 14)))
    assert answer.status_code == 302


def test_a_sender_that_the_directory_does_not_have_is_written_as_on_the_letterhead(registrar):
    name = "مؤسسة النور \U0001f54c " + "x" * 286
    registrar.post("/agenda/in/new", data=typed(office="", sender_name=name, subject="\u202egnarab 😀" * 20))
    [letter] = letters()
    assert (letter.sender, letter.sender_name) == (None, name)
    assert letter.subject.startswith("gnarab 😀")
    for page in (f"/agenda/in/{letter.id}", f"/agenda/in/{letter.id}/sheet", "/agenda"):
        assert name in registrar.get(page).text


def test_the_scan_comes_along_or_later(registrar):
    registrar.post("/agenda/in/new", data=typed(scan=(io.BytesIO(PDF), "surat.pdf")))
    registrar.post("/agenda/in/new", data=typed(request_key=str(uuid.uuid4())))
    with_scan, without = letters()
    assert registrar.get(f"/agenda/in/{with_scan.id}/scan").data == PDF
    page = f"/agenda/in/{without.id}/scan"
    assert registrar.get(page).status_code == 404
    assert registrar.post(page, data={}).status_code == 422
    refused = registrar.post(page, data={"scan": (io.BytesIO(b"#!/bin/sh"), "surat.pdf")})
    assert (refused.status_code, without.scan) == (422, None)
    assert registrar.post(page, data={"scan": (io.BytesIO(PDF), "menyusul.pdf")}).status_code == 302
    assert without.scan.name == "menyusul.pdf"
    assert [event.kind for event in audit.of_stream(without.stream)] == ["registered", "scan_added"]


def test_a_scan_is_no_office_file(registrar, paper):
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    letter = paper()
    sent = {"scan": (io.BytesIO(content.getvalue()), "surat.docx")}
    assert registrar.post(f"/agenda/in/{letter.id}/scan", data=sent).status_code == 422
    assert letter.scan is None


def test_the_same_number_again_is_told_for_it_may_be_the_same_paper(registrar, paper):
    first = paper()
    second = paper(number="700 - 12 / INSPEKTORAT / 2026")
    assert f'href="/agenda/in/{first.id}"' in registrar.get(f"/agenda/in/{second.id}").text
    assert "sudah tercatat" not in registrar.get(f"/agenda/in/{paper(number='').id}").text


def test_an_entry_is_corrected_but_keeps_its_number_and_year(registrar, paper):
    letter = paper()
    page = f"/agenda/in/{letter.id}/correct"
    assert "700/12/Inspektorat/2026" in registrar.get(page).text
    moved = registrar.post(page, data=typed(received_on=iso(2025, 12, 30)))
    assert (moved.status_code, letter.year) == (422, 2026)
    registrar.post(page, data=typed(subject="Laporan akhir", number="700/21"))
    assert (letter.agenda_number, letter.subject, letter.number_key) == ("1/2026", "Laporan akhir", "70021")
    assert audit.of_stream(letter.stream)[-1].details == {"fields": ["subject", "number"]}


def test_another_office_does_not_learn_that_the_letter_exists(paper, world, signed_in_as):
    letter = paper()
    other = signed_in_as(world.ombudsman_registrar)
    for address in ("", "/sheet", "/scan", "/correct", "/dispose", "/take-out"):
        assert other.get(f"/agenda/in/{letter.id}{address}").status_code == 404
    assert letter.subject not in other.get("/agenda").text
    assert other.post(f"/agenda/in/{letter.id}/file", data={"decision": "final"}).status_code == 404


def test_whoever_only_signs_reads_and_disposes_but_does_not_register(paper, world, signed_in_as):
    letter, browser = paper(), signed_in_as(world.signatory)
    assert browser.get("/agenda").status_code == browser.get(f"/agenda/in/{letter.id}").status_code == 200
    assert browser.get("/agenda/in/new").status_code == 403
    assert browser.post(f"/agenda/in/{letter.id}/scan", data={}).status_code == 403
    assert browser.get(f"/agenda/in/{letter.id}/dispose").status_code == 200
