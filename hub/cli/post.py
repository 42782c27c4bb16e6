"""`hub post`: what the post tells about registered letters."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.context import Misuse, answer, found_wrong, in_app, json_option

if TYPE_CHECKING:
    from hub.post.importing import ImportReport


@click.group
def post() -> None:
    """Registered letters on their way."""


@post.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@in_app
def import_(file: Path, as_json: bool) -> None:
    """Take in FILE, CSV or XLSX.

    Either the scans of the post (resi,status,waktu,kantor,penerima,keterangan) or the tracking numbers it gave
    (nomor_surat,resi). Good rows are taken in whatever is wrong with others; the same file again changes nothing. Times
    without an offset are read on the clocks of the office that sent the letter.
    """
    from hub.extensions import db
    from hub.post.importing import import_file

    try:
        report = import_file(file.read_bytes(), office=None)
    except OSError as problem:
        raise Misuse(f"{file} cannot be read: {problem.strerror}.") from None
    db.session.commit()
    errors = [asdict(fault) for fault in report.errors]
    counts = {"imported": report.imported, "unchanged": report.unchanged}
    answer({"file": str(file), **counts, "errors": errors}, as_json, _told(report))
    if report.errors:
        found_wrong()


def _told(report: "ImportReport") -> str:
    faults = [f"baris {fault.line}, kolom {fault.column or '–'}: {fault.message}" for fault in report.errors]
    counts = f"{report.imported} baris diterima, {report.unchanged} sudah diketahui, {len(report.errors)} kesalahan."
    return "\n".join([*faults, counts])
