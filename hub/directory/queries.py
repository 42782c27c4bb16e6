"""Finding institutions. Whom to write to, who was appointed, who covers what: in rooms of their own behind it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload

from hub.directory.chronicle import history, recorded
from hub.directory.contacts import (
    Contacts,
    absences_of,
    appointments_of,
    contacts,
    offices_by_address,
    offices_of,
    open_faults,
    people_of,
    person_at,
    pic_on,
    planned_absences,
)
from hub.directory.coverage import ProvinceCovered, covered_by, covering, provinces_covered, uncovered
from hub.directory.models import Appointment, AppointmentRole, Institution, InstitutionKind, Network, Region, in_force
from hub.extensions import db

__all__ = [
    "Contacts",
    "Listing",
    "Missing",
    "Only",
    "ProvinceCovered",
    "absences_of",
    "appointments_of",
    "by_code",
    "contacts",
    "covered_by",
    "covering",
    "find",
    "history",
    "in_force",
    "inspectorates_of",
    "listing",
    "offices_by_address",
    "offices_of",
    "open_faults",
    "people_of",
    "person_at",
    "pic_on",
    "pickable",
    "planned_absences",
    "provinces",
    "provinces_covered",
    "recorded",
    "regions",
    "supervised",
    "uncovered",
]


class Missing(StrEnum):
    """What an institution may lack."""

    PIC_KEMENSETNEG = "pic_kemensetneg"
    PIC_OMBUDSMAN = "pic_ombudsman"
    MAILBOX = "mailbox"
    POSTAL_ADDRESS = "postal_address"


@dataclass(frozen=True)
class Only:
    """Which institutions to list. `under`: code of their supervisor; `missing` what they lack on `day`."""

    day: date
    kind: InstitutionKind | None = None
    province: str = ""
    missing: Missing | None = None
    under: str = ""


@dataclass(frozen=True)
class Listing:
    """Some institutions in order of code, the code after which the rest begins, and how many there are in all."""

    items: list[Institution]
    next: str | None
    total: int


def find(code: str) -> Institution | None:
    """The institution with `code`, its supervisor at hand."""
    return db.session.scalar(
        select(Institution).where(Institution.code == code).options(joinedload(Institution.supervisor))
    )


def by_code(code: str) -> Institution:
    """The institution with `code` ("35.13", "KSN-DUMAS"). Raises LookupError when there is none."""
    found = find(code)
    if found is None:
        raise LookupError(f'There is no institution with the code "{code}".')
    return found


def inspectorates_of(region_codes: Collection[str]) -> dict[str, Institution]:
    """The inspectorate of each region: its own, or the province's for Jakarta's administrative units.

    A code that is no region is left out. One query.
    """
    here = Institution.code.in_((Region.code, func.substr(Region.code, 1, 2)))
    rows = db.session.execute(
        select(Region.code, Institution)
        .select_from(Region)
        .join(Institution, here)
        .where(Region.code.in_(region_codes))
        .order_by(func.length(Institution.code))
    )
    return {code: office for code, office in rows}  # noqa: C416  (of two, the longer code comes last and stays)


def regions() -> list[Region]:
    """All regions in order of code."""
    return list(db.session.scalars(select(Region).order_by(Region.code)))


def pickable(query: str, limit: int = 20) -> list[Institution]:
    """Institutions to choose from, as many as fit a list of proposals."""
    return list(db.session.scalars(_found(query).limit(limit)))


def listing(query: str, after: str = "", size: int = 50, only: Only | None = None) -> Listing:
    """A page of the directory: institutions whose code or name holds every word of `query`."""
    wanted = _found(query)
    if only is not None:
        wanted = wanted.where(*_conditions(only))
    found = list(db.session.scalars(wanted.where(Institution.code > after).limit(size + 1)))
    total = db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    return Listing(found[:size], found[size - 1].code if len(found) > size else None, total)


def provinces() -> list[Region]:
    return list(db.session.scalars(select(Region).where(Region.parent_code.is_(None)).order_by(Region.code)))


def supervised(institution: Institution) -> int:
    """How many institutions it stands above."""
    return db.session.scalar(select(func.count()).where(Institution.supervisor_id == institution.id)) or 0


def _conditions(only: Only) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if only.kind:
        conditions.append(Institution.kind == only.kind)
    if only.province:
        inside = Institution.region_code.startswith(f"{only.province}.", autoescape=True)
        conditions.append((Institution.region_code == only.province) | inside)
    if only.under:
        above = select(Institution.id).where(Institution.code == only.under).scalar_subquery()
        conditions.append(Institution.supervisor_id == above)
    if only.missing:
        conditions.append(_lacks(only.missing, only.day))
    return conditions


def _lacks(missing: Missing, day: date) -> ColumnElement[bool]:
    if missing == Missing.MAILBOX:
        return Institution.email == ""
    if missing == Missing.POSTAL_ADDRESS:
        return Institution.postal_address == ""
    network = Network.KEMENSETNEG if missing == Missing.PIC_KEMENSETNEG else Network.OMBUDSMAN
    return ~exists().where(
        Appointment.institution_id == Institution.id,
        Appointment.network == network,
        Appointment.role == AppointmentRole.PIC,
        in_force(day),
    )


def _found(query: str) -> Select[Institution]:
    words = (
        Institution.name.icontains(word, autoescape=True) | Institution.code.istartswith(word, autoescape=True)
        for word in (word.rstrip(".,") for word in query.split())
    )
    return select(Institution).where(*words).order_by(Institution.code)
