"""A letter that does not arrive: which address failed and in which words, and every way that is still open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hub import clock
from hub.directory import queries as directory
from hub.directory.models import ContactFault
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, is_possible
from hub.mail.models import DEAD_ENDS, EmailDispatch
from hub.post.models import PostDispatch
from hub.post.rules import PostState


@dataclass(frozen=True)
class Failed:
    """An address that was tried, and what the server or the postman said; for an envelope that is lost, since when."""

    address: str
    words: str
    silent_since: date | None = None


@dataclass(frozen=True)
class Repair:
    """`names` are whom the letter would go to by email now; none when no address there is alive."""

    failed: tuple[Failed, ...]
    names: tuple[str, ...]
    has_postal_address: bool


def repair_of(
    forwarding: Forwarding, emails: Sequence[EmailDispatch], posts: Sequence[PostDispatch], is_undelivered: bool
) -> Repair | None:
    """What is left to do, while the letter can still be sent again; None when every address is believed in."""
    if not is_possible(forwarding.stage, Happening.RESENT):
        return None
    office = forwarding.recipient
    faults = directory.open_faults(office.id)
    posts = [one for one in posts if one.institution_id == office.id]
    failed = (*_failed(faults, emails, posts), *_lost(posts))
    if not failed or not (faults or is_undelivered or _lost(posts)):
        return None
    known = directory.contacts([office.id], forwarding.network, clock.today(office.zone))[office.id]
    dead = {fault.address for fault in faults}
    return Repair(
        failed=failed,
        names=tuple(name for name, _ in known.addressees),
        has_postal_address=bool(office.postal_address) and office.postal_address not in dead,
    )


def _failed(
    faults: Sequence[ContactFault], emails: Sequence[EmailDispatch], posts: Sequence[PostDispatch]
) -> Iterator[Failed]:
    """Each address once, what is marked in the directory first."""
    told = [(fault.address, fault.words) for fault in faults]
    told += [(one.to_address, one.server_reply) for one in reversed(emails) if one.state in DEAD_ENDS]
    told += [(" ".join(one.address.split()), one.return_reason) for one in posts if one.state is PostState.RETURNED]
    seen: set[str] = set()
    for address, words in told:
        if not any(address.lower().endswith(other) for other in seen):
            seen.add(address.lower())
            yield Failed(address, words)


def _lost(posts: Sequence[PostDispatch]) -> list[Failed]:
    """The newest envelope, when it is presumed lost: another one may go to the same house."""
    last = next((one for one in reversed(posts) if one.state is not PostState.CANCELLED), None)
    if last is None or last.state is not PostState.PRESUMED_LOST:
        return []
    seen = last.last_scan_at or last.posted_at
    since = clock.local(seen, last.letter.institution.zone).date() if seen else last.presumed_lost_on
    return [Failed(" ".join(last.address.split()), "", since)]
