"""`hub complaint import`: a channel's export into the register of an office."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.context import Misuse, answer, found_wrong, in_app, json_option

if TYPE_CHECKING:
    from hub.complaints.service import ImportReport


@click.group
def complaint() -> None:
    """Complaints of citizens."""


@complaint.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--office", "code", default="KSN-DUMAS", show_default=True, help="Code of the registering office.")
@click.option("--partial", is_flag=True, help="Import the good rows even when others have faults.")
@json_option
@in_app
def import_(file: Path, code: str, partial: bool, as_json: bool) -> None:
    """Register the complaints in FILE (CSV or XLSX): all, or none as long as one row has a fault."""
    from hub.complaints.service import import_file
    from hub.directory.queries import by_code
    from hub.extensions import db

    try:
        report = import_file(file.read_bytes(), by_code(code), registered_by=None, partial=partial)
    except OSError as problem:
        raise Misuse(f"{file} cannot be read: {problem.strerror}.") from None
    except LookupError as missing:
        raise Misuse(missing.args[0]) from None
    db.session.commit()
    errors = [asdict(fault) for fault in report.errors]
    answer({"file": str(file), "imported": report.imported, "errors": errors}, as_json, _told(report))
    if report.errors:
        found_wrong()


def _told(report: "ImportReport") -> str:
    faults = [f"baris {fault.line}, kolom {fault.column or '–'}: {fault.message}" for fault in report.errors]
    return "\n".join([*faults, f"{report.imported} pengaduan diimpor, {len(report.errors)} kesalahan."])
