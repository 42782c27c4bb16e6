"""Changing offices, people and terms: what would contradict itself is refused, and nothing is half-done."""

from datetime import date

import pytest
from flask import Flask

from hub.audit import queries as audit
from hub.audit.rules import SYSTEM, person
from hub.directory import queries, service
from hub.directory.models import Appointment, AppointmentRole, Institution, Network, Person
from hub.extensions import db
from tests.world import World


def refusal(action, *arguments: object) -> service.Refused:
    with pytest.raises(service.Refused) as refused:
        action(*arguments)
    db.session.rollback()
    return refused.value


def newcomer(office: Institution, name: str = "Satria Bimantoro") -> Person:
    return service.add_person(
        office, name, "Auditor", f"{name.split(maxsplit=1)[0].lower()}@kantor.example", "", SYSTEM
    )


def serve(office: Institution, who: Person, first: date, last: date | None) -> Appointment:
    return service.appoint(who, office, Network.OMBUDSMAN, AppointmentRole.PIC, "SK", first, last, SYSTEM)


def test_offices_cannot_supervise_each_other(world: World) -> None:
    refused = refusal(service.change_supervisor, queries.by_code("ITJEN"), world.regency, SYSTEM)
    assert refused.field == "supervisor"
    assert refusal(service.change_supervisor, world.province, world.province, SYSTEM).field == "supervisor"
    assert queries.by_code("ITJEN").supervisor is None


def test_a_supervisor_is_changed_and_what_was_stays_readable(world: World) -> None:
    service.change_supervisor(world.regency, queries.by_code("33"), person(world.administrator.person_id))
    service.change_supervisor(world.regency, queries.by_code("33"), SYSTEM)
    service.change_supervisor(world.regency, None, SYSTEM)
    first, second = queries.history(world.regency)[::-1]
    assert first[0].details["changes"] == {"supervisor": ["35", "33"]}
    assert first[1] == world.administrator.person
    assert (second[0].details["changes"], second[1]) == ({"supervisor": ["33", None]}, None)


def test_an_address_has_one_owner(world: World) -> None:
    pic, other = world.regency_pic.person, world.other_pic.person
    assert refusal(service.change_person, pic, {"email": other.email.upper()}, SYSTEM).field == "email"
    assert refusal(service.change_person, pic, {"email": world.province.email}, SYSTEM).field == "email"
    assert refusal(service.change_office, world.province, {"email": pic.email}, SYSTEM).field == "email"
    assert refusal(service.change_office, world.province, {"second_email": world.regency.email}, SYSTEM).field == (
        "second_email"
    )
    assert refusal(newcomer, world.unstaffed, other.email.split("@")[0]).field == "email"
    service.change_office(world.regency, {"email": pic.email}, SYSTEM)
    assert world.regency.email == pic.email


def test_a_person_keeps_a_name_and_what_is_too_long_is_refused(world: World) -> None:
    pic = world.regency_pic.person
    assert refusal(service.change_person, pic, {"name": " "}, SYSTEM).field == "name"
    assert refusal(service.change_person, pic, {"phone": "0" * 41}, SYSTEM).field == "phone"
    assert refusal(service.change_office, world.regency, {"postal_address": "x" * 301}, SYSTEM).field == (
        "postal_address"
    )


def test_what_was_changed_of_a_person_is_kept_with_who_did_it(world: World) -> None:
    pic, by = world.regency_pic.person, person(world.administrator.person_id)
    service.change_person(pic, {"title": "Auditor Madya", "phone": pic.phone}, by)
    service.change_person(pic, {"title": "Auditor Madya"}, by)
    (event,) = audit.of_stream(world.regency.stream)
    assert event.details == {"person": pic.id, "changes": {"title": ["", "Auditor Madya"]}}
    assert event.actor_id == world.administrator.person_id


def test_terms_of_pics_in_one_network_never_share_a_day(world: World) -> None:
    first, second = newcomer(world.regency), newcomer(world.regency, "Larasati Puspaningrum")
    serve(world.regency, first, date(2024, 1, 1), date(2024, 12, 31))
    assert refusal(serve, world.regency, second, date(2024, 12, 31), None).field == "valid_from"


def test_a_term_cannot_be_stretched_into_the_successors(world: World) -> None:
    first, second = newcomer(world.regency), newcomer(world.regency, "Larasati Puspaningrum")
    term = serve(world.regency, first, date(2024, 1, 1), date(2024, 12, 31))
    serve(world.regency, second, date(2025, 1, 1), None)
    db.session.commit()
    refused = refusal(service.end_term, term, date(2025, 1, 1), SYSTEM)
    assert refused.field == "last_day"
    assert "Larasati Puspaningrum" in refused.sentence
    service.end_term(term, date(2024, 11, 30), SYSTEM)
    found = [queries.pic_on(world.regency, Network.OMBUDSMAN, date(2024, month, 15)) for month in (11, 12)]
    assert found == [term, None]


def test_who_was_pic_on_any_day(world: World) -> None:
    first, second = newcomer(world.regency), newcomer(world.regency, "Larasati Puspaningrum")
    old = serve(world.regency, first, date(2024, 1, 1), date(2024, 12, 31))
    new = serve(world.regency, second, date(2025, 1, 1), None)
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2031, 1, 1))
    assert [queries.pic_on(world.regency, Network.OMBUDSMAN, day) for day in days] == [None, old, old, new, new]


def test_a_refused_appointment_leaves_nobody_behind(world: World) -> None:
    who = newcomer(world.regency)
    db.session.commit()
    assert refusal(serve, world.regency, who, date(2026, 2, 2), date(2026, 2, 1)).field == "valid_until"
    assert queries.pic_on(world.regency, Network.OMBUDSMAN, date(2026, 2, 2)) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "35.13"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "a b"}, "code"),
        ({"code": "X" * 17}, "code"),
        ({"kind": "nonsense"}, "kind"),
        ({"name": ""}, "name"),
        ({"region_code": "99.99"}, "region_code"),
        ({"zone": "GMT"}, "zone"),
        ({"email": "35-13@kantor.example"}, "email"),
        ({"website": "http://<b>"}, "website"),
        ({"number_template": "{n}{x}"}, "number_template"),
    ],
)
def test_an_impossible_institution_is_not_opened(world: World, values: dict[str, str], field: str) -> None:
    sound = {"code": "KPK", "kind": "law_enforcer", "name": "Komisi Contoh", "number_template": "B-{n}/{YYYY}"}
    assert refusal(service.open_institution, {**sound, **values}, SYSTEM).field == field
    assert queries.find("KPK") is None
    assert service.open_institution(sound, SYSTEM).head_title == "Kepala Komisi Contoh"


def test_no_code_leads_to_another_page_of_the_directory(world: World, app: Flask) -> None:
    pages = [rule.rule.split("/") for rule in app.url_map.iter_rules() if rule.rule.startswith("/directory/")]
    taken = {parts[2] for parts in pages if not parts[2].startswith("<")}
    assert taken == {"new", "import", "export"}
    for code in taken:
        values = {"code": code.upper(), "kind": "other", "name": "Kantor Contoh"}
        assert refusal(service.open_institution, values, SYSTEM).field == "code"
