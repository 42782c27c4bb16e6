"""Registering complaints, alone or by file, and showing who is behind one. The caller commits."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, text

from hub import clock
from hub.audit import rules as audit
from hub.audit.service import record
from hub.complaints import identity, importing, queries
from hub.complaints.models import Complaint, ReferenceSeries
from hub.complaints.rules import ComplainedOf, IdentityMode, Intake, masked, reference
from hub.directory.models import Institution, Person
from hub.directory.queries import regions
from hub.extensions import db
from hub.sheets.cells import Fault


class AlreadyRegistered(Exception):
    """This office has a complaint with this number of this channel."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.reference)
        self.complaint = complaint


@dataclass(frozen=True)
class ImportReport:
    """How many complaints were registered, how many could be, and what is wrong in the file, in its order."""

    imported: int
    good: int
    errors: tuple[Fault, ...]


def register(
    office: Institution,
    intake: Intake,
    registered_by: Person | None,
    request_key: str | None = None,
) -> Complaint:
    """Register one complaint. The same `request_key` again returns the first one. Raises AlreadyRegistered."""
    series = _locked_series(office)
    if request_key and (first := db.session.scalar(select(Complaint).where(Complaint.request_key == request_key))):
        return first
    if intake.tracking_id:
        known = queries.registered(office.id, [intake.tracking_id])
        if double := known.get((intake.channel.casefold(), intake.tracking_id)):
            raise AlreadyRegistered(double)
    [complaint] = _add(series, office, [intake], registered_by, {"source": "form"})
    complaint.request_key = request_key
    return complaint


def import_file(
    content: bytes,
    office: Institution,
    registered_by: Person | None,
    partial: bool = False,
) -> ImportReport:
    """Register every row of a CSV or XLSX file: all or, unless `partial`, none."""
    checked = importing.check(content, regions(), clock.today(office.zone))
    series = _locked_series(office)
    known = queries.registered(office.id, (row.intake.tracking_id or "" for row in checked.accepted))
    good, faults = [], list(checked.faults)
    for row in checked.accepted:
        double = known.get((row.intake.channel.casefold(), row.intake.tracking_id or ""))
        if double is None:
            good.append(row.intake)
        else:
            sentence = _(
                "Already registered as %(reference)s. Delete this row.",
                reference=double.reference,
            )
            faults.append(Fault(row.line, row.column, sentence))
    faults.sort(key=lambda fault: fault.line)
    chosen = good if partial or not faults else []
    source = {"source": "file", "sha256": hashlib.sha256(content).hexdigest()}
    _add(series, office, chosen, registered_by, source)
    return ImportReport(imported=len(chosen), good=len(good), errors=tuple(faults))


def change_body(complaint: Complaint, about: ComplainedOf, named: Institution | None, by: Person) -> None:
    """Say whom the complaint is about, as far as is known now. Letters not yet signed are judged by it anew."""
    old = _body(complaint)
    complaint.complained_of, complaint.complained_of_office = about, named
    db.session.flush()
    if (new := _body(complaint)) != old:
        record(complaint.stream, "complained_of_changed", audit.person(by.id), {"old": old, "new": new})


def show_identity(complaint: Complaint, person: Person, reason: str) -> identity.Identity:
    """Open the identity for one person, who says why. The look itself is on record."""
    record(complaint.stream, "identity_shown", audit.person(person.id), {"reason": reason})
    return identity.open_sealed(complaint)


def _body(complaint: Complaint) -> dict[str, Any]:
    return {"complained_of": str(complaint.complained_of), "office": complaint.complained_of_id}


def _locked_series(office: Institution) -> ReferenceSeries:
    """This year's series, locked: whoever registers next waits, and then sees what was registered before."""
    year = clock.today(office.zone).year
    db.session.execute(
        text("INSERT INTO complaint_reference_series (year, last) VALUES (:year, 0) ON CONFLICT DO NOTHING"),
        {"year": year},
    )
    return db.session.get_one(ReferenceSeries, year, with_for_update=True, populate_existing=True)


def _add(
    series: ReferenceSeries,
    office: Institution,
    intakes: Sequence[Intake],
    registered_by: Person | None,
    source: dict[str, Any],
) -> list[Complaint]:
    complaints = [
        Complaint(
            reference=reference(series.year, series.last + place),
            office_id=office.id,
            network=office.network,
            channel=intake.channel,
            tracking_id=intake.tracking_id,
            received_on=intake.received_on,
            registered_at=clock.now(),
            registered_by_id=registered_by.id if registered_by else None,
            region_code=intake.region_code,
            subject=_unnamed(intake, intake.subject),
            body=_unnamed(intake, intake.body),
            classification=intake.classification,
            is_supervisory=intake.is_supervisory,
            complained_of=intake.complained_of,
            complained_of_id=intake.complained_of_id,
            identity_mode=intake.identity_mode,
            identity=_sealed(intake),
        )
        for place, intake in enumerate(intakes, 1)
    ]
    series.last += len(complaints)
    db.session.add_all(complaints)
    db.session.flush()
    actor = audit.person(registered_by.id) if registered_by else audit.SYSTEM
    for complaint in complaints:
        record(
            complaint.stream,
            "registered",
            actor,
            {"reference": complaint.reference, **source},
        )
    return complaints


def _unnamed(intake: Intake, text: str) -> str:
    """Letters, mails and pages repeat the text, the official complained about among their readers."""
    is_open = intake.identity_mode is IdentityMode.OPEN
    return text if is_open else masked(text, intake.name, intake.contact)


def _sealed(intake: Intake) -> bytes | None:
    """Nothing is kept of a citizen who wants to stay anonymous, even when a name was typed."""
    is_anonymous = intake.identity_mode is IdentityMode.ANONYMOUS
    return None if is_anonymous else identity.seal(intake.name, intake.contact)
