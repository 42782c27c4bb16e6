"""A table of institutions or of their focal points, read into the directory: all rows, or none when one has a fault."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import lazyload

from hub.audit.rules import Actor
from hub.directory.models import Institution, Person
from hub.directory.queries import regions
from hub.directory.sheets import exporting, office_checks, office_filing, people
from hub.directory.sheets.office_rows import Known
from hub.directory.sheets.tables import HEADERS, REQUIRED, Outcome, Table, Told, optional, recognised
from hub.extensions import db
from hub.sheets import reading, table
from hub.sheets.cells import Fault, Row


@dataclass(frozen=True)
class Report:
    """What an import did; of a dry run, what it would do with the good rows. `unknown`: headers that were left out."""

    table: Table
    rows: tuple[Told, ...]
    errors: tuple[Fault, ...]
    filed: bool
    dry_run: bool
    unknown: tuple[str, ...] = ()

    @property
    def opened(self) -> int:
        return self._count(Outcome.OPENED)

    @property
    def changed(self) -> int:
        return self._count(Outcome.CHANGED)

    @property
    def unchanged(self) -> int:
        return self._count(Outcome.UNCHANGED)

    @property
    def good(self) -> int:
        """Rows without a fault."""
        return sum(row.outcome is not Outcome.FAULTY for row in self.rows)

    @property
    def brings(self) -> bool:
        """True when a good row would open or change something."""
        return any(row.outcome in (Outcome.OPENED, Outcome.CHANGED) for row in self.rows)

    def _count(self, outcome: Outcome) -> int:
        return sum(row.outcome is outcome for row in self.rows) if self.filed or self.dry_run else 0


def import_file(content: bytes, by: Actor, dry_run: bool = False, partial: bool = False) -> Report:
    """File the rows of a CSV or XLSX file: all or, unless `partial`, none. With `dry_run` only told, never done."""
    try:
        with db.session.begin_nested() as trial:
            report = _filed(content, by, dry_run, partial)
            if not report.filed:
                trial.rollback()
    except IntegrityError:
        sentence = _("Somebody changed the directory at the same moment. Nothing was imported; import the file again.")
        report = Report(Table.INSTITUTIONS, (), (Fault(1, "", sentence),), filed=False, dry_run=dry_run)
    return report


def _filed(content: bytes, by: Actor, dry_run: bool, partial: bool) -> Report:
    which, rows, faults, unknown = _read(content)
    known = _known(lock=not dry_run)
    if which is Table.APPOINTMENTS:
        told = people.file(rows, known, by)
    else:
        checked = office_checks.check(rows, known)
        told = [one.told for one in checked]
    if not told and not faults:
        faults.append(Fault(1, "", _("The file has a header row and nothing below it.")))
    told += [Told(fault.line, "", "", Outcome.FAULTY, faults=(fault,)) for fault in faults]
    told.sort(key=lambda one: one.line)
    faults = [fault for one in told for fault in one.faults]
    report = Report(
        which,
        tuple(told),
        tuple(faults),
        filed=not dry_run and (partial or not faults),
        dry_run=dry_run,
        unknown=unknown,
    )
    if report.filed and which is Table.INSTITUTIONS:
        office_filing.file_offices([one for one in checked if not one.row.faults], known, by)
    return report


def _read(content: bytes) -> tuple[Table, list[Row], list[Fault], tuple[str, ...]]:
    """Which table it is, its rows, the faults of its shape, and the headers that mean nothing here."""
    which, rows, faults, headers = Table.INSTITUTIONS, list[Row](), list[Fault](), dict[str, str]()
    try:
        headers = table.headers_of(content)
        which = recognised(headers)
        rows.extend(table.rows(content, REQUIRED[which], optional(which), faults))
    except reading.Unreadable as problem:
        faults.append(Fault(problem.line, "", str(problem)))
    return which, rows, faults, tuple(header for key, header in headers.items() if key not in HEADERS[which])


def _known(lock: bool) -> Known:
    """The directory as it is. With `lock` nobody else changes an institution meanwhile; letters still refer to them."""
    offices = select(Institution).options(lazyload(Institution.region)).order_by(Institution.id)
    if lock:
        offices = offices.with_for_update(key_share=True, of=Institution).execution_options(populate_existing=True)
    by_code = {office.code: office for office in db.session.scalars(offices)}
    codes: dict[int | None, str] = {office.id: code for code, office in by_code.items()}
    homes = db.session.execute(select(Person.email, Person.institution_id))
    return Known(
        offices=by_code,
        held={code: exporting.office_row(office, codes) for code, office in by_code.items()},
        regions=regions(),
        homes={email: codes[home] for email, home in homes},
    )
