"""A recipient passes a letter on: to whom, by when, and in which words."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from freezegun import freeze_time

from hub.audit import queries as audit
from hub.extensions import db
from hub.forwardings import deadlines, service
from hub.forwardings.chain import service as chain
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening
from hub.letters.rules import LetterContent
from hub.mail.models import EmailDispatch
from hub.monitoring import verification
from tests.chains import ABOVE, FRIDAY, LATEST, PROPOSED, asked, confirmed, passed_on, received, sent
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[..., Client]


@pytest.fixture
def parent(story: Story, world: World) -> Forwarding:
    """With the province since that Friday, for an answer by 10 April."""
    with freeze_time(FRIDAY):
        return received(story, world)


@freeze_time(FRIDAY)
def test_a_letter_is_passed_on_in_the_network_and_from_the_office_that_got_it(parent: Forwarding, world: World) -> None:
    child = passed_on(parent, world.regency, world.province_pic.person)
    grandchild_root = (child.parent, child.root_id, child.network, child.sender, child.complaint)
    assert grandchild_root == (parent, parent.id, parent.network, world.province, parent.complaint)
    last = audit.of_stream(parent.stream)[-1]
    assert (last.kind, last.details) == (Happening.FORWARDED_ON, {"child": child.id})
    assert list(verification.findings()) == []


@freeze_time(FRIDAY)
def test_its_letter_names_the_date_and_the_letter_it_follows_and_never_the_citizen(
    parent: Forwarding, world: World
) -> None:
    child = passed_on(parent, world.regency, world.province_pic.person)
    content = LetterContent.from_dict(child.letter.content)
    assert f"Nomor {parent.letter.number} tanggal 13 Maret 2026" in content.opening
    assert content.opening.startswith("Menindaklanjuti surat ")
    assert "paling lambat Rabu, 8 April 2026." in content.paragraphs[0]
    assert "hari kerja" not in content.paragraphs[0]
    assert "uspa" not in str(child.letter.content)
    assert "ada pada kami" not in str(child.letter.content)
    sent(child, world.province_pic.person)
    mail = db.session.query(EmailDispatch).filter_by(about=child.stream).one()
    assert "paling lambat Rabu, 8 April 2026." in mail.paragraphs


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (None, "2026"),
        (ABOVE, "9 April 2026"),
        (date(2026, 4, 4), "bukan hari kerja"),
        (date(2026, 3, 16), "3 hari kerja"),
        (date(2026, 3, 12), "3 hari kerja"),
    ],
)
@freeze_time(FRIDAY)
def test_the_date_below_lies_before_the_own_one_and_leaves_time(
    parent: Forwarding, world: World, day: date | None, sentence: str, app: Any
) -> None:
    with app.test_request_context(headers={"Accept-Language": "id"}), pytest.raises(service.CannotForward) as refused:
        chain.pass_on(parent, asked(world.regency, day), world.province_pic.person)
    assert sentence in str(refused.value)
    assert db.session.query(Forwarding).count() == 1


@freeze_time(FRIDAY)
def test_two_days_are_left_to_answer_with_what_comes_back(parent: Forwarding, world: World) -> None:
    assert chain.proposed_date(parent) == PROPOSED
    assert passed_on(parent, world.regency, world.province_pic.person, LATEST).answer_by == LATEST


def test_without_time_left_the_sender_is_asked_first(parent: Forwarding, world: World, signed_in_as: SignIn) -> None:
    with freeze_time("2026-04-07T02:00:00Z"):
        page = signed_in_as(world.province_pic).get(f"/forwardings/{parent.id}/pass-on", follow_redirects=True)
        assert "Mintalah" in page.text
        with pytest.raises(service.CannotForward):
            chain.pass_on(parent, asked(world.regency, date(2026, 4, 9)), world.province_pic.person)


def test_before_receipt_is_confirmed_nothing_is_passed_on(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.sent(recipient=world.province)
    assert signed_in_as(world.province_pic).get(f"/forwardings/{forwarding.id}/pass-on").status_code == 409


@freeze_time(FRIDAY)
def test_whoever_had_the_letter_before_does_not_get_it_again(parent: Forwarding, world: World) -> None:
    province, regency = world.province_pic.person, world.regency_pic.person
    child = confirmed(sent(passed_on(parent, world.regency, province), province), regency)
    for office in (world.province, world.regency, world.ksn):
        with pytest.raises(service.CannotForward):
            chain.pass_on(child, asked(office, date(2026, 4, 6)), regency)
    below = passed_on(child, world.unstaffed, regency, date(2026, 4, 6))
    assert (below.parent, below.root_id) == (child, parent.id)


@freeze_time(FRIDAY)
def test_nobody_below_the_body_complained_of_gets_it(parent: Forwarding, world: World) -> None:
    parent.complaint.complained_of_office = world.regency
    with pytest.raises(service.OwnCase):
        chain.pass_on(parent, asked(world.regency), world.province_pic.person)


@freeze_time(FRIDAY)
def test_the_clock_below_runs_to_the_date_named_and_a_later_date_above_moves_nothing(
    parent: Forwarding, world: World
) -> None:
    province = world.province_pic.person
    child = confirmed(sent(passed_on(parent, world.regency, province), province), world.regency_pic.person)
    running = deadlines.find_running(child, *RESPONSE_CLOCKS)
    assert running is not None
    assert (running.due_on, running.is_agreed) == (PROPOSED, True)
    deadlines.end(parent, RESPONSE_CLOCKS)
    deadlines.agree(parent, parent.response_clock, date(2026, 4, 30))
    assert running.due_on == PROPOSED
    assert chain.proposed_date(parent) == date(2026, 4, 28)


@freeze_time(FRIDAY)
def test_the_form_passes_on_once_and_changes_its_draft(parent: Forwarding, world: World, signed_in_as: SignIn) -> None:
    browser, address = signed_in_as(world.province_pic), f"/forwardings/{parent.id}/pass-on"
    form = browser.get(address)
    assert 'value="2026-04-08"' in form.text
    assert form.text.index("(35.01)") < form.text.index("(11.01)")
    sent_in = {
        "request_key": "6a1c1a52-0d68-4f6e-9d9c-2f9d5c2f3a10",
        "recipient": "Inspektorat Kabupaten Probolinggo (35.13)",
        "answer_by": "2026-04-08",
        "response_class": "ordinary",
        "security": "B",
        "urgency": "ordinary",
        "by_email": "y",
    }
    assert browser.post(address, data={**sent_in, "answer_by": "2026-04-10"}).status_code == 422
    first, again = (browser.post(address, data=sent_in) for _ in range(2))
    assert first.location == again.location == f"/forwardings/{parent.id + 1}", first.text
    child = db.session.query(Forwarding).filter_by(parent_id=parent.id).one()
    assert browser.get(f"/forwardings/{child.id}/edit").location == f"/forwardings/{child.id}/passed-on"
    changed = browser.post(f"/forwardings/{child.id}/passed-on", data={**sent_in, "answer_by": "2026-04-07"})
    assert changed.status_code == 302
    db.session.expire_all()
    assert (child.answer_by, child.parent) == (date(2026, 4, 7), parent)
    assert len([one for one in audit.of_stream(parent.stream) if one.kind == Happening.FORWARDED_ON]) == 1


@freeze_time(FRIDAY)
def test_only_the_office_that_got_the_letter_passes_it_on(
    parent: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    reached = {
        name: signed_in_as(account).get(f"/forwardings/{parent.id}/pass-on").status_code
        for name, account in world.accounts.items()
    }
    others = {name: status for name, status in reached.items() if name != "province_pic"}
    assert reached["province_pic"] == 200
    assert set(others.values()) == {403, 404}
