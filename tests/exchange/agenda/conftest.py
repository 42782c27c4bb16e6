"""Letters on paper that come in to Kemensetneg."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time

from hub import clock
from hub.extensions import db
from hub.letters import incoming
from hub.letters.incoming import Received
from hub.letters.models import IncomingLetter
from tests.conftest import Client
from tests.world import World

PDF = b"%PDF-1.7\n%%EOF"
PaperIn = Callable[..., IncomingLetter]


@pytest.fixture
def paper(world: World) -> PaperIn:
    """A letter of 35.13 that came in today, unless told otherwise, in the agenda of Kemensetneg."""

    def register(office: Any = None, **changes: Any) -> IncomingLetter:
        facts: dict[str, Any] = {
            "received_on": clock.today("WIB"),
            "sender": world.regency,
            "sender_name": world.regency.name,
            "subject": "Laporan tindak lanjut jalan berlubang",
            "number": "700/12/Inspektorat/2026",
        }
        letter = incoming.register(office or world.ksn, Received(**{**facts, **changes}), world.registrar.person)
        db.session.commit()
        return letter

    return register


@pytest.fixture(autouse=True)
def friday(app: Flask) -> Iterator[None]:
    """It is ten in the morning of Friday, 13 March 2026, in Jakarta."""
    with freeze_time("2026-03-13 03:00"):
        yield


@pytest.fixture
def registrar(world: World, signed_in_as: Callable[..., Client]) -> Client:
    return signed_in_as(world.registrar)


def typed(**changes: Any) -> dict[str, Any]:
    """What a registrar fills in."""
    return {
        "request_key": "00000000-0000-4000-8000-000000000001",
        "office": "35.13",
        "number": "700/12/Inspektorat/2026",
        "received_on": clock.today("WIB").isoformat(),
        "subject": "Laporan tindak lanjut",
        "security": "B",
        "urgency": "ordinary",
        **changes,
    }


def iso(year: int, month: int, day: int) -> str:
    return date(year, month, day).isoformat()
