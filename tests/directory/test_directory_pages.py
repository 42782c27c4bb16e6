"""The directory on screen: finding an office, and keeping its people up to date."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from hub import clock
from hub.audit import queries as audit
from hub.directory import queries
from hub.directory.models import Appointment, Network, Person
from hub.extensions import db
from tests.world import World

TODAY = date(2026, 3, 13)
NEW_PIC = {
    "name": "Satria Bimantoro",
    "title": "Inspektur Pembantu I",
    "email": "Satria@Pasuruan.example",
    "phone": "0812",
    "network": "kemensetneg",
    "role": "pic",
    "decree_number": "700/12/SK/2026",
    "valid_from": "2026-03-01",
}


@pytest.fixture
def administrator(signed_in_as, world: World):
    world.administrator.locale = "en"
    db.session.commit()
    return signed_in_as(world.administrator)


def appointed() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Appointment)) or 0


def test_a_stranger_is_led_to_sign_in(client) -> None:
    response = client.get("/directory/35.13")
    assert response.location == "/sign-in?next=/directory/35.13"


def test_a_search_shows_both_offices_of_a_shared_name(signed_in_as, world: World) -> None:
    page = signed_in_as(world.regency_pic).get("/directory?q=probolinggo").text
    assert "Inspektorat Kabupaten Probolinggo" in page
    assert "Inspektorat Kota Probolinggo" in page
    assert "Surabaya" not in page


def test_the_whole_directory_can_be_paged_through(signed_in_as, world: World) -> None:
    browser, seen, after = signed_in_as(world.regency_pic), [], ""
    while after is not None:
        listing = queries.listing("", after)
        assert browser.get("/directory", query_string={"after": after}).status_code == 200
        seen += [one.code for one in listing.items]
        after = listing.next
    assert len(seen) == len(set(seen)) == 583


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "%", "'; DROP TABLE institutions; --", "x" * 5000])
def test_nasty_searches_find_nothing_and_harm_nothing(signed_in_as, world: World, query: str) -> None:
    page = signed_in_as(world.regency_pic).get("/directory", query_string={"q": query})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_pages_of_the_directory_ask_the_database_little(signed_in_as, world: World, count_queries) -> None:
    browser = signed_in_as(world.administrator)
    for address in ("/directory", "/directory/35.13"):
        with count_queries() as statements:
            browser.get(address)
        assert len(statements) <= 6, statements


def test_an_office_shows_its_superiors_and_its_pic(signed_in_as, world: World) -> None:
    page = signed_in_as(world.other_pic).get("/directory/35.13").text
    for shown in ("Bupati Probolinggo", "Inspektorat Provinsi Jawa Timur", "WIB", "Rina Maheswari"):
        assert shown in page
    assert 'method="post" action="/directory' not in page


def test_an_unknown_office_is_not_found(signed_in_as, world: World) -> None:
    assert signed_in_as(world.other_pic).get("/directory/99.99").status_code == 404


@pytest.mark.parametrize("action", ["people", "office", "appointments/1/end"])
def test_only_administrators_change_the_directory(signed_in_as, world: World, action: str) -> None:
    assert signed_in_as(world.monitor).post(f"/directory/35.14/{action}", data=NEW_PIC).status_code == 403


def test_a_new_pic_gets_the_letters_and_leaves_a_trace(administrator, world: World) -> None:
    assert administrator.post("/directory/35.14/people", data=NEW_PIC).status_code == 302
    db.session.rollback()
    found = queries.contacts([world.unstaffed.id], Network.KEMENSETNEG, TODAY)[world.unstaffed.id]
    assert found.addressees == (("Satria Bimantoro", "satria@pasuruan.example"),)
    events = audit.of_stream("institution:35.14")
    assert [event.kind for event in events] == ["person_added", "appointed"]
    assert all(event.actor_id == world.administrator.person_id for event in events)
    assert "Satria" not in str([event.details for event in events])


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"valid_until": "2026-02-01"}, "before it begins"),
        ({"email": "regency.pic@kantor.example"}, "somebody else"),
        ({"email": "no address"}, "no email address"),
        ({"name": ""}, "required"),
        ({"valid_from": "kemarin"}, "Choose the first day"),
        ({"network": "lapor"}, "valid choice"),
        ({"role": "administrator"}, "valid choice"),
    ],
)
def test_an_impossible_appointment_is_refused_and_nothing_typed_is_lost(
    administrator, world: World, changes: dict[str, str], hint: str
) -> None:
    before = appointed()
    response = administrator.post("/directory/35.14/people", data={**NEW_PIC, **changes})
    assert response.status_code == 422
    assert hint in response.text
    assert "700/12/SK/2026" in response.text
    assert appointed() == before
    assert db.session.scalar(select(Person).where(Person.name == NEW_PIC["name"])) is None


def test_a_second_pic_in_the_same_network_and_time_is_refused(administrator, world: World) -> None:
    response = administrator.post("/directory/35.13/people", data=NEW_PIC)
    assert response.status_code == 422
    assert "Rina Maheswari" in response.text


@pytest.mark.parametrize("changes", [{"network": "ombudsman"}, {"role": "deputy"}])
def test_another_network_or_a_deputy_does_not_collide(administrator, world: World, changes: dict[str, str]) -> None:
    assert administrator.post("/directory/35.13/people", data={**NEW_PIC, **changes}).status_code == 302


def test_the_same_person_may_serve_both_networks(administrator, world: World) -> None:
    administrator.post("/directory/35.14/people", data=NEW_PIC)
    assert administrator.post("/directory/35.14/people", data={**NEW_PIC, "network": "ombudsman"}).status_code == 302
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.name == NEW_PIC["name"])) == 1


def test_a_successor_follows_when_the_term_has_ended(administrator, world: World) -> None:
    (term,) = queries.appointments_of(world.regency)
    ended = administrator.post(f"/directory/35.13/appointments/{term.id}/end", data={"last_day": "2026-02-28"})
    assert ended.status_code == 302
    assert administrator.post("/directory/35.13/people", data=NEW_PIC).status_code == 302
    db.session.rollback()
    now = queries.contacts([world.regency.id], Network.KEMENSETNEG, TODAY)[world.regency.id]
    assert now.pic is not None
    assert now.pic.name == "Satria Bimantoro"


def test_a_term_cannot_end_before_it_began(administrator, world: World) -> None:
    (term,) = queries.appointments_of(world.regency)
    response = administrator.post(f"/directory/35.13/appointments/{term.id}/end", data={"last_day": "2020-01-01"})
    assert response.status_code == 422
    db.session.rollback()
    assert queries.appointments_of(world.regency)[0].valid_until is None


def test_a_term_is_not_ended_through_another_office(administrator, world: World) -> None:
    (term,) = queries.appointments_of(world.regency)
    response = administrator.post(f"/directory/35.14/appointments/{term.id}/end", data={"last_day": "2026-02-28"})
    assert response.status_code == 404


def test_a_term_that_begins_tomorrow_is_shown_as_not_begun(administrator, world: World) -> None:
    today = clock.today("WIB")
    administrator.post("/directory/35.14/people", data={**NEW_PIC, "valid_from": today + timedelta(days=1)})
    page = administrator.get("/directory/35.14").text
    assert "Satria Bimantoro" in page
    assert "not begun" in page
    assert queries.contacts([world.unstaffed.id], Network.KEMENSETNEG, today)[world.unstaffed.id].pic is None


def test_a_changed_office_keeps_what_it_was(administrator, world: World) -> None:
    office = {
        "email": "surat@pasuruan.example",
        "phone": "0343",
        "postal_address": "Jalan Hayam Wuruk 1",
        "seat": "Bangil",
    }
    assert administrator.post("/directory/35.14/office", data=office).status_code == 302
    assert administrator.post("/directory/35.14/office", data=office).status_code == 302
    db.session.rollback()
    assert queries.by_code("35.14").seat == "Bangil"
    (event,) = audit.of_stream("institution:35.14")
    assert event.details["changes"]["seat"] == ["Pasuruan", "Bangil"]


def test_a_mailbox_that_mail_servers_refuse_is_refused(administrator, world: World) -> None:
    page = administrator.post("/directory/35.13/office", data={"email": "pengaduán@kantor.example", "seat": "Kraksaan"})
    assert page.status_code == 422


def test_a_wrong_mailbox_is_refused_with_the_form_kept(administrator, world: World) -> None:
    office = {"email": "bukan alamat", "phone": "0343", "postal_address": "Jalan Hayam Wuruk 1", "seat": "Bangil"}
    response = administrator.post("/directory/35.14/office", data=office)
    assert response.status_code == 422
    assert "Bangil" in response.text
