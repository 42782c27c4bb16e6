"""How mail behaves: what may be an address, when to try again, when to give up, what a server's words mean. Pure."""

import re
from datetime import timedelta
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

GIVE_UP_AFTER = timedelta(days=3)
OVERDUE_AFTER = timedelta(minutes=10)

A_MINUTE_TO_ONE_DOMAIN = 60
"""Messages. A person never sends so many; large providers put off a sender they hardly know at some hundreds an hour to
some hundreds a minute, and 300 letters to one of them still leave within five minutes."""

_RATE = re.compile(r"^421|\b4\.7\.\d|\btoo (many|much|fast)\b|\brate\b|\bthrottl", re.IGNORECASE)
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=4)
_JITTER = 0.2


@lru_cache(maxsize=5000)
def usable_address(text: str) -> str | None:
    """`text` as a plain ASCII address (international domains as punycode), None when no mail could be sent to it."""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.ascii_email or found.normalized


def one_line(text: str, longest: int) -> str:
    """`text` without line breaks or control characters, so that it can never become a second header."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def pause(attempts: int, chance: float) -> timedelta:
    """How long to wait after `attempts` failures: 30 s, doubled each time up to 4 h, then 20 % either way.

    `chance` (0 to 1) places it in that span, so that messages that failed together do not return together.
    """
    doubled: timedelta = _FIRST_PAUSE * 2 ** min(attempts - 1, 20)
    return min(doubled, _LONGEST_PAUSE) * (1 - _JITTER + 2 * _JITTER * chance)


def turn(place: int) -> timedelta:
    """How long the message at `place` (0, 1, …) of those beyond the limit of a domain waits: a minute, then in line."""
    return timedelta(minutes=1) * (1 + place / A_MINUTE_TO_ONE_DOMAIN)


def speaks_of_rate(words: str) -> bool:
    """True when a reply that puts a message off means the sender's pace, not this message (RFC 3463 §3.8: 4.7.x)."""
    return bool(_RATE.search(words))


def is_permanent(code: int) -> bool:
    """True when an SMTP reply code says that trying again cannot help (RFC 5321 §4.2.1)."""
    return 500 <= code < 600
