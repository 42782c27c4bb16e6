"""Filling an empty hub with the regions and offices of the country."""

from typing import Any

from sqlalchemy import insert, select

from hub.audit.rules import SYSTEM
from hub.audit.service import record
from hub.directory import coverage, offices
from hub.directory.models import Institution, Region
from hub.extensions import db


def seed() -> None:
    """Regions, offices and who covers what, where they are missing. What people have changed stays as it is."""
    known = set(db.session.scalars(select(Region.code)))
    regions = [row for row in offices.regions() if row["code"] not in known]
    if regions:
        db.session.execute(insert(Region), regions)
    ids = dict(db.session.execute(select(Institution.code, Institution.id)).all())
    before = len(ids)
    rows = [*offices.central(), *offices.ombudsman_offices(), *offices.inspectorates()]
    for rank in (0, 1, 2):
        _open_offices([row for row in rows if _rank(row["code"]) == rank], ids)
    covered = coverage.seed()
    if regions or len(ids) > before or covered:
        details = {"regions": len(regions), "institutions": len(ids) - before, "covered": covered}
        record("directory", "directory_filled", SYSTEM, details)


def _rank(code: str) -> int:
    """Supervisors are opened before those they supervise: central offices, then provinces, then the rest."""
    if code in (offices.KEMENSETNEG, offices.ITJEN, offices.OMBUDSMAN):
        return 0
    return 1 if len(code) == 2 else 2


def _open_offices(rows: list[dict[str, Any]], ids: dict[str, int]) -> None:
    missing = [
        {key: value for key, value in row.items() if key != "supervisor_code"}
        | {"supervisor_id": ids.get(row["supervisor_code"] or "")}
        for row in rows
        if row["code"] not in ids
    ]
    if missing:
        opened = db.session.execute(insert(Institution).returning(Institution.code, Institution.id), missing)
        ids.update((code, id) for code, id in opened)
