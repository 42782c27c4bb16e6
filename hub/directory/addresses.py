"""Mail addresses of people and offices: whose one is, what became of it, and whether it still works."""

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from sqlalchemy import Select, exists, func, or_, select

from hub import clock
from hub.audit.rules import SYSTEM, Actor
from hub.audit.service import record
from hub.directory.columns import hold
from hub.directory.models import AddressChange, ContactFault, FaultKind, Institution, Person
from hub.directory.rules import Refused
from hub.extensions import db


def of_person(address: str, institution: Institution, person: Person | None = None) -> str:
    """The address in its kept form. Refused when it is somebody else's, or the mailbox of another office."""
    address = spelled(address, "email")
    holder = db.session.scalar(select(Person).where(Person.email == address))
    if holder is not None and holder is not person:
        raise Refused("email", _("This address already belongs to somebody else. Enter this person's own address."))
    _refuse_mailbox_of_another(address, institution, "email")
    return address


def of_office(address: str, field: str, institution: Institution | None = None) -> str:
    """The mailbox in its kept form. Refused when another office, or somebody who works elsewhere, has it."""
    if not address.strip():
        return ""
    address = spelled(address, field)
    holder = db.session.scalar(select(Person).where(Person.email == address))
    if holder is not None and (institution is None or holder.institution_id != institution.id):
        sentence = _(
            "This is the address of somebody at %(office)s. Enter the mailbox of this office.",
            office=holder.institution.name,
        )
        raise Refused(field, sentence)
    _refuse_mailbox_of_another(address, institution, field)
    return address


def replaced(institution: Institution, person: Person | None, old: str, new: str, by: Actor) -> None:
    """Keep what an address was, so that its reader can be told. Its faults are settled unless others still use it."""
    if not old:
        return
    change = AddressChange(
        institution=institution, person=person, old_address=old, new_address=new, changed_at=clock.now()
    )
    db.session.add(change)
    db.session.flush()
    if not _in_use(old):
        mend_faults(old, by)


def mark_fault(
    institution: Institution,
    person: Person | None,
    kind: FaultKind,
    address: str,
    words: str,
    source: str,
    found_at: datetime,
) -> ContactFault | None:
    """Stop believing in an address. None when `source` ("email:12") was noticed before."""
    hold(institution)
    if db.session.scalar(select(ContactFault.id).where(ContactFault.source == source)) is not None:
        return None
    fault = ContactFault(
        institution=institution,
        person=person,
        kind=kind,
        address=address[:300],
        words=words.strip()[:300],
        source=source,
        found_at=found_at,
    )
    db.session.add(fault)
    db.session.flush()
    details = {"fault": fault.id, "kind": kind, "person": person.id if person else None}
    record(institution.stream, "contact_found_dead", SYSTEM, details, found_at)
    return fault


def mend_faults(address: str, by: Actor) -> int:
    """Believe in an address again, or be done with one that was replaced. Returns how many faults were settled."""
    return _settle(list(db.session.scalars(_open().where(ContactFault.address == address))), by)


def take_back_fault(source: str, by: Actor) -> None:
    """What `source` noticed was a mistake. It may speak again."""
    faults = list(db.session.scalars(_open().where(ContactFault.source == source)))
    _settle(faults, by)
    for fault in faults:
        fault.source = f"{source}/{fault.id}"
    db.session.flush()


def mend_returned_post(institution: Institution, by: Actor) -> int:
    """Be done with letters that came back from the old postal address of an office."""
    returned = _open().where(ContactFault.institution_id == institution.id, ContactFault.kind == FaultKind.RETURNED)
    return _settle(list(db.session.scalars(returned)), by)


def _open() -> Select[ContactFault]:
    return select(ContactFault).where(ContactFault.mended_at.is_(None)).with_for_update(of=ContactFault)


def _settle(faults: list[ContactFault], by: Actor) -> int:
    for fault in faults:
        fault.mended_at = clock.now()
        record(fault.institution.stream, "contact_mended", by, {"fault": fault.id, "person": fault.person_id})
    db.session.flush()
    return len(faults)


def spelled(address: str, field: str) -> str:
    """One person, one spelling: small letters, as every mail server in use reads them."""
    try:
        return validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False).normalized.lower()
    except EmailNotValidError:
        raise Refused(field, _("This is no email address. Write it like name@office.go.id.")) from None


def _refuse_mailbox_of_another(address: str, institution: Institution | None, field: str) -> None:
    office = db.session.scalar(
        select(Institution).where(
            or_(func.lower(Institution.email) == address, func.lower(Institution.second_email) == address),
            Institution.id != (institution.id if institution else None),
        )
    )
    if office is not None:
        sentence = _(
            "This is the mailbox of %(office)s. Each address has one owner: enter another.", office=office.name
        )
        raise Refused(field, sentence)


def _in_use(address: str) -> bool:
    people = exists().where(Person.email == address)
    offices = exists().where(or_(Institution.email == address, Institution.second_email == address))
    return bool(db.session.scalar(select(people | offices)))
