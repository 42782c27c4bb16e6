"""The guided page: decide, check what will happen, hand over. Nothing typed is lost, nothing secret is shown."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from hub import clock
from hub.accounts.models import Account
from hub.directory.models import ReachAnswer, ReachCheck
from hub.extensions import db
from hub.files.models import StoredFile
from hub.mail.models import EmailPurpose
from tests.conftest import Client
from tests.story import Story
from tests.upkeep.office import DEPUTY, LEAVING, NEWCOMER, Office, links_of, mails_to
from tests.world import World

PAGE = "/directory/35.13/handover/kemensetneg"


@pytest.fixture
def browser(world: World, signed_in_as: Callable[[Account], Client]) -> Client:
    return signed_in_as(world.administrator)


def decided(office: Office, **changes: Any) -> dict[str, Any]:
    present = office.present()
    typed = {
        "seen": str(present.id) if present else "",
        "successor": "new",
        "name": "Wulan Prameswari",
        "title": "Inspektur Pembantu II",
        "email": NEWCOMER,
        "phone": "0812-0000-7777",
        "valid_from": office.today.isoformat(),
        "valid_until": "",
        "decree_number": "700/9/SK/2026",
        "step": "check",
    }
    return typed | changes


def hidden(page: str) -> dict[str, str]:
    """What the second step sends on."""
    pairs = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page)
    return {name: value for name, value in pairs if name not in ("csrf_token", "next")}


def scan(name: str = "sk.pdf") -> tuple[BytesIO, str]:
    return BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"), name


def test_the_check_tells_in_sentences_and_changes_nothing(story: Story, office: Office, browser: Client) -> None:
    letters = [story.sent(), story.acknowledged()]
    page = browser.post(PAGE, data=decided(office))
    assert page.status_code == 200
    assert all(str(one.letter.number) in page.text for one in letters)
    assert "Jalan berlubang" not in page.text
    assert [one.link_state.value for one in links_of(letters[0], LEAVING)] == ["good"]
    assert mails_to(NEWCOMER) == []


@pytest.mark.parametrize("first_day", ["0001-01-01", "1999-12-31"])
def test_a_first_day_of_another_century_is_a_slip_of_the_pen(office: Office, browser: Client, first_day: str) -> None:
    page = browser.post(PAGE, data=decided(office, valid_from=first_day, step="hand_over"))
    assert page.status_code == 422
    assert "Wulan Prameswari" in page.text


@pytest.mark.parametrize("key", ["0", "-1", "99999999999999999999"])
def test_a_mangled_proposal_is_none(office: Office, browser: Client, key: str) -> None:
    assert browser.get(f"{PAGE}?proposal={key}").status_code == 200


def test_the_second_step_hands_over(story: Story, office: Office, browser: Client) -> None:
    sent = story.sent()
    checked = browser.post(PAGE, data=decided(office))
    done = browser.post(PAGE, data=hidden(checked.text) | {"step": "hand_over"}, follow_redirects=True)
    assert done.status_code == 200
    assert "Wulan Prameswari" in done.text
    present = office.present()
    assert present is not None
    assert present.person.email == NEWCOMER
    assert links_of(sent, NEWCOMER)[0].link_state.value == "good"


def test_the_deputy_is_chosen_from_the_people_of_the_office(office: Office, browser: Client) -> None:
    deputy = office.deputy()
    assert "Bayu Laksmana, Auditor" in browser.get(PAGE).text
    checked = browser.post(PAGE, data=decided(office, successor=str(deputy.id), name="", title="", email="", phone=""))
    browser.post(PAGE, data=hidden(checked.text) | {"step": "hand_over"})
    present = office.present()
    assert present is not None
    assert present.person.email == DEPUTY


def test_the_one_who_leaves_cannot_be_chosen(office: Office, browser: Client, world: World) -> None:
    answer = browser.post(PAGE, data=decided(office, successor=str(world.regency_pic.person_id)))
    assert answer.status_code == 422


def test_a_mistake_keeps_what_was_typed_and_the_scan(office: Office, browser: Client) -> None:
    refused = browser.post(
        PAGE, data=decided(office, valid_from="2023-01-02", email="province.pic@kantor.example", decree_file=scan())
    )
    assert refused.status_code == 422
    assert 'value="Wulan Prameswari"' in refused.text
    assert "sk.pdf" in refused.text
    checked = browser.post(PAGE, data=decided(office))
    assert "sk.pdf" in checked.text
    browser.post(PAGE, data=hidden(checked.text) | {"step": "hand_over"})
    present = office.present()
    assert present is not None
    assert present.decree_file is not None
    assert present.decree_file.name == "sk.pdf"


def test_a_scan_that_cannot_be_taken_is_told_beside_its_field(office: Office, browser: Client) -> None:
    refused = browser.post(PAGE, data=decided(office, decree_file=(BytesIO(b"#!/bin/sh\n"), "sk.pdf")))
    assert refused.status_code == 422
    assert 'id="decree_file-errors"' in refused.text
    assert db.session.query(StoredFile).filter_by(name="sk.pdf").count() == 0


def test_a_scan_of_an_earlier_visit_is_forgotten(office: Office, browser: Client) -> None:
    browser.post(PAGE, data=decided(office, decree_file=scan()))
    browser.get(PAGE)
    assert "sk.pdf" not in browser.post(PAGE, data=decided(office)).text


def test_one_may_go_back_from_the_check_and_find_everything(office: Office, browser: Client) -> None:
    checked = browser.post(PAGE, data=decided(office, decree_file=scan()))
    back = browser.post(PAGE, data=hidden(checked.text) | {"step": "edit"})
    assert back.status_code == 200
    assert 'value="Wulan Prameswari"' in back.text
    assert "sk.pdf" in back.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": "2023-01-02"}, "valid_from"),
        ({"valid_until": "2023-01-02"}, "valid_until"),
        ({"email": "province.pic@kantor.example"}, "email"),
        ({"email": "bukan alamat"}, "email"),
        ({"name": ""}, "name"),
        ({"decree_number": ""}, "decree_number"),
        ({"seen": "999"}, "successor"),
        ({"seen": "x"}, "successor"),
        ({"successor": "12345"}, "successor"),
        ({"valid_from": "besok"}, "valid_from"),
    ],
)
def test_each_mistake_is_told_beside_its_field(
    office: Office, browser: Client, changes: dict[str, str], field: str
) -> None:
    for step in ("check", "hand_over"):
        answer = browser.post(PAGE, data=decided(office, step=step) | changes)
        assert answer.status_code == 422
        assert f'id="{field}-errors"' in answer.text
    present = office.present()
    assert present is not None
    assert (present.person.email, present.valid_until) == (LEAVING, None)


def test_a_later_first_day_says_that_it_happens_by_itself(story: Story, office: Office, browser: Client) -> None:
    story.sent()
    later = (office.today + timedelta(days=30)).isoformat()
    checked = browser.post(PAGE, data=decided(office, valid_from=later))
    assert "Serahkan sekarang" not in checked.text
    browser.post(PAGE, data=hidden(checked.text) | {"step": "hand_over"})
    present = office.present()
    assert present is not None
    assert present.person.email == LEAVING
    assert mails_to(NEWCOMER) == []


def test_a_vacant_office_gets_its_first_pic_by_the_same_page(office: Office, browser: Client) -> None:
    office.end_term()
    checked = browser.post(PAGE, data=decided(office, successor="new"))
    browser.post(PAGE, data=hidden(checked.text) | {"step": "hand_over"})
    present = office.present()
    assert present is not None
    assert present.person.email == NEWCOMER
    assert len(mails_to(NEWCOMER, purpose=EmailPurpose.INVITATION)) == 1


def proposal(office: Office, world: World) -> ReachCheck:
    present = office.present()
    check = ReachCheck(
        appointment=present,
        asked_on=office.today,
        answer=ReachAnswer.SUCCESSOR,
        answered_at=clock.now(),
        successor_name="Wulan Prameswari",
        successor_title="Inspektur Pembantu II",
        successor_email=NEWCOMER,
        successor_phone="0812-0000-7777",
    )
    db.session.add(check)
    db.session.commit()
    return check


def test_a_named_successor_is_filled_in_and_decided_with_the_handover(
    office: Office, browser: Client, world: World
) -> None:
    check = proposal(office, world)
    address = f"{PAGE}?proposal={check.id}"
    assert f'value="{NEWCOMER}"' in browser.get(address).text
    checked = browser.post(address, data=decided(office))
    db.session.refresh(check)
    assert check.decided_at is None
    browser.post(address, data=hidden(checked.text) | {"step": "hand_over"})
    db.session.refresh(check)
    assert check.decided_at is not None


def test_a_proposal_for_another_office_fills_in_nothing(office: Office, browser: Client, world: World) -> None:
    check = proposal(office, world)
    assert NEWCOMER not in browser.get(f"/directory/35.14/handover/kemensetneg?proposal={check.id}").text


def test_only_an_administrator_hands_over_and_only_where_there_is_something(
    world: World, signed_in_as: Callable[[Account], Client], browser: Client
) -> None:
    for account in (world.monitor, world.registrar, world.regency_pic):
        assert signed_in_as(account).get(PAGE).status_code == 403
    assert browser.get("/directory/35.13/handover/elsewhere").status_code == 404
    assert browser.get("/directory/99.99/handover/kemensetneg").status_code == 404


def test_the_page_costs_the_same_however_many_letters_wait(
    story: Story, office: Office, browser: Client, count_queries: Callable[[], Any]
) -> None:
    def cost() -> int:
        with count_queries() as statements:
            browser.post(PAGE, data=decided(office))
        return len(statements)

    story.sent()
    few = cost()
    for _ in range(3):
        story.sent()
    assert cost() == few
