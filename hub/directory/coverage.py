"""Which regencies and cities each Ombudsman office watches over: many-to-many."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, exists, func, insert, select

from hub.audit.rules import Actor
from hub.audit.service import record
from hub.directory import offices
from hub.directory.columns import hold
from hub.directory.models import Coverage, Institution, InstitutionKind, Region
from hub.directory.rules import PROVINCE, Refused
from hub.extensions import db


@dataclass(frozen=True)
class Place:
    """A regency or city: whether one office covers it, and who else does."""

    region: Region
    is_mine: bool
    others: list[Institution]


@dataclass(frozen=True)
class ProvinceCovered:
    """A province as one office sees it."""

    region: Region
    places: list[Place]

    @property
    def covered(self) -> int:
        return sum(place.is_mine for place in self.places)


def cover(office: Institution, region_codes: Iterable[str], by: Actor) -> None:
    """Let an Ombudsman office watch over exactly these regencies and cities, whoever else does."""
    if office.kind != InstitutionKind.OMBUDSMAN_OFFICE:
        raise Refused("regions", _("Only a regional office of the Ombudsman covers regions. Open the page of one."))
    wanted = set(region_codes)
    hold(office)
    known = set(db.session.scalars(select(Region.code).where(Region.kind != PROVINCE, Region.code.in_(wanted))))
    if wanted - known:
        sentence = _("%(codes)s is no regency or city. Choose from the list.", codes=", ".join(sorted(wanted - known)))
        raise Refused("regions", sentence)
    before = set(db.session.scalars(select(Coverage.region_code).where(Coverage.office_id == office.id)))
    added, removed = sorted(wanted - before), sorted(before - wanted)
    if added:
        db.session.execute(insert(Coverage), [{"office_id": office.id, "region_code": code} for code in added])
    if removed:
        gone = delete(Coverage).where(Coverage.office_id == office.id, Coverage.region_code.in_(removed))
        db.session.execute(gone)
    if added or removed:
        record(office.stream, "coverage_changed", by, {"added": added, "removed": removed})


def seed() -> int:
    """Each office covers all regencies and cities of its provinces; only while nobody covers anything yet.

    The administrative units of Jakarta are among them: people complain about services there too.
    """
    if db.session.scalar(select(exists().where(Coverage.office_id.is_not(None)))):
        return 0
    ids = dict(db.session.execute(select(Institution.code, Institution.id)).all())
    below = db.session.execute(select(Region.code, Region.parent_code).where(Region.kind != PROVINCE)).all()
    rows = [
        {"office_id": ids[office], "region_code": region}
        for office, provinces in offices.covered_provinces()
        for region, province in below
        if office in ids and province in provinces
    ]
    if rows:
        db.session.execute(insert(Coverage), rows)
    return len(rows)


def covering(region_code: str) -> list[Institution]:
    """Ombudsman offices that watch over a region. Over a province: those of its regencies, who has most first."""
    inside = Coverage.region_code == region_code
    if len(region_code) == 2:
        inside = Coverage.region_code.startswith(f"{region_code}.", autoescape=True)
    offices = (
        select(Coverage.office_id, func.count().label("regions")).where(inside).group_by(Coverage.office_id).subquery()
    )
    found = select(Institution).join(offices, offices.c.office_id == Institution.id)
    return list(db.session.scalars(found.order_by(offices.c.regions.desc(), Institution.code)))


def covered_by(office: Institution) -> list[Region]:
    """Regencies and cities that an office watches over, in order of code."""
    mine = select(Region).join(Coverage, Coverage.region_code == Region.code).where(Coverage.office_id == office.id)
    return list(db.session.scalars(mine.order_by(Region.code)))


def uncovered() -> list[Region]:
    """Regencies and cities that no Ombudsman office watches over."""
    covered = exists().where(Coverage.region_code == Region.code)
    return list(db.session.scalars(select(Region).where(Region.kind != PROVINCE, ~covered).order_by(Region.code)))


def coverers() -> dict[str, list[Institution]]:
    """Region code to the offices that watch over it."""
    by_region: dict[str, list[Institution]] = {}
    rows = select(Coverage.region_code, Institution).join(Institution, Institution.id == Coverage.office_id)
    for code, office in db.session.execute(rows.order_by(Institution.code)):
        by_region.setdefault(code, []).append(office)
    return by_region


def provinces_covered(office: Institution) -> list[ProvinceCovered]:
    """Every province with its regencies and cities; those where `office` covers something come first."""
    by_region = coverers()
    provinces: dict[str, ProvinceCovered] = {}
    for region in db.session.scalars(select(Region).order_by(Region.code)):
        if region.kind == PROVINCE:
            provinces[region.code] = ProvinceCovered(region, [])
            continue
        here = by_region.get(region.code, [])
        others = [one for one in here if one.id != office.id]
        provinces[region.province_code].places.append(Place(region, len(others) < len(here), others))
    return sorted(provinces.values(), key=lambda province: not province.covered)
