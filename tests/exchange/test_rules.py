"""Forms from other websites, and people who try many links."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.exchange import rules

OWN = ("https://hub.example.go.id",)
NOON = datetime(2026, 3, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("site", "origin", "elsewhere"),
    [
        ("same-origin", "null", False),
        ("none", None, False),
        ("cross-site", OWN[0], True),
        ("same-site", None, True),
        (None, OWN[0], False),
        (None, "null", False),
        (None, None, False),
        (None, "https://evil.example", True),
    ],
)
def test_a_browser_tells_where_a_form_comes_from(site: str | None, origin: str | None, elsewhere: bool) -> None:
    assert rules.comes_from_elsewhere(site, origin, OWN) is elsewhere


def test_twenty_misses_in_a_quarter_of_an_hour_are_enough() -> None:
    misses = rules.Misses()
    assert not any(misses.are_too_many("203.0.113.7", NOON) for _ in range(20))
    assert misses.are_too_many("203.0.113.7", NOON)
    assert not misses.are_too_many("203.0.113.8", NOON)


def test_misses_are_forgotten() -> None:
    misses = rules.Misses()
    for _ in range(30):
        misses.are_too_many("203.0.113.7", NOON)
    assert not misses.are_too_many("203.0.113.7", NOON + timedelta(minutes=16))


def test_memory_for_misses_has_an_end() -> None:
    misses = rules.Misses()
    for number in range(10_050):
        misses.are_too_many(str(number), NOON)
    assert len(misses._by_address) == 10_000
