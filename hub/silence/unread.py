"""What came in and lies here unread. Whoever may have written it is accused of nothing until somebody has looked."""

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select

from hub.directory import queries as directory
from hub.directory.models import Institution, InstitutionKind, Region
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.letters.models import Letter
from hub.mail.inbox.models import IS_HELD, IS_NEWS, IS_UNREAD, InboundMail, InboundMailFile
from hub.mail.models import EmailDispatch
from hub.mail.reading.classify import MailKind
from hub.responses.models import IS_WAITING, MailedReply

_HELD_COUNTS_FOR = timedelta(days=14)
"""One mail that nobody sorts must not keep a whole network from being asked for its answers."""
_READ_WITHIN = timedelta(minutes=10)
"""What came in this very moment is read by the worker's next round, before its sweep."""
_KIND_OF_REGION = re.compile(r"^(?:Kabupaten|Kota|Provinsi)\s+", re.IGNORECASE)
_NAMES_A_REGION = re.compile(
    r"\b(?:kabupaten|kab\.?|kota|provinsi|prov\.?|pemkab|pemkot|pemprov|inspektorat)\s+(?=((?:[a-z'-]+\s?){1,5}))",
    re.IGNORECASE,
)
_OF_OUR_MATTERS = re.compile(
    r"\b(?:surat|pengaduan|laporan|tindak|ditindaklanjuti|inspektorat|jawaban|menjawab|tanggapan|klarifikasi|penjelasan)\b",
    re.IGNORECASE,
)
"""An advertisement names none of these; an answer that comes from anywhere does, or has a file with it."""


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
    that our message went to which it answers, or that got a letter it names; failing these, of the inspectorate whose
    region it names. One that names nothing may be of anybody, unless it speaks of nothing that goes on here. Three
    queries, and four more when something is held.
    """
    waiting = db.session.execute(
        select(Forwarding.id, Forwarding.recipient_id, Forwarding.sender_id)
        .join(MailedReply.forwarding)
        .where(IS_WAITING)
    ).all()
    lately = InboundMail.arrived_at > moment - _HELD_COUNTS_FOR
    held = db.session.execute(
        select(
            InboundMail.sender_address,
            InboundMail.numbers,
            InboundMail.sender_name + " . " + InboundMail.subject + " . " + InboundMail.words,
            exists().where(InboundMailFile.mail_id == InboundMail.id),
            EmailDispatch.institution_id,
        )
        .outerjoin(InboundMail.dispatch)
        .where(IS_HELD, lately, InboundMail.kind != MailKind.BOUNCE)
    ).all()
    overdue = lately & (InboundMail.arrived_at < moment - _READ_WITHIN)
    unseen = or_(*(exists().where(waits, overdue) for waits in (IS_UNREAD, IS_NEWS)))  # each by its own small index
    is_of_anybody = bool(db.session.scalar(select(unseen)))
    offices: set[int] = set()
    known_at = directory.offices_by_address(address for address, *_ in held)
    recipients = _recipients_of({number for _, numbers, *_ in held for number in numbers})
    named = _offices_named_in([words for _, _, words, *_ in held])
    for (address, numbers, words, has_file, written_to), regions in zip(held, named, strict=True):
        writers = {written_to} if written_to else set()
        writers |= known_at.get(address, set())
        writers |= {office for number in numbers for office in recipients.get(number, ())}
        writers = writers or regions
        offices |= writers
        is_of_anybody = is_of_anybody or (not writers and (has_file or bool(_OF_OUR_MATTERS.search(words))))
    return Unread(
        letters=frozenset(id for id, _, _ in waiting),
        pairs=frozenset((recipient, sender) for _, recipient, sender in waiting),
        offices=frozenset(offices),
        is_of_anybody=is_of_anybody,
    )


def _offices_named_in(texts: Sequence[str]) -> list[set[int]]:
    """For each text the inspectorates of the regions it names: "Kabupaten Probolinggo", "Pemkot Batu"."""
    if not texts:
        return []
    kinds = (InstitutionKind.PROVINCE, InstitutionKind.REGENCY, InstitutionKind.CITY)
    rows = db.session.execute(
        select(Institution.id, Region.name).join(Institution.region).where(Institution.kind.in_(kinds))
    )
    ids: dict[str, set[int]] = defaultdict(set)
    for id, name in rows:
        ids[_KIND_OF_REGION.sub("", name).lower()].add(id)
    found = []
    for text in texts:
        places = (" ".join(match[1].lower().split()) for match in _NAMES_A_REGION.finditer(text))
        prefixes = {" ".join(words[:n]) for words in map(str.split, places) for n in range(1, len(words) + 1)}
        found.append({id for prefix in prefixes for id in ids.get(prefix, ())})
    return found


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
