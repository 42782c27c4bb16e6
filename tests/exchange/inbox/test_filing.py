"""Which letter a mail answers, and what follows from that."""

import pytest

from hub.audit import queries as audit
from hub.directory.models import Network
from hub.exchange.inbox import filing
from hub.exchange.inbox import service as pen
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings import queries as forwardings
from hub.forwardings.rules import RESPONSE_CLOCKS, ClockKey, ProofChannel, Stage
from hub.mail import queries as outbox
from hub.mail import return_address
from hub.mail.inbox.models import Filing, FoundBy
from hub.mail.models import EmailState
from hub.mail.reading.classify import MailKind
from hub.monitoring import verification
from hub.responses import queries as responses
from hub.responses import replies
from hub.responses.models import Decision
from tests.exchange.inbox.conftest import PIC, email_of, reply_address

PDF = b"%PDF-1.7\n%%EOF"


def found(mail):
    return {reply.forwarding_id: reply.found_by for reply in responses.replies_from(mail)}


def test_a_reply_to_the_address_of_its_mail_acknowledges_the_letter(story, arrive):
    forwarding = story.sent()
    mail = arrive(to=reply_address(forwarding).upper())
    assert (mail.kind, mail.filing, found(mail)) == (
        MailKind.HUMAN,
        Filing.MATCHED,
        {forwarding.id: FoundBy.ADDRESS},
    )
    assert forwarding.stage is Stage.ACKNOWLEDGED
    [proof] = forwardings.proofs(forwarding)
    assert (proof.channel, proof.name, proof.office) == (ProofChannel.REPLY, "Rina Maheswari", PIC)
    assert proof.occurred_at == mail.arrived_at
    assert mail.words == "Surat sudah kami terima dan kami teruskan ke Irban I."


def test_a_reply_is_found_by_the_thread_when_its_address_was_changed(story, arrive):
    forwarding = story.sent()
    mail = arrive(to="penghubung@hub.example", In_Reply_To=email_of(forwarding).message_id)
    assert found(mail) == {forwarding.id: FoundBy.THREAD}


def test_a_number_counts_when_the_sender_is_known_at_the_office_that_got_the_letter(story, arrive):
    forwarding = story.sent()
    number = forwarding.letter.number
    typed = number.replace("1", "l").replace("0", "O").replace("/", " / ").lower()
    mail = arrive(subject=f"Jawaban atas {typed}")
    assert found(mail) == {forwarding.id: FoundBy.NUMBER}


def test_a_number_alone_from_an_unknown_colleague_is_held_with_a_guess(story, arrive, world):
    forwarding = story.sent()
    mail = arrive(sender="Budi <budi@lain.example>", subject=f"Jawaban atas {forwarding.letter.number}")
    assert (mail.filing, mail.network, mail.office_id) == (Filing.HELD, Network.KEMENSETNEG, world.ksn.id)
    assert forwarding.stage is Stage.SENT


def test_the_one_complained_about_cannot_confirm_somebody_elses_letter_by_its_number(story, arrive, world):
    """A number can be read on a desk; the sender is known, but at another office."""
    forwarding = story.sent()
    mail = arrive(sender="Ayu <other.pic@kantor.example>", subject=f"Re: {forwarding.letter.number}")
    assert mail.filing is Filing.HELD
    assert forwarding.stage is Stage.SENT


def test_one_reply_may_answer_several_letters(story, arrive):
    first, second, third = story.sent(), story.sent(), story.sent()
    mail = arrive(
        to=reply_address(first),
        words=f"Menjawab surat ini dan surat nomor {second.letter.number}: keduanya sudah diperbaiki.",
    )
    assert found(mail) == {first.id: FoundBy.ADDRESS, second.id: FoundBy.NUMBER}
    assert [one.stage for one in (first, second, third)] == [Stage.ACKNOWLEDGED, Stage.ACKNOWLEDGED, Stage.SENT]


def test_the_same_mail_twice_is_one_reply(story, arrive):
    forwarding = story.sent()
    first = arrive(to=reply_address(forwarding))
    second = arrive(to=reply_address(forwarding))
    assert first.id == second.id
    assert len(responses.came_in(forwarding, [])[0]) == 1


def test_files_go_along_and_those_the_hub_does_not_take_are_named(story, arrive):
    forwarding = story.sent()
    mail = arrive(to=reply_address(forwarding), files=[("LHP.pdf", PDF), ("virus.exe", b"MZ\x90\x00")])
    assert [file.name for file in mail.files] == ["LHP.pdf"]
    assert mail.left_out == ["virus.exe"]


def test_a_reply_to_a_copy_proves_nothing_about_the_recipient(story, arrive, world):
    forwarding = story.sent(copies=(world.province,))
    copy = next(one for one in outbox.of(forwarding.stream) if one.purpose == "copy")
    mail = arrive(to=return_address.of(copy), sender="Damar <province.pic@kantor.example>")
    assert mail.filing is Filing.HELD
    assert forwarding.stage is Stage.SENT


def test_a_mail_about_nothing_known_waits_for_a_registrar(arrive):
    mail = arrive(sender="Siapa Saja <siapa@entah.example>", subject="Tanya")
    assert (mail.filing, mail.network) == (Filing.HELD, filing.HOST)


def test_an_agencys_automatic_receipt_acknowledges_nothing(story, arrive):
    forwarding = story.sent()
    mail = arrive(
        to=reply_address(forwarding),
        words="Terima kasih, email Anda telah kami terima dan akan diproses pada jam kerja. Ini adalah pesan otomatis.",
    )
    assert mail.kind is MailKind.AUTO_REPLY
    assert forwarding.stage is Stage.SENT
    assert forwardings.proofs(forwarding) == []


BOUNCE = """From: MAILER-DAEMON@mx.kantor.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Return-Path: <>
Content-Type: text/plain; charset=utf-8

Surel Anda tidak dapat disampaikan kepada penerima berikut:

<{failed}>: 550 5.1.1 User unknown
"""


def test_a_bounce_to_the_address_of_a_mail_ends_that_mail(story, arrive):
    forwarding = story.sent(by_post=False)
    mail = arrive(raw=BOUNCE.format(to=reply_address(forwarding), failed=PIC).encode())
    dispatch = email_of(forwarding)
    assert (mail.kind, mail.filing, mail.found_by) == (MailKind.BOUNCE, None, FoundBy.ADDRESS)
    assert (dispatch.state, dispatch.bounce_is_permanent) == (EmailState.BOUNCED, True)
    assert dispatch.server_reply.startswith("550 5.1.1")


def test_a_bounce_about_nobody_we_know_condemns_nobody_and_is_seen(story, arrive):
    forwarding = story.sent(by_post=False)
    mail = arrive(raw=BOUNCE.format(to="penghubung@hub.example", failed="entah@siapa.example").encode())
    assert mail.filing is Filing.HELD
    assert email_of(forwarding).state is EmailState.HANDED_OVER


def test_a_delayed_notice_changes_nothing(story, arrive):
    forwarding = story.sent(by_post=False)
    delayed = BOUNCE.replace("Undelivered Mail Returned to Sender", "Delayed Mail (still being retried)").replace(
        "tidak dapat disampaikan", "belum dapat disampaikan, server masih mencoba"
    )
    arrive(
        raw=delayed.replace("550 5.1.1 User unknown", "451 4.4.1 timed out")
        .format(to=reply_address(forwarding), failed=PIC)
        .encode()
    )
    assert email_of(forwarding).state is EmailState.HANDED_OVER


def test_a_mail_that_cannot_be_filed_is_held_and_the_next_one_is_filed(story, arrive, monkeypatch):
    forwarding = story.sent()
    original = filing._file_reply

    def broken(mail):
        if mail.subject == "rusak":
            raise RuntimeError("no")
        original(mail)

    monkeypatch.setattr(filing, "_file_reply", broken)
    first = arrive(to=reply_address(forwarding), subject="rusak")
    second = arrive(to=reply_address(forwarding), subject="baik")
    assert first.filing is Filing.HELD
    assert second.filing is Filing.MATCHED


# --- what the sender makes of it ------------------------------------------------------------------------------------


def test_a_reply_taken_for_a_final_answer_counts_from_the_day_it_came(story, arrive, world):
    forwarding = story.sent()
    mail = arrive(to=reply_address(forwarding), files=[("LHP.pdf", PDF)])
    [reply] = responses.waiting_of(forwarding)
    replies.decide(reply, Decision.FINAL, world.registrar.person, "700/9/2026")
    db.session.commit()
    [answer] = responses.of(forwarding)
    assert forwarding.stage is Stage.ANSWERED
    assert (answer.arrived_at, answer.letter_number, answer.summary) == (mail.arrived_at, "700/9/2026", mail.words)
    assert [file.name for file in answer.files] == ["LHP.pdf"]
    assert deadlines.find_running(forwarding, ClockKey.REVIEW) is not None
    assert list(verification.findings()) == []


def test_a_reply_that_only_confirms_ends_the_review_and_the_answer_stays_owed(story, arrive, world):
    forwarding = story.sent()
    arrive(to=reply_address(forwarding))
    assert deadlines.find_running(forwarding, ClockKey.REVIEW) is not None
    [reply] = responses.waiting_of(forwarding)
    replies.decide(reply, Decision.RECEIPT, world.registrar.person)
    db.session.commit()
    assert forwarding.stage is Stage.ACKNOWLEDGED
    assert deadlines.find_running(forwarding, ClockKey.REVIEW) is None
    assert deadlines.find_running(forwarding, *RESPONSE_CLOCKS) is not None


def test_a_misfiled_reply_is_taken_back_as_if_it_had_never_come(story, arrive, world):
    forwarding = story.sent()
    before = {one.clock: one.due_on for one in forwarding.deadlines if one.ended_at is None}
    mail = arrive(to=reply_address(forwarding))
    [reply] = responses.waiting_of(forwarding)
    replies.decide(reply, Decision.FINAL, world.registrar.person)
    pen.take_back(reply, world.registrar.person, "Milik surat lain.")
    db.session.commit()
    assert (forwarding.stage, forwarding.received_at) == (Stage.SENT, None)
    assert {one.clock: one.due_on for one in forwarding.deadlines if one.ended_at is None} == before
    assert (forwardings.proofs(forwarding), responses.of(forwarding)) == ([], [])
    assert mail.filing is Filing.HELD
    assert "proof_withdrawn" in [event.kind for event in audit.of_stream(forwarding.stream)]
    assert list(verification.findings()) == []


def test_a_proof_of_another_kind_stays_when_a_misfiled_reply_is_taken_back(story, arrive, world):
    forwarding = story.acknowledged()
    arrive(to=reply_address(forwarding))
    [reply] = responses.waiting_of(forwarding)
    received_at = forwarding.received_at
    pen.take_back(reply, world.registrar.person, "Milik surat lain.")
    db.session.commit()
    assert (forwarding.stage, forwarding.received_at) == (Stage.ACKNOWLEDGED, received_at)
    assert deadlines.find_running(forwarding, *RESPONSE_CLOCKS) is not None
    assert list(verification.findings()) == []


def test_a_reply_taken_back_can_be_filed_again(story, arrive, world):
    wrong, right = story.sent(), story.sent()
    mail = arrive(to=reply_address(wrong))
    [reply] = responses.waiting_of(wrong)
    pen.take_back(reply, world.registrar.person, "Milik surat lain.")
    pen.file(mail, [right], world.registrar.person, False)
    db.session.commit()
    assert (wrong.stage, right.stage) == (Stage.SENT, Stage.ACKNOWLEDGED)
    assert found(mail) == {right.id: FoundBy.PERSON}
    with pytest.raises(pen.DealtWith):
        pen.file(mail, [wrong], world.registrar.person, False)
    pen.take_back(responses.waiting_of(right)[0], world.registrar.person, "Ternyata milik surat pertama.")
    pen.file(mail, [wrong], world.registrar.person, False)
    db.session.commit()
    assert (wrong.stage, right.stage) == (Stage.ACKNOWLEDGED, Stage.SENT)
    assert list(verification.findings()) == []


def test_a_reply_after_the_end_is_kept_and_moves_nothing(story, arrive):
    forwarding = story.closed()
    mail = arrive(to=reply_address(forwarding))
    assert mail.filing is Filing.MATCHED
    assert forwarding.stage is Stage.CLOSED
    assert len(responses.came_in(forwarding, [])[0]) == 1
