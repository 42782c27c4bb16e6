"""The body complained of (terlapor): said at intake, in a file, or later by whoever has read the complaint."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from hub.audit import queries as audit
from hub.complaints import service
from hub.complaints.models import Complaint
from hub.complaints.rules import ComplainedOf
from hub.directory.queries import by_code
from hub.extensions import db
from tests.complaints.test_complaint_pages import TYPED, complaint_at, count
from tests.conftest import Client
from tests.world import World

SignIn = Callable[..., Client]
FileOf = Callable[..., bytes]


def only() -> Complaint:
    return db.session.scalars(select(Complaint)).one()


def test_without_a_word_it_is_an_office_of_the_region(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.registrar)
    assert browser.post("/complaints/new", data=TYPED).status_code == 302
    assert (only().complained_of, only().complained_of_office) == (ComplainedOf.OFFICE, None)


def test_it_is_kept_and_shown(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.registrar)
    said = {"complained_of": "inspectorate", "complained_of_office": "Inspektorat Provinsi Jawa Timur (35)"}
    page = browser.post("/complaints/new", data={**TYPED, **said}, follow_redirects=True)
    assert (only().complained_of, only().complained_of_office) == (ComplainedOf.INSPECTORATE, world.province)
    assert "Inspektorat Provinsi Jawa Timur (35)" in page.text


@pytest.mark.parametrize(
    "said",
    [
        {"complained_of": "x"},
        {"complained_of_office": "Inspektorat Probolinggo"},
        {"complained_of": "office", "complained_of_office": "35.13"},
        {"complained_of": "inspectorate", "complained_of_office": "KSN-DUMAS"},
        {"complained_of": "inspectorate", "complained_of_office": "Inspektorat Kota Probolinggo (35.13)"},
    ],
)
def test_what_cannot_be_is_asked_back(world: World, signed_in_as: SignIn, said: dict[str, str]) -> None:
    page = signed_in_as(world.registrar).post("/complaints/new", data={**TYPED, **said})
    assert page.status_code == 422
    assert "Jalan berlubang sejak dua bulan lalu." in page.text
    assert count() == 0


def test_it_is_changed_later_on_record(world: World, signed_in_as: SignIn) -> None:
    complaint = complaint_at(world.ksn)
    address = f"/complaints/{complaint.id}/complained-of"
    browser = signed_in_as(world.registrar)
    assert '<option selected value="office">' in browser.get(address).text
    for _ in "ab":
        assert browser.post(address, data={"complained_of": "head_of_region"}).status_code == 302
    assert complaint.complained_of is ComplainedOf.HEAD
    changes = [one.details for one in audit.of_stream(complaint.stream) if one.kind == "complained_of_changed"]
    assert [(one["old"]["complained_of"], one["new"]["complained_of"]) for one in changes] == [
        ("office", "head_of_region")
    ]
    assert browser.post(address, data={"complained_of": "x"}).status_code == 422


def test_only_the_office_that_registered_it_says_so(world: World, signed_in_as: SignIn) -> None:
    complaint = complaint_at(by_code("ORI-14"))
    address = f"/complaints/{complaint.id}/complained-of"
    assert signed_in_as(world.ombudsman_monitor).post(address, data={"complained_of": "office"}).status_code == 403
    assert signed_in_as(world.registrar).post(address, data={"complained_of": "office"}).status_code == 404
    assert signed_in_as(world.signatory).get(address).status_code == 403


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("", ComplainedOf.OFFICE),
        ("Perangkat Daerah", ComplainedOf.OFFICE),
        ("inspektorat", ComplainedOf.INSPECTORATE),
        ("Kepala daerah", ComplainedOf.HEAD),
        ("Bupati", ComplainedOf.HEAD),
    ],
)
def test_a_file_may_say_it_in_a_column_of_its_own(
    world: World, file_of: FileOf, word: str, meant: ComplainedOf
) -> None:
    report = service.import_file(with_column(file_of({}), word), world.ksn, None)
    assert report.errors == ()
    assert only().complained_of is meant


def test_a_word_the_file_invents_is_told(world: World, file_of: FileOf) -> None:
    report = service.import_file(with_column(file_of({}), "tetangga"), world.ksn, None)
    assert [(one.line, one.column) for one in report.errors] == [(2, "terlapor")]
    assert count() == 0


def with_column(content: bytes, word: Any) -> bytes:
    header, *rows = content.decode().splitlines()
    separator = ";" if ";" in header else ","
    return "\n".join([f"{header}{separator}terlapor", *(f"{row}{separator}{word}" for row in rows)]).encode()
