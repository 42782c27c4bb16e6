"""What can be decided about a request to a public page without asking anything else. Pure."""

from collections import OrderedDict
from datetime import datetime, timedelta

MISSES_ALLOWED = 20
MISSES_FORGOTTEN_AFTER = timedelta(minutes=15)
_ADDRESSES_REMEMBERED = 10_000
ANSWERS_A_DAY = 6
"""By links to one letter. An office sends one, and perhaps an interim one before; whoever found a lost link could fill
the storage and the mailbox of the office, for each answer is confirmed to it."""


def comes_from_elsewhere(site: str | None, origin: str | None, own: tuple[str, ...]) -> bool:
    """True when a browser says that another website sent this form (`Sec-Fetch-Site`, else `Origin`).

    Our pages have the referrer policy "no-referrer", which makes the browser write `Origin: null` even for our own
    forms (Fetch §3.1): null alone proves nothing, and browsers too old to say anything are let in. The token in the
    address is the authority; this only keeps others from making people press the button unawares.
    """
    if site is not None:
        return site not in ("same-origin", "none")
    return origin not in (None, "null", *own)


class Misses:
    """Who tried unknown links or codes, counted by address and forgotten after a while.

    In memory of this process: a GET writes nothing to the database, and with 68 bits and more to guess the exact
    number hardly matters. A good link opens all the same, so that no office is locked out by a neighbour behind the
    same proxy.
    """

    def __init__(self) -> None:
        self._by_address: OrderedDict[str, list[datetime]] = OrderedDict()

    def are_too_many(self, address: str, now: datetime) -> bool:
        """Count one more miss of `address`; True when there were more than allowed lately."""
        recent = [at for at in self._by_address.pop(address, []) if now - at < MISSES_FORGOTTEN_AFTER]
        self._by_address[address] = recent = [*recent[-MISSES_ALLOWED:], now]
        if len(self._by_address) > _ADDRESSES_REMEMBERED:
            self._by_address.popitem(last=False)
        return len(recent) > MISSES_ALLOWED
