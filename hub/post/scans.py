"""The rows of scans: found, entered, told again. What they say of an envelope is folded by the service."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from hub import clock
from hub.directory.models import Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.post.models import PostDispatch, PostScan
from hub.post.rules import ScanKind, Sighting

AT_ONCE = 500
"""Rows asked for in one statement."""


@dataclass(frozen=True)
class Telling:
    """One scan of one envelope, as it was told: where, and with which photo."""

    dispatch: PostDispatch
    seen: Sighting
    place: str = ""
    proof: StoredFile | None = None


Scans = dict[int, dict[tuple[datetime, ScanKind], PostScan]]


def of(dispatches: Sequence[PostDispatch]) -> Scans:
    found: Scans = defaultdict(dict)
    ids = [one.id for one in dispatches]
    for first in range(0, len(ids), AT_ONCE):
        wanted = select(PostScan).where(PostScan.dispatch_id.in_(ids[first : first + AT_ONCE]))
        for scan in db.session.scalars(wanted.execution_options(populate_existing=True)):
            found[scan.dispatch_id][scan.at, scan.kind] = scan
    return found


def new_scan(telling: Telling, by: Person | None) -> PostScan:
    """Not in the session: `insert_all` writes them all in one statement."""
    return PostScan(
        dispatch_id=telling.dispatch.id,
        at=telling.seen.at,
        kind=telling.seen.kind,
        place=telling.place,
        receiver=telling.seen.receiver,
        words=telling.seen.words,
        proof_id=telling.proof.id if telling.proof else None,
        recorded_at=clock.now(),
        recorded_by_id=by.id if by else None,
    )


def insert_all(scans: Sequence[PostScan]) -> None:
    """Each row by itself would take ten times as long."""
    db.session.flush()
    columns = [column.key for column in PostScan.__table__.columns if column.key != "id"]
    if scans:
        db.session.execute(insert(PostScan), [{key: getattr(scan, key) for key in columns} for scan in scans])


def retell(scan: PostScan, telling: Telling, by: Person | None) -> None:
    scan.place, scan.receiver, scan.words = telling.place, telling.seen.receiver, telling.seen.words
    scan.proof_id, scan.withdrawn_at = telling.proof.id if telling.proof else None, None
    scan.recorded_at, scan.recorded_by_id = clock.now(), by.id if by else None


def fill_in(scan: PostScan, telling: Telling) -> bool:
    """Take over what this telling knows and the first one left open. True when there was something."""
    told = {
        "place": telling.place,
        "receiver": telling.seen.receiver,
        "words": telling.seen.words,
        "proof_id": telling.proof.id if telling.proof else None,
    }
    missing = {name: value for name, value in told.items() if value and not getattr(scan, name)}
    for name, value in missing.items():
        setattr(scan, name, value)
    return bool(missing)
