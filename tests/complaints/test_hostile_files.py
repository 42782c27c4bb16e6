"""Small files that would keep the hub busy for hours are put down after a second or two."""

import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from hub.complaints.importing import HEADERS
from hub.sheets.reading import MAX_UNPACKED_BYTES
from hub.sheets.table import MAX_FAULTS
from tests.conftest import Client
from tests.world import World


def workbook(rows: str) -> bytes:
    """A workbook whose sheet holds `rows` as they stand."""
    plain, made = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            target.writestr(name, f"{head}{rows}</sheetData></worksheet>" if is_sheet else source.read(name))
    return made.getvalue()


HEAD = "".join(f'<c t="inlineStr"><is><t>{header}</t></is></c>' for header in HEADERS)
FAR = f'<row r="1">{HEAD}</row>' + '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'


@pytest.mark.parametrize("last", [200_000, 10**15])
def test_a_workbook_that_claims_endless_rows_is_refused(
    world: World, signed_in_as: Callable[..., Client], last: int
) -> None:
    file = (io.BytesIO(workbook(FAR.format(last))), "ekspor.xlsx")
    page = signed_in_as(world.registrar).post("/complaints/import", data={"file": file})
    assert page.status_code == 422
    assert "CSV UTF-8" in page.text


def test_a_workbook_that_unpacks_to_more_than_there_is_time_to_parse_is_refused(
    world: World, signed_in_as: Callable[..., Client]
) -> None:
    """A hundred kilobytes of nothing but markup, in front of a row that would be read."""
    content = workbook(f'<row r="1">{HEAD}</row>' + " " * (MAX_UNPACKED_BYTES + 1))
    assert len(content) < 100_000
    page = signed_in_as(world.registrar).post("/complaints/import", data={"file": (io.BytesIO(content), "ekspor.xlsx")})
    assert page.status_code == 422
    assert "CSV UTF-8" in page.text


def test_a_file_of_faults_only_is_read_no_further_than_anybody_would_mend(
    world: World, signed_in_as: Callable[..., Client]
) -> None:
    file = (io.BytesIO((";".join(HEADERS) + "\n" + "x\n" * 200_000).encode()), "ekspor.csv")
    page = signed_in_as(world.registrar).post("/complaints/import", data={"file": file})
    assert page.status_code == 422
    assert page.text.count("<tr") <= MAX_FAULTS + 3
    assert str(MAX_FAULTS + 3) in page.text
