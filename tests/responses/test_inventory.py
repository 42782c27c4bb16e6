"""The inventory of follow-up reports: what each person finds there, and takes along."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from freezegun import freeze_time
from openpyxl import load_workbook

from hub.accounts.models import Account
from hub.extensions import db
from hub.forwardings import voices
from hub.responses import service
from hub.responses.models import Response, ResponseKind
from hub.responses.rules import AnswerOutcome
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[Account], Client]


@pytest.fixture
def report(story: Story, world: World) -> Response:
    """A final answer of 16 March, 23.30 WIB: in UTC it is still that day, in WIT already the next."""
    with freeze_time("2026-03-13T02:00:00Z"):
        forwarding = story.acknowledged()
    with freeze_time("2026-03-16T16:30:00Z"):
        answer = service.Answer(
            ResponseKind.FINAL, "700/77/2026", date(2026, 3, 16), "=Selesai", outcome=AnswerOutcome.SETTLED
        )
        response = service.receive(forwarding, answer, voices.signed_in(world.regency_pic.person))
        db.session.commit()
        return response


def test_a_final_answer_is_in_the_inventory_of_both_offices_and_of_no_third(
    report: Response, world: World, signed_in_as: SignIn
) -> None:
    for account in (world.regency_pic, world.registrar, world.monitor):
        assert "700/77/2026" in signed_in_as(account).get("/inventory").text
    for account in (world.other_pic, world.province_pic, world.ombudsman_monitor, world.administrator):
        assert "700/77/2026" not in signed_in_as(account).get("/inventory").text


def test_neither_an_interim_answer_nor_one_taken_back_is_a_report(
    report: Response, story: Story, world: World, signed_in_as: SignIn
) -> None:
    story.answered(kind=ResponseKind.INTERIM)
    report.withdrawn_at = report.arrived_at
    page = signed_in_as(world.registrar).get("/inventory").text
    assert "Belum ada tanggapan final" in page


@pytest.mark.parametrize(
    "asked",
    ["q=700/77", "q=berlubang", "q=probolinggo", "since=2026-03-16&until=2026-03-16", "outcome=settled", "since=x"],
)
def test_it_is_found_by_number_subject_office_day_and_outcome(
    report: Response, world: World, signed_in_as: SignIn, asked: str
) -> None:
    assert "700/77/2026" in signed_in_as(world.registrar).get(f"/inventory?{asked}").text


@pytest.mark.parametrize("asked", ["q=jembatan", "since=2026-03-17", "until=2026-03-15", "outcome=proven", "q=100%25"])
def test_what_does_not_fit_is_not_found(report: Response, world: World, signed_in_as: SignIn, asked: str) -> None:
    page = signed_in_as(world.registrar).get(f"/inventory?{asked}")
    assert "700/77/2026" not in page.text
    assert "Tidak ada tanggapan final dengan kata-kata ini" in page.text


def test_the_workbook_holds_every_column_as_text(report: Response, world: World, signed_in_as: SignIn) -> None:
    answer = signed_in_as(world.regency_pic).get("/inventory/export?outcome=settled")
    header, row = load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)
    line = dict(zip(header, row, strict=True))
    assert (line["Diterima"], line["Nomor jawaban"], line["Hasil"]) == ("2026-03-16", "700/77/2026", "Diselesaikan")
    assert (line["Uraian"], line["Telaah"]) == ("=Selesai", "menunggu telaah")
    nothing = load_workbook(io.BytesIO(signed_in_as(world.other_pic).get("/inventory/export").data)).active
    assert nothing.max_row == 1


def test_the_list_is_printed_by_the_worker_for_whoever_asked_alone(
    report: Response, world: World, signed_in_as: SignIn, work: Callable[[], dict[str, Any]]
) -> None:
    mine = signed_in_as(world.monitor)
    mine.post("/inventory/lists?q=berlubang")
    assert "PDF sedang dibuat" in mine.get("/inventory").text
    work()
    page = mine.get("/inventory").text
    address = page.split('href="/inventory/lists/')[1].split('"')[0]
    assert mine.get(f"/inventory/lists/{address}").data.startswith(b"%PDF")
    assert "1 laporan tindak lanjut yang memuat “berlubang”" in page
    assert signed_in_as(world.registrar).get(f"/inventory/lists/{address}").status_code == 404


def test_a_filter_cannot_change_where_a_link_leads(report: Response, world: World, signed_in_as: SignIn) -> None:
    page = signed_in_as(world.registrar).get("/inventory?after=9&_scheme=javascript&_external=1&q=berlubang").text
    assert "javascript:" not in page
