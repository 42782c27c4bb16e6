"""The pages, as registrars, monitors, strangers and attackers meet them."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from hub.accounts.models import Account
from hub.audit import queries as audit
from hub.complaints import service
from hub.complaints.models import Complaint
from hub.complaints.rules import IdentityMode, Intake
from hub.directory.models import Institution
from hub.extensions import db
from tests.conftest import Client
from tests.world import World

SignIn = Callable[[Account], Client]
TYPED = {
    "channel": "Tatap muka",
    "tracking_id": "TM-7",
    "received_on": "2026-03-12",
    "region": "Kabupaten Probolinggo (35.13)",
    "subject": "Jalan berlubang di Kecamatan Tongas",
    "body": "Jalan berlubang sejak dua bulan lalu.",
    "classification": "complaint",
    "identity_mode": "concealed",
    "name": "Puspa Anggraini",
    "contact": "puspa@warga.example",
    "request_key": "6f1c2f0e-4a55-4c7b-9a3a-0d8f3f1a2b3c",
}


def complaint_at(office: Institution, **changes: object) -> Complaint:
    intake = Intake(
        channel="SP4N-LAPOR",
        tracking_id="7100001",
        received_on=date(2026, 3, 12),
        region_code="35.13",
        subject="Jalan berlubang di Kecamatan Tongas",
        body="Jalan berlubang sejak dua bulan lalu.",
        name="Puspa Anggraini",
        contact="puspa@warga.example",
    )
    complaint = service.register(office, Intake(**{**vars(intake), **changes}), None)  # type: ignore[arg-type]
    db.session.commit()
    return complaint


def count() -> int:
    return db.session.scalar(select(func.count(Complaint.id))) or 0


@freeze_time("2026-03-13T03:00:00Z")
def test_a_complaint_is_registered_once_however_often_the_form_is_sent(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.registrar)
    assert "Kota Probolinggo (35.74)" in browser.get("/complaints/new").text
    answers = [browser.post("/complaints/new", data=TYPED) for _ in "ab"]
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    complaint = db.session.scalars(select(Complaint)).one()
    assert (complaint.reference, complaint.region_code) == ("P-2026-000001", "35.13")
    assert complaint.identity_mode is IdentityMode.CONCEALED
    page = browser.get(answers[0].location).text
    assert "P-2026-000001" in page
    assert "Puspa" not in page


@freeze_time("2026-03-13T03:00:00Z")
@pytest.mark.parametrize(
    "change",
    [{"region": "Probolinggo"}, {"region": "99.99"}, {"region": "Kota Probolinggo (35.13)"}, {"subject": "\0 \u202e"},
     {"received_on": "2026-03-14"}, {"received_on": "kemarin"}, {"name": ""}, {"classification": "x"},
     {"identity_mode": "x"}, {"subject": "x" * 301}],
)  # fmt: skip
def test_an_error_registers_nothing_and_loses_nothing(
    world: World, signed_in_as: SignIn, change: dict[str, str]
) -> None:
    answer = signed_in_as(world.registrar).post("/complaints/new", data=TYPED | change)
    assert answer.status_code == 422
    assert count() == 0
    kept = {key: value for key, value in TYPED.items() if key not in change and key != "classification"}
    assert all(value in answer.text for value in kept.values())


@freeze_time("2026-03-13T03:00:00Z")
def test_a_number_already_registered_is_answered_with_its_reference(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.registrar)
    browser.post("/complaints/new", data=TYPED)
    again = TYPED | {"request_key": "00000000-4a55-4c7b-9a3a-0d8f3f1a2b3c"}
    answer = browser.post("/complaints/new", data=again)
    assert answer.status_code == 422
    assert "P-2026-000001" in answer.text


def test_script_in_every_cell_is_text_on_every_page(world: World, signed_in_as: SignIn) -> None:
    nasty = "<script>alert(1)</script>\"'{{ 7*7 }}"
    complaint = complaint_at(world.ksn, subject=nasty, body=nasty, channel=nasty, tracking_id=nasty, name=nasty)
    browser = signed_in_as(world.registrar)
    shown = browser.post(f"/complaints/{complaint.id}/identity", data={"reason": nasty})
    for page in (browser.get("/complaints"), browser.get(f"/complaints?q={nasty}"), shown):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;" in page.text


def test_the_list_finds_by_reference_number_and_subject_and_takes_percent_literally(
    world: World, signed_in_as: SignIn
) -> None:
    complaint_at(world.ksn, subject="Sampah tidak diangkut", tracking_id="AB-77")
    complaint_at(world.ksn, subject="Air tidak mengalir", tracking_id="CD-88")
    browser = signed_in_as(world.registrar)
    for words in ("sampah", "ab-77", "000001"):
        page = browser.get(f"/complaints?q={words}").text
        assert "Sampah tidak diangkut" in page
        assert "Air tidak mengalir" not in page
    assert "Sampah" not in browser.get("/complaints?q=%25").text


def test_lists_and_pages_show_no_name_even_of_an_open_identity(world: World, signed_in_as: SignIn) -> None:
    complaint = complaint_at(world.ksn)
    for account in (world.registrar, world.monitor, world.signatory):
        for address in ("/complaints", f"/complaints/{complaint.id}"):
            page = signed_in_as(account).get(address)
            assert page.status_code == 200
            assert "uspa" not in page.text


def test_who_stands_outside_sees_neither_page_nor_list(world: World, signed_in_as: SignIn) -> None:
    complaint = complaint_at(world.ksn)
    reached = {}
    for name, account in world.accounts.items():
        browser = signed_in_as(account)
        page = browser.get(f"/complaints/{complaint.id}").status_code
        listed = complaint.reference in browser.get("/complaints").text
        shown = browser.post(f"/complaints/{complaint.id}/identity", data={"reason": "ingin tahu sekali"}).status_code
        reached[name] = (page, listed, shown)
    assert reached == {
        "registrar": (200, True, 200),
        "monitor": (200, True, 200),
        "signatory": (200, True, 403),
        "administrator": (403, False, 403),
        "ombudsman_monitor": (404, False, 404),
        "ombudsman_registrar": (404, False, 404),
        "ombudsman_signatory": (404, False, 403),
        "regency_pic": (404, False, 403),
        "province_pic": (404, False, 403),
        "other_pic": (404, False, 403),
    }


def test_an_identity_is_shown_once_for_a_reason_and_the_look_is_on_record(world: World, signed_in_as: SignIn) -> None:
    complaint = complaint_at(world.ksn)
    browser = signed_in_as(world.registrar)
    address = f"/complaints/{complaint.id}/identity"
    refused = browser.post(address, data={"reason": "  sebab    "})
    assert refused.status_code == 422
    assert "uspa" not in refused.text
    shown = browser.post(address, data={"reason": "Meminta kelengkapan berkas"})
    assert "Puspa Anggraini" in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert "uspa" not in browser.get(f"/complaints/{complaint.id}").text
    event = audit.of_stream(complaint.stream)[-1]
    assert (event.kind, event.actor_id) == ("identity_shown", world.registrar.person_id)
    assert event.details == {"reason": "Meminta kelengkapan berkas"}
    assert browser.get(address).status_code == 405


def test_a_faulty_file_shows_each_fault_and_imports_only_when_told(
    world: World, signed_in_as: SignIn, faulty: bytes
) -> None:
    browser = signed_in_as(world.registrar)

    def upload(**more: str) -> str:
        return browser.post("/complaints/import", data={"file": (io.BytesIO(faulty), "ekspor.csv"), **more}).text

    page = upload()
    assert count() == 0
    assert "Kabupaten Probolinggo (35.13)" in page
    assert page.count("<tr>") == 1 + 6
    upload(partial="y")
    assert count() == 4


def test_a_good_file_comes_in_and_leads_to_the_list(world: World, signed_in_as: SignIn, kand4: bytes) -> None:
    browser = signed_in_as(world.registrar)
    answer = browser.post("/complaints/import", data={"file": (io.BytesIO(kand4), "ekspor.csv")})
    assert (answer.status_code, answer.location, count()) == (302, "/complaints", 197)
    first = browser.get("/complaints").text
    assert "P-" in first
    assert "after=" in first


def test_no_file_is_said_so(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.registrar)
    assert browser.get("/complaints/import").status_code == 200
    assert browser.post("/complaints/import", data={}).status_code == 422


def test_pages_stay_within_twelve_queries(
    world: World,
    signed_in_as: SignIn,
    kand4: bytes,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    service.import_file(kand4, world.ksn, world.registrar.person)
    db.session.commit()
    id = db.session.scalar(select(func.min(Complaint.id)))
    browser = signed_in_as(world.registrar)
    for address in ("/complaints", f"/complaints/{id}", "/complaints/new", "/complaints/import"):
        db.session.expire_all()
        with count_queries() as statements:
            assert browser.get(address).status_code == 200
        assert len(statements) <= 12, "\n".join(statements)


def test_two_hundred_thousand_characters_are_kept_and_shown(world: World, signed_in_as: SignIn) -> None:
    with freeze_time("2026-03-13T03:00:00Z"):
        browser = signed_in_as(world.registrar)
        answer = browser.post("/complaints/new", data=TYPED | {"body": "A" * 200_000})
        assert "A" * 200_000 in browser.get(answer.location).text
