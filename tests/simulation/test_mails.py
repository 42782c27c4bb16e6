"""The mails of the virtual world are such as the hub reads from real ones: else another world would be rehearsed."""

from datetime import date

import pytest
from freezegun import freeze_time

from hub.mail.reading.bounces import Permanence
from hub.mail.reading.classify import MailKind, read
from hub.simulation import mails

RINA, HUB, SUBJECT, OURS = ("Rina", "rina@kantor.example"), "p@hub.example", "Surat B-7", "<7@hub.example>"


@pytest.mark.parametrize("is_report", [True, False])
def test_a_mail_that_comes_back_condemns_its_address_as_a_report_and_in_words(is_report: bool) -> None:
    seen = read(mails.undeliverable(HUB, RINA[1], OURS, is_report))
    assert seen.kind is MailKind.BOUNCE
    assert seen.bounce is not None
    assert (seen.bounce.permanence, seen.bounce.recipients) == (Permanence.PERMANENT, (RINA[1],))


@freeze_time("2026-03-13T02:00:00Z")
def test_a_mailbox_on_leave_says_until_when() -> None:
    seen = read(mails.away(RINA, HUB, SUBJECT, OURS, date(2026, 3, 20)))
    assert (seen.is_away, seen.away_until) == (True, date(2026, 3, 20))


@pytest.mark.parametrize("is_marked", [True, False])
def test_thanks_by_a_machine_are_nobodys_reply(is_marked: bool) -> None:
    assert read(mails.received(RINA, HUB, SUBJECT, OURS, is_marked)).kind is MailKind.AUTO_REPLY


def test_a_person_is_read_without_what_is_quoted() -> None:
    seen = read(mails.reply(RINA, HUB, SUBJECT, "Surat sudah kami terima.", OURS))
    assert (seen.kind, seen.reply_text) == (MailKind.HUMAN, "Surat sudah kami terima.")
