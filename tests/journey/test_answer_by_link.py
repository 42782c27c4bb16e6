"""An answer from somebody without an account: from the link in the mail to the end, on a phone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.journey.conftest import PHONE, Visit
from tests.journey.test_closed_loop import PDF, SUBJECT, confirm_by_the_link_in_the_mail, register_and_forward, sign


def test_an_answer_by_the_link_alone_arrives_with_its_file_and_is_accepted(
    visit: Callable[..., Visit], work: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    sender = visit()
    register_and_forward(sender)
    sign(visit())
    work()

    secretary = visit(PHONE)
    confirm_by_the_link_in_the_mail(secretary)
    secretary.page.context.clear_cookies()  # of the page that shows the caught mail
    answer(secretary, tmp_path)
    assert secretary.page.context.cookies() == []

    sender.go("/")
    sender.follow(SUBJECT)
    page = sender.page
    expect(page.get_by_text("tanpa masuk akun")).to_be_visible()
    with page.expect_download() as surat:
        page.get_by_role("link", name="jawaban.pdf").click()
    assert surat.value.path().read_bytes() == PDF
    with page.expect_download() as report:
        sender.press("lhp.pdf")
    assert report.value.path().read_bytes() == PDF
    sender.picture("answered-by-link")
    sender.press("Terima dan tutup")
    expect(page.locator(".steps .is-current")).to_have_text("Ditutup")

    work()
    secretary.go("/demo/mail")
    secretary.page.get_by_role("link", name="Jawaban diterima").first.click()
    expect(secretary.page.get_by_text("Bila jawaban ini bukan dari kantor Saudara").first).to_be_visible()
    secretary.picture("receipt-mail")


def answer(secretary: Visit, folder: Path) -> None:
    page = secretary.page
    secretary.follow("Kirim tanggapan final")
    expect(page.get_by_label("Nama", exact=True)).to_have_value("Rina Maheswari")
    secretary.picture("answer-form")
    secretary.press("Kirim tanggapan final")
    expect(page.get_by_role("alert")).to_be_visible()
    secretary.picture("answer-refused")
    page.get_by_label("Diselesaikan").check()
    secretary.fill("Nomor surat Anda", "700/77/Inspektorat/2026")
    secretary.fill("Tanggal surat Anda", "2026-01-09")
    secretary.fill("Temuan dan tindak lanjut", "Lubang sudah ditutup oleh Dinas PU pada 8 Januari 2026.")
    for label, name in (("Berkas", "jawaban.pdf"), ("Laporan hasil pemeriksaan", "lhp.pdf")):
        (folder / name).write_bytes(PDF)
        page.get_by_label(re.compile(f"^{label}")).set_input_files(folder / name)
    secretary.picture("answer-filled")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    secretary.press("Kirim tanggapan final")
    expect(page.get_by_role("heading", name="Jawaban Anda sudah sampai")).to_be_visible()
    secretary.picture("answer-arrived")
