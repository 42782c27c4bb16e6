"""The demonstration's world, told once on SQLite for all tests that look at it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade

from hub import clock, create_app
from hub.cli.init import seed
from hub.demo import world
from hub.extensions import db
from tests import conftest

VIEWED = datetime(2026, 3, 30, 3, tzinfo=UTC)
"""The Monday after Lebaran, when six working days of the month had been off."""


def demonstration(url: str, files: Path, **changes: Any) -> Flask:
    app = create_app(conftest.settings(url, files, demo=True, **changes))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


def tell(app: Flask) -> None:
    """Make the tables and fill them, all on the day VIEWED."""
    with app.app_context(), clock.travelling(VIEWED):
        upgrade()
        seed()
        db.session.commit()
        assert world.is_empty()
        world.fill()
        assert not world.is_empty()
        db.session.remove()


@pytest.fixture(scope="session")
def told(sqlite: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(sqlite.empty(), tmp_path_factory.mktemp("files"))
    tell(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def viewed(told: Flask) -> Iterator[Flask]:
    """On the day it was told for. Tests only look."""
    with told.app_context(), clock.travelling(VIEWED):
        yield told
        db.session.remove()
