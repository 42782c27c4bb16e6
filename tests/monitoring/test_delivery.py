"""The page that says whether mail goes out, comes in, and where it is stuck."""

import re
from datetime import timedelta
from itertools import count

import pytest
from freezegun import freeze_time

from hub import clock
from hub.directory.models import Network
from hub.extensions import db
from hub.mail import queries as mail
from hub.mail import service as outbox
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import ArrivedBy, Mailbox
from hub.mail.reading.classify import MailKind
from hub.silence.models import Heartbeat
from hub.upkeep import faults

MORNING = "2026-03-13T02:00:00Z"
WELL = "Mail leaves and arrives."
STUCK = "1 mail should have left by now."
IDLE = "The worker of the hub gives no sign of life."
DEAF = "Mail leaves, but what comes in is not read."
TROUBLED = "Mail leaves; some of it does not arrive."
NUMBERS = count()


@pytest.fixture
def look(world, signed_in_as):
    """The page as the monitor reads it, or `who`, in English."""

    def page(who="monitor"):
        account = getattr(world, who)
        account.locale = "en"
        return signed_in_as(account).get("/monitoring/delivery").text

    return page


@pytest.fixture
def running(world):
    """The worker went round a minute ago."""
    db.session.add(Heartbeat(name="sweep", at=ago(1)))


def ago(minutes):
    return clock.now() - timedelta(minutes=minutes)


def headline(page):
    [found] = re.findall(r"<h1>\s*(.*?)\s*</h1>", page, re.DOTALL)
    return found


def visited(minutes, **others):
    """The mailbox was visited so many minutes ago."""
    box = Mailbox(name="balas@imap.example/INBOX", visited_at=ago(minutes), tried_at=ago(minutes), **others)
    db.session.add(box)
    return box


def came(minutes=1, kind=None, network=None, by=ArrivedBy.PIPE):
    """A mail that came in so many minutes ago; one without a `kind` is not read yet."""
    found = inbox.keep(f"Subject: {next(NUMBERS)}\n\n".encode(), by)
    found.arrived_at, found.kind, found.network = ago(minutes), kind, network
    found.read_at = found.noticed_at = clock.now() if kind else None
    return found


def counts(page):
    """What the page says came in, by the word for its kind."""
    card = page.partition('id="arrivals"')[2].partition("</section>")[0]
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", card, re.DOTALL)
    return {re.sub(r"<[^>]+>", "", word).strip(): int(number) for word, number in rows}


def test_all_is_well_in_a_sentence(running, world, signed_in_as):
    assert "Email berangkat dan tiba." in signed_in_as(world.monitor).get("/monitoring/delivery").text


def test_all_is_well_while_the_worker_goes_round_and_the_mailbox_is_visited(running, look):
    visited(29)
    came(14)
    assert headline(look()) == WELL


def test_a_mailbox_nobody_visited_for_half_an_hour_is_not_well(running, look):
    visited(31)
    page = look()
    assert headline(page) == DEAF
    assert "The mailbox is not visited any more" in page


def test_a_first_visit_under_way_accuses_nobody(running, look):
    visited(1).visited_at = None
    page = look()
    assert headline(page) == WELL
    assert "not visited any more" not in page


def test_a_first_visit_that_never_ended_is_not_well(running, look):
    visited(31).visited_at = None
    assert headline(look()) == DEAF


def test_a_visit_that_failed_is_told_by_its_words_alone(running, look):
    visited(31, error="sandi ditolak")
    page = look()
    assert headline(page) == DEAF
    assert "sandi ditolak" in page
    assert "not visited any more" not in page


def test_mail_that_lies_unread_for_a_quarter_of_an_hour_is_not_well(running, look):
    came(16)
    page = look()
    assert headline(page) == DEAF
    assert "Not read since" in page


def test_mail_that_came_long_ago_and_was_read_is_well(running, look):
    came(16, MailKind.HUMAN)
    assert headline(look()) == WELL


def test_a_worker_that_never_ran_is_not_well(look):
    page = look()
    assert headline(page) == IDLE
    assert "hub worker" in page


def test_a_worker_that_missed_two_rounds_is_not_well(look):
    db.session.add(Heartbeat(name="sweep", at=ago(31)))
    assert headline(look()) == IDLE


def test_a_round_of_the_worker_is_the_sign_of_life(look, work):
    work()
    page = look()
    assert headline(page) == WELL
    assert "hub worker" not in page


def test_mail_that_cannot_leave_comes_before_a_silent_worker(story, look):
    [dispatch] = mail.of(story.signed(by_post=False).stream)
    outbox.postpone(dispatch, "451 4.7.1 try later")
    page = look()
    assert headline(page) == STUCK
    assert "hub worker" in page


def test_mail_that_came_back_is_trouble(running, story, look):
    [dispatch] = mail.of(story.sent(by_post=False).stream)
    outbox.bounce(dispatch, "550 5.1.1 User unknown", True, clock.now())
    faults.notice()
    assert headline(look()) == TROUBLED


def test_without_any_mail_the_page_says_how_it_comes_in(running, look):
    page = look()
    assert "hub mail receive" in page
    assert counts(page) == {}


def test_mail_through_the_pipe_tells_when_the_last_came(running, look):
    with freeze_time(MORNING):
        came(0, MailKind.HUMAN)
    page = look()
    assert "13 Mar 2026 at 09:00 WIB" in page
    assert "hub mail receive" not in page


def test_a_mail_that_a_person_brought_does_not_show_that_mail_comes_in(running, look):
    with freeze_time(MORNING):
        came(0, MailKind.HUMAN, by=ArrivedBy.UPLOAD)
    assert "13 Mar 2026" not in look()


def test_the_last_mail_is_told_beside_the_mailbox_too(running, look):
    visited(1)
    with freeze_time(MORNING):
        came(0, MailKind.BOUNCE)
    page = look()
    assert "balas@imap.example/INBOX" in page
    assert "13 Mar 2026 at 09:00 WIB" in page


def test_what_came_in_is_counted_by_kind(running, look):
    for kind in (MailKind.BOUNCE, MailKind.HUMAN, MailKind.HUMAN, None):
        came(1, kind)
    came(60 * 24 * 31, MailKind.JUNK)
    page = look()
    assert counts(page) == {"Written by a person": 2, "Returned mail": 1}
    assert "marked our mail as spam" not in page


@pytest.mark.parametrize(("who", "seen"), [("monitor", 2), ("administrator", 2), ("ombudsman_monitor", 3)])
def test_the_other_networks_mail_is_not_counted(who, seen, running, look):
    for network in (None, Network.KEMENSETNEG, Network.OMBUDSMAN, Network.OMBUDSMAN):
        came(1, MailKind.HUMAN, network)
    assert counts(look(who)) == {"Written by a person": seen}


def test_an_abuse_report_says_what_to_do(running, look):
    came(1, MailKind.FEEDBACK)
    assert "Somebody marked our mail as spam:" in look()


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
    visited(1)
    for kind in (*MailKind, None):
        came(1, kind)
    db.session.commit()
    with count_queries() as many:
        browser.get("/monitoring/delivery")
    assert len(many) == len(few) <= 24
