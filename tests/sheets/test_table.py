"""Headers are found however they are written, and what is wrong with the shape of a table is told."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from hub.sheets import table
from hub.sheets.cells import Fault, Row
from hub.sheets.keeping import MAX_KEPT, packed, unpacked
from hub.sheets.reading import MAX_SHEET_ROWS, Unreadable


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        yield


def read(text: str, faults: list[Fault] | None = None) -> list[Row]:
    return list(table.rows(text.encode(), ("code", "head_title"), ("phone",), [] if faults is None else faults))


@pytest.mark.parametrize("head", ["code;head_title", " Head-Title ;CODE", "CODE\tHead Title", '"code",head_title,x'])
def test_a_header_is_found_whatever_its_capitals_blanks_and_place(head: str) -> None:
    separator = next(sign for sign in ";\t," if sign in head)
    (row,) = read(f"{head}\n{separator.join('ab' if head.count(separator) == 1 else 'abc')}\n")
    assert {row.line_of("code"), row.line_of("head_title")} == {"a", "b"}
    assert row.line_of("phone", required=False) == ""


def test_each_missing_column_is_told_but_not_the_optional_ones() -> None:
    faults: list[Fault] = []
    assert read("code;phone\n1;2", faults) == []
    assert [(fault.line, fault.column) for fault in faults] == [(1, "head_title")]


def test_a_file_without_any_known_header_is_told_all_of_them_once() -> None:
    faults: list[Fault] = []
    assert read("satu;dua\n1;2", faults) == []
    assert len(faults) == 1
    assert "code, head_title, phone" in faults[0].message


def test_a_row_of_another_width_is_told_and_the_others_are_read() -> None:
    faults: list[Fault] = []
    assert [row.line for row in read("code;head_title\n1;2\n1;2;3\n1\n1;2;;\n", faults)] == [2, 5]
    assert [fault.line for fault in faults] == [3, 4]


def test_reading_stops_when_nobody_would_mend_all_of_it() -> None:
    with pytest.raises(Unreadable):
        read("code;head_title\n" + "1\n" * (table.MAX_FAULTS + 5))


def test_more_rows_than_there_is_time_to_judge_are_not_read() -> None:
    with pytest.raises(Unreadable, match="Split") as stopped:
        read("code;head_title\n" + "1;2\n" * MAX_SHEET_ROWS)
    assert stopped.value.line == MAX_SHEET_ROWS + 1


def test_a_kept_file_comes_back_and_a_forged_one_is_nothing() -> None:
    content = b"kode;nama\n35.13;Kabupaten Probolinggo\n" * 2000
    assert unpacked(packed(content)) == content
    assert [unpacked(text) for text in ("", "x", "AAAA", packed(content)[:-8], "é")] == [b""] * 5


def test_a_file_that_unpacks_to_more_than_a_file_may_hold_is_not_unpacked() -> None:
    assert unpacked(packed(b"0" * (11 * 1024 * 1024))) == b""


def test_a_file_too_large_for_a_form_is_not_kept() -> None:
    import os

    assert packed(os.urandom(MAX_KEPT)) == ""
