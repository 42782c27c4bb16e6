"""Tables go out as spreadsheets open them, and come back as they were."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from hub.sheets.reading import rows
from hub.sheets.writing import bare, csv_bytes, xlsx_bytes

Write = Callable[[Sequence[str], Sequence[Sequence[str]]], bytes]
HARMLESS = ["35.10", "+62 812 0000", "Inspektorat Kab. A; B", 'disebut "Pemda"', "satu\ndua", "-7,5", "0335", "O'Brien"]
FORMULAS = ['=HYPERLINK("http://jahat.example")', "+1+1", "-1+1", "@SUM(A1)", "'=1", "''-x", "\t=1"]
both = pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])


def back(content: bytes, width: int) -> list[str]:
    _head, (_line, cells) = list(rows(content))
    return [bare(cell) for cell in cells[:width]]


@both
def test_every_value_comes_back_as_it_was(write: Write) -> None:
    values = HARMLESS + FORMULAS
    assert back(write([str(n) for n in range(len(values))], [values]), len(values)) == values


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).filter(str.strip))
def test_any_visible_text_comes_back_from_csv(text: str) -> None:
    assert back(csv_bytes(["x", "y"], [[text, "z"]]), 2) == [text, "z"]


def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    text = csv_bytes(["x"], [[value] for value in FORMULAS]).decode("utf-8-sig")
    cells = [row[0] for row in csv.reader(io.StringIO(text), delimiter=";")][1:]
    assert all(cell.startswith("'") for cell in cells)


def test_no_cell_of_a_workbook_is_a_formula_or_a_number() -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes(["x"], [[value] for value in [*FORMULAS, "35.10"]]))).worksheets[0]
    assert {(cell.data_type, cell.number_format) for (cell,) in sheet.iter_rows(min_row=2)} == {("s", "@")}


def test_dates_and_numbers_are_what_they_are_to_a_workbook_and_read_back_the_same() -> None:
    row = ["35.10", date(2026, 4, 10), 5]
    sheet = load_workbook(io.BytesIO(xlsx_bytes(["Kode", "Sejak", "Hari"], [row]))).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["35.10", datetime(2026, 4, 10), 5]
    assert [(cell.is_date, cell.data_type) for cell in sheet[2]] == [(False, "s"), (True, "d"), (False, "n")]
    for write in (csv_bytes, xlsx_bytes):
        assert back(write(["Kode", "Sejak", "Hari"], [row]), 3) == ["35.10", "2026-04-10", "5"]


def test_a_column_is_as_wide_as_what_it_holds_within_reason() -> None:
    name = "Inspektorat Kabupaten Probolinggo"
    sheet = load_workbook(io.BytesIO(xlsx_bytes(["Instansi", "x", "y"], [[name, "z", "w" * 500]]))).worksheets[0]
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [len(name) + 4, 12, 60]


def test_a_csv_opens_as_a_table_in_an_indonesian_spreadsheet() -> None:
    content = csv_bytes(["a", "b"], [["1", "2"]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert b'"a";"b"\r\n' in content


def test_control_characters_do_not_break_a_workbook() -> None:
    assert back(xlsx_bytes(["x"], [["satu\x07dua"]]), 1) == ["satudua"]
