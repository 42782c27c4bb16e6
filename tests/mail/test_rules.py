"""What may be an address, and when mail is tried again."""

from datetime import timedelta

import pytest

from hub.mail import rules


@pytest.mark.parametrize("address", ["pic@kantor.example", "irban.1+hub@itda-probolinggo.example"])
def test_an_office_address_is_usable(address: str) -> None:
    assert rules.usable_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "pic",
        "pic@kantor",
        "a@b.example\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "A <a@b.example>",
        "é@b.example",
    ],
)
def test_what_no_mail_can_be_sent_to_is_not(address: str) -> None:
    assert rules.usable_address(address) is None


def test_a_header_stays_one_line() -> None:
    assert rules.one_line("Jalan\r\nBcc: x@y.example\x00", 100) == "Jalan Bcc: x@y.example"


def test_a_long_line_is_cut_visibly() -> None:
    assert rules.one_line("ab " * 200, 10) == "ab ab ab…"


def test_pauses_double_from_half_a_minute_to_four_hours() -> None:
    middle = [rules.pause(attempts, 0.5) for attempts in range(1, 12)]
    assert middle[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert middle[-1] == timedelta(hours=4)


def test_messages_that_failed_together_come_back_apart() -> None:
    assert rules.pause(1, 0.0) == timedelta(seconds=24)
    assert rules.pause(1, 1.0) == timedelta(seconds=36)
    assert rules.pause(500, 1.0) == timedelta(hours=4.8)


def test_only_replies_that_begin_with_five_are_for_good() -> None:
    assert rules.is_permanent(550)
    assert not rules.is_permanent(451)
    assert not rules.is_permanent(-1)


@pytest.mark.parametrize(
    "words", ["421 try later", "450 4.7.1 greylisted", "451 Too many connections", "452 rate limited", "450 throttled"]
)
def test_a_server_that_speaks_of_pace_is_understood(words: str) -> None:
    assert rules.speaks_of_rate(words)


@pytest.mark.parametrize("words", ["452 4.2.2 mailbox full", "451 4.3.0 local error", "450 corporate policy"])
def test_one_that_speaks_of_something_else_is_not(words: str) -> None:
    assert not rules.speaks_of_rate(words)


def test_those_beyond_the_limit_of_a_domain_come_one_after_the_other_from_the_next_minute_on() -> None:
    assert [rules.turn(place) for place in (0, 1, 60)] == [
        timedelta(seconds=60),
        timedelta(seconds=61),
        timedelta(seconds=120),
    ]
