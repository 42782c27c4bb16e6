"""Who holds a letter that was passed on, and for how long: against a count day by day."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.forwardings.chain import rules
from hub.forwardings.chain.rules import ON_THE_WAY, Link
from hub.forwardings.rules import Happening, Stage
from hub.workdays.rules import Calendar, is_working_day, working_days_between

BEGIN = datetime(2026, 3, 2, 3, tzinfo=UTC)
CALENDAR = Calendar(1, {date(2026, 3, 19): "Nyepi", date(2026, 3, 20): "Idul Fitri"})
NOW = BEGIN + timedelta(days=40)
_NEXT = {
    Stage.DRAFT: (Stage.AWAITING_SIGNATURE, Stage.WITHDRAWN),
    Stage.AWAITING_SIGNATURE: (Stage.READY, Stage.DRAFT),
    Stage.READY: (Stage.SENT, Stage.DRAFT),
    Stage.SENT: (Stage.RECEIVED, Stage.ACKNOWLEDGED, Stage.ANSWERED, Stage.WITHDRAWN),
    Stage.RECEIVED: (Stage.ACKNOWLEDGED, Stage.ANSWERED, Stage.WITHDRAWN),
    Stage.ACKNOWLEDGED: (Stage.ANSWERED, Stage.WITHDRAWN),
    Stage.ANSWERED: (Stage.ACKNOWLEDGED, Stage.CLOSED, Stage.DECLINED),
    Stage.CLOSED: (Stage.ACKNOWLEDGED,),
    Stage.DECLINED: (Stage.ACKNOWLEDGED,),
    Stage.WITHDRAWN: (),
}


@st.composite
def chains(draw: st.DrawFn) -> list[Link]:
    """Trees of up to seven letters; each is passed on some day after the one above was received, or before."""
    links: list[Link] = []
    for id in range(1, draw(st.integers(1, 7)) + 1):
        above = draw(st.sampled_from(links)) if links else None
        moment = BEGIN + timedelta(hours=draw(st.integers(0, 400)))
        changes, stage = [(moment, Stage.DRAFT)], Stage.DRAFT
        for _ in range(draw(st.integers(0, 9))):
            if not _NEXT[stage]:
                break
            stage = draw(st.sampled_from(_NEXT[stage]))
            moment += timedelta(hours=draw(st.integers(0, 120)))
            if moment >= NOW:
                break
            changes.append((moment, stage))
        sender = above.recipient_id if above else 100
        links.append(Link(id, above.id if above else None, sender, 100 + id, changes))
    return links


def stage_at(link: Link, moment: datetime) -> Stage | None:
    """The last one whose time had come; None before the letter was begun."""
    return next((stage for at, stage in reversed(link.changes) if at <= moment), None)


def holders_at(links: list[Link], link: Link, moment: datetime, is_first: bool = True) -> set[int]:
    """The rule said once more, for one moment, from top to bottom."""
    stage = stage_at(link, moment)
    if stage is None or stage in (Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN):
        return set()
    if stage is Stage.SENT:
        return {ON_THE_WAY}
    if stage not in (Stage.RECEIVED, Stage.ACKNOWLEDGED):
        return {link.sender_id} if is_first else set()
    waits_for = [
        one
        for one in links
        if one.parent_id == link.id and stage_at(one, moment) in (Stage.SENT, Stage.RECEIVED, Stage.ACKNOWLEDGED)
    ]
    below = [holders_at(links, one, moment, is_first=False) for one in waits_for]
    return set().union(*below) if below else {link.recipient_id}


@given(chains())
def test_time_per_holder_is_what_one_gets_by_asking_each_morning(links: list[Link]) -> None:
    expected: dict[int, int] = {}
    day = BEGIN.date()
    while day < NOW.date():
        day += timedelta(days=1)
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        if is_working_day(day, CALENDAR):
            for office in holders_at(links, links[0], midnight - timedelta(microseconds=1)):
                expected[office] = expected.get(office, 0) + 1
    found = {
        office: sum(working_days_between(start.date(), end.date(), CALENDAR) for start, end in spans)
        for office, spans in rules.held(links, links[0].id, NOW).items()
    }
    assert {office: days for office, days in found.items() if days} == expected


@given(chains())
def test_whoever_holds_it_now_held_it_until_now(links: list[Link]) -> None:
    now = set(rules.holders(links, links[0].id))
    assert now == holders_at(links, links[0], NOW - timedelta(microseconds=1))
    assert now == {office for office, spans in rules.held(links, links[0].id, NOW).items() if spans[-1][1] == NOW}


@given(chains())
def test_nothing_is_held_twice_at_once_by_the_same_office(links: list[Link]) -> None:
    for spans in rules.held(links, links[0].id, NOW).values():
        assert all(start < end for start, end in spans)
        assert all(one[1] < other[0] for one, other in zip(spans, spans[1:], strict=False))


def test_an_office_that_waits_for_another_does_not_hold_it() -> None:
    day = [BEGIN + timedelta(days=n) for n in range(10)]
    root = Link(1, None, 100, 101, [(day[0], Stage.DRAFT), (day[1], Stage.SENT), (day[2], Stage.ACKNOWLEDGED)])
    child = Link(2, 1, 101, 102, [(day[3], Stage.DRAFT), (day[4], Stage.SENT), (day[5], Stage.ACKNOWLEDGED)])
    held = rules.held([root, child], 1, day[8])
    assert held == {
        100: [(day[0], day[1])],
        ON_THE_WAY: [(day[1], day[2]), (day[4], day[5])],
        101: [(day[2], day[4])],
        102: [(day[5], day[8])],
    }
    assert rules.holders([root, child], 1) == [102]


def test_what_was_a_mistake_holds_nothing_up() -> None:
    day = [BEGIN + timedelta(days=n) for n in range(4)]
    history = [
        (Happening.DRAFTED, {}, day[0]),
        (Happening.SUBMITTED, {}, day[0]),
        (Happening.SIGNED, {}, day[0]),
        (Happening.DISPATCHED, {}, day[1]),
        (Happening.ACKNOWLEDGED, {"proof": 7}, day[2]),
        (Happening.PROOF_WITHDRAWN, {"proof": 7}, day[3]),
    ]
    assert rules.changes(history) == [
        (day[0], Stage.DRAFT),
        (day[0], Stage.AWAITING_SIGNATURE),
        (day[0], Stage.READY),
        (day[1], Stage.SENT),
    ]


def test_the_date_below_is_counted_in_working_days() -> None:
    assert rules.latest_date(date(2026, 3, 23), CALENDAR) == date(2026, 3, 18)
    assert rules.latest_date(date(2026, 3, 23), CALENDAR, 2) == date(2026, 3, 17)
    assert rules.leaves_time(date(2026, 3, 18), date(2026, 3, 13), CALENDAR)
    assert not rules.leaves_time(date(2026, 3, 17), date(2026, 3, 13), CALENDAR)
