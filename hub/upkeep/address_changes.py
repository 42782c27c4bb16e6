"""Telling whoever read an address that it was replaced: a wrong or hostile change never stays unseen.

These mails are documents: always Indonesian.
"""

import structlog
from sqlalchemy import exists, select

from hub import clock
from hub.directory import offices
from hub.directory import queries as directory
from hub.directory.models import AddressChange, ContactFault, Institution
from hub.extensions import db
from hub.forwardings.correspondence import long_date, office_signature
from hub.mail import service as mail
from hub.mail.models import EmailPurpose
from hub.mail.rules import usable_address

AT_MOST = 200
"""A round: an import that replaces thousands of addresses does not hold up the rest of the worker."""

log = structlog.get_logger("hub.upkeep")


def tell() -> int:
    """Queue a mail to the old address and the office mailbox for each change not yet told. Returns how many changes.

    Of two workers, each row is seen by one. A change that cannot be told is tried again next time; it never stops the
    others.
    """
    untold = (
        select(AddressChange)
        .where(AddressChange.told_at.is_(None))
        .order_by(AddressChange.id)
        .limit(AT_MOST)
        .with_for_update(of=AddressChange, skip_locked=True)
    )
    told = 0
    for change in db.session.scalars(untold.execution_options(populate_existing=True)).all():
        try:
            with db.session.begin_nested():
                _tell(change)
            told += 1
        except Exception:
            log.exception("address_change_not_told", change=change.id)
    return told


def masked(address: str) -> str:
    """ "rina@kantor.example" → "r***@kantor.example": enough to recognise one's own, too little to write to."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***{at}{domain}"


def _tell(change: AddressChange) -> None:
    change.told_at = clock.now()
    author = _author(change)
    for name, address in _readers(change):
        mail.queue(
            about=f"address_change:{change.id}",
            purpose=EmailPurpose.NOTICE,
            institution_id=change.institution_id,
            to_name=name,
            to_address=address,
            subject=f"Alamat email {_owner(change)} diganti",
            paragraphs=_words(change, author),
            signature=office_signature(author),
        )


def _readers(change: AddressChange) -> list[tuple[str, str]]:
    """Name and address: whoever read the old one, unless mail to it came back; and the office mailbox as it is now."""
    office = change.institution
    readers = {} if _was_dead(change) else {change.old_address: _owner(change)}
    readers.setdefault(office.email if change.person else change.new_address, office.name)
    if change.person:
        readers.pop(change.new_address, None)
    return [(name, address) for address, name in readers.items() if usable_address(address)]


def _was_dead(change: AddressChange) -> bool:
    """True when mail to the old address came back, be it that its replacement has settled the fault since."""
    came_back = exists().where(
        ContactFault.address == change.old_address,
        ContactFault.institution_id == change.institution_id,
        ContactFault.found_at <= change.changed_at,
        ContactFault.mended_at.is_(None) | (ContactFault.mended_at >= change.changed_at),
    )
    return bool(db.session.scalar(select(came_back)))


def _author(change: AddressChange) -> Institution:
    """The office whose administrator changed it; the one that runs the pilot when no person did."""
    wanted = [change.old_address, change.new_address]
    for event, person in directory.history(change.institution):
        changes = event.details.get("changes", {})
        if person is not None and wanted in (changes.get("email"), changes.get("second_email")):
            return person.institution
    return directory.by_code(offices.KEMENSETNEG)


def _owner(change: AddressChange) -> str:
    return change.person.name if change.person else change.institution.name


def _words(change: AddressChange, author: Institution) -> list[str]:
    moment = clock.local(change.changed_at, change.institution.zone)
    when = f"{long_date(moment.date())} pukul {moment:%H.%M} {change.institution.zone}"
    whose = f"{change.person.name}, {change.institution.name}," if change.person else change.institution.name
    if change.new_address:
        now = f"Alamat yang baru adalah {masked(change.new_address)}. Surat dan pengingat kini dikirim ke sana."
    else:
        now = "Alamat itu dihapus; surat dan pengingat tidak lagi dikirim ke sana."
    mend = f"Bila ini keliru, segera beri tahu {author.name}"
    mend += f" di {author.phone}, atau balas email ini." if author.phone else " dengan membalas email ini."
    return [
        f"Alamat email {whose} di Penghubung diganti pada {when} oleh {author.name}.",
        now,
        f"Bila perubahan ini benar, Anda tidak perlu melakukan apa pun. {mend}",
    ]
