"""`hub directory` as a script reads it."""

import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from hub.cli.directory import directory
from hub.directory.models import Institution
from hub.directory.sheets.tables import HEADERS, Table
from hub.extensions import db

SAMPLE = str(Path(__file__).parents[2] / "examples" / "sample_institutions.csv")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(directory, arguments)


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    path = tmp_path / "salah.csv"
    path.write_text("code,phone,region_code\n35.13,0335,\n35.14,1,Bogor\n", encoding="utf-8")
    return str(path)


def test_a_good_file_ends_with_zero_and_its_counts(app: Flask) -> None:
    result = run(app, "import", SAMPLE, "--json")
    assert result.exit_code == 0, result.output
    expected = {"dry_run": False, "opened": 6, "changed": 2, "unchanged": 0, "errors": []}
    assert json.loads(result.stdout) == {"file": SAMPLE, **expected}
    assert json.loads(run(app, "import", SAMPLE, "--json").stdout)["unchanged"] == 8


def test_a_dry_run_tells_every_row_and_changes_nothing(app: Flask) -> None:
    told = json.loads(run(app, "import", SAMPLE, "--dry-run", "--json").stdout)
    assert (told["dry_run"], told["opened"], told["changed"], len(told["rows"])) == (True, 6, 2, 8)
    row = told["rows"][0]
    assert (row["line"], row["code"], row["outcome"]) == (2, "35.13", "changed")
    assert {"column": "phone", "old": "", "new": "0335 400001"} in row["changes"]
    assert db.session.scalar(select(Institution.id).where(Institution.code == "KEM-CONTOH")) is None


def test_a_faulty_file_ends_with_one_and_is_imported_only_when_told(app: Flask, faulty: str) -> None:
    result = run(app, "import", faulty, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["changed"]) == (1, 0)
    assert [(one["line"], one["column"]) for one in told["errors"]] == [(3, "region_code")]
    assert "Kota Bogor (32.71)" in told["errors"][0]["message"]
    result = run(app, "import", faulty, "--json", "--partial")
    assert (result.exit_code, json.loads(result.stdout)["changed"]) == (1, 1)
    assert "baris 3, kolom region_code" in run(app, "import", faulty).stdout


def test_wrong_use_ends_with_two_and_says_why(app: Flask, tmp_path: Path) -> None:
    assert run(app, "import", str(tmp_path / "tiada.csv"), "--json").exit_code == 2
    assert run(app, "export", "--format", "pdf").exit_code == 2
    nowhere = run(app, "export", "--output", str(tmp_path / "tiada" / "x.csv"))
    assert (nowhere.exit_code, nowhere.stdout) == (2, "")


def test_the_export_as_json_holds_code_name_and_kind(app: Flask) -> None:
    rows = json.loads(run(app, "export", "--json").stdout)["rows"]
    found = {row["code"]: (row["name"], row["kind"]) for row in rows}
    assert found["35.13"] == ("Inspektorat Kabupaten Probolinggo", "inspectorate_regency")
    assert len(rows) == len(found) == 546 + 34 + 3
    assert json.loads(run(app, "export", "--format", "json").stdout)["rows"] == rows


def test_each_format_goes_out_and_comes_back(app: Flask, tmp_path: Path) -> None:
    for format_ in ("csv", "xlsx"):
        path = tmp_path / f"instansi.{format_}"
        assert run(app, "export", "--format", format_, "--output", str(path)).exit_code == 0
        told = json.loads(run(app, "import", str(path), "--json").stdout)
        assert (told["unchanged"], told["errors"]) == (583, [])
    content = run(app, "export", "--format", "xlsx", "--what", "appointments").stdout_bytes
    (head, *_) = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    assert head == HEADERS[Table.APPOINTMENTS]
