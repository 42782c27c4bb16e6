"""Shared by the tests about what the sender makes of an answer."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.directory.models import Institution, Person
from hub.directory.queries import by_code
from hub.extensions import db
from hub.forwardings import voices
from hub.forwardings.models import Forwarding
from hub.responses import service
from hub.responses.models import Response
from tests.story import Story
from tests.world import World

NOT_OURS = "Jalan itu jalan provinsi, bukan jalan kabupaten."
Declined = Callable[..., Response]


@pytest.fixture
def declined(story: Story, world: World) -> Declined:
    """`declined("35")` is the word of 35.13, or of `forwarding`'s recipient, that another office is competent."""

    def decline(
        owner: str = "", forwarding: Forwarding | None = None, by: Person | None = None, **more: Any
    ) -> Response:
        forwarding = forwarding or story.acknowledged(**more)
        named: Institution | None = by_code(owner) if owner else None
        voice = voices.signed_in(by or world.regency_pic.person)
        response = service.decline(forwarding, NOT_OURS, named, voice)
        db.session.commit()
        return response

    return decline
