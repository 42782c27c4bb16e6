"""What is said about files, good and bad."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from hub.complaints.importing import HEADERS, Checked, check
from hub.config import ROOT
from hub.directory.models import Region
from tests.complaints.conftest import GOOD

REGIONS = ROOT / "hub/directory/data/regions.csv"
TODAY = date(2026, 3, 13)
FileOf = Callable[..., bytes]


@pytest.fixture(scope="module")
def regions() -> list[Region]:
    with REGIONS.open(encoding="utf-8") as rows:
        return [Region(code=row["code"], name=row["name"], kind=row["kind"]) for row in csv.DictReader(rows)]


@pytest.fixture
def checked(regions: list[Region]) -> Iterator[Callable[[bytes], Checked]]:
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        yield lambda content: check(content, regions, TODAY)


Check = Callable[[bytes], Checked]


def places(checked: Checked) -> list[tuple[int, str]]:
    return [(fault.line, fault.column) for fault in checked.faults]


def test_both_exports_are_good_from_end_to_end(checked: Check, lapor: bytes, kand4: bytes) -> None:
    assert [(len(one.accepted), one.faults) for one in map(checked, (lapor, kand4))] == [(223, []), (197, [])]


def test_each_fault_of_the_faulty_file_is_placed_and_no_other(checked: Check, faulty: bytes) -> None:
    found = checked(faulty)
    assert places(found) == [
        (2, "wilayah"), (3, "tanggal"), (4, "judul"), (7, "identitas"), (8, "wilayah"), (9, "tanggal")
    ]  # fmt: skip
    assert len(found.accepted) == 4


def test_a_name_of_a_regency_and_a_city_is_asked_back_with_both_codes(checked: Check, faulty: bytes) -> None:
    message = checked(faulty).faults[0].message
    assert "Kabupaten Probolinggo (35.13)" in message
    assert "Kota Probolinggo (35.74)" in message


def test_every_fault_of_one_row_is_told(checked: Check, file_of: FileOf) -> None:
    row = {"tanggal": "31/02/2023", "wilayah": "Probolinggo", "judul": " ", "identitas": "x", "berkadar_pengawasan": ""}
    found = checked(file_of(row))
    assert {column for _, column in places(found)} == set(row)


def test_lines_are_counted_where_rows_begin(checked: Check, file_of: FileOf) -> None:
    found = checked(file_of({"isi": "satu\r\ndua\r\ntiga"}, {"judul": ""}))
    assert places(found) == [(5, "judul")]


def test_the_same_number_twice_in_one_file_is_told_at_the_second(checked: Check, file_of: FileOf) -> None:
    found = checked(file_of({"tracking_id": "7100009"}, {}, {"tracking_id": "7100009", "kanal": "sp4n-lapor"}))
    assert places(found) == [(4, "tracking_id")]
    assert "2" in found.faults[0].message


def test_headers_may_be_in_any_order_capitals_and_spaces(checked: Check) -> None:
    headers = [" Berkadar  Pengawasan", *(key.upper().replace("_", " ") for key in reversed(HEADERS[:-1])), "catatan"]
    cells = [GOOD["berkadar_pengawasan"], *(GOOD[key] for key in reversed(HEADERS[:-1])), "boleh apa saja"]
    content = f"{','.join(headers)}\n{','.join(cells)}\n\n,,\n".encode()
    assert [one.intake.subject for one in checked(content).accepted] == [GOOD["judul"]]


def test_a_missing_column_is_named(checked: Check, lapor: bytes) -> None:
    content = lapor.replace(b"wilayah;", b"daerah;", 1)
    assert places(checked(content)) == [(1, "wilayah")]
    assert checked(content).accepted == []


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"halo\n", ";".join(HEADERS).encode(), b"PK\x03\x04 not a workbook"]
)
def test_a_file_without_complaints_is_told_so(checked: Check, content: bytes) -> None:
    [fault] = checked(content).faults
    assert fault.line == 1
    assert len(fault.message) > 20


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_is_refused_with_the_way_out(checked: Check, encoding: str) -> None:
    content = f"{';'.join(HEADERS)}\nSurat dari Café\n".encode(encoding)
    [fault] = checked(content).faults
    assert "UTF-8" in fault.message


def test_an_open_quotation_mark_stops_the_reading_and_swallows_nothing(checked: Check, file_of: FileOf) -> None:
    content = file_of({}, {}, {}).replace(b'"Jalan berlubang sejak', b'"Jalan "berlubang sejak', 2)
    found = checked(content)
    assert places(found) == [(2, "")]
    assert found.accepted == []


def test_a_row_with_too_few_or_many_cells_is_not_shifted(checked: Check, file_of: FileOf) -> None:
    content = file_of({}, {}, {}).decode().split("\r\n")
    content[1] = content[1].rpartition(";")[0]
    content[2] += ';"lebih"'
    content[3] += ";;;"
    found = checked("\r\n".join(content).encode())
    assert places(found) == [(2, "berkadar_pengawasan"), (3, "berkadar_pengawasan")]
    assert len(found.accepted) == 1


def test_a_number_shortened_by_a_spreadsheet_is_not_taken(checked: Check, file_of: FileOf) -> None:
    assert places(checked(file_of({"tracking_id": "7,03E+06"}))) == [(2, "tracking_id")]


def test_an_open_identity_needs_a_name_and_an_anonymous_one_none(checked: Check, file_of: FileOf) -> None:
    found = checked(file_of({"nama_pelapor": ""}, {"nama_pelapor": "", "kontak": "", "identitas": "Anonim"}))
    assert places(found) == [(2, "nama_pelapor")]


def test_a_workbook_is_read_like_a_text_file(checked: Check) -> None:
    book, stream = Workbook(), io.BytesIO()
    row = {**GOOD, "tracking_id": 7100001, "tanggal": date(2023, 5, 11), "berkadar_pengawasan": True}
    for cells in (HEADERS, tuple(row.values())):
        book.active.append(cells)
    book.active.append([None, "SP4N-LAPOR"])
    book.save(stream)
    found = checked(stream.getvalue())
    assert [(one.intake.tracking_id, one.intake.received_on) for one in found.accepted] == [
        ("7100001", date(2023, 5, 11))
    ]
    assert found.accepted[0].intake.is_supervisory
    assert {line for line, _ in places(found)} == {3}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.booleans(), st.sampled_from([";", ","]))
def test_whatever_the_bytes_the_answer_is_faults_and_never_a_crash(
    checked: Check, noise: bytes, with_headers: bool, separator: str
) -> None:
    headers = separator.join(HEADERS).encode() + b"\n" if with_headers else b""
    found = checked(headers + noise)
    assert found.faults
    assert not found.accepted
