"""What comes back marks the address it went to, and nothing else does."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import select, text

from hub import clock
from hub.audit.rules import SYSTEM
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import ContactFault, FaultKind, Institution, Network
from hub.extensions import db
from hub.mail import queries as mail
from hub.mail import service as outbox
from hub.mail.models import EmailDispatch, EmailState
from hub.mail.rules import GIVE_UP_AFTER
from hub.post import queries as post
from hub.post import service as mail_room
from hub.upkeep import faults
from hub.upkeep.rules import says_no_such_address
from tests.conftest import Client
from tests.smtp import MailServer
from tests.story import Story
from tests.world import World

Work = Callable[[], dict[str, Any]]
UNKNOWN = "550 5.1.1 User unknown"
PIC, MAILBOX = "regency.pic@kantor.example", "35-13@kantor.example"


@pytest.mark.parametrize(
    "words",
    [
        "550 5.1.1 <rina@kantor.example>: Recipient address rejected: User unknown in local recipient table",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        "554 5.1.2 Bad destination host",
        "550 5.2.1 The email account that you tried to reach is disabled",
        "550-5.1.1 The email account that you tried to reach does not exist\n5.1.1 https://support.example",
        "550 No such user here",
        "550 Requested action not taken: mailbox unavailable",
        "551 User not local",
        "553 Requested action not taken: mailbox name not allowable",
    ],
)
def test_a_server_says_that_there_is_no_such_address(words: str) -> None:
    assert says_no_such_address(words)


@pytest.mark.parametrize(
    "words",
    [
        "554 5.7.1 Service unavailable; client [5.1.1.7] blocked",
        "550 5.7.1 Message rejected due to content restrictions",
        "550 5.7.26 This mail is unauthenticated, which poses a security risk",
        "550 5.1.8 Sender address rejected: Domain not found",
        "552 5.2.2 Mailbox full",
        "550 5.4.1 Recipient address rejected: Access denied",
        "550 Message contains spam",
        "550 Blocked, see https://blocklist.example",
        "553 sorry, that domain isn't in my list of allowed rcpthosts",
        "554 Transaction failed",
        "450 4.1.1 Mailbox temporarily unavailable",
        "451 4.3.0 Try again later",
        "[Errno 111] Connection refused",
        "ValueError: no PDF",
        "",
    ],
)
def test_other_words_say_nothing_about_the_address(words: str) -> None:
    assert not says_no_such_address(words)


def open_faults() -> list[tuple[str, FaultKind]]:
    db.session.commit()
    return [(fault.address, fault.kind) for fault in directory.open_faults()]


def test_a_mailbox_the_server_does_not_know_is_marked_once(story: Story, smtp: MailServer, work: Work) -> None:
    smtp.refusals[PIC] = "550 5.1.1 User unknown"
    story.signed(by_post=False)
    assert [work()["upkeep"]["faults"] for _ in range(3)] == [1, 0, 0]
    [fault] = directory.open_faults()
    assert (fault.address, fault.kind, fault.words) == (PIC, FaultKind.BOUNCED, "550 5.1.1 User unknown")
    assert fault.person is not None
    assert fault.person.email == PIC
    assert fault.institution.code == "35.13"


def test_the_next_letter_goes_to_somebody_who_can_be_reached(
    story: Story, smtp: MailServer, work: Work, world: World
) -> None:
    smtp.refusals[PIC] = "550 5.1.1 User unknown"
    story.signed(by_post=False)
    work()
    next_one = story.signed(by_post=False)
    work()
    [dispatch] = mail.of(next_one.stream)
    assert (dispatch.to_address, dispatch.state) == (MAILBOX, EmailState.HANDED_OVER)


@pytest.mark.parametrize("words", ["554 5.7.1 Blocked by policy", "552 5.2.2 Mailbox full"])
def test_a_refusal_for_another_reason_marks_nobody(story: Story, smtp: MailServer, work: Work, words: str) -> None:
    smtp.refusals[PIC] = words
    forwarding = story.signed(by_post=False)
    assert work()["upkeep"]["faults"] == 0
    assert mail.of(forwarding.stream)[0].state is EmailState.FAILED
    assert open_faults() == []


def test_three_days_without_our_own_server_mark_nobody(story: Story, work: Work) -> None:
    with freeze_time("2026-03-13T10:00:00Z") as clocks:  # Friday, 17.00 in Jakarta; nothing listens at the port
        forwarding = story.signed(by_post=False)
        for _ in range(4):
            work()
            clocks.tick(GIVE_UP_AFTER / 3 + timedelta(hours=1))
        assert mail.of(forwarding.stream)[0].state is EmailState.FAILED
        assert work()["upkeep"]["faults"] == 0
    assert open_faults() == []


def bounced(story: Story) -> EmailDispatch:
    """A mail that was taken and came back afterwards."""
    [dispatch] = mail.of(story.sent(by_post=False).stream)
    outbox.bounce(dispatch, UNKNOWN, True, clock.now())
    db.session.commit()
    return dispatch


def test_a_mail_that_was_taken_and_came_back_marks_its_address(story: Story) -> None:
    bounced(story)
    assert faults.notice() == 1
    [fault] = directory.open_faults()
    assert (fault.address, fault.words) == (PIC, UNKNOWN)


@pytest.mark.parametrize(
    ("words", "is_permanent"),
    [
        ("552 5.2.2 Mailbox full", False),
        ("554 5.7.1 Message rejected as spam", True),
        ("550 Your server is on our blocklist", True),
        ("4.4.7 Delivery time expired", False),
    ],
)
def test_a_report_that_says_nothing_about_the_address_does_not_condemn_it(
    story: Story, words: str, is_permanent: bool
) -> None:
    [dispatch] = mail.of(story.sent(by_post=False).stream)
    outbox.bounce(dispatch, words, is_permanent, clock.now())
    assert faults.notice() == 0
    assert open_faults() == []


def test_a_report_without_any_code_condemns_when_it_names_no_other_reason(story: Story) -> None:
    [dispatch] = mail.of(story.sent(by_post=False).stream)
    outbox.bounce(dispatch, "The recipient name is not recognized", True, clock.now())
    assert faults.notice() == 1


def test_an_address_that_was_replaced_meanwhile_is_left_alone(story: Story, world: World) -> None:
    bounced(story)
    people.change_person(world.regency_pic.person, {"email": "rina.baru@kantor.example"}, SYSTEM)
    assert faults.notice() == 0
    assert open_faults() == []


def test_an_office_mailbox_is_marked_without_a_person(story: Story, world: World) -> None:
    people.change_office(world.unstaffed, {"second_email": "umum@kantor.example"}, SYSTEM)
    [dispatch] = mail.of(story.sent(recipient=world.unstaffed, by_post=False).stream)
    outbox.bounce(dispatch, UNKNOWN, True, clock.now())
    assert faults.notice() == 1
    [fault] = directory.open_faults()
    assert (fault.person, fault.institution.code) == (None, "35.14")


def test_a_letter_that_comes_back_marks_the_postal_address(story: Story, world: World) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        [envelope] = post.of(story.signed(by_email=False).stream)
        mail_room.mark_printed(envelope)
        mail_room.mark_posted(envelope, "RR473124829ID")
    with freeze_time("2026-03-27T11:00:00Z"):
        mail_room.mark_returned(envelope, datetime(2026, 3, 27, tzinfo=UTC).date(), "Pindah alamat")
        assert [faults.notice(), faults.notice()] == [1, 0]
    [fault] = directory.open_faults()
    assert (fault.kind, fault.address, fault.words) == (
        FaultKind.RETURNED,
        world.regency.postal_address,
        "Pindah alamat",
    )


def test_a_letter_that_comes_back_from_where_the_office_was_is_no_news(story: Story, world: World) -> None:
    [envelope] = post.of(story.signed(by_email=False).stream)
    mail_room.mark_printed(envelope)
    mail_room.mark_posted(envelope, "RR473124829ID")
    mail_room.mark_returned(envelope, clock.today("WIB"), "Pindah alamat")
    people.change_office(world.regency, {"postal_address": "Jalan Kenanga Nomor 9, Kraksaan"}, SYSTEM)
    assert faults.notice() == 0


def test_whoever_confirms_through_the_mailed_link_can_be_reached_again(
    story: Story, client: Client, world: World
) -> None:
    dispatch = bounced(story)
    faults.notice()
    assert open_faults() == [(PIC, FaultKind.BOUNCED)]
    link = outbox.link_address(dispatch).removeprefix("http://localhost")
    client.post(link, data={"name": "Rina Maheswari", "office": "Irban I"})
    assert open_faults() == []
    assert world.regency_pic.person.verified_at is not None
    assert faults.notice() == 0  # what was mended is not found again


def test_a_link_used_again_says_nothing_new(story: Story, client: Client) -> None:
    """It may have been forwarded; the mailbox has died since."""
    [dispatch] = mail.of(story.sent(by_post=False).stream)
    link = outbox.link_address(dispatch).removeprefix("http://localhost")
    client.post(link, data={"name": "Rina Maheswari", "office": "Irban I"})
    outbox.bounce(dispatch, UNKNOWN, True, clock.now())
    db.session.commit()
    faults.notice()
    assert client.post(link, data={"name": "Orang Lain", "office": "Entah"}).status_code == 200
    assert open_faults() == [(PIC, FaultKind.BOUNCED)]


def test_a_slip_says_nothing_about_a_mailbox(story: Story, client: Client, world: World) -> None:
    [envelope] = post.of(story.signed().stream)
    slip = mail_room.slip_address(envelope).removeprefix("http://localhost")
    client.post(slip, data={"name": "Rina Maheswari", "office": "Irban I"})
    assert world.regency_pic.person.verified_at is None


def test_looking_for_what_came_back_takes_three_queries_while_nothing_did(
    story: Story, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    story.sent()
    with count_queries() as statements:
        assert faults.notice() == 0
    assert len(statements) == 3


def test_the_look_back_uses_its_index(story: Story, count_queries: Callable[..., Any], world: World) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # a small table is read whole there, and rightly so
    with count_queries() as statements:
        faults.notice()
    plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {statements[0]}".replace("?", "'0'"))).all()
    assert "ix_email_dispatches_dead_ends" in str(plan), statements[0]


def test_one_that_cannot_be_marked_does_not_stop_the_others(
    story: Story, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    first, second = bounced(story), bounced(story)
    real = people.mark_fault

    def failing(**trace: Any) -> ContactFault | None:
        if trace["source"] == f"email:{first.id}":
            raise RuntimeError("broken row")
        return real(**trace)

    monkeypatch.setattr(people, "mark_fault", failing)
    assert faults.notice() == 1
    assert db.session.scalars(select(ContactFault.source)).all() == [f"email:{second.id}"]


def test_old_news_is_no_news(story: Story) -> None:
    dispatch = bounced(story)
    dispatch.ended_at = clock.now() - faults.NEWS_FOR - timedelta(days=1)
    assert faults.notice() == 0


def test_a_dead_address_is_no_addressee(story: Story, world: World) -> None:
    bounced(story)
    faults.notice()
    office = db.session.get_one(Institution, world.regency.id)
    known = directory.contacts([office.id], Network.KEMENSETNEG, clock.today("WIB"))[office.id]
    assert [address for _, address in known.addressees] == [MAILBOX]
