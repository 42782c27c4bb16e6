"""The country at a glance."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from freezegun import freeze_time

from hub.extensions import db
from hub.silence import service as silence
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[object], Client]
Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def silent(story: Story) -> Iterator[Story]:
    """One institution acknowledged on 13 March and kept quiet; both reminders went out; another one is in time."""
    with freeze_time("2026-03-13T02:00:00Z"):
        story.acknowledged()
    for moment in ("2026-04-13T03:00:00+00:00", "2026-04-16T03:00:00+00:00"):
        with freeze_time(moment):
            silence.sweep(datetime.fromisoformat(moment))
            db.session.commit()
    with freeze_time("2026-04-20T03:00:00Z"):
        story.sent(recipient=story.world.province)
        yield story


def test_who_is_silent_since_when_and_what_next(silent: Story, world: World, signed_in_as: SignIn) -> None:
    page = signed_in_as(world.monitor).get("/monitoring").text
    assert "2 surat berjalan" in page
    assert "Inspektorat Kabupaten Probolinggo" in page
    assert "11 Apr 2026" in page
    assert "Terjangkau, belum menjawab" in page


def test_filters_keep_what_they_name(silent: Story, world: World, signed_in_as: SignIn) -> None:
    monitor = signed_in_as(world.monitor)
    assert "/forwardings/1" in monitor.get("/monitoring?grade=unanswered").text
    assert "/forwardings/1" not in monitor.get("/monitoring?grade=receipt_unproven").text
    assert "/forwardings/1" not in monitor.get("/monitoring?province=11").text
    assert "/forwardings/1" not in monitor.get("/monitoring?network=ombudsman").text
    assert monitor.get("/monitoring?province=x&grade=y&network=z").status_code == 200


def test_the_overview_costs_the_same_however_many_are_open(
    silent: Story, world: World, signed_in_as: SignIn, count_queries: Counting
) -> None:
    monitor = signed_in_as(world.monitor)
    with count_queries() as few:
        monitor.get("/monitoring")
    for _ in range(3):
        silent.sent()
    with count_queries() as many:
        monitor.get("/monitoring")
    assert len(many) == len(few) <= 15


def test_only_monitors_see_it(silent: Story, world: World, signed_in_as: SignIn) -> None:
    assert signed_in_as(world.regency_pic).get("/monitoring").status_code == 403
    assert signed_in_as(world.administrator).get("/monitoring").status_code == 403


def test_the_navigation_marks_the_page_that_is_open_and_no_other(world: World, signed_in_as: SignIn) -> None:
    monitor = signed_in_as(world.monitor)
    for address in ("/monitoring", "/monitoring/delivery", "/silence", "/silence/offices/35.13"):
        navigation = monitor.get(address).text.partition("</nav>")[0]
        assert navigation.count("aria-current") == 1, address
