"""Writing a checked table of institutions: one statement for many rows, and the same record as changes by hand."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import insert, select

from hub import clock
from hub.audit.rules import Actor
from hub.audit.service import record_all
from hub.directory import addresses, service
from hub.directory.importing_offices import MAILBOXES, Known, OfficeRow
from hub.directory.models import AddressChange, ContactFault, FaultKind, Institution, InstitutionKind
from hub.extensions import db

Happening = tuple[str, str, dict[str, Any]]
"""Stream, kind and details of an event."""


def file_offices(rows: Sequence[OfficeRow], known: Known, by: Actor) -> None:
    """Open and change what the rows say. They are checked: nothing is refused here."""
    offices = dict(known.offices)
    opened = [row for row in rows if not row.held]
    changed = [row for row in rows if row.held and row.changes]
    for row in opened:
        kept = {key: row.wished.get(key) or "" for key in service.OFFICE_COLUMNS}
        kept |= {"code": row.code, "kind": InstitutionKind(row.wished["kind"])}
        offices[row.code] = Institution(**kept | {"region_code": kept["region_code"] or None})
    db.session.add_all(offices[row.code] for row in opened)
    db.session.flush()
    happenings: list[Happening] = []
    for row in opened:
        _place_under(offices, row)
        supervisor = row.wished.get("supervisor_code") or None
        details = {"code": row.code, "kind": row.wished["kind"], "supervisor": supervisor}
        happenings.append((offices[row.code].stream, "institution_opened", details))
    for row in changed:
        happenings += _change(row, offices)
    db.session.flush()
    record_all(happenings, by)
    _mind_addresses(changed, offices, by)


def _place_under(offices: dict[str, Institution], row: OfficeRow) -> None:
    if "supervisor_code" in row.wished:
        code = row.wished["supervisor_code"]
        offices[row.code].supervisor_id = offices[code].id if code else None


def _change(row: OfficeRow, offices: dict[str, Institution]) -> Iterator[Happening]:
    office = offices[row.code]
    moved: dict[str, list[Any]] = {one.column: [one.old, one.new] for one in row.changes}
    above = moved.pop("supervisor_code", None)
    for key, (_old, new) in moved.items():
        setattr(office, key, InstitutionKind(new) if key == "kind" else new or (None if key == "region_code" else ""))
    if moved:
        yield office.stream, "office_changed", {"changes": moved}
    if above:
        _place_under(offices, row)
        yield office.stream, "supervisor_changed", {"changes": {"supervisor": [one or None for one in above]}}


def _mind_addresses(changed: Iterable[OfficeRow], offices: dict[str, Institution], by: Actor) -> None:
    """Old mailboxes are kept, so that their readers can be told; what was found dead of the old is settled."""
    dead = set(db.session.scalars(select(ContactFault.address).where(ContactFault.mended_at.is_(None))))
    returned = ContactFault.kind == FaultKind.RETURNED
    unposted = set(db.session.scalars(select(ContactFault.institution_id).where(returned)))
    now, changes = clock.now(), list[dict[str, object]]()
    for row in changed:
        office = offices[row.code]
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
