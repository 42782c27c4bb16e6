"""How an office decides what its letters look like."""

import io

import pytest
from PIL import Image

from hub.audit import queries as audit
from hub.extensions import db
from hub.letters.models import SigningMethod
from hub.letters.rules import Paper
from hub.letters.stationery import rules
from hub.letters.stationery import service as stationery
from hub.letters.stationery.service import Terms

PLACE = "/letters/stationery/KSN-DUMAS"
CHOSEN = {"paper": "a4", "signing_method": "approval"}


def image(width=300, height=300, kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, kind)
    return out.getvalue()


def sent(browser, content, name="lambang.png", **changes):
    data = {**CHOSEN, **changes, "emblem": (io.BytesIO(content), name)}
    return browser.post(PLACE, data=data, content_type="multipart/form-data")


@pytest.fixture
def registrar(world, signed_in_as):
    return signed_in_as(world.registrar)


def test_every_save_is_a_version_with_who_and_when(world, registrar):
    registrar.post(PLACE, data={**CHOSEN, "paper": "f4", "archive_classes": " DM.05 Pengaduan \n\nDM.06 Aspirasi"})
    registrar.post(PLACE, data={**CHOSEN, "signing_method": "wet", "uses_own_register": "y"})
    newest, first = stationery.versions(world.ksn)
    assert (first.version, first.paper, first.archive_classes) == (1, Paper.F4, "DM.05 Pengaduan\nDM.06 Aspirasi")
    assert (newest.version, newest.signing_method, newest.uses_own_register) == (2, SigningMethod.WET, True)
    page = registrar.get(PLACE).text
    assert page.count(world.registrar.person.name) >= 2
    assert audit.last_of(world.ksn.stream, "stationery_changed").details == {"version": 2}


def test_saving_the_same_again_makes_no_version(world, registrar):
    for _ in range(2):
        registrar.post(PLACE, data={**CHOSEN, "signing_office": "a.n. Menteri\nDeputi"})
    assert len(stationery.versions(world.ksn)) == 1


def test_an_emblem_is_kept_shown_replaced_and_left_out(world, registrar):
    assert sent(registrar, image()).status_code == 302
    emblem = stationery.newest(world.ksn).emblem
    assert 'class="emblem" src="data:image/png;base64,' in registrar.get(f"{PLACE}/preview").text
    registrar.post(PLACE, data={**CHOSEN, "paper": "f4"})
    assert stationery.newest(world.ksn).emblem is emblem
    sent(registrar, image(kind="JPEG"), "lambang.jpg")
    assert stationery.newest(world.ksn).emblem.media_type == "image/jpeg"
    registrar.post(PLACE, data={**CHOSEN, "without_emblem": "y"})
    assert stationery.newest(world.ksn).emblem is None


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"%PDF-1.7\n%%EOF", "lambang.pdf", "PNG atau JPEG"),
        (image(50, 50), "kecil.png", "50 × 50"),
        (image(1200, 200), "panjang.png", "1200 × 200"),
        (image()[:-200], "rusak.png", "rusak"),
    ],
)
def test_an_image_that_could_not_be_printed_is_refused_and_what_was_typed_stays(
    world, registrar, content, name, sentence
):
    answer = sent(registrar, content, name, signing_office="a.n. Menteri")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "a.n. Menteri" in answer.text
    assert stationery.newest(world.ksn) is None


def test_an_image_that_is_too_large_is_refused(world, registrar, monkeypatch):
    monkeypatch.setattr(rules, "LARGEST_EMBLEM", 500)
    assert "paling besar 1 MB" in sent(registrar, image()).text
    assert stationery.newest(world.ksn) is None


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("opening_reminder", "Menunjuk surat {nomer}", "{nomer}"),
        ("archive_classes", "DM.05 Satu\nDM.05 Dua", "DM.05"),
        ("signing_office", "satu\ndua\ntiga\nempat\nlima", "empat baris"),
    ],
)
def test_what_could_not_be_printed_is_said_beside_its_field(world, registrar, field, typed, sentence):
    answer = registrar.post(PLACE, data={**CHOSEN, field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stationery.newest(world.ksn) is None


def test_the_preview_shows_what_is_typed_and_keeps_nothing(world, registrar):
    page = registrar.post(
        f"{PLACE}/preview",
        data={
            **CHOSEN,
            "paper": "f4",
            "signing_office": "a.n. Menteri\nDeputi",
            "opening_forwarding": "Kami, {nomor}.",
        },
    ).text
    assert '<body class="f4">' in page
    assert "a.n. Menteri<br/>Deputi," in page
    assert "Kami, 2026-000123." in page
    assert stationery.newest(world.ksn) is None


def test_own_words_open_and_close_a_letter(world, story):
    texts = {"forwarding": {"opening": "Bersama ini {nomor} tanggal {tanggal}.", "closing": "Sekian."}}
    stationery.keep(world.ksn, Terms(texts=texts), world.registrar.person)
    forwarding = story.draft()
    assert forwarding.letter.content["opening"].startswith(f"Bersama ini {forwarding.complaint.reference} tanggal ")
    assert forwarding.letter.content["closing"] == "Sekian."


def test_the_drafter_picks_class_security_and_urgency(world, story, registrar):
    stationery.keep(world.ksn, Terms(archive_classes="DM.05 Pengaduan\nDM.06 Aspirasi"), world.registrar.person)
    address = f"/complaints/{story.complaint().id}/forward"
    assert "DM.06 Aspirasi" in registrar.get(address).text
    chosen = {"archive": "DM.06", "security": "R", "urgency": "very_urgent"}
    asked = {"recipient": "35.13", "purpose": "handling", "response_class": "ordinary", "by_email": "y"}
    key = "6f1c2c9e-7d1e-4d0e-9a56-0d8b1a1f6a10"
    place = registrar.post(address, data={**asked, **chosen, "request_key": key}).location
    assert "Rahasia / Sangat Segera" in registrar.get(f"{place}/preview").text
    assert "Rahasia (R)" in registrar.get(place).text
    assert '<option selected value="DM.06">' in registrar.get(f"{place}/edit").text


def test_an_office_with_one_class_is_not_asked(world, story, registrar):
    stationery.keep(world.ksn, Terms(archive_classes="DM.05 Pengaduan"), world.registrar.person)
    assert "Klasifikasi arsip" not in registrar.get(f"/complaints/{story.complaint().id}/forward").text


def test_everybody_keeps_the_own_office_and_administrators_any(world, signed_in_as):
    doors = {
        world.registrar: (200, 404),
        world.administrator: (200, 200),
        world.ombudsman_registrar: (404, 200),
        world.regency_pic: (403, 403),
        world.signatory: (403, 403),
    }
    for account, expected in doors.items():
        browser = signed_in_as(account)
        found = tuple(browser.get(f"/letters/stationery/{code}").status_code for code in ("KSN-DUMAS", "ORI-15"))
        assert found == expected
    assert signed_in_as(world.registrar).get("/letters/stationery").location.endswith(PLACE)


def test_two_who_save_at_once_make_two_versions(world):
    first = stationery.keep(world.ksn, Terms(signing_office="Satu"), world.registrar.person)
    second = stationery.keep(world.ksn, Terms(signing_office="Dua"), world.monitor.person)
    db.session.commit()
    assert (first.version, second.version) == (1, 2)


def test_marks_and_classes_are_read_as_they_are_typed():
    assert rules.unknown_marks("{nomor} {Nomor} {} {tanggal}") == ["{Nomor}", "{}"]
    assert rules.archive_code(" DM.05  Pengaduan ") == "DM.05"
    assert rules.archive_code("") == ""
    assert rules.is_sane(100, 300)
    assert not rules.is_sane(100, 301)
