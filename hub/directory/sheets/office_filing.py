"""Writing a checked table of institutions: one statement for many rows, and the same record as changes by hand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from hub import clock
from hub.audit.rules import Actor
from hub.audit.service import record_all
from hub.directory import addresses, service
from hub.directory.models import AddressChange, ContactFault, FaultKind, Institution, InstitutionKind
from hub.directory.sheets.office_rows import MAILBOXES, Known, OfficeRow
from hub.extensions import db

Happening = tuple[str, str, dict[str, Any]]
"""Stream, kind and details of an event."""


def file_offices(rows: Sequence[OfficeRow], known: Known, by: Actor) -> None:
    """Open and change what the rows say. They are checked: nothing is refused here."""
    opened = [row for row in rows if not row.held]
    changed = [row for row in rows if row.held and row.changes]
    ids = {code: office.id for code, office in known.offices.items()} | _opened([_values(row) for row in opened])
    under = [(row, row.wished["supervisor_code"]) for row in opened if row.wished.get("supervisor_code")]
    if under:
        above = [{"id": ids[row.code], "supervisor_id": ids[supervisor]} for row, supervisor in under]
        db.session.execute(update(Institution), above)
    happenings = [_opening(row) for row in opened]
    for row in changed:
        happenings += _change(row, known.offices[row.code], ids)
    db.session.flush()
    record_all(happenings, by)
    _mind_addresses(changed, known, by)
    db.session.expire_all()  # what was loaded before does not know its new supervisor


def _values(row: OfficeRow) -> dict[str, Any]:
    kept = {key: row.wished.get(key, "") for key in service.OFFICE_COLUMNS}
    kind = InstitutionKind(row.wished["kind"])
    return {**kept, "code": row.code, "kind": kind, "region_code": kept["region_code"] or None}


def _opened(values: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Ids by code. The unit of work would take one statement a row on SQLite."""
    if not values:
        return {}
    rows = db.session.execute(insert(Institution).returning(Institution.code, Institution.id), values)
    return dict(rows.all())


def _opening(row: OfficeRow) -> Happening:
    supervisor = row.wished.get("supervisor_code") or None
    details = {"code": row.code, "kind": row.wished["kind"], "supervisor": supervisor}
    return Institution(code=row.code).stream, "institution_opened", details


def _change(row: OfficeRow, office: Institution, ids: Mapping[str, int]) -> Iterator[Happening]:
    moved: dict[str, list[Any]] = {one.column: [one.old, one.new] for one in row.changes}
    above = moved.pop("supervisor_code", None)
    for key, (_old, new) in moved.items():
        setattr(office, key, InstitutionKind(new) if key == "kind" else new or (None if key == "region_code" else ""))
    if moved:
        yield office.stream, "office_changed", {"changes": moved}
    if above:
        office.supervisor_id = ids[above[1]] if above[1] else None
        yield office.stream, "supervisor_changed", {"changes": {"supervisor": [one or None for one in above]}}


def _mind_addresses(changed: Iterable[OfficeRow], known: Known, by: Actor) -> None:
    """Old mailboxes are kept, so that their readers can be told; what was found dead of the old is settled."""
    dead = set(db.session.scalars(select(ContactFault.address).where(ContactFault.mended_at.is_(None))))
    returned = ContactFault.kind == FaultKind.RETURNED
    unposted = set(db.session.scalars(select(ContactFault.institution_id).where(returned)))
    now, changes = clock.now(), list[dict[str, object]]()
    for row in changed:
        office = known.offices[row.code]
        for one in row.changes:
            if one.column in MAILBOXES and one.old in dead:
                addresses.replaced(office, None, one.old, one.new, by)
            elif one.column in MAILBOXES and one.old:
                replaced = {"institution_id": office.id, "old_address": one.old, "new_address": one.new}
                changes.append({**replaced, "changed_at": now})
            elif one.column == "postal_address" and office.id in unposted:
                addresses.mend_returned_post(office, by)
    if changes:
        db.session.execute(insert(AddressChange), changes)
