"""Whatever is sent to the hub is read, or set aside within two seconds: the next mail is read in any case."""

import time
from contextlib import suppress

import pytest

from hub.mail.inbox import limits
from hub.mail.inbox.limits import SECONDS_PER_MAIL, TookTooLong, at_most
from hub.mail.reading.classify import read
from tests.mail.inbox.hostile import MAILS


@pytest.mark.parametrize("name", MAILS)
def test_a_hostile_mail_is_read_or_set_aside_in_time(name):
    content = MAILS[name]()
    begun = time.process_time()
    with suppress(Exception), at_most(SECONDS_PER_MAIL):
        read(content)
    assert time.process_time() - begun < SECONDS_PER_MAIL + 1


@pytest.mark.parametrize("name", [name for name in MAILS if name.startswith(("plain of", "bounce of"))])
def test_an_odd_line_that_an_honest_mail_could_hold_is_read_at_once(name):
    """Five thousand characters of anything: no honest mail is set aside for a ruled line."""
    head, _, body = MAILS[name]().partition(b"\n\n")
    begun = time.process_time()
    read(head + b"\n\n" + body[:5000])
    assert time.process_time() - begun < 0.3


def test_only_the_main_thread_reads(monkeypatch):
    monkeypatch.setattr("threading.current_thread", lambda: None)
    with pytest.raises(RuntimeError, match="main thread"), at_most(1):
        pass


@pytest.mark.parametrize("name", [name for name in MAILS if "blank" in name or name.startswith("unclosed")])
def test_what_once_cost_minutes_is_read_at_once(name):
    content = MAILS[name]()
    begun = time.process_time()
    with suppress(AssertionError):  # of the library, about a declaration: the mail is set aside
        read(content)
    assert time.process_time() - begun < 1


def compute(seconds):
    begun = time.process_time()
    while time.process_time() - begun < seconds:
        pass


def test_the_time_of_one_mail_says_nothing_about_the_next():
    with pytest.raises(TookTooLong), at_most(0.05):
        compute(1)
    with at_most(5):
        compute(0.1)


def test_a_mail_is_not_to_blame_for_a_busy_machine():
    with at_most(0.05):
        time.sleep(0.2)


def swallow_and_go_on():
    with suppress(TookTooLong):  # as a destructor does
        compute(5)
    compute(5)


def test_an_alarm_that_is_swallowed_rings_again(monkeypatch):
    monkeypatch.setattr(limits, "_AGAIN", 0.05)
    with pytest.raises(TookTooLong), at_most(0.05):
        swallow_and_go_on()
