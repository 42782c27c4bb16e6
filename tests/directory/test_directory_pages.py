"""The directory on screen: finding an office, and keeping its people up to date."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from hub import clock
from hub.audit import queries as audit
from hub.audit.rules import SYSTEM
from hub.directory import queries, service
from hub.directory.models import Appointment, AppointmentRole, FaultKind, Network, Person
from hub.extensions import db
from tests.world import World

TODAY = date(2026, 3, 13)
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
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
OFFICE = {
    "name": "Inspektorat Kabupaten Pasuruan",
    "region_code": "Kabupaten Pasuruan (35.14)",
    "supervisor": "Inspektorat Provinsi Jawa Timur (35)",
    "line_addressee": "Bupati Pasuruan",
    "head_title": "Inspektur Kabupaten Pasuruan",
    "seat": "Bangil",
    "zone": "WIB",
    "email": "surat@pasuruan.example",
    "phone": "0343",
    "postal_address": "Jalan Hayam Wuruk 1",
    "number_template": "700/{n}/Inspektorat/{YYYY}",
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


def test_an_office_shows_its_superiors_and_its_pic(signed_in_as, world: World) -> None:
    page = signed_in_as(world.other_pic).get("/directory/35.13").text
    for shown in ("Bupati Probolinggo", "Inspektorat Provinsi Jawa Timur", "WIB", "Rina Maheswari"):
        assert shown in page
    assert 'method="post" action="/directory' not in page


def test_an_unknown_office_is_not_found(signed_in_as, world: World) -> None:
    assert signed_in_as(world.other_pic).get("/directory/99.99").status_code == 404


@pytest.mark.parametrize("action", ["people", "edit", "coverage", "people/1", "appointments/1/end"])
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


@pytest.mark.parametrize("changes", [{"name": ""}, {"email": "regency.pic@kantor.example"}])
def test_a_scan_is_chosen_once_even_when_something_else_must_be_mended(
    administrator, world: World, changes: dict[str, str]
) -> None:
    scan = (BytesIO(PDF), "sk.pdf")
    refused = administrator.post("/directory/35.14/people", data={**NEW_PIC, **changes, "decree": scan})
    assert refused.status_code == 422
    assert "“sk.pdf” is kept." in refused.text
    assert administrator.post("/directory/35.14/people", data=NEW_PIC).status_code == 302
    (term,) = queries.appointments_of(world.unstaffed)
    assert term.decree_file is not None
    assert term.decree_file.name == "sk.pdf"


def test_who_was_just_appointed_can_be_invited_at_once(administrator, world: World) -> None:
    administrator.post("/directory/35.14/people", data=NEW_PIC)
    page = administrator.get("/directory/35.14").text
    assert page.index("Invite</button>") < page.index("<summary>Manage</summary>")


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
    assert administrator.post("/directory/35.14/edit", data=OFFICE).status_code == 302
    assert administrator.post("/directory/35.14/edit", data=OFFICE).status_code == 302
    db.session.rollback()
    assert queries.by_code("35.14").seat == "Bangil"
    (event,) = audit.of_stream("institution:35.14")
    assert event.details["changes"]["seat"] == ["Pasuruan", "Bangil"]
    page = administrator.get("/directory/35.14").text
    assert "Seat: Pasuruan → Bangil" in page
    assert "Teguh Adiwarna" in page


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"email": "bukan alamat"}, "no email address"),
        ({"email": "pengaduán@kantor.example"}, "no email address"),
        ({"email": "regency.pic@kantor.example"}, "somebody at Inspektorat Kabupaten Probolinggo"),
        ({"second_email": "35-13@kantor.example"}, "mailbox of Inspektorat Kabupaten Probolinggo"),
        ({"supervisor": "Inspektorat Kabupaten Pasuruan (35.14)"}, "Choose an office above both"),
        ({"supervisor": "Inspektorat Kota Probolinggo (35.13)"}, "belongs to"),
        ({"supervisor": "Probolinggo"}, "Pick one office from the list"),
        ({"region_code": "Probolinggo"}, "can mean"),
        ({"region_code": "Atlantis"}, "not a region"),
        ({"number_template": "700/Inspektorat/{YYYY}"}, "Write {n} where"),
        ({"number_template": "{n}/{nama}"}, "Write {n} where"),
        ({"website": "javascript:alert(1)"}, "no web address"),
        ({"letterhead": "a\nb\nc\nd"}, "at most three lines"),
        ({"seat": ""}, "required"),
        ({"name": "x" * 301}, "longer than"),
    ],
)
def test_an_impossible_office_is_refused_and_nothing_typed_is_lost(
    administrator, world: World, changes: dict[str, str], hint: str
) -> None:
    response = administrator.post("/directory/35.14/edit", data={**OFFICE, **changes})
    assert response.status_code == 422
    assert hint in response.text
    assert "Jalan Hayam Wuruk 1" in response.text
    db.session.rollback()
    assert queries.by_code("35.14").seat == "Pasuruan"
    assert audit.of_stream("institution:35.14") == []


def test_a_new_institution_needs_little_and_gets_the_rest(administrator, world: World) -> None:
    sent = {"code": "35.13.DPU", "kind": "regional_office", "name": "Dinas Pekerjaan Umum Kabupaten Probolinggo"}
    sent["region_code"] = "Kabupaten Probolinggo (35.13)"
    sent["supervisor"] = "35.13"
    assert administrator.post("/directory/new", data=sent).location == "/directory/35.13.DPU"
    db.session.rollback()
    office = queries.by_code("35.13.DPU")
    assert (office.seat, office.zone, office.number_template) == ("Probolinggo", "WIB", "{n}/35.13.DPU/{MM}/{YYYY}")
    assert office.supervisor == queries.by_code("35.13")
    again = administrator.post("/directory/new", data=sent)
    assert again.status_code == 422
    assert "35.13.DPU is already Dinas Pekerjaan Umum" in again.text
    assert administrator.post("/directory/new", data={**sent, "code": "a/b"}).status_code == 422


def test_a_person_is_changed_and_the_old_values_stay_readable(administrator, world: World) -> None:
    somebody = world.regency_pic.person
    address = f"/directory/35.13/people/{somebody.id}"
    data = {"name": "Rina Maheswari", "title": "Auditor Madya", "email": "rina@kantor.example", "phone": "0812"}
    assert administrator.post(address, data=data).status_code == 302
    page = administrator.get("/directory/35.13").text
    assert "regency.pic@kantor.example → rina@kantor.example" in page
    taken = administrator.post(address, data={**data, "email": "other.pic@kantor.example"})
    assert taken.status_code == 422
    assert "somebody else" in taken.text
    assert administrator.get(f"/directory/35.14/people/{somebody.id}").status_code == 404


def test_the_scan_of_a_decree_is_for_those_who_write_the_letters(administrator, signed_in_as, world: World) -> None:
    scan = (BytesIO(PDF), "SK penunjukan.pdf")
    assert administrator.post("/directory/35.14/people", data={**NEW_PIC, "decree": scan}).status_code == 302
    (term,) = queries.appointments_of(world.unstaffed)
    address = f"/directory/35.14/appointments/{term.id}/decree"
    assert "SK penunjukan.pdf" in signed_in_as(world.monitor).get(address).headers["Content-Disposition"]
    assert signed_in_as(world.other_pic).get(address).status_code == 403
    assert address in administrator.get("/directory/35.14").text
    assert address not in signed_in_as(world.other_pic).get("/directory/35.14").text


def test_a_scan_of_another_kind_is_refused(administrator, world: World) -> None:
    scan = (BytesIO(b"MZ"), "SK.exe")
    response = administrator.post("/directory/35.14/people", data={**NEW_PIC, "decree": scan})
    assert response.status_code == 422
    assert "Please save it as PDF" in response.text
    assert appointed() == 3


def test_who_was_pic_on_a_day_stays_readable(administrator, world: World) -> None:
    (term,) = queries.appointments_of(world.regency)
    administrator.post(f"/directory/35.13/appointments/{term.id}/end", data={"last_day": "2026-02-28"})
    administrator.post("/directory/35.13/people", data=NEW_PIC)
    for day, name in (("2026-02-28", "Rina Maheswari"), ("2026-03-01", "Satria Bimantoro"), ("2023-01-01", "nobody")):
        page = administrator.get(f"/directory/35.13?on={day}").text
        answer = page[page.index('class="overline">', page.index('id="on"')) :].split("</dl>")[0]
        assert name in answer, day
    assert administrator.get("/directory/35.13?on=kemarin").status_code == 200


def test_what_came_back_is_shown_with_what_helps(administrator, signed_in_as, world: World) -> None:
    somebody = world.regency_pic.person
    service.change_office(world.regency, {"whatsapp": "0812-3456-7890"}, SYSTEM)
    words = "550 5.1.1 <script>mailbox unavailable</script>"
    found = service.mark_fault(
        world.regency, somebody, FaultKind.BOUNCED, somebody.email, words, "email:1", clock.now()
    )
    assert found is not None
    page = administrator.get("/directory/35.13").text
    for shown in ("550 5.1.1 &lt;script&gt;", f"people/{somebody.id}", "https://wa.me/6281234567890?text=Selamat"):
        assert shown in page
    assert "the office mailbox (the address of the PIC is dead)" in page
    assert "550 5.1.1" in signed_in_as(world.monitor).get("/directory/35.13").text
    assert "550 5.1.1" not in signed_in_as(world.other_pic).get("/directory/35.13").text


def test_the_history_is_for_staff_and_for_the_office_itself(administrator, signed_in_as, world: World) -> None:
    administrator.post("/directory/35.14/edit", data=OFFICE)
    assert 'id="history"' in signed_in_as(world.monitor).get("/directory/35.14").text
    assert 'id="history"' not in signed_in_as(world.other_pic).get("/directory/35.14").text


@pytest.mark.parametrize(
    ("asked", "found", "left_out"),
    [
        ("missing=pic_kemensetneg&province=35", "35.14", "35.13"),
        ("missing=pic_ombudsman&province=35&q=probolinggo", "35.13", "35.14"),
        ("kind=inspectorate_city&province=35", "35.74", "35.13"),
        ("under=35&q=pasuruan", "35.14", "33.74"),
        ("missing=mailbox", "", "35.13"),
        ("kind=nonsense&province=%25&missing=x", "", "35.13"),
    ],
)
def test_the_list_can_be_narrowed(signed_in_as, world: World, asked: str, found: str, left_out: str) -> None:
    page = signed_in_as(world.monitor).get(f"/directory?{asked}").text
    assert not found or f'href="/directory/{found}"' in page
    assert f'href="/directory/{left_out}"' not in page


def test_pages_cost_the_same_with_few_and_with_many_rows(administrator, world: World, count_queries) -> None:
    def cost(address: str) -> int:
        with count_queries() as statements:
            assert administrator.get(address).status_code == 200
        return len(statements)

    addresses = (
        "/directory?q=35.13",
        "/directory",
        "/directory/35.13",
        "/directory/ORI-15",
        "/directory/ORI-15/coverage",
    )
    few = [cost(address) for address in addresses]
    for number in range(20):
        first = date(2000 + number, 1, 1)
        person = service.add_person(
            world.regency, f"Orang {number}", "Auditor", f"o{number}@kantor.example", "", SYSTEM
        )
        end = first + timedelta(days=300)
        service.appoint(person, world.regency, Network.OMBUDSMAN, AppointmentRole.PIC, "SK", first, end, SYSTEM)
        service.mark_fault(world.regency, person, FaultKind.BOUNCED, person.email, "", f"email:{number}", clock.now())
    service.cover(world.ombudsman, [region.code for region in queries.regions() if region.parent_code], SYSTEM)
    many = [cost(address) for address in addresses]
    assert few == many
    assert few[0] == few[1]
    assert max(many) <= 16, many
