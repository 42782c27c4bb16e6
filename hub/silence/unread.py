"""What came in and lies here unread. Whoever may have written it is accused of nothing until somebody has looked."""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from hub.directory import queries as directory
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.letters.models import Letter
from hub.mail.inbox.models import IS_HELD, IS_NEWS, IS_UNREAD, InboundMail
from hub.mail.models import EmailDispatch
from hub.mail.reading.classify import MailKind
from hub.responses.models import IS_WAITING, MailedReply

_HELD_COUNTS_FOR = timedelta(days=14)
"""One mail that nobody sorts must not keep a whole network from being asked for its answers."""
_READ_WITHIN = timedelta(minutes=10)
"""What came in this very moment is read by the worker's next round, before its sweep."""


@dataclass(frozen=True)
class Unread:
    """`letters`: ids of forwardings with a reply to read. `pairs`: (recipient, sender) of these letters.

    `offices`: ids of those that a held mail may be from. `is_of_anybody`: one mail says nothing of where it is from.
    """

    letters: frozenset[int]
    pairs: frozenset[tuple[int, int]]
    offices: frozenset[int]
    is_of_anybody: bool

    def may_hold_words(self, recipient: int, sender: int) -> bool:
        """True when something lies here that this recipient may have written about any letter of this sender."""
        return self.is_of_anybody or recipient in self.offices or (recipient, sender) in self.pairs


def unread(moment: datetime) -> Unread:
    """Every mail that waits for the sender's word, with whichever letter it was filed, and every one that is held.

    A reply counts for all letters of the sender that reads it. A held one is of the office that its sender is known at,
    that our message went to which it answers, or that got a letter it names. Three queries, and three more when
    something is held.
    """
    waiting = db.session.execute(
        select(Forwarding.id, Forwarding.recipient_id, Forwarding.sender_id)
        .join(MailedReply.forwarding)
        .where(IS_WAITING)
    ).all()
    lately = InboundMail.arrived_at > moment - _HELD_COUNTS_FOR
    held = db.session.execute(
        select(InboundMail.sender_address, InboundMail.numbers, EmailDispatch.institution_id)
        .outerjoin(InboundMail.dispatch)
        .where(IS_HELD, lately, InboundMail.kind != MailKind.BOUNCE)
    ).all()
    overdue = lately & (InboundMail.arrived_at < moment - _READ_WITHIN) & (IS_UNREAD | IS_NEWS)
    is_of_anybody = db.session.scalar(select(InboundMail.id).where(overdue).limit(1)) is not None
    offices: set[int] = set()
    known_at = directory.offices_by_address(address for address, _, _ in held)
    recipients = _recipients_of({number for _, numbers, _ in held for number in numbers})
    for address, numbers, written_to in held:
        writers = {written_to} if written_to else set()
        writers |= known_at.get(address, set())
        writers |= {office for number in numbers for office in recipients.get(number, ())}
        offices |= writers
        is_of_anybody = is_of_anybody or not writers
    return Unread(
        letters=frozenset(id for id, _, _ in waiting),
        pairs=frozenset((recipient, sender) for _, recipient, sender in waiting),
        offices=frozenset(offices),
        is_of_anybody=is_of_anybody,
    )


def _recipients_of(numbers: Set[str]) -> dict[str, set[int]]:
    """Ids of the offices that got a letter, by its number (letters.rules.number_key)."""
    if not numbers:
        return {}
    named = db.session.execute(
        select(Letter.number_key, Letter.about, Forwarding.recipient_id)
        .outerjoin(Forwarding, Forwarding.letter_id == Letter.id)
        .where(Letter.number_key.in_(numbers))
    ).all()
    later = forwardings.ids_of(about for _, about, _ in named)
    of_later = select(Forwarding.id, Forwarding.recipient_id).where(Forwarding.id.in_(later))
    by_stream = {f"forwarding:{id}": office for id, office in db.session.execute(of_later)}
    found: dict[str, set[int]] = defaultdict(set)
    for number, about, recipient in named:
        if number and (got_it := recipient or by_stream.get(about)):
            found[number].add(got_it)
    return found
