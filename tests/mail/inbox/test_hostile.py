"""Whatever is sent to the hub is read, or set aside within two seconds: the next mail is read in any case."""

import time
from contextlib import suppress

import pytest

from hub.mail.inbox.limits import SECONDS_PER_MAIL, TookTooLong, at_most
from hub.mail.reading.classify import read
from tests.mail.inbox.hostile import MAILS


@pytest.mark.parametrize("name", MAILS)
def test_a_hostile_mail_is_read_or_set_aside_in_time(name):
    content = MAILS[name]()
    begun = time.perf_counter()
    with suppress(Exception), at_most(SECONDS_PER_MAIL):
        read(content)
    assert time.perf_counter() - begun < SECONDS_PER_MAIL + 1


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


def test_the_time_of_one_mail_says_nothing_about_the_next():
    with pytest.raises(TookTooLong), at_most(0.05):
        time.sleep(1)
    with at_most(5):
        time.sleep(0.1)
