"""A letter to a province goes on to two regencies, and comes back as one answer, in a real browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from hub.accounts.rules import Role
from tests import world as people
from tests.chains import account_at, received
from tests.journey.conftest import PHONE, Visit
from tests.story import Story

SUBJECT = "Jalan berlubang di Kecamatan Tongas"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def parent(served: Flask) -> int:
    """A letter that the province has confirmed; it has a signatory, and 35.14 a PIC."""
    with served.app_context():
        world = people.load()
        account_at(world.province, "province.signatory", "Wulan Kencanasari", Role.SIGNATORY)
        account_at(world.unstaffed, "second.pic", "Bayu Rahardjati")
        return received(Story(world), world).id


def test_a_province_asks_two_regencies_and_answers_with_what_they_found(
    visit: Callable[..., Visit], work: Callable[[], dict[str, Any]], parent: int, tmp_path: Path
) -> None:
    province = visit()
    province.sign_in("province.pic")
    for office in ("Inspektorat Kabupaten Probolinggo (35.13)", "Inspektorat Kabupaten Pasuruan (35.14)"):
        pass_on(province, parent, office)
    sign_all(visit())
    work()

    for account, found in (("regency.pic", "Jalan diperbaiki."), ("second.pic", "Drainase dibersihkan.")):
        confirm_and_answer(visit(PHONE), account, found, tmp_path)

    province.go("/")
    province.picture("work-list")
    expect(province.page.get_by_text("2 dari 2 di bawah sudah menjawab")).to_be_visible()
    province.go(f"/forwardings/{parent}")
    province.picture("offers")
    province.page.get_by_role("link", name="Jawab dengan tanggapan instansi di bawah").click()
    province.picture("from-below")
    province.page.get_by_label("Terbukti", exact=True).check()
    province.fill("Nomor surat Anda", "700/88/Inspektorat/2026")
    province.fill("Tanggal surat Anda", "2026-01-05")
    province.press("Kirim tanggapan final")
    expect(province.page.get_by_text("Tanggapan Anda sudah sampai")).to_be_visible()
    expect(province.page.locator("#answers").get_by_role("link", name="laporan.pdf").first).to_be_visible()

    sender = visit()
    sender.sign_in("registrar")
    sender.follow(SUBJECT)
    expect(sender.page.locator("#chain")).to_contain_text("2 dari 2 sudah dijawab")
    sender.picture("answered-above")
    sender.press("Terima dan tutup")
    expect(sender.page.locator(".steps .is-current")).to_have_text("Ditutup")


def pass_on(province: Visit, parent: int, office: str) -> None:
    province.go(f"/forwardings/{parent}")
    province.follow("Teruskan ke kantor di bawah")
    province.fill("Penerima", office)
    province.picture("pass-on")
    province.press("Simpan dan lihat surat")
    expect(province.page.frame_locator("iframe").get_by_text("Menindaklanjuti surat")).to_be_visible()
    province.press("Ajukan untuk ditandatangani")


def sign_all(signatory: Visit) -> None:
    signatory.sign_in("province.signatory")
    for _ in range(2):
        signatory.go("/")
        signatory.follow(SUBJECT)
        signatory.press("Tanda tangani dan kirim")
        expect(signatory.page.get_by_text("Ditandatangani dengan Nomor")).to_be_visible()


def confirm_and_answer(pic: Visit, account: str, found: str, folder: Path) -> None:
    scan = folder / "laporan.pdf"
    scan.write_bytes(PDF + found.encode())
    pic.sign_in(account)
    pic.follow(SUBJECT)
    pic.press("Konfirmasi penerimaan")
    pic.follow("Kirim tanggapan final")
    pic.page.get_by_label("Terbukti", exact=True).check()
    pic.fill("Nomor surat Anda", "700/12")
    pic.fill("Tanggal surat Anda", "2026-01-05")
    pic.fill("Temuan dan tindak lanjut", found)
    pic.page.get_by_label("Berkas").set_input_files(scan)
    pic.press("Kirim tanggapan final")
    expect(pic.page.get_by_text("Tanggapan Anda sudah sampai")).to_be_visible()
