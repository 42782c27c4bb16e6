import hashlib
import io
import zipfile

import pytest

from hub import config
from hub.extensions import db
from hub.files import rules, service, storage
from hub.files.models import StoredFile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40)


def office(*parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("surat.pdf", PDF, rules.PDF),
        ("Surat.PDF", PDF, rules.PDF),
        ("foto.jpeg", JPEG, rules.JPEG),
        ("foto.jpg", JPEG, rules.JPEG),
        ("cap.png", PNG, rules.PNG),
        ("jawaban.docx", office("word/document.xml"), rules.DOCX),
        ("daftar.xlsx", office("xl/workbook.xml"), rules.XLSX),
    ],
)
def test_what_the_hub_takes(name, content, media_type):
    assert rules.media_type(name, content) == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("surat.pdf", PNG),
        ("surat.png", PDF),
        ("surat", PDF),
        ("surat.pdf.exe", PDF),
        ("halaman.html", b"<html><script>alert(1)</script></html>"),
        ("halaman.pdf", b"<html><script>alert(1)</script></html>"),
        ("gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("arsip.zip", office("a.txt")),
        ("jawaban.docx", office("a.txt")),
        ("jawaban.docx", office("xl/workbook.xml")),
        ("jawaban.docx", office("word/document.xml", "word/vbaProject.bin")),
        ("jawaban.docx", b"PK\x03\x04 rusak"),
        ("jawaban.docx", office("word/document.xml", *(f"word/media/{number}" for number in range(2000)))),
        ("program.exe", b"MZ\x90\x00"),
        ("acak.pdf", b"\x00\x01\x02"),
    ],
)
def test_what_the_hub_does_not_take(name, content):
    assert rules.media_type(name, content) is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("C:\\surat\\balasan.pdf", "balasan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("surat\u202efdp.exe", "suratfdp.exe"),
        ("a\nb\x00.pdf", "ab.pdf"),
        (" . ", "berkas"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_paths_and_tricks(typed, shown):
    assert rules.display_name(typed) == shown


def test_a_file_comes_back_as_it_came(app):
    file = service.store("surat.pdf", PDF)
    db.session.commit()
    assert service.read(file) == PDF
    assert (file.sha256, file.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert storage.path(file.sha256).parent.name == file.sha256[:2]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("surat.exe", b"MZ\x90", "PDF, JPEG, PNG, DOCX"),
        ("surat.pdf", b"", "surat.pdf"),
        ("surat.pdf", PDF + bytes(config.MAX_FILE_BYTES), "10 MB"),
    ],
)
def test_a_refused_file_is_told_in_a_sentence(app, name, content, words):
    with app.test_request_context(), pytest.raises(service.UnacceptableFile, match=words):
        service.store(name, content)
    assert db.session.query(StoredFile).count() == 0


def test_a_download_is_an_attachment_the_browser_must_not_guess_about(app):
    file = service.store("balasan résmi.pdf", PDF)
    with app.test_request_context():
        answer = service.download(file)
        answer.direct_passthrough = False
        assert answer.data == PDF
        answer.close()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "application/pdf"


def test_the_same_bytes_lie_once_and_go_with_their_last_row(app):
    first, second = service.store("a.pdf", PDF), service.store("b.pdf", PDF)
    place = storage.path(first.sha256)
    assert [one.name for one in place.parent.iterdir()] == [first.sha256]
    service.discard(first)
    db.session.flush()
    assert place.exists()
    service.discard(second)
    assert not place.exists()
