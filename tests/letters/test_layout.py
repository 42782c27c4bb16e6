"""Whatever is written into a letter is laid out over its pages: nothing is cut, nothing stands alone."""

import io
from dataclasses import replace

import pypdf
import pytest

from hub.letters import document, pdf, samples
from hub.letters.models import LetterKind
from tests.conftest import application

USUAL = samples.content(LetterKind.FORWARDING)[1]
LIST = samples.content(LetterKind.HANDOVER)[1]
NAME = " ".join(["Kantor Pelayanan Pengaduan Masyarakat dan Pengawasan Internal Daerah"] * 5)[:300]
SENTENCE = "Jalan rusak sejak lama dan warga sudah melapor berkali-kali tanpa hasil. "


@pytest.fixture
def pages(tmp_path):
    """Prints content as a letter of a kind; the text of each page, on one line."""
    with application("sqlite://", tmp_path).app_context():
        yield lambda content, kind=LetterKind.FORWARDING: _pages(document.html(_letter(kind, content), linked=False))


def _letter(kind, content):
    return samples.letter(kind, changed=content)


def _pages(html):
    reader = pypdf.PdfReader(io.BytesIO(pdf.render(html, "kode")))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_forty_copies_are_all_there_and_their_title_is_not_alone(pages):
    copies = tuple(f"Kepala Dinas Nomor {number} Kabupaten Contoh" for number in range(1, 41))
    printed = pages(replace(USUAL, copies=copies))
    assert len(printed) == 2
    assert all(copy in " ".join(printed) for copy in copies)
    assert any("Tembusan:" in page and copies[0] in page for page in printed)


def test_a_name_of_300_characters_and_an_addressee_of_five_lines_are_printed_whole(pages):
    addressee = (NAME, "Bidang Pengawasan", "Subbidang Pengaduan", "Seksi Tindak Lanjut", "Lantai 4")
    text = " ".join(pages(replace(USUAL, head=(NAME,), addressee=addressee, signing_office=("a.n. Menteri", NAME))))
    assert NAME.upper() in text
    assert " ".join(addressee) in text
    assert f"a.n. Menteri {NAME}," in text


def test_a_word_of_600_letters_is_broken_and_not_cut(pages):
    text = "".join(pages(replace(USUAL, details=(("Uraian", "x" * 600),), paragraphs=("y" * 600,))))
    assert text.replace(" ", "").count("x") >= 600
    assert text.replace(" ", "").count("y") >= 600


def test_writing_from_right_to_left_is_printed(pages):
    text = " ".join(pages(replace(USUAL, details=(("Uraian", "مرحبا"), ("Lain", "שלום")))))
    assert "שלום" in text or "םולש" in text
    assert "Narahubung" in text


@pytest.mark.parametrize("sentences", range(12))
def test_the_signature_is_never_alone_on_a_page(pages, sentences):
    """However long the letter is, the closing stands above it, and few copies stay below it."""
    printed = pages(replace(USUAL, paragraphs=(*USUAL.paragraphs, SENTENCE * sentences)))
    last = next(page for page in printed if "Bagas Wirayuda" in page)
    assert "kami ucapkan terima kasih." in last
    assert "Inspektur Provinsi Contoh" in last
    assert last is printed[-1]


def test_following_pages_are_numbered(pages):
    printed = pages(replace(USUAL, paragraphs=(SENTENCE * 12,) * 4))
    assert len(printed) >= 2
    assert "– 2 –" in printed[1]
    assert "– 1 –" not in printed[0]


def test_a_list_of_200_letters_repeats_its_head_on_each_page(pages):
    rows = tuple((f"B-{number}/2026", "13 Februari 2026", "Hal", "Pengirim", "Diterima", "-") for number in range(200))
    printed = pages(replace(LIST, rows=rows), LetterKind.HANDOVER)
    with_rows = [page for page in printed if "B-" in page]
    assert len(with_rows) > 3
    assert all("Nomor surat Tanggal Hal Pengirim Tahap Batas waktu" in page for page in with_rows)
    assert all(f"B-{number}/2026" in " ".join(printed) for number in range(200))
