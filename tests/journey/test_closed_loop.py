"""One complaint from its registration to its end, in a real browser, through real mail."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.journey.conftest import PHONE, Visit

SUBJECT = "Jalan berlubang di Kecamatan Tongas"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_a_complaint_is_forwarded_confirmed_answered_and_closed(
    visit: Callable[..., Visit], work: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    sender = visit()
    register_and_forward(sender)
    sign(visit())
    report = work()
    assert report["mail"]["handed_over"] == 2, report  # the letter, and its copy to the province

    pic = visit(PHONE)
    confirm_by_the_link_in_the_mail(pic)
    answer(pic, tmp_path)

    sender.go("/")
    sender.picture("work-list-to-review")
    sender.follow(SUBJECT)
    sender.picture("answered")
    sender.press("Terima dan tutup")
    expect(sender.page.get_by_text("Tanggapan diterima dan penerusan ditutup.")).to_be_visible()
    sender.picture("closed")
    expect(sender.page.locator(".steps .is-current")).to_have_text("Ditutup")


def register_and_forward(sender: Visit) -> None:
    sender.go("/")
    sender.picture("sign-in")
    sender.sign_in("registrar")
    sender.picture("empty-work-list")
    sender.go("/complaints/new")
    page = sender.page
    sender.fill("Kanal", "SP4N-LAPOR")
    sender.fill("Nomor di kanal", "7000046")
    sender.fill("Tanggal diterima", "2026-01-05")
    sender.fill("Wilayah", "Kabupaten Probolinggo (35.13)")
    sender.fill("Judul", SUBJECT)
    sender.fill("Isi pengaduan", "Jalan kabupaten berlubang sejak 7 bulan lalu. Mohon diperbaiki.")
    sender.fill("Nama", "Puspa Anggraini")
    sender.picture("complaint-form")
    sender.press("Daftarkan")
    expect(page.get_by_role("heading", name=SUBJECT)).to_be_visible()
    sender.picture("complaint")
    sender.follow("Teruskan")
    expect(page.get_by_label("Penerima", exact=True)).to_have_value("Inspektorat Kabupaten Probolinggo (35.13)")
    sender.picture("forwarding-form")
    sender.press("Simpan dan lihat surat")
    letter = page.frame_locator("iframe")
    expect(letter.get_by_text("Inspektur Kabupaten Probolinggo")).to_be_visible()
    expect(letter.get_by_text("Puspa")).to_have_count(0)
    sender.picture("draft")
    sender.press("Ajukan untuk ditandatangani")
    sender.picture("awaiting-signature")


def sign(signatory: Visit) -> None:
    signatory.sign_in("signatory")
    signatory.picture("to-sign")
    signatory.follow(SUBJECT)
    signatory.press("Tanda tangani dan kirim")
    expect(signatory.page.get_by_text("Ditandatangani dengan Nomor B-1/")).to_be_visible()
    signatory.picture("signed")


def confirm_by_the_link_in_the_mail(pic: Visit) -> None:
    pic.go("/demo/mail")
    pic.picture("caught-mails")
    pic.page.get_by_role("link", name=SUBJECT).first.click()
    pic.picture("mail")
    address = pic.page.locator("a[href*='/a/']").first.get_attribute("href")
    assert address
    for _ in range(3):  # a mail scanner looks first
        pic.page.goto(address)
    expect(pic.page.get_by_role("button", name="Konfirmasi penerimaan")).to_be_visible()
    expect(pic.page.get_by_text("Puspa")).to_have_count(0)
    pic.picture("confirm")
    pic.fill("Nama", "Rina Maheswari")
    pic.fill("Jabatan", "Inspektur Pembantu I")
    pic.press("Konfirmasi penerimaan")
    expect(pic.page.get_by_text("Rina Maheswari")).to_be_visible()
    pic.picture("confirmed")


def answer(pic: Visit, folder: Path) -> None:
    scan = folder / "laporan.pdf"
    scan.write_bytes(PDF)
    pic.sign_in("regency.pic")
    pic.picture("pic-work-list")
    pic.follow(SUBJECT)
    pic.picture("pic-forwarding")
    pic.follow("Kirim tanggapan final")
    page = pic.page
    page.get_by_label("Diselesaikan").check()
    pic.fill("Nomor surat Anda", "700/77/Inspektorat/2026")
    pic.fill("Tanggal surat Anda", "2026-01-09")
    pic.fill("Temuan dan tindak lanjut", "Lubang sudah ditutup oleh Dinas PU pada 8 Januari 2026.")
    page.get_by_label("Berkas").set_input_files(scan)
    pic.picture("answer-form")
    pic.press("Kirim tanggapan final")
    expect(page.get_by_text("Tanggapan Anda sudah sampai")).to_be_visible()
    pic.picture("answer-arrived")
