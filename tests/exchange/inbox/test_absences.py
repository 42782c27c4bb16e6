"""An out-of-office answer marks the PIC as away, and the letter goes to whoever stands in."""

from datetime import date

import pytest
from freezegun import freeze_time

from hub import clock
from hub.audit import queries as audit
from hub.audit.rules import SYSTEM
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import AppointmentRole, Network
from hub.extensions import db
from hub.forwardings.rules import Stage
from hub.mail import queries as outbox
from hub.mail.reading.classify import MailKind
from tests.exchange.inbox.conftest import PIC, reply_address

MONDAY = "2026-03-16T02:30:00Z"
AWAY = "Saya sedang cuti sampai dengan 20 Maret 2026. Untuk hal mendesak hubungi kantor."


@pytest.fixture
def deputy(world):
    person = people.add_person(world.regency, "Joko Wibisono", "Sekretaris", "joko@kantor.example", "", SYSTEM)
    term = {"role": AppointmentRole.DEPUTY, "network": Network.KEMENSETNEG}
    people.appoint(
        person, world.regency, decree_number="700/2", valid_from=date(2024, 1, 2), valid_until=None, by=SYSTEM, **term
    )
    db.session.commit()
    return person


def leave_of(account, day):
    return directory.absences_of([account.person.id], day).get(account.person.id)


def addresses(forwarding):
    return [one.to_address for one in outbox.of(forwarding.stream)]


def test_the_pic_is_away_until_the_day_the_answer_names_and_the_deputy_gets_the_letter(story, arrive, world, deputy):
    with freeze_time(MONDAY):
        forwarding = story.sent()
        arrive(words=AWAY, to=reply_address(forwarding))
        assert leave_of(world.regency_pic, date(2026, 3, 16)).last_day == date(2026, 3, 20)
        assert addresses(forwarding) == [PIC, "joko@kantor.example"]
        assert forwarding.stage is Stage.SENT
        assert "pic_found_away" in [event.kind for event in audit.of_stream(forwarding.stream)]


def test_a_second_answer_sends_nothing_twice(story, arrive, world, deputy):
    with freeze_time(MONDAY):
        forwarding = story.sent()
        arrive(words=AWAY, to=reply_address(forwarding))
        arrive(words=AWAY + " Terima kasih.", to=reply_address(forwarding))
        assert addresses(forwarding) == [PIC, "joko@kantor.example"]


def test_without_a_date_the_pic_is_away_for_a_week(story, arrive, world):
    with freeze_time(MONDAY):
        forwarding = story.sent()
        arrive(
            words="Sedang dinas luar, email akan saya balas setelah kembali.",
            to=reply_address(forwarding),
            Auto_Submitted="auto-replied",
        )
        assert leave_of(world.regency_pic, date(2026, 3, 16)).last_day == date(2026, 3, 22)
        assert addresses(forwarding) == [PIC, "35-13@kantor.example"]


def test_an_absence_that_is_over_is_none(story, arrive, world):
    with freeze_time("2026-03-30T02:30:00Z"):
        forwarding = story.sent()
        arrive(words=AWAY, to=reply_address(forwarding), Auto_Submitted="auto-replied")
        assert leave_of(world.regency_pic, date(2026, 3, 30)) is None
        assert addresses(forwarding) == [PIC]


def test_a_typing_error_in_the_year_does_not_keep_letters_away_for_years(story, arrive, world):
    with freeze_time(MONDAY):
        forwarding = story.sent()
        arrive(words=AWAY.replace("2026", "2036"), to=reply_address(forwarding))
        assert leave_of(world.regency_pic, date(2026, 3, 16)).last_day == date(2026, 6, 14)


def test_an_automatic_answer_from_somebody_else_marks_nobody(story, arrive, world):
    with freeze_time(MONDAY):
        forwarding = story.sent()
        arrive(words=AWAY, to=reply_address(forwarding), sender="Orang Lain <lain@entah.example>")
        assert leave_of(world.regency_pic, date(2026, 3, 16)) is None


def test_an_automatic_receipt_marks_nobody(story, arrive, world):
    with freeze_time(MONDAY):
        forwarding = story.sent()
        arrive(words="Email Anda telah kami terima. Ini adalah pesan otomatis.", to=reply_address(forwarding))
        assert leave_of(world.regency_pic, date(2026, 3, 16)) is None


@pytest.mark.parametrize(
    "words",
    [
        "Surat Bapak/Ibu telah kami terima. Mohon tidak membalas pesan ini.",
        "Email Anda sudah kami terima. Harap untuk tidak membalas email otomatis ini; kotak ini tidak dibaca.",
    ],
)
def test_an_automatic_receipt_is_nobody_s_absence(story, arrive, world, words):
    forwarding = story.sent()
    mail = arrive(to=reply_address(forwarding), words=words, Auto_Submitted="auto-replied")
    assert (mail.kind, mail.is_away) == (MailKind.AUTO_REPLY, False)
    assert directory.absences_of([world.regency_pic.person.id], clock.today("WIB")) == {}
