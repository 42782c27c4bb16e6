from datetime import date

import pytest

from hub.post import rules
from hub.post.rules import DayFault, NumberFault, PostState


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("RR473124829ID", None),
        ("RR473124828ID", NumberFault.CHECK_DIGIT),
        ("RR473142829ID", NumberFault.CHECK_DIGIT),
        ("P2603130012345", None),
        ("12345678", None),
        ("1234567", NumberFault.SHAPE),
        ("A" * 21, NumberFault.SHAPE),
        ("RESI#12345", NumberFault.SHAPE),
        ("", NumberFault.SHAPE),
    ],
)
def test_a_tracking_number_is_judged(number, fault):
    assert rules.number_fault(number) is fault


def test_the_two_odd_check_digits_of_s10():
    """11 − 10 = 1 … 11 − 1 = 10 is written 0, 11 − 0 = 11 is written 5."""
    assert rules.check_digit("00000000") == 5
    assert {rules.check_digit(f"{serial:08}") for serial in range(200)} == set(range(10))


def test_a_number_is_read_however_it_is_typed():
    assert rules.tidy_number(" rr 473-124-829 id ") == "RR473124829ID"


def test_what_left_the_house_is_not_cancelled_and_what_arrived_stays():
    assert rules.may_become(PostState.PRINTED, PostState.CANCELLED)
    assert rules.may_become(PostState.PRINTED, PostState.TO_PRINT)
    assert not rules.may_become(PostState.POSTED, PostState.CANCELLED)
    assert not rules.may_become(PostState.TO_PRINT, PostState.POSTED)
    assert not rules.may_become(PostState.DELIVERED, PostState.RETURNED)


def test_an_envelope_arrives_between_its_posting_and_today():
    posted, today = date(2026, 3, 13), date(2026, 3, 20)
    assert rules.day_fault(posted, posted, today) is None
    assert rules.day_fault(date(2026, 3, 21), posted, today) is DayFault.FUTURE
    assert rules.day_fault(date(2026, 3, 12), posted, today) is DayFault.BEFORE_POSTING
