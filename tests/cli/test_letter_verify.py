"""`hub letter verify`: is this file a letter of this hub, byte by byte?"""

import json

import pypdf
import pytest
from click.testing import CliRunner

from hub.cli import commands
from hub.extensions import db
from hub.files import service as files
from hub.letters import service
from hub.letters.models import LetterState, SigningMethod
from hub.letters.service import Signature
from tests import certificates


@pytest.fixture
def verify(app, tmp_path):
    """Exit code and answer for a file with this content."""

    def run(content):
        file = tmp_path / "surat.pdf"
        file.write_bytes(content)
        db.session.commit()
        done = CliRunner().invoke(commands, ["letter", "verify", str(file), "--json"])
        return done.exit_code, json.loads(done.stdout)

    return run


@pytest.fixture
def letter(story, work):
    made = story.signed().letter
    work()
    return made


def test_the_signed_bytes_are_genuine(letter, verify):
    code, told = verify(files.read(letter.file))
    assert code == 0
    assert (told["genuine"], told["match"], told["signatures"]) == (True, "bytes", [])
    assert told["letter"] == {
        "number": letter.number,
        "dated": letter.dated.isoformat(),
        "sender": letter.institution.name,
        "state": "signed",
        "code": letter.verification_code,
    }


def test_a_changed_file_names_the_letter_it_claims_to_be(letter, verify):
    code, told = verify(files.read(letter.file) + b"\n% tambahan")
    assert (code, told["genuine"], told["match"]) == (1, False, "code")
    assert told["letter"]["number"] == letter.number


def test_a_copy_printed_to_pdf_is_known_by_the_code_on_its_page(letter, verify, tmp_path):
    """Printing again gives the file another name of its own; what stays is what the page says."""
    writer = pypdf.PdfWriter()
    (tmp_path / "asli.pdf").write_bytes(files.read(letter.file))
    writer.append_pages_from_reader(pypdf.PdfReader(tmp_path / "asli.pdf"))
    writer.write(tmp_path / "cetak.pdf")
    again = (tmp_path / "cetak.pdf").read_bytes()
    assert f"({letter.verification_code})".encode() not in again
    code, told = verify(again)
    assert (code, told["match"], told["letter"]["number"]) == (1, "code", letter.number)


@pytest.mark.parametrize("content", [b"halo", b"%PDF-1.7\n%%EOF", b""])
def test_anything_else_is_no_letter_of_this_hub(verify, content):
    code, told = verify(content)
    assert (code, told["match"], told["letter"]) == (1, None, None)


def test_a_void_letter_is_known_and_not_in_force(letter, verify):
    letter.state = LetterState.VOID
    code, told = verify(files.read(letter.file))
    assert (code, told["genuine"], told["match"], told["letter"]["state"]) == (1, False, "bytes", "void")


def test_the_copy_to_sign_is_not_the_letter(story, world, work, verify):
    waiting = story.submitted().letter
    service.reserve(waiting, world.signatory.person, Signature(SigningMethod.WET), world.registrar.person)
    work()
    code, told = verify(files.read(waiting.signing_copy))
    assert (code, told["match"]) == (1, "copy")


def test_an_electronic_signature_is_judged(app, story, world, work, verify, tmp_path):
    app.extensions["settings"].certificates = str(tmp_path)
    certificates.put(tmp_path, "KSN-DUMAS")
    waiting = story.submitted().letter
    service.sign(waiting, world.signatory.person, Signature(SigningMethod.CERTIFICATE))
    work()
    content = files.read(waiting.file)
    code, told = verify(content)
    signer = "Asdep Pengaduan Masyarakat (uji)"
    assert (code, told["signatures"]) == (0, [{"signer": signer, "is_intact": True}])
    place = len(content) // 3
    code, told = verify(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    assert code == 1
    assert [one["is_intact"] for one in told["signatures"]] == [False]


def test_a_file_that_is_not_there_is_misuse(app):
    assert CliRunner().invoke(commands, ["letter", "verify", "tidak-ada.pdf"]).exit_code == 2
