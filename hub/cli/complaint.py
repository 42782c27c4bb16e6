"""`hub complaint import`: a channel's export into the register of an office."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from hub.complaints.service import ImportReport, import_file
from hub.directory.queries import by_code
from hub.extensions import db

complaint = AppGroup("complaint", help="Complaints: import a channel's export.")


@complaint.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--office", "code", default="KSN-DUMAS", show_default=True, help="Code of the registering office.")
@click.option("--partial", is_flag=True, help="Import the good rows even when others have faults.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def import_(context: click.Context, file: Path, code: str, partial: bool, as_json: bool) -> None:
    """Register the complaints in FILE (CSV or XLSX). Exit 0: all are in. 1: rows with faults. 2: wrong use."""
    try:
        office = by_code(code)
    except LookupError as unknown:
        raise click.BadParameter(str(unknown), param_hint="--office") from None
    report = import_file(file.read_bytes(), office, registered_by=None, partial=partial)
    db.session.commit()
    click.echo(_as_json(file, report) if as_json else _as_text(report))
    context.exit(1 if report.errors else 0)


def _as_json(file: Path, report: ImportReport) -> str:
    errors = [asdict(fault) for fault in report.errors]
    return json.dumps({"file": str(file), "imported": report.imported, "errors": errors}, indent=2)


def _as_text(report: ImportReport) -> str:
    faults = [f"line {fault.line}, {fault.column or 'file'}: {fault.message}" for fault in report.errors]
    return "\n".join([*faults, f"{report.imported} complaints imported, {len(report.errors)} faults."])
