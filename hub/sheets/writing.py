"""From rows of text to the bytes of a CSV or XLSX file that a spreadsheet opens well and `reading` reads back.

A cell that begins like a formula would be run by the spreadsheet of whoever opens the file. In CSV it gets an
apostrophe in front, which `bare` takes away again; in a workbook each cell is marked as text.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
"""How a cell begins that some spreadsheet runs, any number of apostrophes before it (OWASP, CSV injection)."""

_NO_CHARACTERS = re.compile("[\ufffe\uffff\ud800-\udfff]")
"""Code points that XML does not know as characters (XML 1.0 §2.2); one of them would spoil the whole workbook."""


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with byte-order mark and semicolons, which a spreadsheet set to Indonesian opens as a table."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(headers)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def defused(cell: str) -> str:
    """The cell as text that no spreadsheet runs: "=1+1" → "'=1+1"."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def bare(cell: str) -> str:
    """What was `defused`, as it was. Any other text stays."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def xlsx_bytes(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet. Every cell is text, so that the code 35.10 stays what it is."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.freeze_panes = "A2"
    for index, header in enumerate(headers, 1):
        sheet.column_dimensions[get_column_letter(index)].width = max(12, len(header) + 4)
    sheet.append([_text_cell(sheet, header) for header in headers])
    for row in rows:
        # an apostrophe that is part of the text is doubled, as in CSV: `bare` takes one away
        sheet.append([_text_cell(sheet, defused(text) if text.startswith("'") else text) for text in row])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _text_cell(sheet: "WriteOnlyWorksheet", text: str) -> "Cell":
    """A cell that stays text, also after somebody has edited it."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(sheet, _NO_CHARACTERS.sub("", ILLEGAL_CHARACTERS_RE.sub("", text)))
    cell.data_type, cell.number_format = "s", "@"
    return cell
