"""Mail is kept as it came before anything is read from it, and no mail stops the next."""

import re
import time
from datetime import timedelta
from email.message import EmailMessage

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from hub import clock
from hub.extensions import db
from hub.files import service as files
from hub.mail.inbox import service
from hub.mail.inbox.models import ArrivedBy, InboundMail
from hub.mail.inbox.service import ReadReport, keep, read_pending
from hub.mail.reading.classify import MailKind
from tests.mail.inbox.hostile import MAILS
from tests.mail.inbox.mails import letter

BAD, GOOD = letter("ganjil"), letter("biasa")


def arrive(*contents: bytes) -> list[InboundMail]:
    mails = [keep(content, ArrivedBy.PIPE) for content in contents]
    db.session.commit()
    return mails


def reading_of_the_bad_one(monkeypatch, does):
    """`does` happens instead of reading it; every other mail is read as usual."""
    read = service.read
    monkeypatch.setattr(service, "read", lambda content: does() if content == BAD else read(content))


def test_a_mail_is_safe_before_it_is_read(app):
    [mail] = arrive(b"anything at all")
    assert (mail.kind, mail.read_at, mail.tries) == (None, None, 0)
    assert files.read(mail.raw) == b"anything at all"


def test_the_same_bytes_are_the_same_mail(app):
    first, second = arrive(GOOD, GOOD)
    assert first.id == second.id
    read_pending()
    assert arrive(GOOD)[0].kind is MailKind.HUMAN, "what was read is not read again"
    assert read_pending() == ReadReport()
    assert db.session.scalar(select(func.count()).select_from(InboundMail)) == 1


def test_what_is_read_is_entered(app):
    [mail] = arrive(GOOD)
    assert read_pending() == ReadReport(read=1)
    assert (mail.kind, mail.sender_address, mail.subject) == (MailKind.HUMAN, "rina@kantor.example", "biasa")
    assert mail.words == "Surat sudah kami terima."
    assert (mail.claimed_until, mail.read_at is not None) == (None, True)


def test_a_mail_that_the_reader_fails_on_is_set_aside_and_the_next_is_read(app, monkeypatch):
    def fails():
        raise KeyError("charset")

    reading_of_the_bad_one(monkeypatch, fails)
    bad, good = arrive(BAD, GOOD)
    assert read_pending() == ReadReport(read=2, quarantined=1)
    assert (bad.kind, bad.words) == (MailKind.QUARANTINED, "KeyError: 'charset'")
    assert good.kind is MailKind.HUMAN


@pytest.mark.parametrize(
    "stalls",
    [lambda: re.match(r"(a|aa)+$", "a" * 100 + "b"), lambda: [None for _ in iter(int, 1)]],
    ids=["a regular expression", "a loop"],
)
def test_a_mail_that_stalls_the_reader_is_set_aside_in_time_and_the_next_is_read(app, monkeypatch, stalls):
    monkeypatch.setattr(service, "SECONDS_PER_MAIL", 0.2)
    reading_of_the_bad_one(monkeypatch, stalls)
    bad, good = arrive(BAD, GOOD)
    begun = time.process_time()
    assert read_pending() == ReadReport(read=2, quarantined=1)
    assert time.process_time() - begun < 2
    assert (bad.kind, good.kind) == (MailKind.QUARANTINED, MailKind.HUMAN)
    assert "took longer" in bad.words


def test_a_mail_that_ends_the_program_is_tried_alone_and_set_aside_after_three_times(app, monkeypatch):
    class Killed(BaseException):
        """As the kernel does it: nothing after it happens."""

    def kills():
        raise Killed

    reading_of_the_bad_one(monkeypatch, kills)
    ids = [mail.id for mail in arrive(BAD, GOOD)]
    start, kinds = clock.now(), []
    for minutes in (0, 6, 12, 18, 24, 30):
        with freeze_time(start + timedelta(minutes=minutes)):
            try:
                read_pending()
            except Killed:
                db.session.remove()
            db.session.expire_all()
            kinds.append(tuple(db.session.get_one(InboundMail, id).kind for id in ids))
            db.session.commit()
    assert kinds[-1] == (MailKind.QUARANTINED, MailKind.HUMAN)
    assert kinds.index((None, MailKind.HUMAN)) <= 2, "its neighbour is read by itself"
    assert "several times" in db.session.get_one(InboundMail, ids[0]).words


def test_a_mail_that_died_with_its_reader_waits_for_a_while_but_not_behind_all_that_comes_in(app):
    [died] = arrive(BAD)
    service._claim(50, is_retried=False)
    [new] = arrive(GOOD)
    assert read_pending() == ReadReport(read=1)
    assert (died.kind, new.kind) == (None, MailKind.HUMAN)
    arrive(letter("baru"), letter("lebih baru"))
    with freeze_time(clock.now() + timedelta(minutes=6)):
        assert read_pending(limit=1) == ReadReport(read=2)
    assert died.kind is MailKind.HUMAN


def test_what_cannot_be_looked_up_together_is_looked_up_one_by_one(app, monkeypatch):
    behind_each = service.return_address.behind_each

    def fails(lists):
        if len(lists) > 1 or lists == [["ganjil@hub.example"]]:
            raise RuntimeError("too many variables")
        return behind_each(lists)

    monkeypatch.setattr(service.return_address, "behind_each", fails)
    bad, good = arrive(BAD.replace(b"penghubung@", b"ganjil@"), GOOD)
    assert read_pending() == ReadReport(read=2, quarantined=1)
    assert (bad.kind, good.kind, good.tries) == (MailKind.QUARANTINED, MailKind.HUMAN, 1)


def test_a_flood_of_slow_mails_lets_the_worker_go_on_to_send(app, monkeypatch):
    read = service.read
    monkeypatch.setattr(service, "SECONDS_PER_RUN", 0.25)
    monkeypatch.setattr(service, "read", lambda content: time.sleep(0.1) or read(content))
    mails = arrive(*(letter(f"surat {number}") for number in range(8)))
    assert 1 <= read_pending().read < 8
    waiting = [mail for mail in mails if mail.kind is None]
    assert {(mail.tries, mail.claimed_until) for mail in waiting} == {(0, None)}
    monkeypatch.setattr(service, "SECONDS_PER_RUN", 10)
    assert read_pending().read == len(waiting)


def test_files_are_judged_before_anything_is_locked_and_in_time(app, monkeypatch):
    def slow(*_):
        assert not db.session.registry().in_transaction()
        while True:
            pass

    monkeypatch.setattr(service, "SECONDS_PER_MAIL", 0.2)
    monkeypatch.setattr(files, "accepted_type", slow)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "rina@kantor.example", "penghubung@hub.example", "Surat"
    message.set_content("Terlampir.")
    message.add_attachment(b"PK", maintype="application", subtype="octet-stream", filename="a.docx")
    bad, good = arrive(message.as_bytes(), GOOD)
    assert read_pending() == ReadReport(read=2, quarantined=1)
    assert (bad.kind, good.kind) == (MailKind.QUARANTINED, MailKind.HUMAN)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (MAILS["parts a thousand deep"](), "too many parts"),
        (MAILS["reports in reports"](), "too many parts"),
        (b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 1000, "too many parts"),
        (b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(20)), "too deeply"),
    ],
)
def test_what_no_honest_mail_is_like_is_set_aside(app, content, why):
    [mail] = arrive(content)
    assert read_pending() == ReadReport(read=1, quarantined=1)
    assert mail.kind is MailKind.QUARANTINED
    assert why in mail.words


def test_of_a_mail_larger_than_any_the_beginning_is_kept_and_a_person_told(app, monkeypatch):
    monkeypatch.setattr(service, "LARGEST", 1024 * 1024)
    [mail] = arrive(GOOD + b"x" * 2 * 1024 * 1024)
    assert mail.is_cut
    assert len(files.read(mail.raw)) == 1024 * 1024
    assert read_pending() == ReadReport(read=1, quarantined=1)
    assert mail.words == "The mail is larger than 1 MB; only its beginning was kept."


@pytest.mark.parametrize(
    "name", [name for name in MAILS if re.match("zero|raw|charset|half|broken|numbers of|a subject of|no end", name)]
)
def test_whatever_a_mail_holds_can_be_entered(app, name):
    """No database takes half a character, and PostgreSQL no zero byte either."""
    hostile, good = arrive(MAILS[name](), GOOD)
    assert read_pending().read == 2
    assert hostile.kind is not None
    assert good.kind is MailKind.HUMAN


def test_what_is_entered_is_not_lost_with_what_cannot_be(app, monkeypatch):
    def fails(mail, _):
        if mail.subject == "ganjil":
            raise ValueError("no database takes this")

    monkeypatch.setattr(service, "_keep_files", fails)
    bad, good = arrive(BAD, GOOD)
    assert read_pending() == ReadReport(read=2, quarantined=1)
    assert (bad.kind, good.kind) == (MailKind.QUARANTINED, MailKind.HUMAN)
    assert bad.words == "ValueError: no database takes this"
