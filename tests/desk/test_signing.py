"""The signatory's queue on screen, and every way a letter gets its signature."""

import hashlib
import io
import re

import pypdf
import pytest
from freezegun import freeze_time

from hub import clock
from hub.extensions import db
from hub.files import service as files
from hub.forwardings.rules import Stage
from hub.letters import pades
from hub.letters.certificates import Certificate
from hub.letters.models import LetterState, SigningMethod, Stationery
from hub.letters.rules import Paper
from hub.mail import queries as mail
from hub.post import queries as post
from tests import certificates

SCAN = b"%PDF-1.7\n% dipindai setelah ditandatangani\n%%EOF"


def read(*letters):
    return {f"read-{one.id}": str(one.submitted_at) for one in letters}


def choice(letter, method, world, **more):
    return {
        "read": str(letter.submitted_at),
        "method": method,
        "signatory": world.signatory.person.id,
        "capacity": "",
        **more,
    }


def uploaded(content, name="pindaian.pdf"):
    return {"file": (io.BytesIO(content), name)}


def keep(world, **changes):
    values = {"paper": Paper.A4, "signing_method": SigningMethod.APPROVAL, "texts": {}, "version": 1, **changes}
    db.session.add(Stationery(institution_id=world.ksn.id, created_at=clock.now(), **values))


@pytest.fixture
def signatory(world, signed_in_as):
    return signed_in_as(world.signatory)


@pytest.fixture
def registrar(world, signed_in_as):
    return signed_in_as(world.registrar)


def test_the_queue_shows_the_oldest_first_with_its_date_and_the_matter(story, world, signed_in_as):
    with freeze_time("2026-03-13 02:00"):
        old = story.submitted(complaint=story.complaint(subject="Jembatan putus", body="Jembatan di Krejengan putus."))
    with freeze_time("2026-03-16 02:00"):
        story.submitted(complaint=story.complaint(subject="Lampu jalan mati"))
        signatory = signed_in_as(world.signatory)
        page = signatory.get("/letters/to-sign").text
        assert "2 surat menunggu tanda tangan" in signatory.get("/").text
    assert page.index("Jembatan putus") < page.index("Lampu jalan mati")
    assert "Jembatan di Krejengan putus." in page
    assert f"/letters/{old.letter_id}/preview" in page
    assert "17 Maret 2026" in page
    assert "Inspektur Kabupaten Probolinggo" in page


def test_several_are_signed_at_once_and_one_that_is_refused_stops_no_other(story, world, signatory):
    good, bad, last = story.submitted(), story.submitted(recipient=world.unstaffed), story.submitted()
    world.unstaffed.email = ""
    letters = [one.letter for one in (good, bad, last)]
    page = signatory.post("/letters/to-sign", data={"letter": [one.id for one in letters], **read(*letters)}).text
    assert [one.stage for one in (good, bad, last)] == [Stage.READY, Stage.AWAITING_SIGNATURE, Stage.READY]
    assert sorted(one.letter.running for one in (good, last)) == [1, 2]
    assert "belum memiliki PIC" in page
    assert "2 surat" in page


def test_what_was_changed_after_it_was_read_is_not_signed(story, signatory):
    letter = story.submitted().letter
    page = signatory.post("/letters/to-sign", data={"letter": letter.id, f"read-{letter.id}": "kemarin"}).text
    assert letter.state is LetterState.TO_SIGN
    assert "Mohon baca kembali" in page


def test_nothing_ticked_signs_nothing(story, signatory):
    letter = story.submitted().letter
    assert signatory.post("/letters/to-sign", data=read(letter)).status_code == 302
    assert letter.state is LetterState.TO_SIGN


def test_letters_of_other_offices_are_neither_seen_nor_signed(story, world, signed_in_as):
    letter = story.submitted().letter
    stranger = signed_in_as(world.ombudsman_signatory)
    assert letter.subject not in stranger.get("/letters/to-sign").text
    for path in ("sign", "signed", "preview", "copy.pdf", "return", "void"):
        assert stranger.get(f"/letters/{letter.id}/{path}").status_code == 404
    assert stranger.post("/letters/to-sign", data={"letter": letter.id, **read(letter)}).status_code == 404
    assert letter.state is LetterState.TO_SIGN


def test_whoever_keeps_the_post_approves_nothing(story, world, registrar):
    letter = story.submitted().letter
    assert registrar.post("/letters/to-sign", data={"letter": letter.id, **read(letter)}).status_code == 403
    page = registrar.post(f"/letters/{letter.id}/sign", data=choice(letter, "approval", world))
    assert page.status_code == 422
    assert letter.state is LetterState.TO_SIGN


def test_a_letter_is_signed_on_paper_and_exactly_the_scan_leaves(story, world, signatory, registrar, work):
    forwarding = story.submitted()
    letter = forwarding.letter
    signatory.post(f"/letters/{letter.id}/sign", data=choice(letter, "wet", world, capacity="plt."))
    assert (letter.state, letter.running) == (LetterState.TO_SIGN, 1)
    assert registrar.get(f"/letters/{letter.id}/copy.pdf").status_code == 404
    work()
    copy = registrar.get(f"/letters/{letter.id}/copy.pdf").data
    text = " ".join(pypdf.PdfReader(io.BytesIO(copy)).pages[0].extract_text().split())
    assert letter.number.replace(" ", "") in text.replace(" ", "")
    assert "plt. Asisten Deputi" in text
    assert world.signatory.person.name in text
    assert "Disetujui" not in text
    assert mail.of(forwarding.stream) == []
    registrar.post(f"/letters/{letter.id}/signed", data=uploaded(SCAN))
    work()
    assert forwarding.stage is Stage.READY
    assert (letter.file.sha256, files.read(letter.file)) == (hashlib.sha256(SCAN).hexdigest(), SCAN)
    assert (letter.signatory, letter.signing_method) == (world.signatory.person, SigningMethod.WET)
    assert letter.file.name.startswith("B-1_Kemensetneg")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [(b"", "a.pdf", "kosong"), (b"halo", "a.pdf", "PDF"), (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "a.png", "PDF")],
)
def test_only_a_pdf_comes_back_from_paper(story, world, signatory, content, name, words):
    letter = story.submitted().letter
    signatory.post(f"/letters/{letter.id}/sign", data=choice(letter, "wet", world))
    page = signatory.post(f"/letters/{letter.id}/signed", data=uploaded(content, name))
    assert page.status_code == 422
    assert words in page.text
    assert letter.state is LetterState.TO_SIGN


def test_the_copy_to_sign_itself_is_not_taken_for_the_signed_letter(story, world, signatory, work):
    letter = story.submitted().letter
    signatory.post(f"/letters/{letter.id}/sign", data=choice(letter, "wet", world))
    work()
    page = signatory.post(f"/letters/{letter.id}/signed", data=uploaded(files.read(letter.signing_copy)))
    assert page.status_code == 422
    assert letter.file is None


def test_a_file_signed_in_another_system_leaves_as_it_came_back(story, world, signatory, work, tmp_path):
    letter = story.submitted().letter
    signatory.post(f"/letters/{letter.id}/sign", data=choice(letter, "elsewhere", world))
    work()
    copy = files.read(letter.signing_copy)
    certificates.put(tmp_path, "lain")
    signed = pades.sign(copy, Certificate(tmp_path / "lain.p12", b"rahasia", ""))
    for wrong in (SCAN, signed.replace(b"/Producer", b"/producer", 1), signed[:2000] + b"x" + signed[2001:]):
        assert signatory.post(f"/letters/{letter.id}/signed", data=uploaded(wrong)).status_code == 422
    done = signatory.post(f"/letters/{letter.id}/signed", data=uploaded(signed), follow_redirects=True)
    assert "Asdep Pengaduan Masyarakat (uji)" in done.text
    assert files.read(letter.file) == signed


def test_an_office_with_its_own_register_is_asked_for_the_number_and_warned_of_a_near_one(story, world, signatory):
    keep(world, uses_own_register=True)
    first, second = story.submitted().letter, story.submitted().letter
    assert 'name="letter"' not in signatory.get("/letters/to-sign").text
    assert 'name="number"' in signatory.get(f"/letters/{first.id}/sign").text
    refused = signatory.post(f"/letters/{first.id}/sign", data=choice(first, "approval", world))
    assert refused.status_code == 422
    signatory.post(f"/letters/{first.id}/sign", data=choice(first, "approval", world, number="12/Dumas/2026"))
    taken = signatory.post(f"/letters/{second.id}/sign", data=choice(second, "approval", world, number="12/Dumas/2026"))
    assert taken.status_code == 422
    assert 'value="12/Dumas/2026"' in taken.text
    near = choice(second, "approval", world, number="12-DUMAS-2026")
    page = signatory.post(f"/letters/{second.id}/sign", data=near, follow_redirects=True).text
    assert "12/Dumas/2026" in page
    assert (first.number, second.number) == ("12/Dumas/2026", "12-DUMAS-2026")


def test_the_usual_way_of_the_office_is_proposed(story, world, signatory):
    keep(world, signing_method=SigningMethod.WET)
    forwarding = story.submitted()
    page = signatory.get(f"/forwardings/{forwarding.id}").text
    assert f"/letters/{forwarding.letter_id}/sign" in page
    form = signatory.get(f"/letters/{forwarding.letter_id}/sign").text
    assert re.search(r'<input checked [^>]*value="wet"', form)
    old_button = signatory.post(
        f"/forwardings/{forwarding.id}/sign", data={"read": str(forwarding.letter.submitted_at)}
    )
    assert old_button.headers["Location"].endswith(f"/letters/{forwarding.letter_id}/sign")
    assert forwarding.letter.number is None


def test_a_reserved_letter_cannot_go_back_to_draft(story, world, signatory):
    forwarding = story.submitted()
    signatory.post(f"/letters/{forwarding.letter_id}/sign", data=choice(forwarding.letter, "wet", world))
    page = signatory.post(f"/letters/{forwarding.letter_id}/return", data={"reason": "Mohon perbaiki hal."})
    assert page.status_code == 422
    assert forwarding.letter.number in page.text
    assert forwarding.stage is Stage.AWAITING_SIGNATURE


def test_a_letter_declared_void_makes_room_for_a_new_draft_of_the_same_text(story, world, signatory, client):
    forwarding = story.signed()
    old, content = forwarding.letter, forwarding.letter.content
    assert "tidak dipakai lagi" in signatory.get(f"/letters/{old.id}/void").text
    assert signatory.post(f"/letters/{old.id}/void", data={"reason": "?"}).status_code == 422
    signatory.post(f"/letters/{old.id}/void", data={"reason": "Nama penerima keliru."})
    unsigned = {**content, "signatory": "", "signatory_number": ""}
    assert (forwarding.stage, forwarding.letter.state) == (Stage.DRAFT, LetterState.DRAFT)
    assert forwarding.letter.content == unsigned
    assert forwarding.letter is not old
    page = signatory.get(f"/forwardings/{forwarding.id}").text
    assert old.number in page
    assert "Nama penerima keliru." in page
    assert "tidak berlaku" in client.get(f"/v/{old.verification_code}").text
    assert {one.state.value for one in (*mail.of(forwarding.stream), *post.of(forwarding.stream))} == {"cancelled"}
    late = signatory.post(f"/letters/{old.id}/void", data={"reason": "Sekali lagi."})
    assert late.status_code == 302


def test_the_queue_costs_the_same_however_much_waits(story, signatory, count_queries):
    story.submitted()
    with count_queries() as few:
        signatory.get("/letters/to-sign")
    for _ in range(3):
        story.submitted()
    with count_queries() as many:
        signatory.get("/letters/to-sign")
    assert len(many) == len(few) <= 6


def test_the_signed_file_of_another_letter_is_refused(story, world, signatory, work):
    other, letter = story.signed().letter, story.submitted().letter
    signatory.post(f"/letters/{letter.id}/sign", data=choice(letter, "wet", world))
    work()
    page = signatory.post(f"/letters/{letter.id}/signed", data=uploaded(files.read(other.file)))
    assert page.status_code == 422
    assert other.number in page.text
    assert letter.file is None
