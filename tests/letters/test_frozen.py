"""What was submitted is printed for ever as it was, whatever changes around it."""

import io
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from freezegun import freeze_time

from hub.extensions import db
from hub.files import service as files
from hub.files import storage
from hub.letters import document, rendering, service
from hub.letters.models import LetterKind, LetterState
from hub.letters.rules import Paper
from hub.letters.service import Signature
from hub.letters.stationery import service as stationery
from hub.letters.stationery.service import Terms
from tests.letters.test_rules import CONTENT


def drafted(world):
    return service.draft(world.ksn, LetterKind.FORWARDING, "Penerusan pengaduan", CONTENT, None)


def test_a_submitted_letter_stays_as_it_was_when_the_office_changes_everything(world):
    letter = drafted(world)
    service.submit(letter)
    service.sign(letter, world.signatory.person)
    before = document.html(letter)
    world.ksn.name, world.ksn.letterhead, world.ksn.phone = "Kantor Lain, Unit Lain", "KANTOR LAIN", "021 999"
    world.ksn.seat, world.ksn.zone, world.ksn.head_title = "Nusantara", "WITA", "Kepala Unit Lain"
    world.signatory.person.name, world.signatory.person.employee_number = "Nama Baru", "19800101"
    stationery.keep(world.ksn, Terms(paper=Paper.F4, signing_office="a.n. Menteri"), world.registrar.person)
    db.session.commit()
    assert document.html(letter) == before
    assert letter.stationery is None


def test_a_draft_is_shown_with_what_holds_today(world):
    letter = drafted(world)
    stationery.keep(world.ksn, Terms(paper=Paper.F4, signing_office="a.n. Menteri\nDeputi"), world.registrar.person)
    world.ksn.seat = "Nusantara"
    page = document.html(letter)
    assert '<body class="f4">' in page
    assert "a.n. Menteri<br/>Deputi," in page
    assert "Nusantara, " in page


def test_a_returned_letter_takes_on_what_has_changed_when_it_is_submitted_again(world):
    letter = drafted(world)
    service.submit(letter)
    service.return_to_draft(letter, "Kop surat berganti.")
    version = stationery.keep(world.ksn, Terms(signing_office="Kepala Biro"), world.registrar.person)
    service.submit(letter)
    assert letter.stationery is version
    assert "Kepala Biro," in document.html(letter)


def test_a_letter_whose_emblem_is_gone_is_not_put_to_sign(world):
    emblem = files.store_made("lambang.png", b"\x89PNG not really", "image/png")
    stationery.keep(world.ksn, Terms(emblem=emblem), world.registrar.person)
    storage.remove(emblem.sha256)
    letter = drafted(world)
    with pytest.raises(stationery.Unprintable):
        service.submit(letter)
    assert letter.state is LetterState.DRAFT


def test_the_signatory_stands_in_under_the_office_that_is_signed_for(world):
    stationery.keep(world.ksn, Terms(signing_office="a.n. Deputi\nAsisten Deputi"), world.registrar.person)
    world.signatory.person.employee_number = "198001012005011001"
    letter = drafted(world)
    service.submit(letter)
    service.sign(letter, world.signatory.person, Signature(capacity="plh."))
    page = document.html(letter)
    assert "a.n. Deputi<br/>plh. Asisten Deputi," in page
    assert "NIP 198001012005011001" in page


def test_an_issued_document_has_a_date_but_no_number_and_is_printed_by_the_worker(world):
    with freeze_time("2026-12-31 17:30"):
        content = replace(CONTENT, details=(("Nomor surat", "700/12/2026"),))
        letter = service.issue(world.ksn, LetterKind.RECEIPT, "Jawaban Inspektorat", content, "forwarding:1")
    assert (letter.state, letter.number, letter.signed_at) == (LetterState.ISSUED, None, None)
    assert letter.dated == date(2027, 1, 1)
    db.session.commit()
    assert rendering.render_pending().made == 1
    assert letter.file.name == f"tanda-terima-jawaban-{letter.id}.pdf"
    text = " ".join(pypdf.PdfReader(io.BytesIO(files.read(letter.file))).pages[0].extract_text().split())
    assert "Tanda Terima Jawaban".casefold() in text.casefold()
    assert "bukan surat keputusan" in text
    assert "Nomor\n" not in text
