"""Messages in the outbox."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from hub.extensions import db
from hub.mail import service
from hub.mail.models import EmailDispatch, EmailPurpose

Queue = Callable[..., EmailDispatch]


@pytest.fixture
def queue(app: Flask) -> Queue:
    """Put a message into the outbox and commit; any part of it can be told."""

    def put(**parts: Any) -> EmailDispatch:
        message: dict[str, Any] = {
            "about": "forwarding:12",
            "purpose": EmailPurpose.LETTER,
            "institution_id": None,
            "to_name": "Rina Maheswari",
            "to_address": "rina@kantor.example",
            "subject": "B-123/Dumas/2026: Jalan berlubang",
            "paragraphs": ["Mohon konfirmasi penerimaan surat kami dalam 3 hari kerja.", "Surat terlampir."],
            "signature": "Asisten Deputi Pengaduan Masyarakat\nJalan Melati Nomor 1, Jakarta",
            "action": "Konfirmasi penerimaan",
        }
        dispatch = service.queue(**{**message, **parts})
        db.session.commit()
        return dispatch

    return put
