"""A letter that does not arrive: the page says why, and offers what is left."""

from collections.abc import Callable
from typing import Any

import pytest

from hub import clock
from hub.audit.rules import SYSTEM
from hub.directory import service as people
from hub.directory.models import AppointmentRole, FaultKind, Network
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.mail import queries as mail
from hub.post import queries as post
from hub.post import service as mail_room
from tests.conftest import Client
from tests.smtp import MailServer
from tests.story import Story
from tests.world import World

PIC = "regency.pic@kantor.example"


@pytest.fixture
def undelivered(story: Story, smtp: MailServer, work: Callable[[], dict[str, Any]]) -> Forwarding:
    """The server does not know the PIC's mailbox."""
    smtp.refusals[PIC] = "550 5.1.1 User <unknown>"
    forwarding = story.signed(by_post=False)
    work()
    return forwarding


def page_of(forwarding: Forwarding, browser: Client) -> str:
    return browser.get(f"/forwardings/{forwarding.id}").text


def test_it_names_the_address_the_words_and_who_would_get_it_now(
    undelivered: Forwarding, world: World, signed_in_as: Callable[..., Client]
) -> None:
    page = page_of(undelivered, signed_in_as(world.registrar))
    assert PIC in page
    assert "550 5.1.1 User &lt;unknown&gt;" in page
    assert f"{world.regency.name}</button>" in page
    assert f"/forwardings/{undelivered.id}/resend/post" in page


def test_a_deputy_is_the_first_to_get_it(
    undelivered: Forwarding, world: World, signed_in_as: Callable[..., Client]
) -> None:
    bima = people.add_person(world.regency, "Bima Anggara", "Irban I", "bima@kantor.example", "", SYSTEM)
    today = clock.today("WIB")
    people.appoint(bima, world.regency, Network.KEMENSETNEG, AppointmentRole.DEPUTY, "700/2/SK", today, None, SYSTEM)
    browser = signed_in_as(world.registrar)
    assert "Bima Anggara" in page_of(undelivered, browser)
    browser.post(f"/forwardings/{undelivered.id}/resend/email")
    assert mail.of(undelivered.stream)[-1].to_address == "bima@kantor.example"


def test_the_institution_can_be_asked_with_one_press(
    undelivered: Forwarding, world: World, signed_in_as: Callable[..., Client]
) -> None:
    people.change_office(world.regency, {"phone": "(0335) 421444"}, SYSTEM)
    page = page_of(undelivered, signed_in_as(world.registrar))
    assert 'href="tel:+6281200000000"' in page
    assert 'href="https://wa.me/6281200000000?text=Yth.%20' in page
    assert 'href="tel:+62335421444"' in page
    assert "wa.me/62335421444" not in page
    assert "Jalan%20berlubang" not in page


def test_without_any_living_mailbox_only_paper_and_a_call_are_left(
    undelivered: Forwarding, world: World, signed_in_as: Callable[..., Client]
) -> None:
    office = world.regency
    people.mark_fault(office, None, FaultKind.BOUNCED, office.email, "550 5.1.1", "email:99", clock.now())
    page = page_of(undelivered, signed_in_as(world.registrar))
    assert f"/forwardings/{undelivered.id}/resend/email" not in page
    assert f"/forwardings/{undelivered.id}/resend/post" in page


def test_a_letter_that_came_back_is_not_sent_to_the_same_house_again(
    story: Story, world: World, signed_in_as: Callable[..., Client], work: Callable[[], dict[str, Any]]
) -> None:
    forwarding = story.signed(by_email=False)
    [envelope] = post.of(forwarding.stream)
    mail_room.mark_printed(envelope)
    mail_room.mark_posted(envelope, "RR473124829ID")
    mail_room.mark_returned(envelope, clock.today("WIB"), "Pindah alamat")
    work()
    page = page_of(forwarding, signed_in_as(world.registrar))
    assert "Pindah alamat" in page
    assert f"/forwardings/{forwarding.id}/resend/post" not in page
    assert "Rina Maheswari" in page


def test_a_letter_under_way_to_a_marked_address_is_warned_about(
    story: Story, world: World, signed_in_as: Callable[..., Client]
) -> None:
    forwarding = story.sent(by_post=False)
    somebody = world.regency_pic.person
    people.mark_fault(world.regency, somebody, FaultKind.WRONG_OFFICE, PIC, "", "reach:1@1", clock.now())
    assert 'id="repair"' in page_of(forwarding, signed_in_as(world.registrar))


def test_nobody_but_the_sender_is_told(
    undelivered: Forwarding, world: World, signed_in_as: Callable[..., Client]
) -> None:
    for account in (world.regency_pic, world.signatory):
        page = page_of(undelivered, signed_in_as(account))
        assert 'id="repair"' not in page
        assert "550 5.1.1" not in page or account is world.signatory


def test_a_letter_that_arrives_needs_no_repair(story: Story, world: World, signed_in_as: Callable[..., Client]) -> None:
    forwarding = story.acknowledged()
    people.mark_fault(world.regency, None, FaultKind.BOUNCED, world.regency.email, "", "email:99", clock.now())
    db.session.commit()
    assert 'id="repair"' not in page_of(forwarding, signed_in_as(world.registrar))
