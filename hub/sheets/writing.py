"""From rows of cells to the bytes of a CSV or XLSX file that a spreadsheet opens well and `reading` reads back.

A text that begins like a formula would be run by the spreadsheet of whoever opens the file. In CSV it gets an
apostrophe in front, which `bare` takes away again; in a workbook each text is marked as text.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell as WrittenCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | date
"""A text stays what it is ("35.10"); with a date or a number a workbook sorts and reckons."""
NARROWEST, WIDEST = 12, 60
"""Of a column of a workbook, in characters."""

FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
"""How a cell begins that some spreadsheet runs, any number of apostrophes before it (OWASP, CSV injection)."""

_NO_CHARACTERS = re.compile("[\ufffe\uffff\ud800-\udfff]")
"""Code points that XML does not know as characters (XML 1.0 §2.2); one of them would spoil the whole workbook."""


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with byte-order mark and semicolons, which a spreadsheet set to Indonesian opens as a table.

    A date is written "2026-04-10".
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(headers)
    writer.writerows([defused(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def defused(cell: str) -> str:
    """The cell as text that no spreadsheet runs: "=1+1" → "'=1+1"."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def bare(cell: str) -> str:
    """What was `defused`, as it was. Any other text stays."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def xlsx_bytes(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet, each column as wide as what it holds."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.freeze_panes = "A2"
    table = [headers, *rows]
    for index, width in enumerate(_widths(table), 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    for row in table:
        sheet.append([_cell(sheet, cell) for cell in row])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _widths(table: Iterable[Sequence[Cell]]) -> list[int]:
    """Of each column, with room for the arrow of a filter; a long text is cut off by its neighbour."""
    longest = (max(len(str(cell)) for cell in column) for column in zip(*table, strict=True))
    return [min(max(NARROWEST, length + 4), WIDEST) for length in longest]


def _cell(sheet: "WriteOnlyWorksheet", value: Cell) -> "WrittenCell":
    """A text stays text, also after somebody has edited it."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        day = WriteOnlyCell(sheet, datetime.combine(value, time.min))
        day.number_format = "yyyy-mm-dd"
        return day
    # an apostrophe that is part of the text is doubled, as in CSV: `bare` takes one away
    text = defused(value) if value.startswith("'") else value
    cell = WriteOnlyCell(sheet, _NO_CHARACTERS.sub("", ILLEGAL_CHARACTERS_RE.sub("", text)))
    cell.data_type, cell.number_format = "s", "@"
    return cell
