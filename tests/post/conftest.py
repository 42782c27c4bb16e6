"""Envelopes at each step of their way."""

import pytest

from hub.extensions import db
from hub.letters import rendering
from hub.letters import service as letters
from hub.letters.models import LetterKind
from hub.post import service
from tests.letters.test_rules import CONTENT

NUMBER = "RR473124829ID"


@pytest.fixture
def envelope(world):
    """Makes an envelope to the regency, its letter signed by Kemensetneg unless told otherwise."""

    def make(sender=None, signatory=None, about="forwarding:1", to=None):
        letter = letters.draft(sender or world.ksn, LetterKind.FORWARDING, "Jalan berlubang", CONTENT, None)
        letters.submit(letter)
        letters.sign(letter, (signatory or world.signatory).person)
        office = to or world.regency
        dispatch = service.queue(about, letter, office, f"{office.name}\n{office.postal_address}")
        db.session.commit()
        return dispatch

    return make


@pytest.fixture
def ready(envelope):
    """An envelope whose letter has its PDF: it can be printed."""
    dispatch = envelope()
    rendering.render_pending()
    db.session.refresh(dispatch)
    return dispatch


@pytest.fixture
def posted(envelope):
    """Makes an envelope that is on its way under a number."""

    def make(number=NUMBER, is_double_meant=False, **choices):
        dispatch = envelope(**choices)
        service.mark_printed(dispatch)
        service.mark_posted(dispatch, number, is_double_meant=is_double_meant)
        db.session.commit()
        return dispatch

    return make


@pytest.fixture
def registrar(world, signed_in_as):
    return signed_in_as(world.registrar)
