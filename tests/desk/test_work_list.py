"""Who finds what on the desk, and at what cost."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from freezegun import freeze_time

from hub import clock
from hub.desk.views import SHOWN_PER_TASK
from hub.directory.models import FaultKind
from hub.directory.service import mark_fault
from hub.extensions import db
from hub.forwardings.service import withdraw
from hub.silence import service as silence
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


def test_nobody_is_called_late_for_a_letter_of_which_nothing_is_known(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    """Neither where the sender looks, nor where the recipient does: the date has passed, and that is all."""
    with freeze_time("2026-03-13T02:00:00Z"):
        forwarding = story.sent(recipient=world.province, by_post=False)
    with freeze_time("2026-04-30T02:00:00Z"):
        for who, address in (
            (world.registrar, "/"),
            (world.province_pic, "/"),
            (world.registrar, f"/forwardings/{forwarding.id}"),
            (world.registrar, "/silence/offices/35"),
        ):
            page = signed_in_as(who).get(address).text
            assert re.search(r"lewat \d+ hari kalender", page), address
            assert not re.search(r"terlambat \d+ hari", page), address
            assert 'class="due hue-late"' not in page
            assert 'class="due hue-attention"' in page


def test_the_senders_own_delay_is_no_lateness_of_the_recipient(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        story.submitted(), story.answered()
    with freeze_time("2026-06-15T02:00:00Z"):
        pages = [signed_in_as(who).get("/").text for who in (world.registrar, world.signatory)]
    for page in pages:
        assert "lewat tenggat." in " ".join(page.split())
        assert not re.search(r"terlambat \d+ hari", page)


def test_who_has_the_letter_and_owes_an_answer_is_called_late(story: Story, world: World, signed_in_as: SignIn) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        forwarding = story.acknowledged()
    with freeze_time("2026-04-30T02:00:00Z"):
        for who, address in (
            (world.registrar, "/"),
            (world.regency_pic, "/"),
            (world.regency_pic, f"/forwardings/{forwarding.id}"),
            (world.registrar, "/silence/offices/35.13"),
        ):
            page = signed_in_as(who).get(address).text
            assert "terlambat 20 hari kalender" in page
            assert 'class="due hue-late"' in page


def test_more_errands_than_are_shown_lead_to_all_of_them_the_silent_ones_first(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        for _ in range(SHOWN_PER_TASK + 1):
            story.sent(recipient=world.province, by_post=False)
        silent = story.acknowledged()
    for moment in ("2026-04-13T03:00:00+00:00", "2026-04-16T03:00:00+00:00"):
        with freeze_time(moment):
            silence.sweep(datetime.fromisoformat(moment))
            db.session.commit()
    with freeze_time("2026-04-17T03:00:00Z"):
        office = signed_in_as(world.registrar)
        home, all_of_them = office.get("/").text, office.get("/?task=call").text
        usual = office.get("/?task=nothing").text
    assert 'href="/?task=call#task-call"' in home
    errands = re.findall(r'class="errand-link" href="/forwardings/(\d+)"', all_of_them)
    assert (len(errands), errands[0]) == (SHOWN_PER_TASK + 2, str(silent.id))
    assert usual.count('class="errand-link"') == home.count('class="errand-link"') == SHOWN_PER_TASK
