"""Whose report is believed: one that anybody could have written changes nothing until a person says so."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub import clock
from hub.audit import queries as audit
from hub.audit.rules import SYSTEM
from hub.directory.models import Network
from hub.extensions import db
from hub.mail import return_address
from hub.mail import service as outbox
from hub.mail.inbox import service
from hub.mail.inbox.models import ArrivedBy, FoundBy, InboundMail
from hub.mail.models import EmailAttempt, EmailState
from hub.mail.reading.classify import MailKind
from tests.mail.inbox.mails import letter

PIC = "rina@kantor.example"
TEXT = """From: MAILER-DAEMON@mx.kantor.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: {date}
{more}Content-Type: text/plain; charset=utf-8

Surel Anda tidak dapat disampaikan kepada penerima berikut:

<{failed}>: 550 5.1.1 User unknown
"""
DELAYED = TEXT.replace("Undelivered Mail Returned to Sender", "Delayed Mail (still being retried)")


def report(
    to="penghubung@hub.example",
    failed=PIC,
    date="Mon, 02 Nov 2026 09:00:00 +0700",
    more="",
    text=TEXT,
):
    return text.format(to=to, failed=failed, date=date, more=more).encode()


def by_amazon():
    said = {"notificationType": "Bounce", "bounce": {"bounceType": "Permanent"}}
    said["bounce"]["bouncedRecipients"] = [{"emailAddress": PIC, "status": "5.1.1", "diagnosticCode": "550 5.1.1"}]
    return letter("Notifikasi", json.dumps(said))


@pytest.fixture
def sent(queue):
    """A message that the server of the PIC took."""
    dispatch = queue(to_address="Rina@kantor.example")
    outbox.hand_over(dispatch, "250 OK")
    db.session.commit()
    return dispatch


def arrive(content: bytes) -> InboundMail:
    mail = service.keep(content, ArrivedBy.PIPE)
    db.session.commit()
    service.read_pending()
    return mail


def bring(content: bytes) -> InboundMail:
    mail = service.keep_upload(content, SYSTEM, Network.OMBUDSMAN, office())
    db.session.commit()
    service.read_pending()
    return mail


def office() -> int:
    return 1


def outcomes(dispatch) -> list[str]:
    mine = select(EmailAttempt).where(EmailAttempt.dispatch_id == dispatch.id).order_by(EmailAttempt.id)
    return [one.outcome for one in db.session.scalars(mine)]


@pytest.mark.parametrize("content", [report(), by_amazon(), report(text=DELAYED)], ids=["text", "SES", "delayed"])
def test_a_report_that_only_names_a_recipient_changes_nothing(sent, content):
    mail = arrive(content)
    assert (mail.kind, mail.dispatch, mail.found_by) == (MailKind.BOUNCE, sent, FoundBy.RECIPIENT)
    assert (sent.state, outcomes(sent)) == (EmailState.HANDED_OVER, ["taken"])


@pytest.mark.parametrize("content", [report(), by_amazon()], ids=["text", "SES"])
def test_a_person_may_believe_it(sent, content):
    mail = arrive(content)
    service.believe_report(mail, SYSTEM)
    db.session.commit()
    assert (sent.state, sent.bounce_is_permanent, sent.ended_at) == (EmailState.BOUNCED, True, mail.arrived_at)
    assert [event.kind for event in audit.of_stream(mail.stream)] == ["report_believed"]


def test_a_delay_that_a_person_believes_ends_nothing(sent):
    service.believe_report(arrive(report(text=DELAYED)), SYSTEM)
    assert (sent.state, outcomes(sent)) == (EmailState.HANDED_OVER, ["taken", "delayed"])


def test_a_report_to_the_address_of_the_message_ends_it(sent):
    mail = arrive(report(to=return_address.of(sent)))
    assert mail.found_by is FoundBy.ADDRESS
    assert (sent.state, sent.bounce_is_permanent) == (EmailState.BOUNCED, True)


def test_a_report_in_the_thread_of_the_message_ends_it(sent):
    mail = arrive(report(more=f"References: {sent.message_id}\n"))
    assert mail.found_by is FoundBy.THREAD
    assert (sent.state, sent.bounce_is_permanent) == (EmailState.BOUNCED, True)


def test_a_report_of_a_mailbox_it_was_sent_on_to_ends_the_message_and_condemns_no_address(sent):
    arrive(report(to=return_address.of(sent), failed="rina.pribadi@lain.example"))
    assert (sent.state, sent.bounce_is_permanent) == (EmailState.BOUNCED, False)


# --- what a person brought along -----------------------------------------------------------------------------------


def test_a_report_that_a_person_brought_along_changes_nothing_until_it_is_believed(sent):
    mail = bring(report(to=return_address.of(sent)))
    assert (mail.dispatch, mail.found_by) == (sent, FoundBy.ADDRESS)
    assert sent.state is EmailState.HANDED_OVER
    service.believe_report(mail, SYSTEM)
    assert sent.state is EmailState.BOUNCED


def test_what_a_person_brings_along_belongs_to_that_persons_office(app):
    mail = bring(letter("satu"))
    assert (mail.network, mail.office_id, mail.arrived_by) == (Network.OMBUDSMAN, office(), ArrivedBy.UPLOAD)
    assert mail.kind is MailKind.HUMAN


def test_what_came_in_by_itself_stays_where_it_is_when_it_is_brought_along(app):
    arrive(letter("satu"))
    mail = bring(letter("satu"))
    assert (mail.network, mail.office_id, mail.arrived_by) == (None, None, ArrivedBy.PIPE)


NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def written(at: datetime, to: str = "penghubung@hub.example") -> bytes:
    head = f"From: {PIC}\nTo: {to}\nSubject: Re: Surat\nDate: {format_datetime(at)}\n\n"
    return head.encode() + b"Sudah kami terima.\n"


@pytest.mark.parametrize(("days", "counted"), [(3, 3), (59, 59), (61, 60), (20_000, 60), (-1, 0)], ids=str)
def test_an_uploaded_mail_counts_from_the_day_it_was_written_within_reason(app, days, counted):
    with freeze_time(NOW):
        mail = bring(written(NOW - timedelta(days=days)))
    assert mail.arrived_at == NOW - timedelta(days=counted)


def test_an_uploaded_mail_answers_nothing_before_it_left(queue):
    with freeze_time(NOW):
        dispatch = queue()
        outbox.hand_over(dispatch, "250 OK")
        db.session.commit()
        address = return_address.of(dispatch)
    with freeze_time(NOW + timedelta(days=2)):
        early = bring(written(NOW - timedelta(days=5), address))
        late = bring(written(NOW + timedelta(days=1), address))
    assert (early.arrived_at, late.arrived_at) == (NOW, NOW + timedelta(days=1))


def test_other_mail_counts_from_the_moment_it_came(app):
    with freeze_time(NOW):
        assert arrive(written(NOW - timedelta(days=3))).arrived_at == clock.now()
