"""A focal point from the first day to the last, in a real browser, through real mail."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, expect

from hub import clock
from hub.extensions import db
from tests import world
from tests.journey.conftest import DESKTOP, PHONE, Visit
from tests.story import Story

OFFICE = "/directory/35.14"
PIC, DEPUTY, SUCCESSOR = "wulan@kantor.example", "arya@kantor.example", "ratih@kantor.example"
SECRET = "kabut turun di lereng bromo"


def test_a_focal_point_is_invited_goes_on_leave_and_hands_over(
    visit: Callable[..., Visit], work: Callable[[], dict[str, Any]], served: Flask
) -> None:
    def come(who: str, size: Any = DESKTOP) -> Visit:
        """Pictures are called after who looks."""
        person = visit(size)
        person.name = f"focal-point-{person.name}-{who}"
        return person

    today = clock.today("WIB")
    administrator = come("administrator")
    administrator.sign_in("administrator")
    appoint(administrator, "Tunjuk PIC", "Wulan Prameswari", PIC, today - timedelta(days=30))
    invite(administrator)
    work()

    newcomer = come("pic", PHONE)
    accept(newcomer, PIC)
    go_on_leave(newcomer, today, "35-14@kantor.example")
    appoint(administrator, "Tunjuk wakil", "Arya Wiguna", DEPUTY, today - timedelta(days=30))
    newcomer.go("/absence")
    expect(newcomer.page.get_by_text("Arya Wiguna")).to_be_visible()
    newcomer.picture("leave-with-deputy")

    forward(served, "Lampu jalan padam di Kecamatan Bangil")
    work()
    assert addressee_of_the_mail_about(come("mailbox"), "Lampu jalan padam") == DEPUTY

    newcomer.press("Sudah kembali hari ini")
    forward(served, "Saluran air tersumbat di Kecamatan Bangil")
    work()
    reader = come("reader", PHONE)
    assert addressee_of_the_mail_about(reader, "Saluran air tersumbat") == PIC
    old_link = link_in_the_mail(reader, "/a/")

    hand_over(administrator, today)
    work()
    successor = come("successor", PHONE)
    accept(successor, SUCCESSOR)
    expect(successor.page.get_by_text("Saluran air tersumbat").first).to_be_visible()
    confirm_by_the_new_link(successor)
    reader.page.goto(old_link)
    expect(reader.page.get_by_role("heading", name="Surat ini sudah diserahkan kepada orang lain")).to_be_visible()
    reader.picture("old-link-closed")


def appoint(administrator: Visit, button: str, name: str, address: str, first_day: date) -> None:
    administrator.go(OFFICE)
    administrator.picture("institution")
    administrator.page.locator("#focal-points").get_by_role("link", name=button, exact=True).first.click()
    administrator.fill("Nomor surat keputusan", "700/14/SK/2026")
    administrator.fill("Hari pertama", first_day.isoformat())
    administrator.fill("Nama", name)
    administrator.fill("Jabatan", "Inspektur Pembantu I")
    administrator.fill("Alamat email", address)
    administrator.picture("appointment")
    administrator.press("Catat penunjukan")
    expect(administrator.page.locator("#focal-points").get_by_text(name)).to_be_visible()


def invite(administrator: Visit) -> None:
    administrator.page.locator("#focal-points").get_by_text("Kelola").first.click()
    administrator.picture("manage")
    administrator.page.locator("#focal-points").get_by_role("button", name="Undang").first.click()
    expect(administrator.page.get_by_text(f"Undangan dikirim ke {PIC}")).to_be_visible()
    administrator.picture("invited")


def accept(newcomer: Visit, address: str) -> None:
    open_mail(newcomer, address, "Undangan")
    newcomer.page.goto(link_in_the_mail(newcomer, "/i/"))
    newcomer.picture("invitation")
    newcomer.fill("Kata sandi", SECRET)
    newcomer.fill("Kata sandi sekali lagi", SECRET)
    newcomer.press("Mulai memakai Penghubung")
    expect(newcomer.page.get_by_text("Selamat datang")).to_be_visible()
    expect(newcomer.page).to_have_url(f"{newcomer.address}/")
    newcomer.picture("first-sign-in")


def go_on_leave(pic: Visit, today: date, mailbox: str) -> None:
    pic.page.locator("details.menu summary").click()
    pic.picture("menu")
    pic.follow("Cuti atau tidak di tempat")
    expect(pic.page.get_by_text(mailbox)).to_be_visible()
    pic.fill("Hari pertama cuti", today.isoformat())
    pic.fill("Hari terakhir cuti", (today + timedelta(days=9)).isoformat())
    pic.press("Catat cuti")
    expect(pic.page.get_by_text("Cuti sudah dicatat.")).to_be_visible()
    pic.picture("leave-without-deputy")


def forward(served: Flask, subject: str) -> None:
    """The way of a letter to its signature has a journey of its own."""
    with served.app_context():
        story = Story(world.load())
        complaint = story.complaint(region_code="35.14", subject=subject)
        story.signed(complaint=complaint, recipient=story.world.unstaffed, by_post=False)
        db.session.remove()


def open_mail(reader: Visit, address: str, subject: str) -> None:
    reader.go("/demo/mail")
    reader.picture("caught-mails")
    mails_about(reader, subject).filter(has_text=address).first.get_by_role("link").first.click()
    reader.picture("mail")


def mails_about(reader: Visit, subject: str) -> Locator:
    """Their lines in the list that is open."""
    return reader.page.get_by_role("listitem").or_(reader.page.get_by_role("row")).filter(has_text=subject)


def addressee_of_the_mail_about(reader: Visit, subject: str) -> str:
    """There is one such mail only. In office hours the worker sends others beside it."""
    reader.go("/demo/mail")
    expect(mails_about(reader, subject)).to_have_count(1)
    mails_about(reader, subject).get_by_role("link").first.click()
    found = re.search(r"[\w.-]+@kantor\.example", reader.page.locator("dl.facts div", has_text="Kepada").inner_text())
    assert found
    return found[0]


def link_in_the_mail(reader: Visit, page: str) -> str:
    """Of the mail that is open."""
    address = reader.page.locator(f"a[href*='{page}']").first.get_attribute("href")
    assert address
    return address


def hand_over(administrator: Visit, today: date) -> None:
    administrator.go(OFFICE)
    administrator.follow("Serah terima ke pengganti")
    administrator.page.get_by_label("Orang baru").check()
    administrator.fill("Nama", "Ratih Puspaningrum")
    administrator.fill("Jabatan", "Inspektur Pembantu II")
    administrator.fill("Alamat email", SUCCESSOR)
    administrator.fill("Hari pertama", today.isoformat())
    administrator.fill("Nomor surat keputusan", "700/15/SK/2026")
    administrator.picture("handover")
    administrator.press("Periksa")
    administrator.picture("handover-check")
    administrator.press("Serahkan sekarang")
    expect(administrator.page.get_by_text("Ratih Puspaningrum").first).to_be_visible()
    administrator.picture("handed-over")


def confirm_by_the_new_link(successor: Visit) -> None:
    open_mail(successor, SUCCESSOR, "Saluran air tersumbat")
    successor.page.goto(link_in_the_mail(successor, "/a/"))
    successor.fill("Nama", "Ratih Puspaningrum")
    successor.fill("Jabatan", "Inspektur Pembantu II")
    successor.press("Konfirmasi penerimaan")
    expect(successor.page.get_by_text("Ratih Puspaningrum").first).to_be_visible()
    successor.picture("confirmed-by-the-successor")
