"""Finding institutions. Whom to write to, who was appointed, who covers what: in rooms of their own behind it."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from hub.directory.history import history
from hub.directory.models import Institution, Region
from hub.directory.reaching import Contacts, absences_of, contacts, open_faults, people_of, planned_absences
from hub.directory.terms import appointments_of, in_force, pic_on
from hub.directory.territory import covered_by, coverers, covering, uncovered
from hub.extensions import db

__all__ = [
    "Contacts",
    "Listing",
    "absences_of",
    "appointments_of",
    "by_code",
    "contacts",
    "covered_by",
    "coverers",
    "covering",
    "find",
    "history",
    "in_force",
    "inspectorate_of",
    "listing",
    "open_faults",
    "people_of",
    "pic_on",
    "pickable",
    "planned_absences",
    "regions",
    "uncovered",
]


@dataclass(frozen=True)
class Listing:
    """Some institutions in order of code, and the code after which the rest begins."""

    items: list[Institution]
    next: str | None


def find(code: str) -> Institution | None:
    return db.session.scalar(select(Institution).where(Institution.code == code))


def by_code(code: str) -> Institution:
    """The institution with `code` ("35.13", "KSN-DUMAS"). Raises LookupError when there is none."""
    found = find(code)
    if found is None:
        raise LookupError(f'There is no institution with the code "{code}".')
    return found


def inspectorate_of(region_code: str) -> Institution:
    """The inspectorate that watches over a region: its own, or the province's for Jakarta's administrative units.

    Raises LookupError for a code that is no region.
    """
    known = select(Region.code).where(Region.code == region_code).exists()
    found = db.session.scalar(
        select(Institution)
        .where(Institution.code.in_((region_code, region_code[:2])), known)
        .order_by(func.length(Institution.code).desc())
        .limit(1)
    )
    if found is None:
        raise LookupError(f'There is no region with the code "{region_code}".')
    return found


def regions() -> list[Region]:
    """All regions in order of code."""
    return list(db.session.scalars(select(Region).order_by(Region.code)))


def pickable(query: str, limit: int = 20) -> list[Institution]:
    """Institutions to choose from, as many as fit a list of proposals."""
    return list(db.session.scalars(_found(query).limit(limit)))


def listing(query: str, after: str = "", size: int = 50) -> Listing:
    """A page of the directory: institutions whose code or name holds every word of `query`."""
    found = list(db.session.scalars(_found(query).where(Institution.code > after).limit(size + 1)))
    return Listing(found[:size], found[size - 1].code if len(found) > size else None)


def _found(query: str) -> Select[Institution]:
    words = (
        Institution.name.icontains(word, autoescape=True) | Institution.code.istartswith(word, autoescape=True)
        for word in (word.rstrip(".,") for word in query.split())
    )
    return select(Institution).where(*words).order_by(Institution.code)
