"""Who finds what on the desk, and at what cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from freezegun import freeze_time

from hub import clock
from hub.directory.models import FaultKind
from hub.directory.service import mark_fault
from hub.extensions import db
from hub.forwardings.service import withdraw
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[object], Client]
Counting = Callable[[], AbstractContextManager[list[str]]]
MOST_QUERIES = 19
"""Among them: what waits in the threads, and for staff whether the sweep runs and the next year is decreed."""
MOST_OF_A_FORWARDING = 24
"""Among them: letters that follow it up, examination reports, the thread, answers that are on their way."""


@pytest.fixture
def busy(story: Story, world: World) -> Story:
    with freeze_time("2026-03-13T02:00:00Z"):
        story.draft(), story.submitted(), story.signed(), story.sent(), story.acknowledged(), story.answered()
        story.closed()
    return story


@pytest.mark.parametrize(
    ("who", "waits"),
    [
        ("registrar", "Telaah"),
        ("signatory", "Baca dan tanda tangani"),
        ("regency_pic", "Konfirmasi"),
        ("monitor", "Telaah"),
    ],
)
def test_each_finds_what_needs_them(busy: Story, world: World, signed_in_as: SignIn, who: str, waits: str) -> None:
    with freeze_time("2026-03-16T02:00:00Z"):
        page = signed_in_as(getattr(world, who)).get("/", headers={"Accept-Language": "id"})
    assert page.status_code == 200
    assert waits in page.text


def test_an_administrator_sees_no_complaint(busy: Story, world: World, signed_in_as: SignIn) -> None:
    admin = signed_in_as(world.administrator)
    assert "Jalan berlubang" not in admin.get("/").text
    assert "Jalan berlubang" not in admin.get("/forwardings").text


def test_an_administrator_is_led_to_what_the_network_needs(story: Story, world: World, signed_in_as: SignIn) -> None:
    admin = signed_in_as(world.administrator)
    assert 'href="/network/start"' in admin.get("/").text
    mark_fault(world.regency, None, FaultKind.BOUNCED, world.regency.email, "550", "email:1", clock.now())
    db.session.commit()
    page = admin.get("/").text
    assert "1 tempat yang dapat membuat surat tidak sampai" in page
    assert 'href="/network/start"' not in page
    assert "tidak sampai" not in signed_in_as(world.registrar).get("/").text


def test_the_other_network_learns_nothing(busy: Story, world: World, signed_in_as: SignIn) -> None:
    ombudsman = signed_in_as(world.ombudsman_monitor)
    assert "Jalan berlubang" not in ombudsman.get("/").text
    assert "Jalan berlubang" not in ombudsman.get("/monitoring").text


def test_a_recipient_does_not_see_what_is_not_signed_yet(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.submitted()
    assert signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").status_code == 404


@pytest.mark.parametrize("who", ["registrar", "signatory", "regency_pic", "monitor", "administrator"])
def test_the_work_list_costs_the_same_however_much_waits(
    busy: Story, world: World, signed_in_as: SignIn, count_queries: Counting, who: str
) -> None:
    browser = signed_in_as(getattr(world, who))
    with count_queries() as few:
        browser.get("/")
    for _ in range(3):
        busy.sent()
        busy.answered()
    with count_queries() as many:
        browser.get("/")
    assert len(many) == len(few) <= MOST_QUERIES


@pytest.mark.parametrize("who", ["registrar", "signatory", "regency_pic", "monitor"])
def test_the_page_of_a_forwarding_costs_the_same_at_every_stage(
    story: Story, world: World, signed_in_as: SignIn, count_queries: Counting, who: str
) -> None:
    browser = signed_in_as(getattr(world, who))
    for id in [one.id for one in (story.sent(), story.acknowledged(), story.answered().forwarding, story.closed())]:
        with count_queries() as statements:
            assert browser.get(f"/forwardings/{id}").status_code == 200
        assert len(statements) <= MOST_OF_A_FORWARDING, "\n".join(statements)


def test_the_due_date_explains_itself(story: Story, world: World, signed_in_as: SignIn) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        forwarding = story.acknowledged()
        page = signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").text
    assert "Jumat, 10 April 2026" in page
    assert "14 hari kerja" in page
    assert "PermenPANRB 62/2018" in page
    assert "Cuti" in page


def test_a_complaint_waits_to_be_forwarded_until_its_letter_is_drafted(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    complaint = story.complaint()
    registrar = signed_in_as(world.registrar)
    assert "1 pengaduan belum diteruskan" in registrar.get("/").text
    assert complaint.reference in registrar.get("/unforwarded").text
    forwarding = story.draft(complaint)
    assert complaint.reference not in registrar.get("/unforwarded").text
    withdraw(forwarding, world.registrar.person, "Salah sasaran")
    assert complaint.reference in registrar.get("/unforwarded").text
    assert complaint.reference not in signed_in_as(world.regency_pic).get("/unforwarded").text
