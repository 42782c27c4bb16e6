"""Buttons of a message: one as ever, several with what each of them means, and which page a link opens."""

from datetime import timedelta

import pytest
from freezegun import freeze_time

from hub import clock
from hub.mail import queries, sender, service
from hub.mail.models import EmailPurpose
from hub.webkit.tokens import LinkState

THREE = "Ya, saya masih PIC\nPIC-nya sudah lain\nSalah kantor"


def token_of(dispatch):
    return service.link_address(dispatch).rpartition("/")[2]


def words_of(smtp):
    """The text part with the line breaks of this machine."""
    return smtp.received[0].text.replace("\r\n", "\n")


def test_each_of_several_buttons_brings_its_choice_along(queue, smtp):
    dispatch = queue(action=THREE, purpose=EmailPurpose.REACH_CHECK, about="reach:1")
    sender.send_due()
    link, words = service.link_address(dispatch), words_of(smtp)
    page = smtp.received[0].message.get_body(("html",)).get_content()
    assert link.startswith("http://localhost/r/")
    for choice, label in enumerate(THREE.splitlines(), start=1):
        assert page.count(f'href="{link}?choice={choice}"') == 1
        assert f"{label}:\n{link}?choice={choice}" in words
    assert page.count(f'href="{link}"') == 1  # the plain link, for those whose program shows no buttons
    assert page.count("background:#0b5a6b") == 1  # the first answer stands out


def test_one_button_is_the_link_itself(queue, smtp):
    dispatch = queue()
    sender.send_due()
    words = words_of(smtp)
    assert f"Konfirmasi penerimaan:\n{service.link_address(dispatch)}\n" in words
    assert "choice" not in words
    assert "Tautan ini hanya untuk kantor Anda" in words


def test_a_message_without_a_button_speaks_of_no_link(queue, smtp):
    queue(action="")
    sender.send_due()
    message = smtp.received[0].message
    assert "tautan" not in smtp.received[0].text.lower()
    assert "href" not in message.get_body(("html",)).get_content()


def test_an_invitation_is_for_one_person(queue, smtp):
    queue(purpose=EmailPurpose.INVITATION, about="person:1")
    sender.send_due()
    assert "Tautan ini hanya untuk Anda sendiri" in smtp.received[0].text


def test_a_link_lives_as_long_as_was_asked(queue):
    dispatch = queue(purpose=EmailPurpose.INVITATION, about="person:1", link_life=timedelta(days=14))
    assert dispatch.link_state is LinkState.GOOD
    with freeze_time(clock.now() + timedelta(days=15)):
        assert dispatch.link_state is LinkState.EXPIRED


@pytest.mark.parametrize(
    ("purpose", "page"),
    [
        (EmailPurpose.LETTER, "a"),
        (EmailPurpose.REMINDER, "a"),
        (EmailPurpose.HANDOVER, "a"),
        (EmailPurpose.INVITATION, "i"),
        (EmailPurpose.REACH_CHECK, "r"),
    ],
)
def test_the_purpose_of_a_message_decides_which_page_its_link_opens(queue, client, purpose, page):
    """A token of one purpose opens nothing on the pages of another, even for the same row."""
    dispatch = queue(purpose=purpose, about="somebody:1")
    assert service.link_address(dispatch) == f"http://localhost/{page}/{token_of(dispatch)}"
    assert queries.by_link_token(token_of(dispatch)) is dispatch
    for other in {"a", "i"} - {page}:
        assert client.get(f"/{other}/{token_of(dispatch)}").status_code == 404, other
