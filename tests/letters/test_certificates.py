"""Letters signed with the certificate of an office: valid for every reader, said only where it is so."""

import io
import subprocess

import pypdf
import pytest
from freezegun import freeze_time

from hub.extensions import db
from hub.files import service as files
from hub.letters import pades, rendering, service
from hub.letters.models import LetterKind, LetterState, SigningMethod
from hub.letters.numbering import CannotSign
from hub.letters.service import Signature
from tests import certificates
from tests.letters.test_rules import CONTENT

BY_CERTIFICATE = Signature(SigningMethod.CERTIFICATE)


@pytest.fixture
def folder(app, tmp_path):
    found = tmp_path / "certificates"
    found.mkdir()
    app.extensions["settings"].certificates = str(found)
    return found


def to_sign(world):
    letter = service.draft(world.ksn, LetterKind.FORWARDING, "Jalan berlubang", CONTENT, None)
    service.submit(letter)
    return letter


def signed(world):
    letter = to_sign(world)
    service.sign(letter, world.signatory.person, BY_CERTIFICATE)
    db.session.commit()
    return letter


def text_of(letter):
    [page] = pypdf.PdfReader(io.BytesIO(files.read(letter.file))).pages
    return " ".join(page.extract_text().split())


def test_the_worker_signs_the_pdf_and_other_readers_find_the_signature_valid(world, folder, tmp_path):
    certificates.put(folder, "KSN-DUMAS")
    letter = signed(world)
    assert rendering.render_pending().made == 1
    content = files.read(letter.file)
    [signature] = pades.signatures(content)
    assert (signature.signer, signature.is_intact) == ("Asdep Pengaduan Masyarakat (uji)", True)
    (tmp_path / "surat.pdf").write_bytes(content)
    told = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "surat.pdf"], capture_output=True, text=True, check=True
    ).stdout
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_it_is_signed_once(world, folder):
    certificates.put(folder, "KSN-DUMAS")
    letter = signed(world)
    rendering.render_pending()
    first = letter.file.sha256
    assert rendering.render_pending().made == 0
    assert letter.file.sha256 == first


def test_only_a_letter_signed_so_says_it_and_names_who_vouches(world, folder):
    certificates.put(folder, "KSN-DUMAS")
    by_certificate, approved = signed(world), to_sign(world)
    service.sign(approved, world.signatory.person)
    db.session.commit()
    rendering.render_pending()
    words = "ditandatangani secara elektronik dengan sertifikat"
    assert f"{words} yang diterbitkan oleh {certificates.AUTHORITY}." in text_of(by_certificate)
    assert words not in text_of(approved)
    assert "Disetujui melalui hub" in text_of(approved)
    assert "BSrE" not in text_of(by_certificate)


def test_a_signature_is_broken_by_a_single_byte(world, folder):
    certificates.put(folder, "KSN-DUMAS")
    letter = signed(world)
    rendering.render_pending()
    content = bytearray(files.read(letter.file))
    content[len(content) // 3] ^= 1
    try:
        assert [one.is_intact for one in pades.signatures(bytes(content))] == [False]
    except pades.BrokenSignature:
        assert bytes(content) != files.read(letter.file)


@pytest.mark.parametrize("fault", ["nowhere", "no file", "wrong password", "expired"])
def test_without_a_usable_certificate_no_number_is_used(app, world, tmp_path, fault):
    folder = tmp_path
    app.extensions["settings"].certificates = "" if fault == "nowhere" else str(folder)
    if fault in ("wrong password", "expired"):
        certificates.put(folder, "KSN-DUMAS", days=1 if fault == "expired" else 3650)
    if fault == "wrong password":
        (folder / "KSN-DUMAS.password").write_text("bukan itu")
    letter = to_sign(world)
    with freeze_time("2026-03-13"), pytest.raises(CannotSign, match="(?i)sertifikat"), app.test_request_context():
        service.sign(letter, world.signatory.person, BY_CERTIFICATE)
    assert (letter.state, letter.number) == (LetterState.TO_SIGN, None)
    service.sign(letter, world.signatory.person)
    assert letter.running == 1


def test_a_certificate_that_is_gone_when_the_pdf_is_made_sends_nothing_unsigned(world, folder):
    certificates.put(folder, "KSN-DUMAS")
    letter = signed(world)
    (folder / "KSN-DUMAS.p12").unlink()
    assert rendering.render_pending().broken == (letter.id,)
    assert letter.file is None
    assert letter.render_error.startswith("NoCertificate")
    certificates.put(folder, "KSN-DUMAS")
    assert rendering.render_pending().made == 1
