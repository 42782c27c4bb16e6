"""The thread by mail: a reply of the recipient waits for the sender's word, one of the sender's side goes on."""

import pytest
from sqlalchemy import select

from hub.audit import queries as audit
from hub.coordination import service
from hub.coordination.models import ThreadMessage
from hub.coordination.rules import MessageKind, Side
from hub.database import read_only
from hub.exchange.agenda.forms import MatchForm
from hub.exchange.inbox import queries
from hub.exchange.inbox import service as pen
from hub.extensions import db
from hub.forwardings import service as forwardings
from hub.forwardings.rules import Happening
from hub.mail import queries as outbox
from hub.mail import return_address
from hub.mail.inbox.models import Filing
from hub.mail.models import EmailPurpose
from hub.mail.reading.classify import MailKind
from hub.monitoring.verification import findings
from hub.responses import queries as responses
from hub.responses import replies
from hub.responses.models import Decision
from tests.exchange.inbox.conftest import PIC

PDF = b"%PDF-1.7\n%%EOF"
ASKED, ANSWERED = "Berapa panjang jalan yang rusak?", "Lima ratus meter, lihat peta."
DRAFTER = "registrar@kantor.example"
LAKSMI = f"Laksmi Paramastri <{DRAFTER}>"


def thread_mails(forwarding):
    return [one for one in outbox.of(forwarding.stream) if one.purpose is EmailPurpose.COORDINATION]


def messages():
    return list(db.session.scalars(select(ThreadMessage).order_by(ThreadMessage.id)))


@pytest.fixture
def asked(story):
    """The sender asked the recipient something about a letter."""
    forwarding = story.acknowledged()
    service.write(forwarding, Side.SENDER, MessageKind.QUESTION, ASKED, story.world.registrar.person)
    db.session.commit()
    return forwarding


@pytest.fixture
def asked_by_the_recipient(story):
    forwarding = story.acknowledged()
    service.write(forwarding, Side.RECIPIENT, MessageKind.QUESTION, ASKED, story.world.regency_pic.person)
    db.session.commit()
    return forwarding


def answer(arrive, forwarding, **more):
    """The PIC replies to the mail with the question."""
    return arrive(to=return_address.of(thread_mails(forwarding)[-1]), words=ANSWERED, **more)


def test_a_reply_of_the_recipient_waits_in_the_thread_for_the_senders_word_alone(asked, arrive, world, signed_in_as):
    mail = answer(arrive, asked, files=[("peta.pdf", PDF)])
    [reply] = responses.replies_from(mail)
    assert (reply.is_waiting, len(messages())) == (True, 1)
    page = f"/forwardings/{asked.id}"
    sender = signed_in_as(world.registrar)
    assert "Menunggu keputusan Anda" in sender.get(page).text
    assert ANSWERED not in signed_in_as(world.regency_pic).get(page).text
    decide = sender.get(f"/replies/{reply.id}").text
    assert 'class="btn btn-primary" type="submit" name="decision" value="message"' in decide
    assert decide.count("btn-primary") == 1
    assert sender.post(f"/replies/{reply.id}", data={"decision": "message"}).status_code == 302
    said = messages()[-1]
    assert (said.side, said.kind, said.text, said.mail_id) == (
        Side.RECIPIENT,
        MessageKind.CLARIFICATION,
        ANSWERED,
        mail.id,
    )
    assert [file.name for file in said.files] == ["peta.pdf"]
    assert ANSWERED in signed_in_as(world.regency_pic).get(page).text
    assert "Menunggu keputusan Anda" not in sender.get(page).text
    assert [one.to_address for one in thread_mails(asked)] == [PIC]  # the reviewer drafted the letter, and has read it
    with read_only():
        assert list(findings()) == []


def test_another_reviewer_lets_the_drafter_know(asked, arrive, world):
    [reply] = responses.replies_from(answer(arrive, asked))
    replies.decide(reply, Decision.MESSAGE, world.monitor.person)
    assert [one.to_address for one in thread_mails(asked)] == [PIC, DRAFTER]


def test_a_reply_to_the_letter_itself_may_be_a_message_too_but_is_not_proposed_as_one(
    story, arrive, world, signed_in_as
):
    forwarding = story.sent()
    letter = next(one for one in outbox.of(forwarding.stream) if one.purpose is EmailPurpose.LETTER)
    [reply] = responses.replies_from(arrive(to=return_address.of(letter), words="Jalan yang mana?"))
    page = signed_in_as(world.registrar).get(f"/replies/{reply.id}").text
    assert 'class="btn btn-quiet" type="submit" name="decision" value="message"' in page
    replies.decide(reply, Decision.MESSAGE, world.registrar.person)
    assert [one.kind for one in messages()] == [MessageKind.QUESTION]


def test_taken_back_it_leaves_the_thread_and_stays_on_record(asked, arrive, world, signed_in_as):
    mail = answer(arrive, asked)
    [reply] = responses.replies_from(mail)
    replies.decide(reply, Decision.MESSAGE, world.registrar.person)
    pen.take_back(reply, world.registrar.person, "Surat lain yang dimaksud.")
    db.session.commit()
    said = messages()[-1]
    assert (said.withdrawn_at is None, mail.filing) == (False, Filing.HELD)
    assert [event.kind for event in audit.of_stream(said.stream)] == ["taken_out"]
    for who in (world.registrar, world.regency_pic):
        assert ANSWERED not in signed_in_as(who).get(f"/forwardings/{asked.id}").text


def test_the_drafter_answers_by_mail_and_the_recipient_gets_it_once(
    asked_by_the_recipient, arrive, world, signed_in_as
):
    forwarding = asked_by_the_recipient
    address = return_address.of(thread_mails(forwarding)[0])
    mails = [arrive(to=address, words=ANSWERED, sender=LAKSMI) for _ in range(2)]
    assert mails[0].id == mails[1].id
    assert (mails[0].filing, responses.replies_from(mails[0])) == (Filing.MATCHED, [])
    said = messages()[-1]
    assert (len(messages()), said.side, said.kind, said.author_name) == (
        2,
        Side.SENDER,
        MessageKind.CLARIFICATION,
        "Laksmi Paramastri",
    )
    assert [(one.to_address, one.institution_id) for one in thread_mails(forwarding)] == [
        (DRAFTER, world.ksn.id),
        (PIC, world.regency.id),
    ]
    assert ANSWERED in signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").text
    page = signed_in_as(world.registrar).get(f"/inbox/{mails[0].id}").text
    assert "Email ini menjadi pesan koordinasi." in page
    assert Happening.REPLIED not in [event.kind for event in audit.of_stream(forwarding.stream)]


@pytest.mark.parametrize(
    "sender",
    ["Nirmala <monitor@kantor.example>", "Siapa Saja <siapa@entah.example>", f"Rina Maheswari <{PIC}>"],
)
def test_nobody_else_speaks_for_the_senders_office(asked_by_the_recipient, arrive, sender):
    mail = answer(arrive, asked_by_the_recipient, sender=sender)
    assert (mail.filing, len(messages()), len(thread_mails(asked_by_the_recipient))) == (Filing.HELD, 1, 1)


def test_a_colleagues_reply_is_not_proposed_as_one_of_the_recipient(asked_by_the_recipient, arrive, world):
    mail = answer(arrive, asked_by_the_recipient, sender="Nirmala <monitor@kantor.example>")
    assert queries.guesses(world.registrar, mail) == []


def test_the_thread_of_mails_alone_does_not_show_who_writes(asked_by_the_recipient, arrive):
    """The Message-ID travels with each forwarded copy; the address of its own does too, yet it is the surer sign."""
    [sent] = thread_mails(asked_by_the_recipient)
    mail = arrive(sender=LAKSMI, words=ANSWERED, In_Reply_To=sent.message_id)
    assert (mail.filing, len(messages())) == (Filing.HELD, 1)


def test_an_automatic_answer_is_never_passed_on(asked_by_the_recipient, arrive):
    mail = answer(arrive, asked_by_the_recipient, sender=LAKSMI, Auto_Submitted="auto-replied")
    assert mail.kind is MailKind.AUTO_REPLY
    assert (len(messages()), len(thread_mails(asked_by_the_recipient))) == (1, 1)


def test_who_has_left_the_office_does_not_answer_for_it_any_more(asked_by_the_recipient, arrive, world):
    world.registrar.person.institution = world.province
    db.session.commit()
    assert answer(arrive, asked_by_the_recipient, sender=LAKSMI).filing is Filing.HELD


def test_a_paper_is_never_a_message_of_the_thread(app):
    with app.test_request_context(method="POST", data={"decision": "message", "signed_by": "Wulan"}):
        form = MatchForm([])
        assert not form.validate()
        assert form.decision.errors


def test_a_reply_to_an_ended_letter_can_only_be_noted(asked, arrive, world, signed_in_as):
    forwardings.withdraw(asked, world.registrar.person, "Sudah selesai.")
    db.session.commit()
    [reply] = responses.replies_from(answer(arrive, asked))
    browser = signed_in_as(world.registrar)
    assert 'value="message"' not in browser.get(f"/replies/{reply.id}").text
    assert browser.post(f"/replies/{reply.id}", data={"decision": "message"}).status_code == 409
