"""From an outbox row to the message that leaves: the same paragraphs as text and as HTML, and the letter."""

import re
import secrets
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr, formatdate
from typing import Any

from babel.dates import format_date
from flask import current_app
from flask_mail import Attachment, Message
from sqlalchemy.orm import Session

from hub import clock
from hub.database import read_only
from hub.extensions import db
from hub.files import service as files
from hub.letters import queries as letters
from hub.letters.models import FOLLOW_UPS, Letter
from hub.mail import service
from hub.mail.models import EmailDispatch, EmailPurpose

_LF, _CRLF = "\n", "\r\n"
_LONGEST_LINE = 76


@dataclass(frozen=True)
class Mailbox:
    """A name and an address, written as a header wants them."""

    name: str
    address: str

    def __str__(self) -> str:
        if self.name.isascii():
            return formataddr((self.name, self.address))
        return f"{Header(self.name, 'utf-8').encode()} <{self.address}>"


class HubMessage(Message):
    """A message from one mailbox to one other, as text and as HTML, whose names survive the journey.

    Written by hand, for its shape is always the same: Flask-Mail encodes a sender's name twice when it has an accent,
    and the classes of the standard library take as long as everything else that is done to send a message.
    """

    def __init__(self, author: Mailbox, recipient: Mailbox, reply_address: str, **parts: Any) -> None:
        super().__init__(sender=author.address, recipients=[recipient.address], reply_to=reply_address, **parts)
        self.author, self.recipient, self.reply_address = author, recipient, reply_address

    def as_bytes(self) -> bytes:
        """What goes over the line. No line is longer than 998 bytes, and all are ASCII (RFC 5322 §2.1.1)."""
        content = _multipart("alternative", [_text("plain", self.body), _text("html", self.html)])
        if self.attachments:
            content = _multipart("mixed", [content, *(_attachment(one) for one in self.attachments)])
        headers = {
            "Subject": self.subject if self.subject.isascii() else Header(self.subject, "utf-8").encode(),
            "From": str(self.author),
            "To": str(self.recipient),
            "Reply-To": self.reply_address,
            "Date": formatdate(self.date, localtime=True),
            "Message-ID": self.msgId,
            **(self.extra_headers or {}),
            "MIME-Version": "1.0",
        }
        lines = (_header(name, value) for name, value in headers.items() if value)
        return "\r\n".join([*lines, content]).encode("ascii")


def _header(name: str, value: str) -> str:
    """One header, folded when it is longer than a line."""
    line = f"{name}: {value}"
    if len(line) <= _LONGEST_LINE and value.isprintable():
        return line
    return f"{name}: {Header(value, header_name=name, maxlinelen=_LONGEST_LINE).encode(linesep=_CRLF)}"


def _multipart(subtype: str, parts: Iterable[str]) -> str:
    """Each part begins with its own headers. The boundary occurs in none: "=_" is neither in base64 nor in our QP."""
    boundary = f"=_{secrets.token_hex(12)}"
    inside = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n{inside}--{boundary}--\r\n'


def _text(subtype: str, text: str | None) -> str:
    lines = (text or "").replace(_CRLF, _LF).replace("\r", _LF)
    headers = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
    return f"{headers}\r\n\r\n{b2a_qp(lines.encode()).decode().replace(_LF, _CRLF)}"


def _attachment(file: Attachment) -> str:
    """The name is ASCII (see `_attached`)."""
    data = file.data if isinstance(file.data, bytes) else file.data.encode()
    headers = (
        f"Content-Type: {file.content_type}\r\n"
        f'Content-Disposition: attachment; filename="{file.filename}"\r\n'
        "Content-Transfer-Encoding: base64"
    )
    return f"{headers}\r\n\r\n{encodebytes(data).decode().replace(_LF, _CRLF)}"


@dataclass(frozen=True)
class Text:
    """What both templates show. `link` is "" for a message without one, `holder` whom it is meant for.

    `buttons` are label and address of each, the most usual answer first. `site`: address of this hub.
    """

    subject: str
    paragraphs: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]
    link: str
    holder: str
    valid_until: str
    signature: tuple[str, ...]
    site: str

    def lines(self, paragraph: str) -> Iterator[tuple[str, str]]:
        """Each line. One that ends in ": " and a page of this hub comes apart: in HTML the words are the link.

        An address of another site, as a citizen may have written it, stays mere text.
        """
        for line in paragraph.splitlines():
            words, _, address = line.rpartition(": ")
            yield (words, address) if words and address.startswith(f"{self.site}/") else (line, "")


def compose(dispatch: EmailDispatch, mail_from: str, reply_address: str) -> HubMessage:
    """The whole message. The link comes to life here and is kept nowhere else."""
    text = text_of(dispatch)
    message = HubMessage(
        author=Mailbox(sender_name(dispatch), mail_from),
        recipient=Mailbox(dispatch.to_name, dispatch.to_address),
        reply_address=reply_address,
        subject=dispatch.subject,
        body=_render("mail/message.txt", text),
        html=_render("mail/message.html", text),
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    message.msgId = dispatch.message_id
    if dispatch.letter is not None:
        message.attachments.extend(_attached(one) for one in (dispatch.letter, *_enclosed(dispatch.letter)))
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
        site=current_app.extensions["settings"].base_url,
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


def _enclosed(letter: Letter) -> list[Letter]:
    """In a session of its own, that ends before the server is spoken to. Most letters enclose nothing."""
    if letter.kind not in FOLLOW_UPS:
        return []
    with read_only(), Session(db.engine) as session:
        return letters.enclosed_in(letter, session)


def _attached(letter: Letter) -> Attachment:
    if letter.file is None:
        raise LookupError(f"letter {letter.id} has no PDF yet")
    known_as = letter.number or letter.file.name.removesuffix(".pdf")
    name = re.sub(r"[^\w.-]+", "-", known_as, flags=re.ASCII).strip("-")
    return Attachment(f"{name}.pdf", "application/pdf", files.read(letter.file))


def _render(template: str, text: Text) -> str:
    # Straight from the environment: what pages add (the person signed in, menus) has no place in a mail.
    return current_app.jinja_env.get_template(template).render(text=text)
