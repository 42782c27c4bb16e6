"""A letter that came to the wrong office: it says so, and one press sends the complaint on to the right one."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from hub.extensions import db
from tests import world
from tests.journey.conftest import DESKTOP, PHONE, Visit
from tests.story import Story

SUBJECT = "Jalan berlubang di Kecamatan Tongas"
PROVINCE = "Inspektorat Provinsi Jawa Timur"


def test_a_recipient_declines_and_the_complaint_goes_to_the_office_it_names(
    served: Flask, visit: Callable[..., Visit], work: Callable[[], dict[str, Any]]
) -> None:
    def come(who: str, size: Any = DESKTOP) -> Visit:
        """Pictures are called after who looks."""
        person = visit(size)
        person.name = f"declining-{person.name}-{who}"
        return person

    with served.app_context():
        Story(world.load()).sent()
        db.session.remove()

    pic = come("pic", PHONE)
    pic.sign_in("regency.pic")
    pic.follow(SUBJECT)
    pic.picture("received")
    pic.follow("Bukan wewenang")
    pic.fill("Mengapa bukan wewenang kantor Anda", "Jalan itu jalan provinsi, bukan jalan kabupaten.")
    pic.fill("Instansi yang berwenang", f"{PROVINCE} (35)")
    pic.picture("decline-form")
    pic.press("Kirim ke pengirim")
    expect(pic.page.get_by_text("Keterangan Anda sudah sampai di")).to_be_visible()
    pic.picture("declined")

    sender = come("sender")
    sender.sign_in("registrar")
    sender.follow(SUBJECT)
    sender.picture("decline-to-review")
    sender.follow(f"Teruskan kepada {PROVINCE}")
    expect(sender.page.get_by_label("Penerima", exact=True)).to_have_value(f"{PROVINCE} (35)")
    sender.picture("re-route-form")
    sender.press("Terima dan ajukan surat baru")
    expect(sender.page.get_by_text(f"Surat ke {PROVINCE} menunggu tanda tangan.")).to_be_visible()
    sender.picture("re-routed")

    signatory = come("signatory")
    signatory.sign_in("signatory")
    signatory.follow(SUBJECT)
    signatory.press("Tanda tangani dan kirim")
    expect(signatory.page.get_by_text("Ditandatangani dengan Nomor B-2/")).to_be_visible()
    work()

    heir = come("heir", PHONE)
    heir.sign_in("province.pic")
    heir.follow(SUBJECT)
    expect(heir.page.get_by_text("Dialihkan dari Inspektorat Kabupaten Probolinggo")).to_be_visible()
    heir.picture("at-the-right-office")

    pic.go("/forwardings")
    pic.follow("B-1/")
    expect(pic.page.locator(".steps .is-current")).to_have_text("Bukan wewenang")
    expect(pic.page.get_by_text("Dialihkan ke")).to_have_count(0)
    pic.picture("ended")
