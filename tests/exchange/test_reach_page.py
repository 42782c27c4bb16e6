"""The page behind the three buttons: looking changes nothing, each answer says what happens next."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hub import clock
from hub.audit.rules import SYSTEM
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import Appointment, AppointmentRole, FaultKind, Network, ReachAnswer, ReachCheck
from hub.extensions import db
from hub.mail import queries as mail
from hub.mail import service as outbox
from hub.upkeep import reach
from tests.conftest import Client
from tests.story import Story
from tests.world import World

BIMA = {
    "answer": "successor",
    "name": "Bima Anggara",
    "title": "Irban II",
    "email": "Bima.Anggara@kantor.example",
    "phone": "0812-0000-0001",
}


@pytest.fixture
def check(world: World) -> ReachCheck:
    one = db.session.scalars(select(Appointment).where(Appointment.person_id == world.regency_pic.person_id)).one()
    found = reach.ask(one)
    db.session.commit()
    return found


@pytest.fixture
def link(check: ReachCheck) -> str:
    """Path of the link in the mail."""
    return outbox.link_address(mail.of(check.stream)[0]).removeprefix("http://localhost")


def count_of_everything() -> list[int | None]:
    return [db.session.scalar(select(func.count()).select_from(table)) for table in db.metadata.sorted_tables]


def test_looking_changes_nothing_whichever_button_a_scanner_follows(
    client: Client, link: str, check: ReachCheck
) -> None:
    before = count_of_everything()
    pages = [client.get(link + choice).text for choice in ("", "?choice=1", "?choice=2", "?choice=3", "?choice=x")]
    for page in pages:
        for shown in ("Inspektorat Kabupaten Probolinggo", "35.13", "Kemensetneg", "Rina Maheswari"):
            assert shown in page
    assert count_of_everything() == before
    db.session.refresh(check)
    assert check.answer is None


def test_still_the_pic_takes_one_press(client: Client, link: str, check: ReachCheck, world: World) -> None:
    with freeze_time(clock.now() + timedelta(minutes=5)):
        page = client.post(link, data={"answer": "still"})
    assert page.status_code == 200
    assert "WIB" in page.text
    db.session.expire_all()
    assert check.answer is ReachAnswer.STILL
    assert world.regency_pic.person.verified_at is not None
    assert "<form" not in client.get(f"{link}?choice=1").text  # the mail opened again shows the record


def test_a_successor_waits_for_approval_and_the_page_says_so(client: Client, link: str, check: ReachCheck) -> None:
    page = client.post(link, data=BIMA)
    assert page.status_code == 200
    assert "Bima Anggara" in page.text
    db.session.expire_all()
    assert (check.answer, check.successor_email) == (ReachAnswer.SUCCESSOR, "bima.anggara@kantor.example")
    assert check.decided_at is None
    assert check.appointment.valid_until is None


@pytest.mark.parametrize("missing", [{"name": ""}, {"name": "?"}, {"email": ""}, {"email": "bima"}])
def test_a_successor_has_a_name_and_an_address_and_nothing_typed_is_lost(
    client: Client, link: str, check: ReachCheck, missing: dict[str, str]
) -> None:
    page = client.post(link, data={**BIMA, **missing})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert 'value="Irban II"' in page.text
    db.session.expire_all()
    assert check.answer is None


def test_a_wrong_office_is_written_to_no_more(client: Client, link: str) -> None:
    assert client.post(link, data={"answer": "wrong_office"}).status_code == 200
    db.session.expire_all()
    [fault] = directory.open_faults()
    assert (fault.kind, fault.address) == (FaultKind.WRONG_OFFICE, "regency.pic@kantor.example")


def test_a_mistake_is_answered_again(client: Client, link: str, check: ReachCheck) -> None:
    client.post(link, data={"answer": "wrong_office"})
    assert "again=1" in client.get(link).text
    assert "<form" in client.get(f"{link}?again=1").text
    client.post(link, data={"answer": "still"})
    db.session.expire_all()
    assert check.answer is ReachAnswer.STILL
    assert directory.open_faults() == []


def test_after_the_decision_the_page_only_tells(client: Client, link: str, check: ReachCheck) -> None:
    client.post(link, data=BIMA)
    reach.decide(check, SYSTEM, approved=False, note="Belum ada SK.")
    for page in (client.get(f"{link}?again=1"), client.post(link, data={"answer": "still"})):
        assert page.status_code == 200
        assert "<form" not in page.text
    db.session.expire_all()
    assert check.answer is ReachAnswer.SUCCESSOR


def test_an_invented_answer_is_no_answer(client: Client, link: str, check: ReachCheck) -> None:
    for data in ({"answer": "maybe"}, {}):
        assert client.post(link, data=data).status_code == 422
    db.session.expire_all()
    assert check.answer is None


def test_an_old_question_is_closed_by_a_new_one(client: Client, link: str, check: ReachCheck) -> None:
    reach.ask(check.appointment)
    assert client.get(link).status_code == 410
    assert client.post(link, data={"answer": "still"}).status_code == 410


def test_who_has_left_names_no_successor_of_the_successor(client: Client, link: str, world: World) -> None:
    office, today = world.regency, clock.today("WIB")
    [term] = directory.appointments_of(office)
    people.end_term(term, today - timedelta(days=1), SYSTEM)
    assert client.get(link).status_code == 200  # of a vacant office the last PIC may still tell
    newcomer = people.add_person(office, "Wulan Prameswari", "Irban I", "wulan@kantor.example", "", SYSTEM)
    people.appoint(newcomer, office, Network.KEMENSETNEG, AppointmentRole.PIC, "700/9", today, None, SYSTEM)
    assert client.get(link).status_code == 410
    assert client.post(link, data=BIMA).status_code == 410


def test_an_expired_question_says_that_the_next_one_comes(client: Client, link: str, check: ReachCheck) -> None:
    with freeze_time(clock.now() + reach.LINK_LIFE + timedelta(days=1)):
        assert client.get(link).status_code == 410


def test_a_link_opens_only_the_page_it_was_made_for(client: Client, link: str, story: Story) -> None:
    letter = outbox.link_address(mail.of(story.signed().stream)[0]).removeprefix("http://localhost")
    assert client.get(link.replace("/r/", "/a/")).status_code == 404
    assert client.get(letter.replace("/a/", "/r/")).status_code == 404
    assert client.get("/r/1-guess").status_code == 404


def test_no_session_no_protection_token_and_no_form_from_elsewhere(app: Flask, client: Client, link: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = client.get(link)
    assert "Set-Cookie" not in page.headers
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert client.post(link, data={"answer": "still"}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post(link, data={"answer": "still"}).status_code == 200


def test_a_script_as_name_stays_text(client: Client, link: str) -> None:
    page = client.post(link, data={**BIMA, "name": "<script>alert(1)</script> Bima"})
    assert "<script>" not in page.text


def test_the_address_that_was_changed_meanwhile_is_not_judged(client: Client, link: str, world: World) -> None:
    people.change_person(world.regency_pic.person, {"email": "rina.baru@kantor.example"}, SYSTEM)
    client.post(link, data={"answer": "wrong_office"})
    assert directory.open_faults() == []


def test_the_page_needs_few_queries(
    client: Client, link: str, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with count_queries() as statements:
        client.get(link)
    assert len(statements) <= 6, statements
