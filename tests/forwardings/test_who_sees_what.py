"""The office complained about reads what was sent to it, and nothing that was not."""

from collections.abc import Callable

from hub.extensions import db
from hub.forwardings import service
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[..., Client]


def test_a_forwarding_withdrawn_before_it_was_signed_never_shows_to_its_recipient(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(world.regency_pic)
    for forwarding in (story.draft(), story.submitted()):
        service.withdraw(forwarding, world.registrar.person, "Yang diadukan PIC di sana sendiri.")
        for page in ("", "/preview", "/letter.pdf"):
            assert browser.get(f"/forwardings/{forwarding.id}{page}").status_code == 404
        assert browser.post(f"/forwardings/{forwarding.id}/acknowledge").status_code == 404
    assert "Jalan berlubang" not in browser.get("/forwardings").text


def test_why_a_sender_withdrew_stays_with_the_sender(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.sent()
    service.withdraw(forwarding, world.registrar.person, "Yang diadukan PIC di sana sendiri.")
    address = f"/forwardings/{forwarding.id}"
    assert "PIC di sana sendiri" in signed_in_as(world.registrar).get(address).text
    page = signed_in_as(world.regency_pic).get(address)
    assert page.status_code == 200
    assert "PIC di sana sendiri" not in page.text


def test_a_monitor_does_not_forward_what_another_office_registered(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    """Seeing the whole network is not deciding for its offices."""
    from hub.directory.queries import by_code

    complaint = story.complaint(office=by_code("ORI-14"))
    browser, address = signed_in_as(world.ombudsman_monitor), f"/complaints/{complaint.id}/forward"
    assert browser.get(f"/complaints/{complaint.id}").status_code == 200
    assert browser.get(address).status_code == 403
    assert browser.post(address, data={"recipient": "35.13"}).status_code == 403
    db.session.rollback()
