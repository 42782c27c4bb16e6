import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace

import html5lib
import pypdf
import pytest
from freezegun import freeze_time

from hub.extensions import db
from hub.files import service as files
from hub.letters import document, pdf, rendering, service
from hub.letters.models import LetterKind, LetterState
from tests.letters.test_rules import CONTENT

NASTY = (
    '<script>alert(1)</script> <img src=https://elsewhere.example/x.png> =HYPERLINK("https://elsewhere.example") '
    "\u202eterbalik\u202c 🛑😀 مرحبا " + "sangatpanjang" * 60 + " "
)


def signed(world, content=CONTENT, subject="Penerusan pengaduan: jalan berlubang di Kecamatan Tongas"):
    with freeze_time("2026-03-13 07:30"):
        letter = service.draft(world.ksn, LetterKind.FORWARDING, subject, content, None)
        service.submit(letter)
        service.sign(letter, world.signatory.person)
    db.session.commit()
    return letter


def printed(letter):
    return pypdf.PdfReader(io.BytesIO(files.read(letter.file)))


def test_the_worker_prints_every_signed_letter_once(world):
    letter, draft = signed(world), service.draft(world.ksn, LetterKind.FORWARDING, "Konsep", CONTENT, None)
    assert rendering.render_pending().made == 1
    assert rendering.render_pending().made == 0
    assert (letter.file.media_type, draft.file) == ("application/pdf", None)
    assert letter.file.sha256 == hashlib.sha256(files.read(letter.file)).hexdigest()


def test_a_normal_letter_is_one_page_with_all_its_parts(world):
    letter = signed(world, replace(CONTENT, copies=("Bupati Probolinggo",)))
    rendering.render_pending()
    assert len(printed(letter).pages) == 1
    text = " ".join(printed(letter).pages[0].extract_text().split())
    for part in (
        letter.number,
        "Jakarta, 13 Maret 2026",
        "Yth. Inspektur Kabupaten Probolinggo di Kraksaan",
        "Tembusan: Bupati Probolinggo",
        world.signatory.person.name,
        "kode verifikasi dan pelacakan, bukan tanda tangan",
        f"http://localhost/v/{letter.verification_code}",
    ):
        assert part in text


def test_the_pdf_says_that_it_is_pdf_a_3u_and_embeds_its_fonts(world):
    letter = signed(world)
    rendering.render_pending()
    metadata = printed(letter).trailer["/Root"]["/Metadata"].get_data().decode()
    assert 'part="3"' in metadata
    assert 'conformance="U"' in metadata
    fonts = printed(letter).pages[0]["/Resources"]["/Font"].values()
    assert all("Liberation-Sans" in font.get_object()["/BaseFont"] for font in fonts)


def test_the_same_letter_gives_the_same_bytes_in_another_process_on_another_day(world):
    page = document.html(signed(world, replace(CONTENT, paragraphs=(NASTY,))), linked=False)
    here = hashlib.sha256(pdf.render(page, "kode")).hexdigest()
    code = (
        "import hashlib, sys; from hub.letters import pdf;"
        "print(hashlib.sha256(pdf.render(sys.stdin.read(), 'kode')).hexdigest())"
    )
    with freeze_time("2031-01-01"):
        again = hashlib.sha256(pdf.render(page, "kode")).hexdigest()
    elsewhere = subprocess.run(
        [sys.executable, "-c", code],
        input=page,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Asia/Jayapura"},
    )
    assert here == again == elsewhere.stdout.strip()


def test_nasty_text_is_printed_as_text_and_fetches_nothing(world):
    content = replace(CONTENT, details=(("Uraian", NASTY + "isi " * 50_000),), paragraphs=(NASTY,))
    letter = signed(world, content, subject=NASTY[:300])
    assert rendering.render_pending().broken == ()
    page = document.html(letter)
    assert "<script>alert" not in page
    assert "selengkapnya pada lampiran" in page
    root = html5lib.parse(page, namespaceHTMLElements=False)
    assert {element.tag for element in root.iter() if isinstance(element.tag, str)} & {"script", "a"} == set()
    assert [image.get("class") for image in root.iter("img")] == ["qr"]
    assert len(printed(letter).pages) <= 2


def test_one_broken_letter_is_told_and_does_not_stop_the_others(world):
    broken, sound = signed(world), signed(world)
    broken.content = {"addressee": []}
    db.session.commit()
    report = rendering.render_pending()
    assert (report.made, report.broken) == (1, (broken.id,))
    assert sound.file is not None
    assert broken.render_attempts == 1
    assert broken.render_error.startswith("KeyError")
    broken.content = CONTENT.as_dict()
    db.session.commit()
    assert rendering.render_pending().made == 1
    assert broken.render_error == ""


def test_a_void_letter_is_not_printed(world):
    letter = signed(world)
    letter.state = LetterState.VOID
    db.session.commit()
    assert rendering.render_pending().made == 0


@pytest.mark.parametrize("address", ["https://elsewhere.example/x.css", "file:///etc/passwd", "bundled:../config.py"])
def test_a_page_that_wants_a_foreign_file_is_refused(address):
    page = f'<html><head><link rel="stylesheet" href="{address}"></head><body>isi</body></html>'
    with pytest.raises(pdf.CannotPrint, match="come with the hub"):
        pdf.render(page, "kode")


def test_a_missing_font_fails_loudly(monkeypatch):
    monkeypatch.setattr(pdf, "FONT", "Huruf Yang Tidak Ada")
    with pytest.raises(pdf.CannotPrint, match="fonts-liberation2"):
        pdf.render("<html><body>isi</body></html>", "kode")


def test_the_preview_of_a_draft_says_what_is_still_open(world):
    page = document.html(service.draft(world.ksn, LetterKind.FORWARDING, "Hal", CONTENT, None))
    assert "diberikan saat ditandatangani" in page
    assert "/static/letter.css" in page
    assert "Disetujui" not in page
