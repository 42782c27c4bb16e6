"""When a contact is dead, a seat empty, a PIC asked. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from hub.workdays.rules import OFFICE_CLOSES, OFFICE_OPENS

SLOTS = 20
"""Reach checks go out on the first 20 working days of a quarter: about 50 a day when every inspectorate has a PIC."""
ASKED_A_DAY = 60
"""After downtime the rest follows day by day; it never leaves in one burst."""
SETTLING_IN = timedelta(days=30)
"""Nobody is asked in the first 30 days of a term, nor twice within 30 days."""
UNANSWERED_AFTER = timedelta(days=14)
ENDS_SOON = timedelta(days=30)

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_GONE = {"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1"}
_REFUSALS_WITHOUT_CODE = ("550", "551", "553")
_REFUSED_FOR_ANOTHER_REASON = re.compile(
    r"spam|junk|virus|malware|phish|content|block|blacklist|denylist|polic[yi]|relay|denied|reputation|spf|dkim|dmarc"
    r"|\brate\b|sender|allowed|size|quota|full",
    re.IGNORECASE,
)


def says_no_such_address(words: str) -> bool:
    """True when a server's reply ("550 5.1.1 User unknown") tells that there is no such mailbox or domain.

    The enhanced code decides (RFC 3463 §3.2: 5.1.x, 5.2.1); 5.1.7 to 5.1.9 speak of the sender. Without one, 550, 551
    and 553 do, unless their words name policy, content or our own address. What the server put off (4xx), and a server
    of ours that could not be reached, say nothing about the address.
    """
    reply = words[:3]
    if not reply.startswith("5"):
        return False
    if (told := _enhanced_says_gone(words)) is not None:
        return told
    return reply in _REFUSALS_WITHOUT_CODE and not _REFUSED_FOR_ANOTHER_REASON.search(words)


def report_condemns(words: str) -> bool:
    """True when a report that a mail will never arrive, in the words it quotes, tells that there is no such mailbox.

    Reports quote less exactly than servers speak: one without any code counts unless it names another reason.
    """
    if (told := _enhanced_says_gone(words)) is not None:
        return told
    return not _REFUSED_FOR_ANOTHER_REASON.search(words)


def _enhanced_says_gone(words: str) -> bool | None:
    found = _ENHANCED.search(words)
    return None if found is None else found[1] == "5" and f"{int(found[2])}.{int(found[3])}" in _GONE


def quarter_start(day: date) -> date:
    """1 January, April, July or October: the first day of the quarter that holds `day`."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def quarter_before(day: date) -> date:
    """The first day of the quarter before the one that holds `day`."""
    return quarter_start(quarter_start(day) - timedelta(days=1))


def slot(person_id: int) -> int:
    """The working day of the quarter, 0 to 19, on which this person is asked: the same in every quarter."""
    return person_id % SLOTS


def weekdays_so_far(day: date) -> int:
    """Mondays to Fridays from the first day of the quarter to `day`, both included: at least its working days."""
    begin = quarter_start(day)
    return sum((begin + timedelta(days=n)).weekday() < 5 for n in range((day - begin).days + 1))


def is_weekday_hour(local: datetime) -> bool:
    """True when an office with these clocks could be open, whatever its calendar says."""
    return local.weekday() < 5 and OFFICE_OPENS <= local.time() < OFFICE_CLOSES


def not_asked_since(day: date) -> date:
    """Whoever was asked on this day or later is left alone on `day`: once a quarter, and never twice in a month."""
    return min(quarter_start(day), day - SETTLING_IN)


def is_verified(verified_on: date | None, day: date) -> bool:
    """True while a sign of life from this quarter or the one before it is known.

    So one whole quarter in which nobody answered is what makes a PIC unverified.
    """
    return verified_on is not None and verified_on >= quarter_before(day)


class Concern(StrEnum):
    """What can be wrong with the network of focal points, the gravest first."""

    VACANT = "vacant"
    ENDING = "ending"
    BOUNCING = "bouncing"
    UNCOVERED = "uncovered"
    QUIET = "quiet"
    UNVERIFIED = "unverified"


ALARMS = (Concern.VACANT, Concern.ENDING, Concern.BOUNCING, Concern.UNCOVERED)
"""These cost a letter; the others are asked about before they do."""


@dataclass(frozen=True)
class Term:
    """One term of a PIC, in a seat (institution and network) of several over the years."""

    id: int
    person_id: int
    valid_from: date
    valid_until: date | None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def vacant_since(terms: Iterable[Term], day: date) -> date | None:
    """The first day without a PIC in a seat that had one; None when it is held today or tomorrow, or never was."""
    known = list(terms)
    if any(term.holds(day) or term.holds(day + timedelta(days=1)) for term in known):
        return None
    ended = [term.valid_until for term in known if term.valid_until is not None and term.valid_until < day]
    return max(ended) + timedelta(days=1) if ended else None


def ends_soon(terms: Iterable[Term], day: date) -> Term | None:
    """The present term when it ends within 30 days and nobody is appointed for the day after."""
    known = list(terms)
    for term in known:
        if term.holds(day) and term.valid_until is not None and term.valid_until <= day + ENDS_SOON:
            after = term.valid_until + timedelta(days=1)
            return None if any(other.holds(after) for other in known) else term
    return None
