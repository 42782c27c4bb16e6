"""Leave: who is away gets no letters meanwhile, and says so with two dates."""

from datetime import timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub import clock
from hub.audit.rules import SYSTEM
from hub.directory import service as directory
from hub.directory.models import Absence, AppointmentRole, Network, Person
from hub.extensions import db

DAY = timedelta(days=1)


def today():
    return clock.today("WIB")


@pytest.fixture
def deputy(world) -> Person:
    somebody = directory.add_person(
        world.regency, "Surya Danendra", "Auditor Ahli Muda", "surya@kantor.example", "", SYSTEM
    )
    directory.appoint(
        somebody, world.regency, Network.KEMENSETNEG, AppointmentRole.DEPUTY, "700/2/SK/2024", today(), None, SYSTEM
    )
    db.session.commit()
    return somebody


def leave(browser, first, last, path="/absence"):
    return browser.post(path, data={"first_day": first.isoformat(), "last_day": last.isoformat()})


def absences() -> list[Absence]:
    db.session.rollback()
    return list(db.session.scalars(select(Absence)))


def recipients(smtp) -> list[str]:
    return [mail.recipients[0] for mail in smtp.received]


def test_a_letter_to_a_pic_on_leave_goes_to_the_deputy(world, deputy, signed_in_as, story, work, smtp):
    pic = signed_in_as(world.regency_pic)
    assert leave(pic, today(), today() + 5 * DAY).status_code == 302
    assert "Surya Danendra" in pic.get("/absence").text
    story.signed()
    work()
    assert recipients(smtp) == ["surya@kantor.example"]


def test_without_a_deputy_it_goes_to_the_office_mailbox_and_the_page_warns_of_that(
    world, signed_in_as, story, work, smtp
):
    pic = signed_in_as(world.regency_pic)
    leave(pic, today(), today() + 5 * DAY)
    page = pic.get("/absence").text
    assert "35-13@kantor.example" in page
    assert "hue-attention" in page
    story.signed()
    work()
    assert recipients(smtp) == ["35-13@kantor.example"]


def test_after_the_leave_letters_come_to_the_pic_again(world, deputy, signed_in_as, story, work, smtp):
    leave(signed_in_as(world.regency_pic), today(), today() + 5 * DAY)
    with freeze_time(clock.now() + 6 * DAY):
        story.signed()
        work()
    assert recipients(smtp) == ["regency.pic@kantor.example"]


def test_back_early_ends_the_leave_yesterday(world, deputy, signed_in_as, story, work, smtp):
    pic = signed_in_as(world.regency_pic)
    leave(pic, today() - 2 * DAY, today() + 5 * DAY)
    [absence] = absences()
    assert pic.post("/absence", data={"end": absence.id}).status_code == 302
    [absence] = absences()
    assert absence.last_day == today() - DAY
    story.signed()
    work()
    assert recipients(smtp) == ["regency.pic@kantor.example"]


@pytest.mark.parametrize("begins_in", [0, 10])
def test_a_leave_that_has_not_taken_a_day_is_cancelled(world, signed_in_as, begins_in):
    pic = signed_in_as(world.regency_pic)
    leave(pic, today() + begins_in * DAY, today() + 15 * DAY)
    pic.post("/absence", data={"end": absences()[0].id})
    assert absences() == []


@pytest.mark.parametrize(("first", "last"), [(3, 1), (0, 500), (4, 6)])
def test_impossible_leave_is_refused_and_what_was_typed_stays(world, signed_in_as, first, last):
    pic = signed_in_as(world.regency_pic)
    leave(pic, today() + 5 * DAY, today() + 9 * DAY)
    answer = leave(pic, today() + first * DAY, today() + last * DAY)
    assert answer.status_code == 422
    assert (today() + first * DAY).isoformat() in answer.text
    assert len(absences()) == 1


def test_a_missing_day_is_asked_for(world, signed_in_as):
    assert signed_in_as(world.regency_pic).post("/absence", data={"first_day": ""}).status_code == 422


def test_nobody_ends_the_leave_of_somebody_else(world, signed_in_as):
    leave(signed_in_as(world.regency_pic), today(), today() + 5 * DAY)
    assert signed_in_as(world.other_pic).post("/absence", data={"end": absences()[0].id}).status_code == 404
    assert len(absences()) == 1


def test_a_deputy_away_leaves_the_letters_with_the_pic(world, deputy, signed_in_as, story, work, smtp):
    administrator = signed_in_as(world.administrator)
    path = f"/directory/35.13/people/{deputy.id}/absence"
    assert "Rina Maheswari" in administrator.get(path).text
    assert leave(administrator, today(), today() + DAY, path).status_code == 302
    story.signed()
    work()
    assert recipients(smtp) == ["regency.pic@kantor.example"]


def test_both_away_means_the_mailbox_and_without_one_the_page_says_that_nobody_stands_in(world, deputy, signed_in_as):
    administrator = signed_in_as(world.administrator)
    for person in (deputy, world.regency_pic.person):
        leave(administrator, today(), today() + DAY, f"/directory/35.13/people/{person.id}/absence")
    path = f"/directory/35.13/people/{world.regency_pic.person_id}/absence"
    assert "35-13@kantor.example" in administrator.get(path).text
    directory.change_office(world.regency, {"email": ""}, SYSTEM)
    page = administrator.get(path).text
    assert "35-13@kantor.example" not in page
    assert "hue-attention" in page


def test_only_administrators_record_somebody_elses_leave(world, signed_in_as):
    path = f"/directory/35.13/people/{world.regency_pic.person_id}/absence"
    assert signed_in_as(world.monitor).get(path).status_code == 403
    assert signed_in_as(world.regency_pic).get(path).status_code == 403
    assert signed_in_as(world.administrator).get(path.replace("35.13", "35.14")).status_code == 404


def test_the_menu_offers_leave_to_those_who_are_appointed(world, signed_in_as):
    assert 'href="/absence"' in signed_in_as(world.regency_pic).get("/").text
    assert 'href="/absence"' not in signed_in_as(world.registrar).get("/").text
    assert signed_in_as(world.registrar).get("/absence").status_code == 403
