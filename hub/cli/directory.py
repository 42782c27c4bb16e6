"""`hub directory`: the institutions and their focal points, in and out by file."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.context import Misuse, answer, found_wrong, in_app, json_option, tell

if TYPE_CHECKING:
    from hub.directory.sheets.importing import Report
    from hub.upkeep.findings import Finding
    from hub.upkeep.queries import Health

_TABLES = click.Choice(["institutions", "appointments"])
_CONCERNS = {
    "vacant": "Tanpa PIC",
    "ending": "Masa tugas segera berakhir",
    "bouncing": "Alamat tidak aktif",
    "uncovered": "Wilayah tanpa kantor Ombudsman",
    "quiet": "Belum menjawab",
    "unverified": "Belum terverifikasi",
}
_FORMATS = click.Choice(["csv", "xlsx", "json"])


@click.group
def directory() -> None:
    """Institutions and their focal points."""


@directory.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only tell what would happen to each row; nothing is changed.")
@click.option("--partial", is_flag=True, help="File the good rows even when others have faults.")
@json_option
@in_app
def import_(file: Path, dry_run: bool, partial: bool, as_json: bool) -> None:
    """File the institutions or the PICs in FILE (CSV or XLSX): all, or none as long as one row has a fault."""
    from hub.audit.rules import SYSTEM
    from hub.directory.sheets.importing import import_file
    from hub.extensions import db

    try:
        content = file.read_bytes()
    except OSError as problem:
        raise Misuse(f"{file} cannot be read: {problem.strerror}.") from None
    report = import_file(content, SYSTEM, dry_run=dry_run, partial=partial)
    db.session.commit()
    result = {
        "file": str(file),
        "dry_run": dry_run,
        "opened": report.opened,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "errors": [asdict(fault) for fault in report.errors],
    }
    if dry_run:
        result["rows"] = [asdict(row) for row in report.rows]
    answer(result, as_json, _told(report, dry_run))
    if report.errors:
        found_wrong()


@directory.command
@click.option("--format", "format_", type=_FORMATS, default="csv", show_default=True)
@click.option("--what", type=_TABLES, default="institutions", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here, not to stdout.")
@json_option
@in_app
def export(format_: str, what: str, output: Path | None, as_json: bool) -> None:
    """The directory as a table that `hub directory import` reads again."""
    from hub.directory.sheets import exporting
    from hub.directory.sheets.tables import Table
    from hub.sheets.writing import csv_bytes, xlsx_bytes

    headers, rows = exporting.table(Table(what))
    if as_json or format_ == "json":
        told = {"rows": [dict(zip(headers, row, strict=True)) for row in rows]}
        content = (json.dumps(told, ensure_ascii=False) + "\n").encode()
    else:
        content = xlsx_bytes(headers, rows) if format_ == "xlsx" else csv_bytes(headers, rows)
    if output is None:
        if format_ == "xlsx" and sys.stdout.isatty():
            raise Misuse("A workbook is no text for a terminal. Add --output FILE.")
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as problem:
        raise Misuse(f"{output} cannot be written: {problem.strerror}.") from None
    tell(f"{len(rows)} rows in {output}.")


@directory.command
@json_option
@in_app
def check(as_json: bool) -> None:
    """What could cost a letter: vacant seats, terms that end, dead addresses, regions without an Ombudsman office.

    PICs that are quiet or not verified are told too. Exit 1 for the first four.
    """
    from hub import clock
    from hub.upkeep.queries import health

    found = health(clock.today("WIB"))
    result: dict[str, object] = {concern: [_finding(one) for one in of] for concern, of in found.found.items()}
    never = {str(network): count for network, count in found.never_staffed.items()}
    answer({"day": found.day.isoformat(), **result, "never_staffed": never}, as_json, _diagnosis(found))
    if found.alarms:
        found_wrong()


def _finding(one: "Finding") -> dict[str, object]:
    fields = {key: value for key, value in asdict(one).items() if key != "concern" and value not in ("", None, 0)}
    return {**fields, **({"since": one.since.isoformat()} if one.since else {})}


def _diagnosis(found: "Health") -> str:
    lines = []
    for concern, of in found.found.items():
        lines.append(f"{_CONCERNS[concern]}: {len(of)}")
        lines += [f"  {', '.join(filter(None, (one.name, one.network, one.person, one.address)))}" for one in of]
    never = ", ".join(f"{network} {count}" for network, count in found.never_staffed.items())
    return "\n".join([*lines, f"Belum pernah ada PIC: {never}"])


def _told(report: "Report", dry_run: bool) -> str:
    faults = [f"baris {fault.line}, kolom {fault.column or '–'}: {fault.message}" for fault in report.errors]
    counts = (
        f"{report.opened} dibuka, {report.changed} diubah, {report.unchanged} tetap, {len(report.errors)} kesalahan."
    )
    return "\n".join([*faults, f"Akan terjadi: {counts}" if dry_run else counts])
