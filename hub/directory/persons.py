"""The people of the offices: who they are and how to reach them."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.audit import rules as actors
from hub.audit.rules import Actor
from hub.audit.service import record
from hub.directory import addresses
from hub.directory.columns import changed, fitting, hold
from hub.directory.models import Institution, Person
from hub.directory.rules import Refused
from hub.extensions import db

COLUMNS = ("name", "title", "email", "phone", "employee_number")


def add_person(
    institution: Institution, name: str, title: str, email: str, phone: str, by: Actor, employee_number: str = ""
) -> Person:
    """Somebody who works at `institution`. One address is one person: the same person given again is found again."""
    known = db.session.scalar(select(Person).where(Person.email == email.strip().lower()))
    if known is not None and (known.institution_id, known.name.casefold()) == (institution.id, name.strip().casefold()):
        return known
    hold(institution)
    values = {"name": name, "title": title, "phone": phone, "employee_number": employee_number}
    values = {key: fitting(Person, key, value) for key, value in values.items()}
    _refuse_nameless(values["name"])
    person = Person(institution=institution, email=addresses.of_person(email, institution), **values)
    _keep(person)
    record(institution.stream, "person_added", by, {"person": person.id})
    return person


def change_person(person: Person, changes: Mapping[str, str], by: Actor) -> None:
    """Change name, title, email, phone or employee number. A new address has to be shown to work again.

    Raises Refused; unchanged values leave no trace.
    """
    hold(person.institution)
    values = {key: fitting(Person, key, value) for key, value in changes.items()}
    _refuse_nameless(values.get("name", person.name))
    if "email" in values:
        values["email"] = addresses.of_person(values["email"], person.institution, person)
    moved = changed(person, values)
    if not moved:
        return
    _keep(person)
    if "email" in moved:
        person.verified_at = None
        old, new = moved["email"]
        addresses.replaced(person.institution, person, old, new, by)
    record(person.institution.stream, "person_changed", by, {"person": person.id, "changes": moved})


def confirm_address(person: Person, at: datetime, by: Actor | None = None) -> None:
    """This person's address is read: a link mailed to it was used at `at`, or as `by` shows."""
    by = by or actors.person(person.id)
    hold(person.institution)
    first = person.verified_at is None
    person.verified_at = max(at, person.verified_at or at)
    db.session.flush()
    mended = addresses.mend_faults(person.email, by)
    if first or mended:
        record(person.institution.stream, "address_confirmed", by, {"person": person.id}, at)


def _refuse_nameless(name: str) -> None:
    if not name:
        raise Refused("name", _("Enter the name of this person."))


def _keep(person: Person) -> None:
    """Write the row now. Of two people who enter the same address at once, the second is told."""
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        sentence = _("This address already belongs to somebody else. Enter this person's own address.")
        raise Refused("email", sentence) from None
