"""A table as a file that a browser keeps."""

from collections.abc import Sequence

from flask import Response

from hub.files.rules import XLSX
from hub.sheets.writing import Cell, csv_bytes, xlsx_bytes

FORMATS = {"xlsx": (xlsx_bytes, XLSX), "csv": (csv_bytes, "text/csv; charset=utf-8")}
"""By the ending of the file's name."""


def as_file(name: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """`name` ends with a key of FORMATS."""
    write, media_type = FORMATS[name.rpartition(".")[2]]
    answer = Response(write(headers, rows), content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
