"""Mails that come to the hub, as mail programs and servers write them."""

from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

from hub import clock
from hub.letters.rules import date_words


def reply(sender: tuple[str, str], to: str, subject: str, words: str, answers: str = "") -> bytes:
    """A person's mail. `answers`: Message-ID of the mail that it answers, which is quoted below."""
    mail = _mail(sender, to, f"Re: {subject}" if answers else subject)
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    quoted = f"\n\nPada {clock.now():%d/%m/%Y} Penghubung menulis:\n> Mohon konfirmasi penerimaan."
    mail.set_content(f"{words}{quoted if answers else ''}\n")
    return mail.as_bytes()


def away(sender: tuple[str, str], to: str, subject: str, answers: str, until: date) -> bytes:
    """What a mailbox answers by itself while its owner is not there."""
    mail = _mail(sender, to, f"Balasan otomatis: {subject}")
    mail["In-Reply-To"], mail["Auto-Submitted"] = answers, "auto-replied"
    mail.set_content(f"Terima kasih atas email Anda. Saya sedang cuti sampai dengan {date_words(until)}.\n")
    return mail.as_bytes()


def received(sender: tuple[str, str], to: str, subject: str, answers: str, is_marked: bool) -> bytes:
    """A mailbox that thanks for every mail. `is_marked`: with the header that automatic mail should have."""
    mail = _mail(sender, to, f"Re: {subject}")
    mail["In-Reply-To"] = answers
    if is_marked:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("Pesan ini dikirim otomatis. Surat Bapak/Ibu telah kami terima. Mohon tidak membalas pesan ini.\n")
    return mail.as_bytes()


def undeliverable(to: str, failed: str, message_id: str, is_report: bool) -> bytes:
    """What a server says of a mailbox it does not know: as a report (RFC 3464), or in words alone."""
    host = failed.rpartition("@")[2]
    words = f"550 5.1.1 <{failed}>: Recipient address rejected: User unknown"
    mail = _mail(("Mail Delivery System", f"MAILER-DAEMON@{host}"), to, "Undelivered Mail Returned to Sender")
    mail["Return-Path"] = "<>"
    text = f"Surel Anda tidak dapat disampaikan kepada penerima berikut:\n\n<{failed}>: host mx.{host} said: {words}\n"
    if not is_report:
        mail.set_content(text)
        return mail.as_bytes()
    mail["Auto-Submitted"], mail["MIME-Version"] = "auto-replied", "1.0"
    head = (
        mail.as_bytes().rstrip() + b'\nContent-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n\n'
    )
    status = f"Final-Recipient: rfc822; {failed}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; {words}\n"
    parts = (
        ("text/plain; charset=utf-8", text),
        ("message/delivery-status", f"Reporting-MTA: dns; mx.{host}\n\n{status}"),
        ("text/rfc822-headers", f"Message-ID: {message_id}\nTo: {failed}\nSubject: surat\n"),
    )
    body = "".join(f"--=_b\nContent-Type: {kind}\n\n{part}\n" for kind, part in parts) + "--=_b--\n"
    return head + body.encode()


def _mail(sender: tuple[str, str], to: str, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = formataddr(sender), to, subject
    mail["Date"], mail["Message-ID"] = format_datetime(clock.now()), make_msgid(domain="kantor.example")
    return mail
