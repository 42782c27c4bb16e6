"""What a letter is as a file for the archive, judged by programs that did not make it: qpdf, poppler and pypdf.

Only a validator of PDF/A could prove the standard as a whole; each point that the file claims is looked at here.
"""

import io
import json
import subprocess
from base64 import b64encode
from dataclasses import replace
from xml.etree import ElementTree as ET

import pypdf
import pytest
from PIL import Image
from weasyprint import HTML

from hub.files import service as files
from hub.letters import document, pdf, pictures, rendering, samples, shortcuts
from hub.letters.models import LetterKind
from hub.letters.rules import Paper
from tests.letters.test_pdf import NASTY, signed
from tests.letters.test_rules import CONTENT


@pytest.fixture
def letter(world):
    content = replace(CONTENT, paragraphs=("Kami mohon tanggapan.", NASTY), reference="P-2026-000017")
    letter = signed(world, content)
    assert rendering.render_pending().broken == ()
    return letter


@pytest.fixture
def file(letter, tmp_path):
    path = tmp_path / "surat.pdf"
    path.write_bytes(files.read(letter.file))
    return path


def told(*command):
    """What a program says, which must find nothing to complain of."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def root(file):
    return pypdf.PdfReader(file).trailer["/Root"]


def test_the_file_is_sound(file):
    assert "No syntax or stream encoding errors found" in told("qpdf", "--check", file)


def test_title_author_and_dates_are_those_of_the_letter(letter, file):
    facts = dict(line.split(":", 1) for line in told("pdfinfo", "-isodates", file).splitlines())
    facts = {name: value.strip() for name, value in facts.items()}
    assert facts["Title"] == f"{letter.number} · {letter.subject}"
    assert facts["Author"] == letter.institution.name
    assert facts["CreationDate"] == facts["ModDate"] == "2026-03-13T07:30:00Z"
    assert (facts["Encrypted"], facts["JavaScript"], facts["Form"]) == ("no", "no", "none")


def test_every_font_is_embedded_and_gives_back_its_text(file):
    fonts = told("pdffonts", file).splitlines()[2:]
    assert len(fonts) > 2
    for font in fonts:
        embedded, _subset, unicode = font.split()[-5:-2]
        assert (embedded, unicode) == ("yes", "yes")


def test_it_is_tagged_in_the_order_in_which_it_is_read(letter, file):
    assert root(file)["/MarkInfo"]["/Marked"]
    assert root(file)["/Lang"] == "id"
    lines = [line.strip() for line in told("pdfinfo", "-struct-text", file).splitlines()]
    kinds = {line.split()[0].rstrip(":") for line in lines if line and not line.startswith('"')}
    assert {"Document", "H1", "P", "Table", "TR", "TH", "TD"} <= kinds
    text = " ".join(line[1:-1] for line in lines if line.startswith('"'))
    parts = ("KEMENTERIAN SEKRETARIAT NEGARA", "Nomor", "Yth.", "Pengadu", "Kami mohon", letter.signatory.name)
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_row_headings_belong_to_their_cells(file):
    kinds = [one.get_object() for one in pypdf.PdfReader(file).trailer["/Root"]["/StructTreeRoot"]["/K"]]
    cells = [one for one in _descendants(kinds) if one.get("/S") == "/TD"]
    assert cells
    assert all(cell["/A"]["/Headers"] for cell in cells)


def _descendants(elements):
    for element in elements:
        yield element
        kids = [kid.get_object() for kid in element.get("/K", [])]
        yield from _descendants([kid for kid in kids if isinstance(kid, dict)])


def test_its_colours_are_told_and_nothing_leads_out_of_it(file):
    [intent] = root(file)["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_data()[36:40] == b"acsp"
    written = json.dumps(json.loads(told("qpdf", "--json", file)))
    for name in ("/URI", "/Launch", "/GoToR", "/JavaScript", "/JS", "/OpenAction", "/AA", "/Encrypt"):
        assert f'"{name}"' not in written


def test_the_reference_goes_along_and_tells_nothing_of_the_content(letter, file, tmp_path):
    told("pdfdetach", "-savefile", "hub-reference.json", "-o", tmp_path / "out.json", file)
    assert json.loads((tmp_path / "out.json").read_bytes()) == {
        "schema": 1,
        "number": letter.number,
        "date": "2026-03-13",
        "sender": {"code": "KSN-DUMAS", "name": letter.institution.name},
        "hub_reference": "P-2026-000017",
        "verification": f"http://localhost/v/{letter.verification_code}",
    }
    [attached] = root(file)["/AF"]
    assert attached["/AFRelationship"] == "/Data"
    assert attached["/EF"]["/F"]["/Subtype"] == "/application/json"
    assert attached["/EF"]["/F"]["/Params"]["/ModDate"] == "D:20260313073000Z"


def test_the_shortcut_changes_no_byte(letter, monkeypatch):
    page = document.html(letter, linked=False)
    with_it = pdf.render(page, "kode")
    for ours in (shortcuts._ComputedStyle, shortcuts._AnonymousStyle):
        monkeypatch.setattr(shortcuts.css, ours.__name__[1:], ours.__base__)
    assert pdf.render(page, "kode") == with_it


def test_the_qr_code_says_what_it_leads_to():
    address = "https://hub.example/v/ACDEFGHJKMNPRTVW"
    content = pdf.render(
        f'<html lang="id"><body><main><p>Pindai</p>{document.qr(address)}</main></body></html>', "kode"
    )
    tree = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]["/K"]
    [figure] = [one for one in _descendants([kid.get_object() for kid in tree]) if one.get("/S") == "/Figure"]
    assert figure["/Alt"] == f"Kode QR: {address}"


def picture(kind, mode="RGB"):
    out = io.BytesIO()
    Image.new(mode, (60, 80), "#1f4e79").save(out, kind)
    return out.getvalue()


def page_with(source):
    return f'<html lang="id"><body><p>Kepala surat<img src="{source}" alt="Lambang"></p></body></html>'


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB")])
def test_an_emblem_is_printed(kind, mode, tmp_path):
    file = tmp_path / "surat.pdf"
    file.write_bytes(pdf.render(page_with(pictures.address(picture(kind, mode))), "kode"))
    told("qpdf", "--check", file)
    assert "Figure" in told("pdfinfo", "-struct", file)
    [found] = pypdf.PdfReader(file).pages[0].images
    assert found.image.size == (60, 80)


@pytest.mark.parametrize(
    "source",
    [
        "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
        "data:image/png;base64,PHN2Zy8+",
        "data:image/png;base64,bukan base64",
        "data:text/css,body{}",
        "data:,",
    ],
)
def test_what_is_no_picture_is_refused(source):
    with pytest.raises(pdf.CannotPrint, match="PNG or a JPEG"):
        pdf.render(page_with(source), "kode")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_damaged_emblem_fails_loudly(kind):
    for length in (12, 60, len(picture(kind)) // 2):
        with pytest.raises(pdf.CannotPrint):
            pdf.render(
                page_with(f"data:image/{kind.lower()};base64,{b64encode(picture(kind)[:length]).decode()}"), "kode"
            )


def test_only_a_picture_gets_an_address():
    with pytest.raises(pictures.NotAPicture):
        pictures.address(b"<svg/>")
    assert pictures.read(pictures.address(picture("PNG"))) == ("image/png", picture("PNG"))


@pytest.mark.parametrize(("kind", "millimetres"), [("", (210, 297)), ("f4", (215, 330))])
def test_paper_is_a4_or_folio(kind, millimetres):
    content = pdf.render(f'<html lang="id"><body class="{kind}"><p>{"isi " * 9000}</p></body></html>', "kode")
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        width, height = (round(float(points) / 72 * 25.4) for points in page.mediabox[2:])
        assert (width, height) == millimetres


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_document_is_xml_and_knows_no_element_that_the_short_sheet_leaves_out(app, monkeypatch, kind):
    """Read as XML, and styled by those of the library's own rules that can apply: the same bytes."""
    page = document.html(samples.letter(kind, Paper.A4), linked=False)
    ET.fromstring(page)
    quick = pdf.render(page, "kode")
    monkeypatch.setattr(pdf.Page, "_ua_stylesheets", HTML._ua_stylesheets)
    assert pdf.render(page, "kode") == quick


def test_a_page_that_is_no_xml_is_printed_all_the_same():
    page = '<html lang="id"><body><main><p>Baris satu<br>baris dua &nbsp;</main></body></html>'
    assert "baris dua" in pypdf.PdfReader(io.BytesIO(pdf.render(page, "kode"))).pages[0].extract_text()
