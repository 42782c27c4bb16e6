"""Who stands above whom: every office with its supervisors up to the top."""

from collections.abc import Collection

from sqlalchemy import literal, select
from sqlalchemy.orm import aliased

from hub.directory.models import Institution, InstitutionKind
from hub.directory.queries import inspectorates_of
from hub.extensions import db
from hub.routing.rules import first_above_all

HIGHEST = 8
"""Supervisors above one another; regency, province and Itjen are three. Ends a circle that somebody made by hand."""

Chain = tuple[Institution, ...]
"""An office, then who supervises it, and so on upwards."""


def chains_of(offices: Collection[Institution]) -> dict[int, Chain]:
    """Each of these offices with all above it. At most three queries, however many.

    An office of a region whose supervisor nobody has entered stands below the inspectorate of that region.
    """
    chains = _as_entered({one.id for one in offices})
    ends = {id: chain[-1] for id, chain in chains.items() if _needs_inspectorate(chain[-1])}
    places = {code for end in ends.values() if (code := end.region_code)}
    above = inspectorates_of(places) if places else {}
    higher = _as_entered({one.id for one in above.values()}) if above else {}
    for id, end in ends.items():
        if inspectorate := above.get(end.region_code or ""):
            chains[id] = [*chains[id], *higher[inspectorate.id]]
    return {id: tuple(chain) for id, chain in chains.items()} | {
        chain[0].id: tuple(chain) for chain in higher.values() if chain[0].id not in chains
    }


def common_superior(offices: Collection[Institution]) -> Institution | None:
    """The first office that stands above all of these; None where the directory has none."""
    chains = chains_of(offices)
    known = {one.id: one for chain in chains.values() for one in chain}
    found = first_above_all([[one.id for one in chains[office.id]] for office in offices])
    return known[found] if found is not None else None


def _needs_inspectorate(office: Institution) -> bool:
    return office.kind is InstitutionKind.REGIONAL_OFFICE and office.region_code is not None


def _as_entered(ids: Collection[int]) -> dict[int, list[Institution]]:
    """Each office with its supervisors as the directory has them. One query."""
    start = Institution.id.label("start")
    step = select(start, Institution.id.label("id"), literal(0).label("place")).where(Institution.id.in_(ids))
    climb = step.cte("chain", recursive=True)
    lower = aliased(Institution)
    climb = climb.union_all(
        select(climb.c.start, lower.supervisor_id, climb.c.place + 1)
        .join(lower, lower.id == climb.c.id)
        .where(lower.supervisor_id.is_not(None), climb.c.place < HIGHEST)
    )
    rows = db.session.execute(
        select(climb.c.start, Institution)
        .join(Institution, Institution.id == climb.c.id)
        .order_by(climb.c.start, climb.c.place)
    )
    chains: dict[int, list[Institution]] = {}
    for id, office in rows:
        chains.setdefault(id, []).append(office)
    return chains
