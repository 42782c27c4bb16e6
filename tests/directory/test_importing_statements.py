"""A file of every office of the country takes a few statements, not some for each row."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask

from hub.audit.queries import broken_links
from hub.audit.rules import SYSTEM
from hub.directory.sheets.importing import import_file
from hub.directory.sheets.tables import HEADERS, Table
from hub.extensions import db
from hub.sheets.writing import csv_bytes

ROWS = 2000


def table(domain: str) -> bytes:
    """Offices under each other in pairs, each with two mailboxes."""
    rows = []
    for number in range(ROWS):
        above = "35.13" if number % 2 else f"OPD-{number + 1:04}"
        place = (f"OPD-{number:04}", f"Dinas {number}", "regional_office", "Kabupaten Probolinggo", above, "Bupati")
        mail = (f"dinas{number}@{domain}", f"sekretariat{number}@{domain}")
        rest = ("0335 421234", "0812 3456 7890", "dinas.example", "", "Jalan Melati 1", "")
        rows.append((*place, "Kepala Dinas", "Kraksaan", "", *mail, *rest))
    return csv_bytes(HEADERS[Table.INSTITUTIONS], rows)


def test_two_thousand_institutions_open_and_change_in_few_statements(
    app: Flask, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    for content, outcome in ((table("a.example"), "opened"), (table("b.example"), "changed")):
        with count_queries() as statements:
            report = import_file(content, SYSTEM)
            db.session.commit()
        assert (getattr(report, outcome), report.errors) == (ROWS, ())
        assert len(statements) < 60
    assert list(broken_links()) == []
