"""The page that says whether mail goes out, comes in, and where it is stuck."""

from datetime import timedelta

import pytest
from freezegun import freeze_time

from hub import clock
from hub.extensions import db
from hub.mail import queries as mail
from hub.mail import service as outbox
from hub.mail.inbox.models import Mailbox
from hub.upkeep import faults

MORNING = "2026-03-13T02:00:00Z"


def test_all_is_well_in_a_sentence(world, signed_in_as):
    assert "Email berangkat dan tiba." in signed_in_as(world.monitor).get("/monitoring/delivery").text


def test_mail_that_should_have_left_is_counted_with_the_servers_words(story, world, signed_in_as):
    with freeze_time(MORNING) as clocks:
        [dispatch] = mail.of(story.signed(by_post=False).stream)
        outbox.postpone(dispatch, "451 4.7.1 try later")
        db.session.commit()
        clocks.tick(timedelta(minutes=11))
        page = signed_in_as(world.monitor).get("/monitoring/delivery").text
    assert "1 email seharusnya sudah berangkat." in page
    assert "451 4.7.1 try later" in page
    assert "kantor.example" in page


def test_a_dead_address_is_listed_for_repair(story, world, signed_in_as):
    forwarding = story.sent(by_post=False)
    [dispatch] = mail.of(forwarding.stream)
    outbox.bounce(dispatch, "550 5.1.1 User unknown", True, clock.now())
    faults.notice()
    page = signed_in_as(world.monitor).get("/monitoring/delivery").text
    assert "regency.pic@kantor.example" in page
    assert "550 5.1.1 User unknown" in page
    assert f"/forwardings/{forwarding.id}" in page


def test_letters_taken_long_ago_and_confirmed_by_nobody_are_listed(world, story, signed_in_as):
    with freeze_time(MORNING):
        forwarding = story.sent()
    with freeze_time("2026-04-06T02:00:00Z"):
        page = signed_in_as(world.monitor).get("/monitoring/delivery").text
    assert forwarding.letter.number in page


def test_a_mailbox_that_cannot_be_read_is_told(world, signed_in_as):
    db.session.add(Mailbox(name="balas@imap.example/INBOX", last_uid=0, tried_at=clock.now(), error="sandi ditolak"))
    db.session.commit()
    page = signed_in_as(world.administrator).get("/monitoring/delivery").text
    assert "sandi ditolak" in page


def test_an_administrator_sees_no_letter(world, story, signed_in_as):
    with freeze_time(MORNING):
        forwarding = story.sent()
    with freeze_time("2026-04-06T02:00:00Z"):
        page = signed_in_as(world.administrator).get("/monitoring/delivery").text
    assert forwarding.letter.number not in page


def test_it_is_not_for_recipients(world, signed_in_as):
    assert signed_in_as(world.regency_pic).get("/monitoring/delivery").status_code == 403


@pytest.mark.parametrize("who", ["monitor", "administrator"])
def test_it_costs_the_same_however_much_there_is(who, story, world, signed_in_as, count_queries):
    browser = signed_in_as(getattr(world, who))
    story.sent()
    with count_queries() as few:
        browser.get("/monitoring/delivery")
    for forwarding in [story.sent() for _ in range(3)]:
        [dispatch] = mail.of(forwarding.stream)
        outbox.bounce(dispatch, "550 5.1.1 User unknown", True, clock.now())
        faults.notice()
    with count_queries() as many:
        browser.get("/monitoring/delivery")
    assert len(many) == len(few) <= 20
