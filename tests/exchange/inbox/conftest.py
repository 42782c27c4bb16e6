"""Mail that comes in, from the wire to its letter."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask

from hub.exchange.inbox import filing
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.mail import queries as outbox
from hub.mail import return_address
from hub.mail.inbox import service
from hub.mail.inbox.models import ArrivedBy, InboundMail
from hub.mail.models import EmailDispatch

Arrive = Callable[..., InboundMail]
PIC = "regency.pic@kantor.example"
QUOTED = "\n\nPada Jum, 13 Mar 2026 pukul 09.12 Asdep Dumas <penghubung@hub.example> menulis:\n> Mohon konfirmasi.\n"


@pytest.fixture
def arrive(app: Flask) -> Arrive:
    """A mail comes in, is read and filed. Whatever is not told is that of an ordinary reply of the PIC."""

    def take(
        words: str = "Surat sudah kami terima dan kami teruskan ke Irban I.",
        to: str = "penghubung@hub.example",
        sender: str = f"Rina Maheswari <{PIC}>",
        subject: str = "Re: Surat Bapak",
        files: Any = (),
        raw: bytes | None = None,
        **headers: str,
    ) -> InboundMail:
        if raw is None:
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = sender, to, subject
            message["Date"] = "Mon, 16 Mar 2026 09:00:00 +0700"
            for name, value in headers.items():
                message[name.replace("_", "-")] = value
            message.set_content(words + QUOTED)
            for name, content in files:
                message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
            raw = message.as_bytes()
        mail = service.keep(raw, ArrivedBy.PIPE)
        db.session.commit()
        service.read_pending()
        filing.file_pending()
        db.session.refresh(mail)
        return mail

    return take


def email_of(forwarding: Forwarding) -> EmailDispatch:
    """The mail that carried the letter."""
    return next(one for one in outbox.of(forwarding.stream) if one.purpose == "letter")


def reply_address(forwarding: Forwarding) -> str:
    return return_address.of(email_of(forwarding))
