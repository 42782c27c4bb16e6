"""Mails that come back in the demonstration: a reply, an out-of-office answer, a returned mail, a stranger's letter."""

from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from hub import clock
from hub.exchange.inbox import filing
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import ArrivedBy, InboundMail
from hub.mail.reading.classify import read


def reply(sender: tuple[str, str], to: str, subject: str, words: str, answers: str = "", quoted: str = "") -> bytes:
    """A mail as a mail program writes it. `sender`: name and address; `answers`: Message-ID of the mail it quotes."""
    mail = _mail(sender, to, f"Re: {subject}" if answers else subject)
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    history = "\n".join(f"> {line}" for line in quoted.splitlines())
    mail.set_content(f"{words}\n\nPada {clock.now():%d/%m/%Y} {to} menulis:\n{history}\n" if quoted else f"{words}\n")
    return mail.as_bytes()


def away(sender: tuple[str, str], to: str, subject: str, words: str, answers: str) -> bytes:
    """What a mailbox answers by itself while its owner is not there."""
    mail = _mail(sender, to, f"Balasan otomatis: {subject}")
    mail["In-Reply-To"], mail["Auto-Submitted"] = answers, "auto-replied"
    mail.set_content(words)
    return mail.as_bytes()


def returned(to: str, failed: str) -> bytes:
    """What a mail server says of a mailbox it does not know."""
    domain = failed.rpartition("@")[2]
    mail = _mail(("Mail Delivery System", f"MAILER-DAEMON@{domain}"), to, "Undelivered Mail Returned to Sender")
    mail["Return-Path"] = "<>"
    mail.set_content(
        f"Surel Anda tidak dapat disampaikan kepada penerima berikut:\n\n<{failed}>: host mx.{domain} said: "
        f"550 5.1.1 <{failed}>: Recipient address rejected: User unknown\n"
    )
    return mail.as_bytes()


def arrives(raw: bytes) -> InboundMail:
    """The mail comes in, is read and filed at once, in the transaction of whoever tells it."""
    mail = inbox.keep(raw, ArrivedBy.PIPE)
    inbox.enter(mail, read(raw))
    filing.place(mail)
    return mail


def _mail(sender: tuple[str, str], to: str, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = formataddr(sender), to, subject
    mail["Date"] = format_datetime(clock.now())
    return mail
