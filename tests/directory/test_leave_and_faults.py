"""Who gets the mail while somebody is away or an address is dead, and what becomes of a replaced address."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from hub.audit import queries as audit
from hub.audit.rules import SYSTEM, person
from hub.directory import queries, service
from hub.directory.models import AddressChange, AppointmentRole, ContactFault, FaultKind, Network, Person
from hub.extensions import db
from tests.world import World

TODAY = date(2026, 3, 13)
NOW = datetime(2026, 3, 13, 2, tzinfo=UTC)


@pytest.fixture
def deputy(world: World) -> Person:
    somebody = service.add_person(world.regency, "Satria Bimantoro", "Auditor", "satria@kantor.example", "", SYSTEM)
    start = date(2026, 1, 2)
    service.appoint(somebody, world.regency, Network.KEMENSETNEG, AppointmentRole.DEPUTY, "SK 2", start, None, SYSTEM)
    return somebody


def addressees(world: World, day: date = TODAY) -> list[str]:
    found = queries.contacts([world.regency.id], Network.KEMENSETNEG, day)[world.regency.id]
    return [address for _, address in found.addressees]


def dead(world: World, address: str, somebody: Person | None = None, source: str = "email:1") -> ContactFault | None:
    return service.mark_fault(world.regency, somebody, FaultKind.BOUNCED, address, "550 5.1.1", source, NOW)


def test_the_deputy_gets_the_mail_while_the_pic_is_away(world: World, deputy: Person) -> None:
    pic = world.regency_pic.person
    service.plan_absence(pic, date(2026, 3, 13), date(2026, 3, 20), SYSTEM)
    assert addressees(world, date(2026, 3, 12)) == [pic.email]
    assert addressees(world, date(2026, 3, 13)) == [deputy.email]
    assert addressees(world, date(2026, 3, 20)) == [deputy.email]
    assert addressees(world, date(2026, 3, 21)) == [pic.email]


def test_mail_climbs_from_dead_pic_to_deputy_to_mailbox_to_nobody(world: World, deputy: Person) -> None:
    pic = world.regency_pic.person
    dead(world, pic.email, pic, "email:1")
    assert addressees(world) == [deputy.email]
    dead(world, deputy.email, deputy, "email:2")
    assert addressees(world) == [world.regency.email]
    dead(world, world.regency.email, None, "email:3")
    assert addressees(world) == []


def test_when_everybody_else_is_dead_the_one_on_leave_is_still_written_to(world: World) -> None:
    pic = world.regency_pic.person
    service.plan_absence(pic, TODAY, TODAY, SYSTEM)
    dead(world, world.regency.email)
    assert addressees(world) == [pic.email]


def test_a_source_speaks_once(world: World) -> None:
    assert dead(world, world.regency.email) is not None
    assert dead(world, world.regency.email) is None
    assert len(queries.open_faults()) == len(queries.open_faults(world.regency.id)) == 1
    assert queries.open_faults(world.province.id) == []


def test_a_new_address_settles_the_faults_of_the_old_one_and_is_not_verified(world: World) -> None:
    pic = world.regency_pic.person
    service.confirm_address(pic, NOW)
    old = pic.email
    dead(world, old, pic)
    service.change_person(pic, {"email": " Rina@Kantor.EXAMPLE "}, person(world.administrator.person_id))
    assert (pic.email, pic.verified_at) == ("rina@kantor.example", None)
    assert queries.open_faults() == []
    change = db.session.scalars(select(AddressChange)).one()
    assert (change.old_address, change.new_address, change.person_id) == (old, "rina@kantor.example", pic.id)
    assert addressees(world) == ["rina@kantor.example"]


def test_a_dead_address_that_somebody_else_still_uses_stays_dead(world: World) -> None:
    pic = world.regency_pic.person
    service.change_office(world.regency, {"email": pic.email}, SYSTEM)
    dead(world, pic.email)
    service.change_office(world.regency, {"email": "baru@kantor.example"}, SYSTEM)
    assert len(queries.open_faults()) == 1


def test_a_first_address_replaces_nothing(world: World) -> None:
    service.change_office(world.regency, {"second_email": "kedua@kantor.example"}, SYSTEM)
    assert db.session.scalars(select(AddressChange)).all() == []
    service.change_office(world.regency, {"second_email": ""}, SYSTEM)
    (change,) = db.session.scalars(select(AddressChange))
    assert (change.old_address, change.new_address) == ("kedua@kantor.example", "")


def test_a_new_postal_address_settles_what_came_back_by_post(world: World) -> None:
    address = world.regency.postal_address
    service.mark_fault(world.regency, None, FaultKind.RETURNED, address, "pindah", "post:1", NOW)
    service.change_office(world.regency, {"postal_address": "Jalan Kenanga 2"}, SYSTEM)
    assert queries.open_faults() == []


def test_a_used_link_shows_that_an_address_is_read(world: World) -> None:
    pic = world.regency_pic.person
    dead(world, pic.email, pic)
    service.confirm_address(pic, NOW)
    assert pic.verified_at == NOW
    assert queries.open_faults() == []
    service.confirm_address(pic, datetime(2026, 1, 1, tzinfo=UTC))
    assert pic.verified_at == NOW
    kinds = [event.kind for event in audit.of_stream(world.regency.stream)]
    assert kinds == ["contact_found_dead", "contact_mended", "address_confirmed"]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 3, 20), date(2026, 3, 19), "last_day"),
        (date(2026, 3, 20), date(2027, 4, 1), "last_day"),
        (date(2026, 3, 5), date(2026, 3, 10), "first_day"),
        (date(2026, 3, 12), date(2026, 3, 20), "first_day"),
    ],
)
def test_leave_that_makes_no_sense_is_refused(world: World, first: date, last: date, field: str) -> None:
    pic = world.regency_pic.person
    service.plan_absence(pic, date(2026, 3, 10), date(2026, 3, 12), SYSTEM)
    with pytest.raises(service.Refused) as refused:
        service.plan_absence(pic, first, last, SYSTEM)
    assert refused.value.field == field
    assert len(queries.planned_absences(pic, date(2026, 1, 1))) == 1


def test_leave_can_end_early_be_longer_or_be_cancelled(world: World) -> None:
    pic = world.regency_pic.person
    leave = service.plan_absence(pic, TODAY, date(2026, 3, 20), SYSTEM)
    service.plan_absence(pic, date(2026, 3, 25), date(2026, 3, 26), SYSTEM)
    service.end_absence(leave, date(2026, 3, 15), SYSTEM)
    assert queries.absences_of([pic.id], date(2026, 3, 15)) == {pic.id: leave}
    assert queries.absences_of([pic.id], date(2026, 3, 16)) == {}
    with pytest.raises(service.Refused):
        service.end_absence(leave, date(2026, 3, 25), SYSTEM)
    service.end_absence(leave, date(2026, 3, 12), SYSTEM)
    assert [one.first_day.day for one in queries.planned_absences(pic, TODAY)] == [25]
    kinds = [event.kind for event in audit.of_stream(world.regency.stream)]
    assert kinds == ["absence_planned", "absence_planned", "absence_changed", "absence_cancelled"]
