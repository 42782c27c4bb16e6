"""Complaints in the database: numbers, seals, the record, and what an import leaves behind."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hub.audit import queries as audit
from hub.complaints import identity, service
from hub.complaints.models import Complaint
from hub.complaints.rules import IdentityMode, Intake
from hub.extensions import db
from tests.world import World

FileOf = Callable[..., bytes]
INTAKE = Intake(
    channel="SP4N-LAPOR",
    tracking_id="7100001",
    received_on=date(2026, 3, 12),
    region_code="35.13",
    subject="Jalan berlubang di Kecamatan Tongas",
    body="Jalan berlubang sejak dua bulan lalu.",
    name="Puspa Anggraini",
    contact="puspa@warga.example",
)


def count() -> int:
    return db.session.scalar(select(func.count(Complaint.id))) or 0


@freeze_time("2026-12-31T16:59:00Z")
def test_references_run_on_and_begin_anew_with_the_year_of_the_office(world: World) -> None:
    last = [
        service.register(world.ksn, replace(INTAKE, tracking_id=None), world.registrar.person).reference for _ in "ab"
    ]
    with freeze_time("2026-12-31T17:00:00Z"):  # midnight in Jakarta
        first = service.register(world.ksn, INTAKE, world.registrar.person).reference
    assert [*last, first] == ["P-2026-000001", "P-2026-000002", "P-2027-000001"]


def test_a_second_submit_returns_the_first_complaint(world: World) -> None:
    once, twice = (service.register(world.ksn, INTAKE, world.registrar.person, "a-key") for _ in "ab")
    assert once is twice
    assert count() == 1
    assert len(audit.of_stream(once.stream)) == 1


def test_a_known_number_of_the_same_channel_is_refused_but_not_of_another_office(world: World) -> None:
    first = service.register(world.ksn, INTAKE, None)
    with pytest.raises(service.AlreadyRegistered) as refused:
        service.register(world.ksn, replace(INTAKE, channel="sp4n-lapor"), None)
    assert refused.value.complaint is first
    service.register(world.ksn, replace(INTAKE, channel="WhatsApp"), None)
    service.register(world.ombudsman, INTAKE, None)
    assert count() == 3


def test_many_at_once_get_each_their_own_number_and_one_key_gives_one_complaint(app: Flask, world: World) -> None:
    office_id = world.ksn.id
    db.session.commit()

    def register(number: int) -> str:
        with app.app_context():
            office = db.session.get_one(type(world.ksn), office_id)
            key = "the-same-key" if number % 2 else None
            complaint = service.register(office, replace(INTAKE, tracking_id=f"N-{number // 2}"), None, key)
            db.session.commit()
            return complaint.reference

    numbers = [0, 2, 4, 6, 9, 9, 9]
    with ThreadPoolExecutor(4) as pool:
        references = sorted(pool.map(register, numbers))
    year = references[0][:7]
    assert sorted(set(references)) == [f"{year}{n:06d}" for n in range(1, 6)]
    assert count() == 5


def test_a_name_is_sealed_and_in_no_event(app: Flask, world: World) -> None:
    complaint = service.register(world.ksn, INTAKE, world.registrar.person)
    assert complaint.identity is not None
    assert b"Puspa" not in complaint.identity
    assert identity.open_sealed(complaint) == identity.Identity("Puspa Anggraini", "puspa@warga.example")
    [event] = audit.of_stream(complaint.stream)
    assert "uspa" not in str(event.details)


def test_of_an_anonymous_citizen_nothing_is_kept(world: World) -> None:
    complaint = service.register(world.ksn, replace(INTAKE, identity_mode=IdentityMode.ANONYMOUS), None)
    assert complaint.identity is None
    assert identity.open_sealed(complaint) == identity.Identity("", "")


def test_an_identity_sealed_with_an_older_key_still_opens_and_a_lost_key_is_named(app: Flask, world: World) -> None:
    complaint = service.register(world.ksn, INTAKE, None)
    settings = app.extensions["settings"]
    newer = "bmV3ZXItaWRlbnRpdHkta2V5LW9mLTMyLWJ5dGVzISE="
    old = settings.identity_keys[0].get_secret_value()
    app.extensions["settings"] = type(settings)(**{**settings.model_dump(), "identity_keys": f"{newer},{old}"})
    assert identity.open_sealed(complaint).name == "Puspa Anggraini"
    app.extensions["settings"] = type(settings)(**{**settings.model_dump(), "identity_keys": newer})
    with pytest.raises(identity.UnreadableIdentity, match="HUB_IDENTITY_KEYS"):
        identity.open_sealed(complaint)


def test_both_exports_come_in_whole(world: World, lapor: bytes, kand4: bytes) -> None:
    reports = [service.import_file(content, world.ksn, world.registrar.person) for content in (lapor, kand4)]
    db.session.commit()
    assert [(report.imported, report.errors) for report in reports] == [(223, ()), (197, ())]
    assert count() == 420


def test_the_faulty_file_imports_nothing_and_its_double_shows_once_the_first_is_in(
    world: World, lapor: bytes, faulty: bytes
) -> None:
    report = service.import_file(faulty, world.ksn, None)
    assert (report.imported, [fault.line for fault in report.errors]) == (0, [2, 3, 4, 7, 8, 9])
    assert count() == 0
    service.import_file(lapor, world.ksn, None)
    report = service.import_file(faulty, world.ksn, None)
    assert [(fault.line, fault.column) for fault in report.errors][3] == (5, "tracking_id")
    assert len(report.errors) == 7
    assert service.import_file(faulty, world.ombudsman, None).good == 4


def test_partial_import_keeps_nasty_text_word_for_word(world: World, faulty: bytes) -> None:
    report = service.import_file(faulty, world.ksn, None, partial=True)
    assert (report.imported, len(report.errors)) == (4, 6)
    found = {row.tracking_id: row for row in db.session.scalars(select(Complaint))}
    assert found["7033467"].body == '=HYPERLINK("http://evil.example";"klik")'
    assert len(found["7033616"].body) == 200_000
    assert identity.open_sealed(found["7033638"]).name == "'; DROP TABLE complaint;--"


def test_unseen_characters_never_reach_the_database(world: World, file_of: FileOf) -> None:
    nasty = {"judul": "Jalan\0 \u202erusak\x1b", "isi": "baris\x00 satu\nbaris \u2066dua", "nama_pelapor": "A\x00b"}
    assert service.import_file(file_of(nasty), world.ksn, None).imported == 1
    complaint = db.session.scalars(select(Complaint)).one()
    assert (complaint.subject, complaint.body) == ("Jalan rusak", "baris satu\nbaris dua")
