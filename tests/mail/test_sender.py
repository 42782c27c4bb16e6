"""Sending to a real server that refuses, hangs and hangs up."""

import socket
import threading
import time
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from freezegun import freeze_time

from hub import clock
from hub.audit import queries as audit
from hub.extensions import db
from hub.files import service as files
from hub.letters import service as letters
from hub.letters.models import LetterKind
from hub.letters.rules import LetterContent
from hub.mail import claims, connection, return_address, sender, service
from hub.mail.models import EmailState
from hub.mail.sender import SendReport
from tests.smtp import DROP


def make_due(*dispatches):
    for dispatch in dispatches:
        dispatch.next_attempt_at, dispatch.claimed_until = clock.now(), None
    db.session.commit()


def kinds(dispatch):
    return [event.kind for event in audit.of_stream(f"email:{dispatch.id}")]


def test_what_is_due_leaves_once(queue, smtp):
    dispatch = queue()
    assert sender.send_due() == SendReport(handed_over=1)
    assert sender.send_due() == SendReport()
    assert len(smtp.received) == 1
    assert dispatch.state is EmailState.HANDED_OVER
    assert dispatch.server_reply.startswith("250")
    assert kinds(dispatch) == ["queued", "handed_over"]


def test_the_message_carries_what_was_queued(queue, smtp):
    dispatch = queue(to_name="Rina, S.H. Maheswari é")
    sender.send_due()
    received = smtp.received[0]
    message = received.message
    assert (received.sender, received.recipients) == (return_address.of(dispatch), ("rina@kantor.example",))
    assert message["Message-ID"] == dispatch.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"].addresses[0].display_name == "Asisten Deputi Pengaduan Masyarakat via Penghubung"
    assert message["To"].addresses[0].display_name == "Rina, S.H. Maheswari é"
    link = service.link_address(dispatch)
    page = message.get_body(("html",)).get_content()
    assert received.text.startswith("Mohon konfirmasi penerimaan surat kami dalam 3 hari kerja.")
    assert link in received.text
    assert page.count(f'href="{link}"') == 2
    for part in (received.text, page):
        assert "Surat terlampir." in part
        assert "Jalan Melati Nomor 1, Jakarta" in part
    assert len(received.text.split()) < 120


def test_nasty_but_legal_text_stays_text(queue, smtp):
    nasty = "<script>alert(1)</script> {{ 7*7 }} \u202e" + "x" * 3000
    queue(subject=nasty[:280], paragraphs=[nasty], signature='Kantor <b>"A", B</b>')
    sender.send_due()
    message = smtp.received[0].message
    page = message.get_body(("html",)).get_content()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert nasty[:40] in smtp.received[0].text
    assert max(len(line) for line in smtp.received[0].raw.splitlines()) <= 998


def decoded(words):
    return str(make_header(decode_header(words)))


@pytest.mark.parametrize(
    "name",
    [
        "Kementerian Sekretariat Negara, Asisten Deputi Pengaduan Masyarakat",
        "Inspektorat Daerah Kabupaten Kepulauan Siau Tagulandang Biaro, Provinsi Sulawesi Utara",
        "Kantor É" + " é, (ü) [ö]" * 12,
        'Kantor "A" <b@c.example>; D: e@f.example, G\\H',
        "x" * 250,
    ],
)
def test_any_name_and_subject_arrive_as_they_were_written(queue, smtp, name):
    queue(to_name=name, subject=name, signature=name)
    sender.send_due()
    received = smtp.received[0]
    headers = message_from_bytes(received.raw)  # the older reader: the newer one puts spaces into long encoded names
    unfolded = {key: headers[key].replace("\r\n", "").replace("\n", "").strip() for key in ("Subject", "From", "To")}
    author, recipient = parseaddr(unfolded["From"]), parseaddr(unfolded["To"])
    assert decoded(unfolded["Subject"]) == name
    assert (decoded(author[0]), author[1]) == (f"{name} via Penghubung", "penghubung@hub.example")
    assert (decoded(recipient[0]), recipient[1]) == (name, "rina@kantor.example")
    assert received.recipients == ("rina@kantor.example",)


def test_one_connection_carries_many(queue, smtp, monkeypatch):
    opened = []
    original = connection.Connection.configure_host
    monkeypatch.setattr(connection.Connection, "configure_host", lambda self: opened.append(1) or original(self))
    for _ in range(5):
        queue()
    assert sender.send_due().handed_over == 5
    assert opened == [1]


def test_an_address_the_server_does_not_know_fails_for_good(queue, smtp):
    smtp.refusals["pindah@kantor.example"] = "550 5.1.1 no such user"
    refused, fine = queue(to_address="pindah@kantor.example"), queue()
    assert sender.send_due() == SendReport(handed_over=1, failed=1)
    assert (refused.state, fine.state) == (EmailState.FAILED, EmailState.HANDED_OVER)
    assert refused.server_reply == "550 5.1.1 no such user"
    assert kinds(refused) == ["queued", "failed"]


def test_a_refused_text_fails_for_good(queue, smtp):
    smtp.script("DATA", "554 5.7.1 looks like spam")
    dispatch = queue()
    assert sender.send_due() == SendReport(failed=1)
    assert dispatch.server_reply == "554 5.7.1 looks like spam"


def test_a_full_mailbox_is_tried_again_later(queue, smtp):
    smtp.script("RCPT", "451 4.2.2 mailbox full")
    full, fine = queue(), queue()
    assert sender.send_due() == SendReport(handed_over=1, postponed=1)
    assert full.state is EmailState.QUEUED
    assert full.attempts == 1
    assert timedelta(seconds=20) < full.next_attempt_at - clock.now() < timedelta(seconds=40)
    assert sender.send_due() == SendReport()
    make_due(full)
    assert sender.send_due() == SendReport(handed_over=1)
    assert fine.state is EmailState.HANDED_OVER


def test_our_own_address_being_refused_is_not_the_recipients_fault(queue, smtp):
    smtp.script("MAIL", "550 sender not allowed")
    dispatch = queue()
    assert sender.send_due() == SendReport(postponed=1)
    assert dispatch.state is EmailState.QUEUED


def test_after_three_days_the_hub_gives_up(queue):
    dispatch = queue()
    dispatch.queued_at = clock.now() - timedelta(days=3)
    db.session.commit()
    sender.send_due()
    assert dispatch.state is EmailState.FAILED
    assert kinds(dispatch) == ["queued", "failed"]


def test_without_a_server_mail_waits_and_nothing_breaks(queue):
    first, second = queue(), queue()
    report = sender.send_due()
    assert (report.handed_over, report.postponed) == (0, 1)
    assert "refused" in report.error
    assert [first.attempts, second.attempts] == [1, 0]
    assert second.claimed_until is None


def test_a_connection_dropped_between_two_messages_is_opened_again(queue, smtp):
    queue(), queue()
    smtp.script("MAIL", "250 OK", DROP)
    assert sender.send_due() == SendReport(handed_over=2)


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
def test_a_refusal_leaves_nothing_behind_for_the_next_message(queue, smtp, extensions):
    smtp.extensions = extensions
    smtp.script("MAIL", "250 OK", "451 4.3.0 not now")
    smtp.script("RCPT", "550 5.1.1 no such user")
    refused, ours, fine = queue(), queue(), queue()
    assert sender.send_due() == SendReport(handed_over=1, failed=1, postponed=1)
    assert refused.server_reply == "550 5.1.1 no such user"
    assert ours.server_reply == "451 4.3.0 not now"
    assert [one.message["Message-ID"] for one in smtp.received] == [fine.message_id]


def test_a_server_that_says_go_on_although_nobody_is_to_get_it_gets_an_empty_message(queue, mail_port):
    """RFC 2920 §3.1: some answer DATA with 354 after a refused recipient when all came at once."""
    dispatch, heard = queue(), []

    def answer():
        talk, _ = server.accept()
        replies = (
            "250-here\r\n250 PIPELINING",
            "250 OK",
            "550 5.1.1 no such user",
            "354 go on",
            "554 empty",
            "250",
            "221",
        )
        with talk, talk.makefile("rb") as lines:
            talk.sendall(b"220 here\r\n")
            for reply in replies:
                heard.append(lines.readline().decode().strip())
                talk.sendall(f"{reply}\r\n".encode())

    with socket.socket() as server:
        server.bind(("127.0.0.1", mail_port))
        server.listen()
        thread = threading.Thread(target=answer)
        thread.start()
        assert sender.send_due() == SendReport(failed=1)
        thread.join()
    assert [line.partition(" ")[0].lower() for line in heard] == ["ehlo", "mail", "rcpt", "data", ".", "rset", "quit"]
    assert dispatch.server_reply == "550 5.1.1 no such user"


def test_a_line_that_is_a_dot_ends_no_message(queue, smtp):
    queue(paragraphs=["Satu.\n.\n..\nMAIL FROM:<x@y.example>"])
    sender.send_due()
    assert "Satu.\r\n.\r\n..\r\nMAIL FROM" in smtp.received[0].text.replace("\r\n", "\n").replace("\n", "\r\n")


def test_a_server_that_always_hangs_up_ends_the_run(queue, smtp):
    smtp.script("RCPT", DROP, DROP, DROP)
    dispatch, waiting = queue(), queue()
    report = sender.send_due()
    assert report.error
    assert (dispatch.attempts, waiting.attempts) == (1, 0)


def test_words_of_farewell_that_fail_do_not_undo_a_hand_over(queue, smtp, monkeypatch):
    def gone(self):
        raise ConnectionResetError("connection reset")

    monkeypatch.setattr(connection._Talkative, "quit", gone)
    dispatch = queue()
    assert sender.send_due() == SendReport(handed_over=1)
    assert dispatch.state is EmailState.HANDED_OVER


def test_a_silent_server_costs_a_limited_time_and_blocks_nobody(queue, mail_port, monkeypatch):
    monkeypatch.setattr(connection, "TIME_LIMIT_SECONDS", 1.0)
    dispatch = queue()
    engine, wrote, callers = db.engine, [], []

    def write_elsewhere():
        callers.append(mute.accept())
        with engine.begin() as other:
            other.exec_driver_sql("UPDATE regions SET name = name")
        wrote.append(time.monotonic())

    with socket.socket() as mute:
        mute.bind(("127.0.0.1", mail_port))
        mute.listen()
        writer = threading.Thread(target=write_elsewhere)
        writer.start()
        report = sender.send_due()
        gave_up = time.monotonic()
        writer.join()
        callers[0][0].close()
    assert wrote[0] < gave_up, "somebody else could write while the server kept silent"
    assert "timed out" in report.error
    assert dispatch.attempts == 1


class Killed(BaseException):
    """Stands for SIGKILL: no handler in the program catches it."""


def test_killed_between_hand_over_and_commit_repeats_the_message_and_never_loses_it(queue, smtp, monkeypatch):
    dispatch = queue()

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(service, "hand_over", killed)
        with pytest.raises(Killed):
            sender.send_due()
    db.session.rollback()
    assert dispatch.state is EmailState.QUEUED
    assert sender.send_due() == SendReport(), "still claimed by the dead worker"
    dispatch.claimed_until = clock.now() - timedelta(seconds=1)
    db.session.commit()
    assert sender.send_due() == SendReport(handed_over=1)
    assert [one.message["Message-ID"] for one in smtp.received] == [dispatch.message_id] * 2


def test_a_message_taken_before_the_line_broke_may_come_twice_but_is_not_lost(queue, smtp):
    smtp.script("DATA", DROP)
    dispatch = queue()
    assert sender.send_due().postponed == 1
    make_due(dispatch)
    sender.send_due()
    assert {one.message["Message-ID"] for one in smtp.received} == {dispatch.message_id}
    assert dispatch.state is EmailState.HANDED_OVER


def test_called_back_while_claimed_stays_at_home(queue, smtp, monkeypatch):
    dispatch = queue()
    take = claims.take

    def take_then_cancel(limit):
        claimed = take(limit)
        service.cancel_queued("forwarding:12")
        db.session.commit()
        return claimed

    monkeypatch.setattr(claims, "take", take_then_cancel)
    assert sender.send_due() == SendReport()
    assert smtp.received == []
    assert dispatch.state is EmailState.CANCELLED


def test_two_workers_never_take_the_same(queue, app):
    for _ in range(4):
        queue()
    first, second = claims.take(2), claims.take(10)
    assert len(first) == 2
    assert len(second) == 2
    assert not {one.id for one in first} & {one.id for one in second}


def test_what_another_worker_took_over_meanwhile_is_not_begun(queue):
    queue()
    (mine,) = claims.take(1)
    with freeze_time(clock.now() + timedelta(minutes=2)):
        (theirs,) = claims.take(1)
        assert theirs.id == mine.id
        assert not claims.begin(mine)
        assert claims.begin(theirs)


def test_what_another_worker_took_over_is_not_given_back(queue):
    queue()
    mine = claims.take(1)
    with freeze_time(clock.now() + timedelta(minutes=2)):
        (theirs,) = claims.take(1)
        claims.give_back(mine)
        db.session.commit()
        assert claims.begin(theirs)


def test_a_slow_server_keeps_the_other_steps_waiting_for_half_a_minute_only(queue, smtp, monkeypatch):
    waiting = [queue() for _ in range(3)]
    noon, talk = clock.now(), connection.Connection.hand_over

    def slowly(*arguments):
        frozen.tick(20)
        return talk(*arguments)

    monkeypatch.setattr(connection.Connection, "hand_over", slowly)
    with freeze_time(noon) as frozen:
        assert sender.send_due() == SendReport(handed_over=2)
    assert (waiting[2].state, waiting[2].claimed_until) == (EmailState.QUEUED, None)


def test_only_the_record_of_a_hand_over_does_not_wait_for_the_disk(queue, smtp, monkeypatch):
    """A power cut that loses it repeats a message; what is queued must not be lost."""

    def waits():
        if db.engine.dialect.name == "sqlite":
            return db.session.connection().exec_driver_sql("PRAGMA synchronous").scalar() == 2
        shown = "SELECT source FROM pg_settings WHERE name = 'synchronous_commit'"
        return db.session.connection().exec_driver_sql(shown).scalar() != "session"

    found, record = [], service.hand_over
    monkeypatch.setattr(service, "hand_over", lambda *parts: (found.append(waits()), record(*parts)))
    queue()
    sender.send_due()
    assert found == [False]
    assert waits()


def test_of_a_worker_that_died_only_the_message_it_had_begun_waits_longer_than_a_minute(queue):
    begun, claimed = queue(), queue()
    claims.begin(claims.take(2)[0])
    with freeze_time(clock.now() + timedelta(seconds=61)):
        assert [one.id for one in claims.take(2)] == [claimed.id]
    with freeze_time(clock.now() + timedelta(seconds=301)):
        assert begun.id in [one.id for one in claims.take(2)]


def _signed_letter(world):
    content = LetterContent(addressee=("Inspektur",), place="Kraksaan", opening="…", signing_office=("Asdep",))
    letter = letters.draft(world.ksn, LetterKind.FORWARDING, "Jalan berlubang", content, None)
    letters.submit(letter)
    letters.sign(letter, world.signatory.person)
    return letter


def test_a_mail_waits_for_its_letter_and_carries_exactly_those_bytes(queue, smtp, world):
    letter = _signed_letter(world)
    queue(letter=letter)
    assert sender.send_due() == SendReport()
    letter.file = files.store_made("surat.pdf", b"%PDF-1.7 the letter", "application/pdf")
    db.session.commit()
    assert sender.send_due() == SendReport(handed_over=1)
    attached = list(smtp.received[0].message.iter_attachments())
    assert [one.get_content() for one in attached] == [b"%PDF-1.7 the letter"]
    name = attached[0].get_filename()
    assert name.endswith(".pdf")
    assert "/" not in name
    assert name.startswith(letter.number.split("/")[0])


def test_a_letter_whose_file_is_gone_does_not_stop_the_others(queue, smtp, world):
    letter = _signed_letter(world)
    letter.file = files.store_made("surat.pdf", b"%PDF-1.7 lost", "application/pdf")
    letter.file.sha256 = "0" * 64
    broken, fine = queue(letter=letter), queue()
    report = sender.send_due()
    assert (report.handed_over, report.postponed) == (1, 1)
    assert fine.state is EmailState.HANDED_OVER
    assert "FileNotFoundError" in broken.server_reply
