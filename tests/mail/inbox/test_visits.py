"""Visits to a mailbox on a real IMAP server: nothing is lost, nothing comes twice."""

import socket
import threading
from collections import Counter
from datetime import timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub import clock, worker
from hub.extensions import db
from hub.files import service as files
from hub.mail.inbox import imap, queries, service, talk
from hub.mail.inbox.models import ArrivedBy, InboundMail, Mailbox
from hub.mail.reading.classify import MailKind
from tests.dovecot import PASSWORD, USER
from tests.mail.inbox.mails import letter


def kept() -> list[bytes]:
    """What lies in the inbox, oldest first."""
    db.session.expire_all()
    return [files.read(mail.raw) for mail in db.session.scalars(select(InboundMail).order_by(InboundMail.id))]


def error() -> str:
    """What people are told about the mailbox."""
    db.session.expire_all()
    mailbox = queries.mailbox()
    assert mailbox is not None
    return mailbox.error


def test_new_mails_arrive_once_byte_for_byte(box):
    mails = [letter("satu"), letter("dua", "é €\nbaris\n.\n"), b"bukan surat\r\n"]
    box.deliver(*mails[:2])
    assert box.visit() == imap.VisitReport(fetched=2)
    box.deliver(mails[2])
    assert box.visit() == imap.VisitReport(fetched=1)
    assert box.visit() == imap.VisitReport(fetched=0)
    assert kept() == mails
    assert {mail.arrived_by for mail in db.session.scalars(select(InboundMail))} == {ArrivedBy.IMAP}


def test_what_was_taken_is_marked_as_read_and_stays_where_it_is(box):
    box.deliver(letter("satu"), letter("dua"))
    box.visit()
    assert [b"\\Seen" in flags for flags in box.server.flags(box.folder)] == [True, True]


def test_a_mail_that_a_person_opened_first_arrives_all_the_same(box):
    box.deliver(letter("satu"), letter("dua"))
    with box.server.person(box.folder) as webmail:
        webmail.store("1", "+FLAGS", r"(\Seen \Flagged)")
    assert box.visit().fetched == 2
    assert b"\\Flagged" in box.server.flags(box.folder)[0]


def test_what_a_person_marked_as_deleted_is_not_deleted_by_the_hub(box):
    box.deliver(letter("satu"), letter("dua"))
    with box.server.person(box.folder) as webmail:
        webmail.store("1", "+FLAGS", r"(\Deleted)")
    assert box.visit().fetched == 2
    assert len(box.server.flags(box.folder)) == 2


def test_a_mail_deleted_by_a_person_during_the_visit_is_no_error(box, monkeypatch):
    box.deliver(letter("satu"), letter("dua"))
    ask = talk._ask

    def deleted_before(client, *command):
        if command[:2] == ("FETCH", "1"):
            with box.server.person(box.folder) as webmail:
                webmail.store("1", "+FLAGS", r"(\Deleted)")
                webmail.expunge()
        return ask(client, *command)

    monkeypatch.setattr(talk, "_ask", deleted_before)
    assert box.visit() == imap.VisitReport(fetched=1)
    assert kept() == [letter("dua")]


def test_a_visit_that_dies_between_keeping_and_marking_repeats_nothing(box, monkeypatch):
    def died(*_):
        raise SystemExit

    box.deliver(letter("satu"))
    with monkeypatch.context() as crash:
        crash.setattr(talk.Talk, "mark_seen", died)
        with pytest.raises(SystemExit):
            box.visit()
    db.session.remove()
    box.deliver(letter("dua"))
    assert box.visit().fetched == 1
    assert kept() == [letter("satu"), letter("dua")]


def test_a_visit_that_dies_before_keeping_loses_nothing(box, monkeypatch):
    def died(*_):
        raise SystemExit

    box.deliver(letter("satu"), letter("dua"))
    with monkeypatch.context() as crash:
        crash.setattr(service, "keep_all", died)
        with pytest.raises(SystemExit):
            box.visit()
    db.session.remove()
    assert box.visit().fetched == 2
    assert kept() == [letter("satu"), letter("dua")]


def test_a_mailbox_that_was_made_anew_loses_and_doubles_nothing(box):
    box.deliver(letter("satu"), letter("dua"), letter("tiga"))
    box.visit()
    box.delete()
    box.make()
    box.deliver(letter("dua"), letter("empat"))
    assert box.visit().fetched == 2
    assert kept() == [letter("satu"), letter("dua"), letter("tiga"), letter("empat")]


def test_a_full_mailbox_comes_in_portions_that_are_each_safe(box, monkeypatch):
    mails = [letter(f"surat {number}") for number in range(45)]
    box.deliver(*mails)
    portions = []
    keep = imap._keep
    monkeypatch.setattr(imap, "_keep", lambda *given: portions.append(len(given[2])) or keep(*given))
    assert box.visit().fetched == 45
    assert portions == [20, 20, 5]
    assert kept() == mails


def test_of_a_mailbox_of_any_size_no_answer_is_longer_than_the_library_takes(box, monkeypatch):
    monkeypatch.setattr(talk, "PORTION", 4)
    ask, listed = talk._ask, []

    def noting(client, *command):
        answer = ask(client, *command)
        if command[0] == "SEARCH":
            listed.append(sum(len(line.split()) for line in answer))
        return answer

    monkeypatch.setattr(talk, "_ask", noting)
    mails = [letter(f"surat {number}") for number in range(10)]
    box.deliver(*mails)
    assert box.visit().fetched == 10
    assert box.visit() == imap.VisitReport()
    box.deliver(letter("baru"))
    assert box.visit().fetched == 1
    assert kept() == [*mails, letter("baru")]
    assert max(listed) == 4


def test_large_mails_come_in_smaller_portions(box, monkeypatch):
    monkeypatch.setattr(imap, "_BYTES_AT_ONCE", 3000)
    box.deliver(*(letter(f"surat {number}", "x" * 2000) for number in range(3)))
    portions = []
    keep = imap._keep
    monkeypatch.setattr(imap, "_keep", lambda *given: portions.append(len(given[2])) or keep(*given))
    box.visit()
    assert portions == [2, 1]


def test_a_visit_to_a_very_full_mailbox_lets_the_other_steps_have_their_turn(box, monkeypatch):
    monkeypatch.setattr(imap, "_A_VISIT", timedelta(0))
    box.deliver(letter("satu"), letter("dua"))
    box.visit()
    assert kept() == []
    monkeypatch.undo()
    box.use_own()
    assert box.visit().fetched == 2


def test_a_mail_larger_than_any_is_kept_in_part_and_the_next_ones_come(box, monkeypatch):
    monkeypatch.setattr(talk, "LARGEST", 10_000)
    monkeypatch.setattr(service, "LARGEST", 10_000)
    mails = [letter("satu"), letter("raksasa", "x" * 50_000), letter("tiga")]
    box.deliver(*mails)
    assert box.visit() == imap.VisitReport(fetched=3)
    assert kept() == [mails[0], mails[1][:10_000], mails[2]]
    service.read_pending()
    kinds = [mail.kind for mail in db.session.scalars(select(InboundMail).order_by(InboundMail.id))]
    assert kinds == [MailKind.HUMAN, MailKind.QUARANTINED, MailKind.HUMAN]


def test_a_mail_of_more_than_fifty_megabytes_is_never_fetched_whole(box):
    huge = letter("raksasa", "x" * 51 * 1024 * 1024)
    box.deliver(huge, letter("dua"))
    assert box.visit().fetched == 2
    assert [len(content) for content in kept()] == [talk.LARGEST, len(letter("dua"))]


def test_an_empty_message_is_a_mail_too(box):
    (box.server.folder / "mail" / f".{box.folder}" / "new" / "1.empty").touch()
    assert box.visit() == imap.VisitReport(fetched=1)
    assert kept() == [b""]


# --- what the server does not give out -----------------------------------------------------------------------------


def spoil(box, number: int) -> None:
    """Make the file of a message one that no server can read."""
    file = sorted((box.server.folder / "mail" / f".{box.folder}").glob("[cn]*/*"), key=lambda one: one.name)[number]
    file.chmod(0)


def test_a_mail_that_the_server_cannot_give_out_stops_no_later_one(box):
    box.deliver(letter("satu"), letter("dua"), letter("tiga"))
    spoil(box, 1)
    assert box.visit().fetched == 3
    [_, note, _] = kept()
    assert f"message 2 of {USER} at 127.0.0.1, {box.folder}".encode() in note
    mail = db.session.scalars(select(InboundMail).where(InboundMail.kind == MailKind.QUARANTINED)).one()
    assert f"does not give out message 2 of {box.folder}" in mail.words
    assert box.visit() == imap.VisitReport()


def test_the_last_mail_is_asked_for_again_until_a_later_one_shows_that_the_server_is_well(box):
    box.deliver(letter("satu"), letter("dua"))
    spoil(box, 1)
    for _ in range(2):
        assert "does not give out message 2" in box.visit().error
        assert len(kept()) == 1
    assert "message 2" in error()
    box.deliver(letter("tiga"))
    assert box.visit() == imap.VisitReport(fetched=2)
    assert error() == ""


def test_a_line_that_breaks_once_costs_no_mail(box, monkeypatch):
    ask, broken = talk._ask, []

    def breaks(client, *command):
        if command[:2] == ("FETCH", "2") and not broken:
            broken.append(1)
            client.client.sock.shutdown(socket.SHUT_RDWR)
        return ask(client, *command)

    monkeypatch.setattr(talk, "_ask", breaks)
    mails = [letter("satu"), letter("dua"), letter("tiga")]
    box.deliver(*mails)
    assert box.visit() == imap.VisitReport(fetched=3)
    assert broken
    assert kept() == mails


def test_a_server_that_falls_silent_is_not_waited_for_for_ever(box, monkeypatch):
    monkeypatch.setattr(talk, "STEP_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        box.use(box.server.url(box.folder).replace(str(box.server.port), str(silent.getsockname()[1])))
        assert box.visit().error.startswith("127.0.0.1 cannot be reached: ")


# --- what ends a visit ---------------------------------------------------------------------------------------------


def test_a_wrong_password_is_told_without_it_and_the_next_visit_recovers(box, caplog):
    box.deliver(letter("satu"))
    box.use_own(password="salah@rahasia")
    report = box.visit()
    assert report.error == error()
    assert report.error.startswith(f"127.0.0.1 refuses the sign-in of {USER}: ")
    assert "salah" not in report.error + caplog.text
    box.use_own()
    assert box.visit() == imap.VisitReport(fetched=1)
    assert error() == ""


def test_a_password_beyond_ascii_is_refused_like_any_other(box):
    box.use_own(password="sälah")
    assert box.visit().error.startswith(f"127.0.0.1 refuses the sign-in of {USER}: ")


def test_a_server_that_repeats_the_password_does_not_bring_it_into_the_record(box, monkeypatch):
    problem = talk.imaplib.IMAP4.error(f"LOGIN {USER} {PASSWORD} failed")
    assert PASSWORD not in talk.Talk(box.app.extensions["settings"].imap_account)._words(problem)


def test_a_refused_connection_is_told_and_the_next_visit_recovers(box):
    box.deliver(letter("satu"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    box.use(box.server.url(box.folder).replace(str(box.server.port), str(port)))
    assert box.visit().error == "127.0.0.1 cannot be reached: Connection refused"
    mailbox = queries.mailbox()
    assert mailbox.visited_at is None
    assert mailbox.tried_at is not None
    box.use_own()
    assert box.visit().fetched == 1
    db.session.expire_all()
    assert queries.mailbox().visited_at is not None


def test_a_folder_that_is_not_there_is_told(box):
    box.use(box.server.url("Tidak Ada"))
    assert box.visit().error.startswith("127.0.0.1 does not open the folder Tidak Ada: ")


def test_a_full_disk_ends_the_visit_and_loses_nothing(box, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    box.deliver(letter("satu"))
    with monkeypatch.context() as disk:
        disk.setattr(files, "store_made", full)
        assert "No space left" in box.visit().error
    assert box.visit().fetched == 1


def test_encryption_is_used_and_the_name_of_the_server_verified(box, monkeypatch):
    box.server.deliver(letter("lewat TLS"))
    for url in (box.server.tls_url(), box.server.url(host="127.0.0.2")):
        box.use(url)
        with monkeypatch.context() as unknown:
            unknown.delenv("SSL_CERT_FILE", raising=False)
            assert "certificate" in box.visit().error
        with monkeypatch.context() as known:
            known.setenv("SSL_CERT_FILE", str(box.server.certificate))
            assert box.visit().error == ""
    assert kept() == [letter("lewat TLS")]


def test_no_password_travels_in_the_clear_to_another_machine(box):
    box.use("imap://pengguna:rahasia@127.0.0.3/INBOX")
    assert box.app.extensions["settings"].imap_account.security == "starttls"


# --- workers -------------------------------------------------------------------------------------------------------


def test_two_workers_at_once_keep_each_mail_once(box):
    mails = [letter(f"surat {number}") for number in range(30)]
    box.deliver(*mails)
    reports, together = [], threading.Barrier(2)

    def visit():
        with box.app.app_context():
            together.wait()
            reports.append(imap.visit())
            db.session.remove()

    db.session.commit()
    workers = [threading.Thread(target=visit) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert [report.error for report in reports] == ["", ""]
    assert Counter(kept()) == Counter(mails)
    assert len(db.session.scalars(select(Mailbox)).all()) == 1


def test_the_worker_visits_once_a_minute_and_reads_what_came(box, work):
    box.deliver(letter("satu"))
    assert work()["inbox"] == {"fetched": 1, "error": "", "read": 1, "quarantined": 0}
    box.deliver(letter("dua"))
    assert work()["inbox"]["fetched"] == 0, "a minute has not gone by"
    with freeze_time(clock.now() + imap.EVERY, tick=True):
        assert work()["inbox"]["fetched"] == 1


def test_without_a_mailbox_the_worker_reads_what_came_otherwise(app, work):
    service.keep(letter("lewat pipa"), ArrivedBy.PIPE)
    db.session.commit()
    assert imap.visit() is None
    assert work()["inbox"] == {"fetched": 0, "error": "", "read": 1, "quarantined": 0}
    assert list(worker.STEPS).index("inbox") < list(worker.STEPS).index("dispatches")


def test_nothing_is_held_open_in_the_database_while_the_server_is_spoken_to(box, monkeypatch):
    ask, seen = talk._ask, []

    def looks(client, *command):
        seen.append(db.session.registry().in_transaction())
        return ask(client, *command)

    monkeypatch.setattr(talk, "_ask", looks)
    box.deliver(*(letter(f"surat {number}") for number in range(25)))
    box.visit()
    assert len(seen) > 25
    assert not any(seen)
