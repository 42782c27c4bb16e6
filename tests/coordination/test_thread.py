"""Sender and recipient write to each other about a letter; each side's notes stay with it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from hub import clock
from hub.accounts.models import Account
from hub.audit import queries as audit
from hub.audit.rules import SYSTEM
from hub.coordination import queries, service, words
from hub.coordination.models import ThreadMessage
from hub.coordination.rules import MessageKind, Side, kind_of_mail
from hub.database import read_only
from hub.directory import service as people
from hub.directory.models import FaultKind
from hub.exchange.queries import Closed, open_link
from hub.extensions import db
from hub.files.service import store
from hub.forwardings import tracks
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow
from hub.mail import service as outbox
from hub.mail.models import EmailDispatch, EmailPurpose, EmailState
from hub.monitoring.verification import findings
from hub.responses import queries as answers
from hub.responses import service as responses
from hub.upkeep import faults
from tests.conftest import Client
from tests.story import Story
from tests.upkeep.office import NEWCOMER, Office
from tests.world import World

SignIn = Callable[[Account], Client]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
KEY = "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a44"
ASKED, NOTED = "Berapa panjang jalan yang rusak?", "Kepala dinas sedang diperiksa, jangan disebut."
PIC, DRAFTER, OFFICE = "regency.pic@kantor.example", "registrar@kantor.example", "ksn-dumas@kantor.example"


def mails(forwarding: Forwarding) -> list[EmailDispatch]:
    wanted = select(EmailDispatch).where(EmailDispatch.purpose == EmailPurpose.COORDINATION)
    return list(db.session.scalars(wanted.where(EmailDispatch.about == forwarding.stream).order_by(EmailDispatch.id)))


def messages() -> int:
    return db.session.scalar(select(func.count(ThreadMessage.id))) or 0


def ask(
    story: Story, forwarding: Forwarding, side: Side = Side.SENDER, text: str = ASKED, **more: Any
) -> ThreadMessage:
    who = story.world.registrar if side is Side.SENDER else story.world.regency_pic
    message = service.write(forwarding, side, MessageKind.QUESTION, text, who.person, **more)
    db.session.commit()
    return message


@pytest.fixture
def forwarding(story: Story) -> Forwarding:
    return story.acknowledged(copies=(story.world.province,))


def test_a_question_with_a_file_reaches_the_other_side_once_however_often_it_is_sent(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    sender, address = signed_in_as(world.registrar), f"/forwardings/{forwarding.id}/messages"
    for _ in range(2):
        typed = {"kind": "question", "text": ASKED, "request_key": KEY, "files": (BytesIO(PDF), "peta.pdf")}
        assert sender.post(address, data=typed).location == f"/forwardings/{forwarding.id}#thread"
    assert (messages(), [one.to_address for one in mails(forwarding)]) == (1, [PIC])
    recipient = signed_in_as(world.regency_pic)
    page = recipient.get(f"/forwardings/{forwarding.id}").text
    assert ASKED in page
    message = db.session.scalars(select(ThreadMessage)).one()
    file = f"/messages/{message.id}/files/{message.files[0].id}"
    assert file in page
    assert recipient.get(file).data == PDF
    assert audit.last_of(forwarding.stream, Happening.DISCUSSED).details == {"message": message.id}
    with read_only():
        assert list(findings()) == []


def test_what_is_typed_stays_when_something_is_missing(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    sender, address = signed_in_as(world.registrar), f"/forwardings/{forwarding.id}"
    refused = sender.post(
        f"{address}/messages", data={"kind": "question", "text": ASKED, "files": (BytesIO(b"x"), "a.exe")}
    )
    assert (refused.status_code, messages()) == (422, 0)
    assert ASKED in refused.text
    assert sender.post(f"{address}/notes", data={"note-text": ""}).status_code == 422


@pytest.mark.parametrize("kind", list(MessageKind)[:3])
@pytest.mark.parametrize("side", list(Side))
def test_the_mail_says_first_what_is_asked_and_stays_short(
    story: Story, forwarding: Forwarding, kind: MessageKind, side: Side
) -> None:
    message = ask(story, forwarding, side, "Mohon penjelasan mengenai perbaikan jalan kabupaten. " * 40)
    message.kind, message.until = kind, forwarding.deadlines[-1].due_on
    mail = words.message_mail(message)
    assert sum(len(one.split()) for one in mail.paragraphs) < 120
    assert mail.paragraphs[0].startswith(("Mohon", "Untuk diketahui"))
    assert forwarding.letter.number in mail.paragraphs[0]
    assert f"http://localhost/forwardings/{forwarding.id}#thread" in mail.paragraphs[-1]
    assert "Selengkapnya ada di hub." in mail.paragraphs[1]


def test_the_recipients_question_goes_to_who_drafted_the_letter_or_else_to_the_office(
    story: Story, forwarding: Forwarding, world: World
) -> None:
    ask(story, forwarding, Side.RECIPIENT)
    world.registrar.person.institution = world.province
    ask(story, forwarding, Side.RECIPIENT)
    sent = mails(forwarding)
    assert [one.to_address for one in sent] == [DRAFTER, OFFICE]
    assert {(one.institution_id, one.letter_id, one.action) for one in sent} == {(world.ksn.id, None, "")}
    assert all(one.signature.startswith(world.regency.name) for one in sent)


def test_nothing_is_mailed_to_a_drafter_who_is_away_or_whose_address_is_dead(
    story: Story, forwarding: Forwarding, world: World
) -> None:
    drafter, today = world.registrar.person, clock.today("WIB")
    absence = people.plan_absence(drafter, today, today, SYSTEM)
    ask(story, forwarding, Side.RECIPIENT)
    people.end_absence(absence, today - timedelta(days=1), SYSTEM)
    people.mark_fault(world.ksn, drafter, FaultKind.BOUNCED, drafter.email, "550", "email:1", clock.now())
    ask(story, forwarding, Side.RECIPIENT)
    people.mark_fault(world.ksn, None, FaultKind.BOUNCED, OFFICE, "550", "email:2", clock.now())
    ask(story, forwarding, Side.RECIPIENT)
    assert [one.to_address for one in mails(forwarding)] == [OFFICE, OFFICE]


READERS = {"registrar", "signatory", "monitor", "regency_pic"}
NOTED_BY_THE_SENDER, NOTED_BY_THE_RECIPIENT = {"registrar", "monitor"}, {"regency_pic"}


def test_who_reads_what_among_everybody(
    story: Story, forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    """An office with a copy, the other network, another inspectorate and an administrator read nothing of it."""
    shared = ask(story, forwarding, files=[store("peta.pdf", PDF)])
    service.note(forwarding, Side.SENDER, "Catatan pengirim.", world.registrar.person)
    service.note(forwarding, Side.RECIPIENT, "Catatan penerima.", world.regency_pic.person)
    file = f"/messages/{shared.id}/files/{shared.files[0].id}"
    seen: dict[str, set[str]] = {"shared": set(), "file": set(), "sender": set(), "recipient": set(), "history": set()}
    for name, account in world.accounts.items():
        browser = signed_in_as(account)
        page = browser.get(f"/forwardings/{forwarding.id}").text
        found = {
            "shared": ASKED in page,
            "file": browser.get(file).status_code == 200,
            "sender": "Catatan pengirim." in page,
            "recipient": "Catatan penerima." in page,
            "history": "Pesan ditulis" in page,
        }
        for what, is_there in found.items():
            if is_there:
                seen[what].add(name)
    assert seen == {
        "shared": READERS,
        "file": READERS,
        "sender": NOTED_BY_THE_SENDER,
        "recipient": NOTED_BY_THE_RECIPIENT,
        "history": READERS,
    }


def test_a_monitor_of_another_office_of_the_network_reads_but_does_not_write(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    forwarding = story.acknowledged()
    ask(story, forwarding)
    service.note(forwarding, Side.SENDER, NOTED, world.registrar.person)
    world.monitor.person.institution = world.province
    browser = signed_in_as(world.monitor)
    page = browser.get(f"/forwardings/{forwarding.id}").text
    assert ASKED in page
    assert NOTED not in page
    assert browser.post(f"/forwardings/{forwarding.id}/messages", data={"text": "x"}).status_code == 403


@pytest.mark.parametrize("side", list(Side))
def test_a_note_is_in_nothing_that_the_other_side_can_get(
    story: Story, forwarding: Forwarding, world: World, signed_in_as: SignIn, side: Side
) -> None:
    ask(story, forwarding)
    own, other = (world.registrar, world.regency_pic) if side is Side.SENDER else (world.regency_pic, world.registrar)
    before = len(audit.of_stream(forwarding.stream))
    address = f"/forwardings/{forwarding.id}"
    typed = {"note-text": NOTED, "note-request_key": KEY}
    assert [signed_in_as(own).post(f"{address}/notes", data=typed).status_code for _ in range(2)] == [302, 302]
    assert messages() == 2
    note = db.session.scalars(select(ThreadMessage).order_by(ThreadMessage.id.desc())).first()
    assert NOTED in signed_in_as(own).get(address).text
    browser = signed_in_as(other)
    addresses = (
        address,
        "/",
        "/forwardings",
        f"/forwardings?q={NOTED[:12]}",
        f"{address}/messages",
        f"{address}/notes",
    )
    assert [one for one in addresses if NOTED in browser.get(one).text] == []
    assert browser.get(f"/messages/{note.id}/decide").status_code in (403, 404)
    assert len(audit.of_stream(forwarding.stream)) == before
    assert NOTED not in repr([event.details for event in audit.of_stream(note.stream)])
    assert NOTED not in repr([(one.subject, one.paragraphs) for one in db.session.scalars(select(EmailDispatch))])


def test_the_thread_opens_with_the_signature_and_closes_at_the_end(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    draft, signed = story.submitted(), story.signed()
    with pytest.raises(NotNow):
        ask(story, draft)
    ask(story, signed)
    closed = story.answered().forwarding
    ask(story, closed)
    responses.accept(answers.of(closed)[0], world.registrar.person)
    browser, address = signed_in_as(world.regency_pic), f"/forwardings/{closed.id}"
    page = browser.get(address).text
    assert ASKED in page
    assert f"{address}/messages" not in page
    assert browser.post(f"{address}/messages", data={"kind": "question", "text": "Lagi?"}).status_code == 409


def test_a_question_stands_on_the_work_list_of_who_is_asked_until_it_is_answered(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    forwarding = story.acknowledged()
    ask(story, forwarding, Side.RECIPIENT)
    sender, recipient = signed_in_as(world.registrar), signed_in_as(world.regency_pic)
    asked = "Pertanyaan dari pihak lain"
    assert asked in sender.get("/").text
    assert "Pertanyaan" not in recipient.get("/").text
    typed = {"kind": "question", "text": "Jalan mana?", "request_key": KEY}
    sender.post(f"/forwardings/{forwarding.id}/messages", data=typed)
    assert asked not in sender.get("/").text
    assert "Pertanyaan" in recipient.get("/").text


def test_a_mail_of_the_thread_is_no_track_of_the_letter(story: Story, world: World, signed_in_as: SignIn) -> None:
    """One to the recipient that comes back condemns the address; one to the own people says nothing of the letter."""
    forwarding = story.sent()
    ask(story, forwarding)
    ask(story, forwarding, Side.RECIPIENT)
    for dispatch in mails(forwarding):
        dispatch.state, dispatch.server_reply = EmailState.FAILED, "550 5.1.1 User unknown"
        dispatch.ended_at = dispatch.queued_at
    before = len(audit.of_stream(forwarding.stream))
    tracks.notice_dispatches()
    assert len(audit.of_stream(forwarding.stream)) == before
    assert faults.notice() == 2
    page = signed_in_as(world.registrar).get(f"/forwardings/{forwarding.id}").text
    assert f"tidak sampai di {PIC}" in page
    assert "Belum sampai" not in page
    assert page.count(">Gagal dikirim<") == 0


def test_no_mail_of_the_thread_carries_a_link_that_confirms_anything(story: Story, client: Client) -> None:
    forwarding = story.sent()
    ask(story, forwarding)
    ask(story, forwarding, Side.RECIPIENT)
    for dispatch in mails(forwarding):
        token = outbox.link_address(dispatch).rpartition("/")[2]
        assert open_link(token) is Closed.UNKNOWN
        dispatch.action = "Konfirmasi penerimaan"
    _, to_the_sender = mails(forwarding)
    path = outbox.link_address(to_the_sender).removeprefix("http://localhost")
    assert client.get(path).status_code == 404
    assert client.post(path, data={"name": "Wulan", "office": "Irban I"}).status_code == 404


def test_a_new_pic_reads_the_thread_and_gets_what_was_still_to_be_said(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    forwarding = story.acknowledged()
    ask(story, forwarding)
    handed = Office(world).hand_over()
    assert [(one.to_address, one.state.value, one.letter_id) for one in mails(forwarding)] == [
        (PIC, "cancelled", None),
        (NEWCOMER, "queued", None),
    ]
    newcomer = Account(person=handed.appointment.person, password_hash="x", created_at=forwarding.created_at)
    db.session.add(newcomer)
    db.session.commit()
    assert ASKED in signed_in_as(newcomer).get(f"/forwardings/{forwarding.id}").text
    assert signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").status_code == 404


@pytest.mark.parametrize(
    ("text", "is_asked", "kind"),
    [
        ("Berapa panjangnya?", False, MessageKind.QUESTION),
        ("Lima ratus meter. Cukup?", True, MessageKind.CLARIFICATION),
        ("Lima ratus meter.", False, MessageKind.CLARIFICATION),
    ],
)
def test_a_mail_is_what_its_words_look_like_unless_a_question_waits(
    text: str, is_asked: bool, kind: MessageKind
) -> None:
    assert kind_of_mail(text, is_asked) is kind


def test_the_thread_costs_the_same_however_long_it_is(
    story: Story, world: World, signed_in_as: SignIn, count_queries: Callable[[], Any]
) -> None:
    forwarding = story.acknowledged()
    ask(story, forwarding)
    browser, costs = signed_in_as(world.registrar), []
    for _ in range(2):
        with count_queries() as statements:
            browser.get(f"/forwardings/{forwarding.id}")
        costs.append(len(statements))
        for _ in range(4):
            ask(story, forwarding, Side.RECIPIENT)
    assert costs[0] == costs[1]
    assert queries.pending(world.registrar)[forwarding.id].asked is Side.SENDER
