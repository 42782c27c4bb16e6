"""Not too many to one domain in a minute: those beyond wait their turn, and nobody else waits with them."""

from datetime import timedelta

import pytest
from freezegun import freeze_time

from hub import clock
from hub.extensions import db
from hub.mail import claims, queries, rules, sender
from hub.mail.models import EmailState
from hub.mail.sender import SendReport

AT_NOON = "2026-03-13 12:00"


@pytest.fixture(autouse=True)
def three_a_minute(monkeypatch):
    monkeypatch.setattr(rules, "A_MINUTE_TO_ONE_DOMAIN", 3)


def many(queue, count, domain="besar.example"):
    return [queue(to_address=f"kantor{number}@{domain}") for number in range(count)]


def states(dispatches):
    return [dispatch.state for dispatch in dispatches]


def seconds_until(dispatch):
    return (dispatch.next_attempt_at - clock.now()).total_seconds()


@freeze_time(AT_NOON)
def test_those_beyond_the_limit_wait_in_line_and_have_not_failed(queue, smtp):
    dispatches = many(queue, 6)
    assert sender.send_due() == SendReport(handed_over=3)
    assert states(dispatches) == [EmailState.HANDED_OVER] * 3 + [EmailState.QUEUED] * 3
    assert [seconds_until(one) for one in dispatches[3:]] == [60, 80, 100]
    assert {(one.attempts, one.claimed_until) for one in dispatches[3:]} == {(0, None)}
    assert queries.waiting().count == 0


@freeze_time(AT_NOON)
def test_other_domains_go_on_however_long_the_line_is(queue, smtp, monkeypatch):
    monkeypatch.setattr(sender, "_AT_ONCE", 4)
    many(queue, 20)
    other = queue(to_address="rina@kecil.example")
    assert sender.send_due() == SendReport(handed_over=4)
    assert other.state is EmailState.HANDED_OVER


def test_everybody_has_a_turn_and_no_minute_sees_more_than_the_limit(queue, smtp, monkeypatch):
    noon, sent = clock.now(), []
    dispatches = many(queue, 14)
    for second in range(0, 600, 5):
        if second == 60:
            dispatches += many(queue, 4)  # news does not jump the line for ever
        with freeze_time(noon + timedelta(seconds=second)):
            sent += [second] * sender.send_due().handed_over
    assert states(dispatches) == [EmailState.HANDED_OVER] * 18
    assert all(len([one for one in sent if start < one <= start + 60]) <= 3 for start in range(-60, 600))


@freeze_time(AT_NOON)
def test_what_another_worker_holds_counts(queue, smtp):
    many(queue, 6)
    assert len(claims.take(2)) == 2
    assert len(claims.take(50)) == 1
    assert claims.take(50) == []


def test_capital_letters_make_no_other_domain(queue):
    assert queue(to_address="rina@Besar.Example").to_domain == "besar.example"


@freeze_time(AT_NOON)
@pytest.mark.parametrize("words", ["421 4.7.0 too many messages", "451 4.7.1 slow down", "450 rate limit exceeded"])
def test_a_domain_that_asks_for_patience_is_left_alone_for_a_minute(queue, smtp, words):
    smtp.script("RCPT", words)
    first, second = many(queue, 2)
    other = queue(to_address="rina@kecil.example")
    assert sender.send_due() == SendReport(handed_over=1, postponed=1)
    assert other.state is EmailState.HANDED_OVER
    assert (first.attempts, second.attempts) == (1, 0)
    assert seconds_until(second) == 60
    with freeze_time(clock.now() + timedelta(seconds=61)):
        assert sender.send_due() == SendReport(handed_over=2)


@freeze_time(AT_NOON)
def test_a_full_mailbox_says_nothing_about_its_neighbours(queue, smtp):
    smtp.script("RCPT", "452 4.2.2 mailbox full")
    many(queue, 2)
    assert sender.send_due() == SendReport(handed_over=1, postponed=1)


@freeze_time(AT_NOON)
def test_a_called_back_message_gives_its_place_to_another(queue, smtp):
    dispatches = many(queue, 4)
    claims.give_back(claims.take(3))
    dispatches[0].state = EmailState.CANCELLED
    db.session.commit()
    sender.send_due()
    assert states(dispatches) == [EmailState.CANCELLED] + [EmailState.HANDED_OVER] * 3
