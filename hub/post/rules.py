"""The life of an envelope, and the numbers the post gives it. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from hub.workdays.rules import Calendar, add_working_days


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
    """What goes round a letter: a sheet of labels for all of them, or an envelope to print on for each, C5 or DL."""

    LABELS = "labels"
    ENVELOPES = "envelopes"
    SMALL_ENVELOPES = "small_envelopes"


TRANSITIONS: dict[PostState, frozenset[PostState]] = {
    PostState.TO_PRINT: frozenset({PostState.PRINTED, PostState.CANCELLED}),
    PostState.PRINTED: frozenset({PostState.TO_PRINT, PostState.POSTED, PostState.CANCELLED}),
}
"""Until it is posted: back to `to_print` when a print went wrong. From then on its scans say what it is (`fold`)."""


class NumberFault(StrEnum):
    SHAPE = "shape"
    CHECK_DIGIT = "check_digit"


class DayFault(StrEnum):
    FUTURE = "future"
    BEFORE_POSTING = "before_posting"


PRINT_LIFE = timedelta(hours=24)
"""The PDF of a print holds working codes of slips: it is deleted once printed, and after a day at the latest."""
MOST_IN_A_PRINT = 100

SILENT_FOR = 10
"""Working days without a scan after which an envelope is presumed lost: eight days between two scans are normal."""
SURELY_UNDER_WAY = timedelta(days=11)
"""Ten working days never take less, holidays or not; who was seen since need not be counted."""


def given_up_on(seen_on: date, calendar: Calendar) -> date:
    """The day on which an envelope is presumed lost that was seen last on `seen_on`, or handed in then."""
    return add_working_days(seen_on, SILENT_FOR, calendar) + timedelta(days=1)


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


CLOCKS_DIFFER = timedelta(hours=2)
"""From the westernmost zone of the country to the easternmost: a file does not tell on whose clock it was scanned."""
NOTED_LATE = timedelta(days=1)
"""The counter scans in the morning; the number may be entered here in the afternoon, or on the next morning."""


def scan_fault(at: datetime, posted_at: datetime, now: datetime) -> DayFault | None:
    """The same for a scan told by the post to the minute."""
    if at > now + CLOCKS_DIFFER:
        return DayFault.FUTURE
    return DayFault.BEFORE_POSTING if at < posted_at - NOTED_LATE else None


@dataclass(frozen=True)
class Sighting:
    """What one scan says. `receiver` signed for it; `words` are the reason of a failure or return, or a note."""

    at: datetime
    kind: ScanKind
    receiver: str = ""
    words: str = ""


@dataclass(frozen=True)
class Whereabouts:
    """What all scans together say of an envelope that was posted."""

    state: PostState = PostState.POSTED
    last_scan_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_to: str = ""
    returned_at: datetime | None = None
    return_reason: str = ""


_IN_ORDER = tuple(ScanKind)


def fold(sightings: Iterable[Sighting]) -> Whereabouts:
    """Where an envelope is by all that was seen of it, in whatever order that was learnt.

    One that came back stays returned: a delivery after that is its way home to the sender. One that was delivered stays
    so against everything but a return; of several deliveries the first counts that somebody signed for.
    """
    told = sorted(sightings, key=lambda one: (one.at, _IN_ORDER.index(one.kind), one.receiver, one.words))
    if not told:
        return Whereabouts()
    returns = [one for one in told if one.kind is ScanKind.RETURNED]
    deliveries = [one for one in told if one.kind is ScanKind.DELIVERED]
    last = told[-1].at
    if returns:
        reason = next((one.words for one in returns if one.words), "")
        return Whereabouts(PostState.RETURNED, last, returned_at=returns[0].at, return_reason=reason)
    if deliveries:
        signed = next((one for one in deliveries if one.receiver), deliveries[0])
        return Whereabouts(PostState.DELIVERED, last, delivered_at=signed.at, delivered_to=signed.receiver)
    return Whereabouts(PostState(told[-1].kind.value), last)


_CHECKS = "ABCDEFGHJKLMNPQRSTUVWXY"
"""23 letters, a prime number: every wrong digit and every swap of two is noticed. I, O and Z look like digits."""
_CODE = re.compile(rf"P(\d{{1,9}})([{_CHECKS}])")


def envelope_code(id: int) -> str:
    """What is printed on an envelope to find it by: "P-123-G"."""
    return f"P-{id}-{_check_letter(id)}"


def coded_envelope(scanned: str) -> int | None:
    """The envelope whose code was scanned; None for anything else. Scanners set to another keyboard change the dash."""
    found = _CODE.fullmatch(re.sub(r"[^A-Z0-9]", "", scanned.upper()))
    return int(found[1]) if found and _check_letter(int(found[1])) == found[2] else None


def is_meant_as_code(scanned: str) -> bool:
    """True for what begins like the code of an envelope and can be no number of the post."""
    return re.match(r"\s*P[^A-Z0-9\s]\d", scanned.upper()) is not None


def _check_letter(id: int) -> str:
    return _CHECKS[sum(place * int(digit) for place, digit in enumerate(reversed(str(id)), 2)) % len(_CHECKS)]


_MILLIMETRES_A_POINT = 25.4 / 72
_LEADING = 1.2
_NARROWEST = 5.0


def fitting_size(lines: Iterable[str], width: float, height: float, largest: float) -> float:
    """The largest letters, in points, with which `lines` fit into `width` x `height` millimetres without being cut."""
    widths = [sum(map(_width, line)) for line in lines]
    size = largest
    while size > _NARROWEST:
        letter = size * _MILLIMETRES_A_POINT
        # a line breaks between words, so a tenth of each stays empty
        taken = sum(max(1, -(-wide * letter // (width * 0.9))) for wide in widths)
        if taken * letter * _LEADING <= height:
            break
        size -= 0.5
    return size


def _width(sign: str) -> float:
    """How wide a sign of the letters' font is at most, in units of its size."""
    if sign in "MW@%" or ord(sign) > 0x24F:
        return 1.0
    return 0.75 if sign.isupper() else 0.56
