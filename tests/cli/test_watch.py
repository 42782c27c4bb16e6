"""`hub watch` tells what it did, or would do."""

import json

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hub.cli.watch import watch
from hub.extensions import db
from hub.silence.models import LadderStep
from tests.story import Story


@pytest.fixture
def late(story: Story) -> int:
    with freeze_time("2026-03-13T02:00:00Z"):
        return story.sent().id


def run(app: Flask, *options: str) -> tuple[int, dict[str, object]]:
    db.session.commit()
    result = app.test_cli_runner().invoke(watch, [*options, "--json"])
    return result.exit_code, json.loads(result.stdout)


def steps() -> int:
    return db.session.scalar(select(func.count(LadderStep.id))) or 0


def test_a_look_at_another_day_changes_nothing(app: Flask, late: int) -> None:
    code, told = run(app, "--at", "2026-03-26")
    assert code == 0
    assert told["dry_run"] is True
    assert told["grades"] == {"receipt_unproven": 1}
    assert [one["forwarding"] for one in told["reminded"]] == [late]  # type: ignore[attr-defined, index]
    assert steps() == 0


@freeze_time("2026-03-26T03:00:00Z")
def test_a_sweep_reminds_once(app: Flask, late: int) -> None:
    _, first = run(app)
    _, second = run(app)
    assert [one["step"] for one in first["reminded"]] == [1]  # type: ignore[attr-defined, index]
    assert second["reminded"] == []
    assert steps() == 1


def test_a_mangled_date_is_misuse(app: Flask) -> None:
    result = app.test_cli_runner().invoke(watch, ["--at", "besok"])
    assert result.exit_code == 2
    assert "besok" in result.stderr
