"""Which regencies and cities each Ombudsman office watches over. Many-to-many."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import delete, exists, insert, select

from hub.audit.rules import Actor
from hub.audit.service import record
from hub.directory import offices
from hub.directory.columns import hold
from hub.directory.models import Coverage, Institution, InstitutionKind, Region
from hub.directory.rules import PROVINCE, Refused
from hub.extensions import db


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
