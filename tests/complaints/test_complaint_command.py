"""`hub complaint import` as a script reads it."""

import json
from pathlib import Path

from click.testing import Result
from flask import Flask

from hub.cli.complaint import complaint
from tests.complaints.conftest import EXAMPLES


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(complaint, ["import", *arguments])


def test_a_good_file_ends_with_zero_and_its_count(app: Flask) -> None:
    path = str(EXAMPLES / "sample_complaints_kand4.csv")
    result = run(app, path, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"file": path, "imported": 197, "errors": []}


def test_a_faulty_file_ends_with_one_and_imports_only_when_told(app: Flask) -> None:
    path = str(EXAMPLES / "sample_complaints_faulty.csv")
    result = run(app, path, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["imported"]) == (1, 0)
    assert [(one["line"], one["column"]) for one in told["errors"]][0] == (2, "wilayah")
    assert all(set(one) == {"line", "column", "message"} for one in told["errors"])
    result = run(app, path, "--json", "--partial")
    assert (result.exit_code, json.loads(result.stdout)["imported"]) == (1, 4)
    assert "baris 3, kolom tanggal" in run(app, path).stdout


def test_wrong_use_ends_with_two_and_says_why(app: Flask, tmp_path: Path) -> None:
    path = str(EXAMPLES / "sample_complaints_kand4.csv")
    missing = run(app, str(tmp_path / "nothing.csv"), "--json")
    unknown = run(app, path, "--office", "KSN-BANANA", "--json")
    assert [missing.exit_code, unknown.exit_code] == [2, 2]
    assert missing.stdout == unknown.stdout == ""
    assert "KSN-BANANA" in unknown.stderr


def test_another_office_can_register(app: Flask) -> None:
    assert run(app, str(EXAMPLES / "sample_complaints_kand4.csv"), "--office", "ORI-15").exit_code == 0
