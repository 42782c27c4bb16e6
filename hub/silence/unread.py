"""What came in and lies here unread. Whoever may have written it is accused of nothing until somebody has looked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from hub.directory import queries as directory
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.letters.models import Letter
from hub.mail.inbox.models import IS_HELD, InboundMail
from hub.mail.models import EmailDispatch
from hub.mail.reading.classify import MailKind
from hub.responses.models import IS_WAITING, MailedReply


@dataclass(frozen=True)
class Unread:
    """`letters`: ids of forwardings with a reply to read. `offices`: ids of those that wrote something, or may have.

    `is_of_anybody`: one mail says nothing of where it is from.
    """

    letters: frozenset[int]
    offices: frozenset[int]
    is_of_anybody: bool

    def may_be_from(self, office: int) -> bool:
        return self.is_of_anybody or office in self.offices


def unread() -> Unread:
    """Every mail that waits for the sender's word, whichever letter it was filed with, and every one that is held.

    A held one is of the office that its sender is known at, that our message went to which it answers, or that got a
    letter it names. Two queries, and three more when something is held.
    """
    waiting = db.session.execute(
        select(Forwarding.id, Forwarding.recipient_id).join(MailedReply.forwarding).where(IS_WAITING)
    ).all()
    letters, offices = frozenset(id for id, _ in waiting), {recipient for _, recipient in waiting}
    held = db.session.execute(
        select(InboundMail.sender_address, InboundMail.numbers, EmailDispatch.institution_id)
        .outerjoin(InboundMail.dispatch)
        .where(IS_HELD, InboundMail.kind != MailKind.BOUNCE)
    ).all()
    if not held:
        return Unread(letters, frozenset(offices), is_of_anybody=False)
    known_at = directory.offices_by_address(address for address, _, _ in held)
    recipients = _recipients_of(number for _, numbers, _ in held for number in numbers)
    is_of_anybody = False
    for address, numbers, written_to in held:
        writers = {written_to} if written_to else set()
        writers |= known_at.get(address, set())
        writers |= {office for number in numbers for office in recipients.get(number, ())}
        offices |= writers
        is_of_anybody = is_of_anybody or not writers
    return Unread(letters, frozenset(offices), is_of_anybody)


def _recipients_of(numbers: Iterable[str]) -> dict[str, set[int]]:
    """Ids of the offices that got a letter, by its number (letters.rules.number_key)."""
    named = db.session.execute(
        select(Letter.number_key, Letter.about, Forwarding.recipient_id)
        .outerjoin(Forwarding, Forwarding.letter_id == Letter.id)
        .where(Letter.number_key.in_(set(numbers)))
    ).all()
    later = forwardings.ids_of(about for _, about, _ in named)
    of_later = select(Forwarding.id, Forwarding.recipient_id).where(Forwarding.id.in_(later))
    by_stream = {f"forwarding:{id}": office for id, office in db.session.execute(of_later)}
    found: dict[str, set[int]] = defaultdict(set)
    for number, about, recipient in named:
        if number and (got_it := recipient or by_stream.get(about)):
            found[number].add(got_it)
    return found
