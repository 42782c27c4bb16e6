"""A citizen who signs the text of a secret complaint is not betrayed by it."""

from collections.abc import Callable

import pytest

from hub.complaints.rules import IdentityMode, masked
from hub.extensions import db
from hub.letters import document
from hub.mail.models import EmailDispatch
from tests.conftest import Client
from tests.story import Story
from tests.world import World

BODY = "Saya, PUSPA  anggraini (0812-3456 7890, Puspa@Warga.example), melapor. Hormat saya, Puspa Anggraini."


@pytest.mark.parametrize("mode", [IdentityMode.CONCEALED, IdentityMode.ANONYMOUS])
def test_neither_letter_nor_mail_nor_page_names_who_wants_to_stay_secret(
    story: Story, world: World, signed_in_as: Callable[..., Client], mode: IdentityMode
) -> None:
    contact = "+62 812 3456 7890; puspa@warga.example"
    complaint = story.complaint(subject="Laporan Puspa Anggraini", body=BODY, contact=contact, identity_mode=mode)
    forwarding = story.sent(complaint=complaint)
    mail = db.session.query(EmailDispatch).filter_by(about=forwarding.stream).one()
    shown = [
        document.html(forwarding.letter),
        signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").text,
        signed_in_as(world.regency_pic).get("/forwardings").text,
        f"{mail.subject} {mail.paragraphs}",
    ]
    for text in shown:
        assert not [one for one in ("puspa", "anggraini", "3456", "7890") if one in text.lower()]


def test_who_stands_by_the_name_is_quoted_as_written(story: Story) -> None:
    assert story.complaint(body=BODY).body == BODY


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("Kami warga Tongas. Hormat kami, Warga", "Warga", "Kami warga Tongas. Hormat kami, [nama pengadu]"),
        ("Puspawati dan Puspa", "Puspa", "Puspawati dan [nama pengadu]"),
        ("A.B. melapor", "A.B.", "[nama pengadu] melapor"),
        ("ab", "", "ab"),
    ],
)
def test_only_the_name_itself_is_taken_out(text: str, name: str, left: str) -> None:
    assert masked(text, name, "") == left


def test_a_hostile_text_is_read_in_a_moment() -> None:
    text = "0 " * 250_000 + "a" + " " * 500_000
    assert masked(text, "a b", "0" * 29 + "1") == text
