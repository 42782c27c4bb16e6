"""The life of an envelope, and the numbers the post gives it. Pure."""

import re
from datetime import date, timedelta
from enum import StrEnum


class PostState(StrEnum):
    TO_PRINT = "to_print"
    PRINTED = "printed"
    POSTED = "posted"
    IN_TRANSIT = "in_transit"
    ATTEMPT_FAILED = "attempt_failed"
    DELIVERED = "delivered"
    RETURNED = "returned"
    PRESUMED_LOST = "presumed_lost"
    CANCELLED = "cancelled"


ON_THE_WAY = (PostState.POSTED, PostState.IN_TRANSIT, PostState.ATTEMPT_FAILED)
"""Handed in at the post, and its end is not known yet."""
GONE = (*ON_THE_WAY, PostState.DELIVERED, PostState.RETURNED, PostState.PRESUMED_LOST)
"""It has left the house, whatever became of it."""


class ScanKind(StrEnum):
    """What the post, or a person who looked, says of an envelope at one moment."""

    IN_TRANSIT = "in_transit"
    ATTEMPT_FAILED = "attempt_failed"
    DELIVERED = "delivered"
    RETURNED = "returned"


class Addressing(StrEnum):
    """What goes round a letter: a sheet of labels for all of them, or an envelope to print on for each."""

    LABELS = "labels"
    ENVELOPES = "envelopes"


TRANSITIONS: dict[PostState, frozenset[PostState]] = {
    PostState.TO_PRINT: frozenset({PostState.PRINTED, PostState.CANCELLED}),
    PostState.PRINTED: frozenset({PostState.TO_PRINT, PostState.POSTED, PostState.CANCELLED}),
    PostState.POSTED: frozenset({PostState.DELIVERED, PostState.RETURNED}),
}
"""Back to `to_print` when a print went wrong. What left the house can no longer be cancelled."""


class NumberFault(StrEnum):
    SHAPE = "shape"
    CHECK_DIGIT = "check_digit"
    IN_USE = "in_use"


class DayFault(StrEnum):
    FUTURE = "future"
    BEFORE_POSTING = "before_posting"


SLIP_LIFE = timedelta(hours=24)
"""A slip's PDF holds a working code: it is deleted once printed, and after a day at the latest."""

NUMBER_REUSED_AFTER = timedelta(days=365)
"""UPU S10: a number may come back after twelve months."""

_NUMBER = re.compile(r"[A-Z0-9]{8,20}")
_S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def may_become(state: PostState, following: PostState) -> bool:
    return following in TRANSITIONS.get(state, frozenset())


def tidy_number(typed: str) -> str:
    """As the scanner reads it: capitals, without spaces, hyphens and dots."""
    return re.sub(r"[\s.\-]", "", typed).upper()


def number_fault(number: str) -> NumberFault | None:
    """What is wrong with a tidy tracking number; None when nothing is. Domestic numbers have no known check digit."""
    if not _NUMBER.fullmatch(number):
        return NumberFault.SHAPE
    international = _S10.fullmatch(number)
    if international and check_digit(international[1]) != int(international[2]):
        return NumberFault.CHECK_DIGIT
    return None


def check_digit(serial: str) -> int:
    """Check digit of the eight digits of an S10 number: 11 − (weighted sum mod 11), 10 → 0, 11 → 5."""
    digit = 11 - sum(weight * int(one) for weight, one in zip(_WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(digit, digit)


def day_fault(day: date, posted_on: date, today: date) -> DayFault | None:
    """An envelope arrives or comes back between its posting and today."""
    if day > today:
        return DayFault.FUTURE
    return DayFault.BEFORE_POSTING if day < posted_on else None
