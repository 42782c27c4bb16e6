"""Keeping the directory. Offices are here; people, terms, addresses and coverage in rooms of their own behind it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.audit.rules import Actor
from hub.audit.service import record
from hub.clock import ZONES
from hub.directory import addresses, rules
from hub.directory.addresses import mark_fault, mend_faults, take_back_fault
from hub.directory.appointments import appoint, end_absence, end_term, plan_absence
from hub.directory.columns import changed, fitting, hold
from hub.directory.coverage import cover
from hub.directory.models import Institution, InstitutionKind, Region
from hub.directory.persons import COLUMNS as PERSON_COLUMNS
from hub.directory.persons import add_person, change_person, confirm_address
from hub.directory.rules import Refused
from hub.directory.seeding import seed
from hub.extensions import db

__all__ = [
    "OFFICE_COLUMNS",
    "PERSON_COLUMNS",
    "Refused",
    "add_person",
    "appoint",
    "change_office",
    "change_person",
    "change_supervisor",
    "confirm_address",
    "cover",
    "end_absence",
    "end_term",
    "hold",
    "mark_fault",
    "mend_faults",
    "open_institution",
    "plan_absence",
    "seed",
    "take_back_fault",
]

OFFICE_COLUMNS = (
    "name",
    "head_title",
    "line_addressee",
    "region_code",
    "zone",
    "seat",
    "postal_address",
    "email",
    "second_email",
    "phone",
    "whatsapp",
    "website",
    "letterhead",
    "number_template",
)
"""What `change_office` changes and `open_institution` takes as text."""

_NEEDED = ("name", "head_title", "seat", "number_template")


def open_institution(values: Mapping[str, object], by: Actor) -> Institution:
    """A new institution of `code`, `kind`, `supervisor` (an Institution or None) and the texts of OFFICE_COLUMNS.

    Left out: the head's title and the number are made from name and code, the seat and zone from the region.
    """
    code = checked_code(str(values.get("code", "")))
    _refuse_known(code)
    kind = str(values.get("kind", ""))
    if kind not in tuple(InstitutionKind):
        raise Refused("kind", _("Choose what kind of institution it is."))
    given = {key: str(values.get(key) or "") for key in OFFICE_COLUMNS}
    supervisor = values.get("supervisor")
    assert supervisor is None or isinstance(supervisor, Institution)
    institution = Institution(
        code=code, kind=InstitutionKind(kind), supervisor=supervisor, **checked(completed(given, code), None)
    )
    try:
        with db.session.begin_nested():
            db.session.add(institution)
    except IntegrityError:  # somebody opened it a moment ago
        _refuse_known(code)
        raise
    details = {"code": code, "kind": kind, "supervisor": supervisor.code if supervisor else None}
    record(institution.stream, "institution_opened", by, details)
    return institution


def change_office(institution: Institution, changes: Mapping[str, str], by: Actor) -> None:
    """Change any of OFFICE_COLUMNS. Unchanged values leave no trace. Raises Refused."""
    hold(institution)
    moved = changed(institution, checked(changes, institution))
    db.session.flush()
    if "region_code" in moved:
        db.session.expire(institution, ["region"])
    for mailbox in moved.keys() & {"email", "second_email"}:
        old, new = moved[mailbox]
        addresses.replaced(institution, None, old, new, by)
    if "postal_address" in moved:
        addresses.mend_returned_post(institution, by)
    if moved:
        record(institution.stream, "office_changed", by, {"changes": moved})


def change_supervisor(institution: Institution, supervisor: Institution | None, by: Actor) -> None:
    """Put an office under another, or under none. Raises Refused when they would supervise each other."""
    if institution.supervisor_id == (supervisor.id if supervisor else None):
        return
    # Two changes at once could close a circle that neither sees: all wait for the same row.
    db.session.execute(select(Institution.id).order_by(Institution.id).limit(1).with_for_update(key_share=True))
    hold(institution)
    if supervisor is not None and rules.closes_a_circle(institution.id, supervisor.id, _supervisor_of):
        sentence = _(
            "%(supervisor)s is itself supervised by %(office)s, so neither would stand above the other. "
            "Choose an office above both.",
            supervisor=supervisor.name,
            office=institution.name,
        )
        raise Refused("supervisor", sentence)
    pair = [office.code if office else None for office in (institution.supervisor, supervisor)]
    institution.supervisor = supervisor
    db.session.flush()
    record(institution.stream, "supervisor_changed", by, {"changes": {"supervisor": pair}})


def _supervisor_of(office_id: int) -> int | None:
    return db.session.scalar(select(Institution.supervisor_id).where(Institution.id == office_id))


def _refuse_known(code: str) -> None:
    known = db.session.scalar(select(Institution).where(Institution.code == code))
    if known is not None:
        sentence = _(
            "%(code)s is already %(office)s. Choose another code, or change that one.", code=code, office=known.name
        )
        raise Refused("code", sentence)


def checked_code(text: str) -> str:
    """The code as it is kept. Raises Refused for one that no institution can have."""
    code = fitting(Institution, "code", text)
    if not rules.is_code(code):
        raise Refused("code", _("Enter a short code of letters, digits, dots and hyphens, such as 35.13 or KPK."))
    return code


def completed(given: Mapping[str, str], code: str) -> dict[str, str]:
    """The texts of a new office, with what can be made from its name, code and region where none was given."""
    region = db.session.get(Region, given["region_code"].strip()) if given["region_code"].strip() else None
    made = {
        "head_title": f"Kepala {given['name'].strip()}",
        "zone": region.zone if region else "WIB",
        "seat": rules.bare_name(region.name) if region else "Jakarta",
        "number_template": f"{{n}}/{code}/{{MM}}/{{YYYY}}",
    }
    return {key: value if value.strip() else made.get(key, value) for key, value in given.items()}


def checked(changes: Mapping[str, str], institution: Institution | None) -> dict[str, Any]:
    """The texts as they are kept. Raises Refused for the first that cannot be."""
    values: dict[str, Any] = {key: fitting(Institution, key, changes[key] or "") for key in changes}
    for key in _NEEDED:
        if key in values and not values[key]:
            raise Refused(key, _("This cannot stay empty: letters name it."))
    for mailbox in ("email", "second_email"):
        if mailbox in values:
            values[mailbox] = addresses.of_office(values[mailbox], mailbox, institution)
    if values.get("zone", "WIB") not in ZONES:
        raise Refused("zone", _("Choose WIB, WITA or WIT."))
    if "region_code" in values:
        values["region_code"] = _region(values["region_code"])
    if values.get("website") and not rules.is_website(values["website"]):
        raise Refused("website", _("This is no web address. Write it like inspektorat.go.id."))
    if not rules.is_number_template(values.get("number_template", "{n}")):
        raise Refused(
            "number_template",
            _(
                "Write {n} where the running number stands; {MM} and {YYYY} stand for month and year, {class} and "
                "{archive} for security class and archive class."
            ),
        )
    if "letterhead" in values:
        values["letterhead"] = _letterhead(values["letterhead"])
    return values


def _region(code: str) -> str | None:
    if code and db.session.get(Region, code) is None:
        raise Refused("region_code", _("“%(code)s” is no region. Choose one from the list.", code=code))
    return code or None


def _letterhead(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) > 3:
        raise Refused("letterhead", _("The head of a letter has at most three lines. Join or shorten them."))
    return "\n".join(lines)
