"""A letter on its way, with the link in its mail and the slip in its envelope."""

import pytest

from hub.forwardings.models import Forwarding
from hub.mail import queries as mail
from hub.mail import service as outbox
from hub.post import queries as post
from hub.post.service import slip_address
from tests.story import Story


@pytest.fixture
def forwarding(story: Story) -> Forwarding:
    return story.signed()


@pytest.fixture
def link(forwarding: Forwarding) -> str:
    """Path of the link in the mail."""
    return outbox.link_address(mail.of(forwarding.stream)[0]).removeprefix("http://localhost")


@pytest.fixture
def slip(forwarding: Forwarding) -> str:
    """Path of the address on the receipt slip."""
    return slip_address(post.of(forwarding.stream)[0]).removeprefix("http://localhost")
