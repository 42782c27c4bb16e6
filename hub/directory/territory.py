"""Which Ombudsman offices watch over which regencies and cities."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from hub.directory.models import Coverage, Institution, Region
from hub.directory.rules import PROVINCE
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
