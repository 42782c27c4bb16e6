"""From the bytes of a CSV or XLSX file to rows of text, each with the line on which it begins."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

from flask_babel import gettext as _

from hub.config import MAX_FILE_BYTES

MAX_UNPACKED_BYTES = 5 * MAX_FILE_BYTES
"""The tables of a whole year unpack to 20 MB; each MB of nothing but markup costs more than a second to parse."""
MAX_SHEET_ROWS, MAX_SHEET_COLUMNS = 50_000, 100
"""A workbook of a few kilobytes can claim more rows than there is time to count, and a text has room for millions."""
SEPARATORS = ";,\t"

csv.field_size_limit(MAX_FILE_BYTES)  # 131,072 by default; complaints of 200,000 characters are legal


class Unreadable(Exception):
    """The file cannot be read from `line` on. The message is a sentence that tells what to do."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row that is not blank. Raises Unreadable where reading must stop."""
    if len(content) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1024 // 1024
        raise Unreadable(
            1,
            _(
                "The file is larger than %(limit)s MB. Split it into smaller files.",
                limit=limit,
            ),
        )
    found = _workbook(content) if content.startswith(b"PK\x03\x04") else _text(content)
    filled = ((line, cells) for line, cells in found if any(cell.strip() for cell in cells))
    for place, (line, cells) in enumerate(filled, 1):
        if place > MAX_SHEET_ROWS:
            sentence = _("The file has more than %(limit)s rows. Split it into smaller files.", limit=MAX_SHEET_ROWS)
            raise Unreadable(line, sentence)
        yield line, cells


def _text(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content).replace("\0", "")
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        sentence = _("A quotation mark in this row is not closed or stands alone. The file was read up to here only.")
        raise Unreadable(begins, sentence) from None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        line = 1 if wide else content.count(b"\n", 0, error.start) + 1
        sentence = _("The file is not UTF-8 text. In the spreadsheet choose “Save as: CSV UTF-8” and upload it again.")
        raise Unreadable(line, sentence) from None


def _workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise ValueError("unpacks to too much")
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        cells = sheet.iter_rows(values_only=True, max_row=MAX_SHEET_ROWS + 1, max_col=MAX_SHEET_COLUMNS)
        for line, values in enumerate(cells, 1):
            if line > MAX_SHEET_ROWS:
                raise ValueError("has too many rows")
            yield line, [_cell(value) for value in values]
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parsers raise
        sentence = _("The workbook cannot be read. Save it as “CSV UTF-8” and upload that file.")
        raise Unreadable(1, sentence) from None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
