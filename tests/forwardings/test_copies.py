"""Copies (tembusan): printed on the letter, mailed when it is signed, read by the office that gets one; no more."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.extensions import db
from hub.forwardings import service, tracks
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ClockKey, Stage
from hub.letters import document
from hub.mail import queries as mail
from hub.mail.message import text_of
from hub.mail.models import EmailPurpose, EmailState
from hub.silence.queries import cases
from tests.conftest import Client
from tests.smtp import MailServer
from tests.story import Story
from tests.world import World

SignIn = Callable[..., Client]


@pytest.fixture
def copied(world: World) -> dict[str, Any]:
    """The province reads along."""
    return {"copies": (world.province,), "by_post": False}


def copy_mails(forwarding: Forwarding) -> list[Any]:
    return [one for one in mail.of(forwarding.stream) if one.purpose is EmailPurpose.COPY]


def test_the_letter_names_them_by_title(story: Story, copied: dict[str, Any]) -> None:
    page = document.html(story.draft(**copied).letter)
    assert "<li>Inspektur Provinsi Jawa Timur</li>" in page


def test_they_are_mailed_when_the_letter_is_signed_and_never_again(
    story: Story, world: World, copied: dict[str, Any]
) -> None:
    forwarding = story.submitted(**copied)
    assert copy_mails(forwarding) == []
    service.sign(forwarding, world.signatory.person)
    [copy] = copy_mails(forwarding)
    assert (copy.to_address, copy.institution_id) == (world.province_pic.person.email, world.province.id)
    assert (copy.action, copy.letter_id) == ("", forwarding.letter_id)
    text = text_of(copy)
    assert "Inspektur Kabupaten Probolinggo" in text.paragraphs[0]
    assert text.link == ""
    service.resend(forwarding, True, False, world.registrar.person)
    assert len(copy_mails(forwarding)) == 1


@pytest.mark.usefixtures("evening")
def test_the_copy_arrives_with_the_letter_and_without_a_link(
    story: Story, copied: dict[str, Any], smtp: MailServer, work: Callable[[], dict[str, Any]], world: World
) -> None:
    story.signed(**copied)
    work()
    work()
    [received] = [one for one in smtp.received if world.province_pic.person.email in one.recipients]
    assert [part.get_content_type() for part in received.message.iter_attachments()] == ["application/pdf"]
    assert "/a/" not in received.text
    assert "tidak perlu dijawab" in " ".join(received.text.split())


def test_a_copy_is_no_track_and_starts_no_clock(story: Story, world: World, copied: dict[str, Any]) -> None:
    """The recipient's mail bounced and only the copy arrived: the letter is not delivered."""
    forwarding = story.signed(**copied)
    for one in mail.of(forwarding.stream):
        one.state = EmailState.HANDED_OVER if one.purpose is EmailPurpose.COPY else EmailState.FAILED
    db.session.flush()
    tracks.notice_dispatches()
    assert forwarding.stage is Stage.READY
    assert ClockKey.ACKNOWLEDGE not in {one.clock for one in forwarding.deadlines}
    [case] = cases(Forwarding.id == forwarding.id)
    assert not case.facts.has_live_track


def test_who_got_a_copy_reads_and_nothing_more(
    story: Story, world: World, signed_in_as: SignIn, copied: dict[str, Any]
) -> None:
    draft, forwarding = story.submitted(**copied), story.sent(**copied)
    browser = signed_in_as(world.province_pic)
    address = f"/forwardings/{forwarding.id}"
    assert browser.get(f"/forwardings/{draft.id}").status_code == 404
    page = browser.get(address)
    assert page.status_code == 200
    assert f'action="{address}' not in page.text
    assert world.province_pic.person.email not in page.text
    assert browser.get(f"{address}/preview").status_code == 200
    assert browser.post(f"{address}/acknowledge").status_code == 403
    assert browser.get(f"{address}/answer/final").status_code in (403, 404)
    assert browser.post(f"{address}/withdraw", data={"reason": "Tidak perlu."}).status_code == 403
    assert forwarding.letter.number in browser.get("/forwardings").text
    assert 'class="errand' not in browser.get("/").text
    assert signed_in_as(world.other_pic).get(address).status_code == 404


def test_a_copy_in_one_network_shows_nothing_to_the_pic_of_the_other(
    story: Story, world: World, signed_in_as: SignIn, copied: dict[str, Any]
) -> None:
    forwarding = story.sent(**copied)
    forwarding.network = world.ombudsman.network
    assert signed_in_as(world.province_pic).get(f"/forwardings/{forwarding.id}").status_code == 404
    db.session.rollback()


def test_the_sender_sees_what_became_of_each_copy(
    story: Story, world: World, signed_in_as: SignIn, copied: dict[str, Any]
) -> None:
    forwarding = story.sent(**copied)
    page = signed_in_as(world.registrar).get(f"/forwardings/{forwarding.id}").text
    card = page[page.index('id="copies"') :]
    assert "Inspektorat Provinsi Jawa Timur (35)" in card
    assert world.province_pic.person.email in card
    assert world.province_pic.person.email not in page[: page.index('id="copies"')]


@pytest.mark.parametrize("address", ["", "bukan alamat"])
def test_a_copy_that_cannot_be_mailed_is_left_to_the_post_and_stops_nothing(
    story: Story, world: World, signed_in_as: SignIn, address: str
) -> None:
    world.unstaffed.email = address
    forwarding = story.signed(copies=(world.unstaffed,))
    assert copy_mails(forwarding) == []
    page = signed_in_as(world.registrar).get(f"/forwardings/{forwarding.id}").text
    card = page[page.index('id="copies"') :]
    assert card.index('class="hint"') < card.index("</section>")


def test_a_withdrawn_letter_calls_back_its_copies(story: Story, world: World, copied: dict[str, Any]) -> None:
    forwarding = story.signed(**copied)
    service.withdraw(forwarding, world.registrar.person, "Pengaduan dicabut.")
    assert [one.state for one in copy_mails(forwarding)] == [EmailState.CANCELLED]
