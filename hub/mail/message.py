"""From an outbox row to the message that leaves: the same paragraphs as text and as HTML, and the letter."""

import re
from dataclasses import dataclass
from email.charset import QP, Charset
from email.header import Header
from email.mime.base import MIMEBase
from email.policy import compat32
from email.utils import formataddr
from typing import Any

from babel.dates import format_date
from flask import current_app
from flask_mail import Attachment, Message

from hub import clock
from hub.extensions import db
from hub.files import service as files
from hub.letters.models import Letter
from hub.mail import service
from hub.mail.models import EmailDispatch, EmailPurpose

_CHARSET = Charset("utf-8")
_CHARSET.body_encoding = QP
"""Keeps every line under 998 bytes, whatever was typed (RFC 5322 §2.1.1), and passes servers that know ASCII only."""


@dataclass(frozen=True)
class Mailbox:
    """A name and an address, written as a header wants them."""

    name: str
    address: str

    def __str__(self) -> str:
        if self.name.isascii():
            return formataddr((self.name, self.address))
        return f"{Header(self.name, _CHARSET).encode()} <{self.address}>"


class HubMessage(Message):
    """A message from one mailbox to one other whose names survive the journey, whatever signs and length they have.

    Flask-Mail encodes a sender's name twice when it has an accent, and the newer header policy of the standard library,
    which it ends with, loses the quotes around a comma when it folds a long name. The older policy keeps them.
    """

    def __init__(self, author: Mailbox, recipient: Mailbox, **parts: Any) -> None:
        super().__init__(sender=author.address, recipients=[recipient.address], **parts)
        self.author, self.recipient = author, recipient

    def _message(self) -> MIMEBase:
        made = super()._message()
        made.policy = compat32.clone(linesep="\r\n")
        made.replace_header("From", str(self.author))
        made.replace_header("To", str(self.recipient))
        return made


@dataclass(frozen=True)
class Text:
    """What both templates show. `link` is "" for a message without one, `holder` whom it is meant for.

    `buttons` are label and address of each, the most usual answer first.
    """

    subject: str
    paragraphs: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]
    link: str
    holder: str
    valid_until: str
    signature: tuple[str, ...]


def compose(dispatch: EmailDispatch, mail_from: str) -> HubMessage:
    """The whole message. The link comes to life here and is kept nowhere else."""
    text = text_of(dispatch)
    message = HubMessage(
        author=Mailbox(sender_name(dispatch), mail_from),
        recipient=Mailbox(dispatch.to_name, dispatch.to_address),
        subject=dispatch.subject,
        body=_render("mail/message.txt", text),
        html=_render("mail/message.html", text),
        charset=_CHARSET,  # handed on to email.mime, which takes a name or this
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    message.msgId = dispatch.message_id
    if dispatch.letter_id is not None:
        message.attachments.append(_letter(dispatch.letter_id))
    return message


def text_of(dispatch: EmailDispatch) -> Text:
    expires = dispatch.link_expires_at
    return Text(
        subject=dispatch.subject,
        paragraphs=tuple(part.strip() for part in dispatch.paragraphs.split("\n\n") if part.strip()),
        buttons=_buttons(dispatch),
        link=service.link_address(dispatch) if dispatch.action else "",
        holder="Anda sendiri" if dispatch.purpose is EmailPurpose.INVITATION else "kantor Anda",
        valid_until=format_date(clock.local(expires, "WIB"), "d MMMM y", locale="id") if expires else "",
        signature=tuple(line for line in dispatch.signature.splitlines() if line.strip()),
    )


def _buttons(dispatch: EmailDispatch) -> tuple[tuple[str, str], ...]:
    """One button is the link itself; each of several brings along which one was pressed."""
    labels = dispatch.action.splitlines()
    if not labels:
        return ()
    link = service.link_address(dispatch)
    if len(labels) == 1:
        return ((labels[0], link),)
    return tuple((label, f"{link}?choice={choice}") for choice, label in enumerate(labels, start=1))


def sender_name(dispatch: EmailDispatch) -> str:
    """The office that writes, and that the hub carries it."""
    office = next((line.strip() for line in dispatch.signature.splitlines() if line.strip()), "")
    return f"{office} via Penghubung" if office else "Penghubung"


def _letter(id: int) -> Attachment:
    letter = db.session.get_one(Letter, id)
    if letter.file is None:
        raise LookupError(f"letter {id} has no PDF yet")
    name = re.sub(r"[^\w.-]+", "-", letter.number or "surat").strip("-")
    return Attachment(f"{name}.pdf", "application/pdf", files.read(letter.file))


def _render(template: str, text: Text) -> str:
    # Straight from the environment: what pages add (the person signed in, menus) has no place in a mail.
    return current_app.jinja_env.get_template(template).render(text=text)
