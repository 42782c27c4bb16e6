"""How an institution usually responds: counted fairly, or not told at all."""

from hypothesis import given
from hypothesis import strategies as st

from hub.silence.recipients.rules import FEWEST, Figure, Wait, figure, within

WAITS = st.lists(st.builds(Wait, st.integers(0, 60), st.booleans()), max_size=30)


def came(*days: int) -> list[Wait]:
    return [Wait(day, came=True) for day in days]


def test_without_anybody_waiting_it_is_the_plain_median_and_ninth_decile() -> None:
    assert figure(came(*range(1, 11))) == Figure(10, 10, 5, 9)


def test_below_five_letters_only_the_counts_are_told() -> None:
    assert figure(came(1, 2, 3, 4)) == Figure(4, 4, None, None)
    assert not figure(came(1, 2, 3, 4)).is_told


def test_an_institution_that_mostly_keeps_quiet_is_not_praised_for_its_one_quick_answer() -> None:
    quiet = [Wait(40, came=False)] * 9
    assert figure([*came(1), *quiet]) == Figure(10, 1, None, None)


def test_a_letter_of_yesterday_does_not_make_it_slow() -> None:
    assert figure([*came(2, 2, 3, 3), Wait(0, came=False)]).median == 2


def test_whoever_waits_counts_as_long_as_it_has_waited() -> None:
    assert within([*came(2, 4), Wait(3, came=False), *came(6)], 0.5) == 4
    assert within([], 0.5) is None


@given(WAITS)
def test_half_is_never_later_than_nine_of_ten_and_both_are_days_on_which_something_came(waits: list[Wait]) -> None:
    found = figure(waits)
    known = [day for day in (found.median, found.ninety) if day is not None]
    assert known == sorted(known)
    assert set(known) <= {one.days for one in waits if one.came}
    assert found.median is not None or found.ninety is None
    assert found.is_told == (len(waits) >= FEWEST)


@given(WAITS)
def test_one_more_who_still_waits_never_makes_it_look_quicker(waits: list[Wait]) -> None:
    more = [*waits, Wait(60, came=False)]
    before, after = within(waits, 0.5), within(more, 0.5)
    assert after is None or (before is not None and after >= before)
