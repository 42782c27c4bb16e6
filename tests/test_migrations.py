"""The migrations lead to exactly the tables the models describe, and back."""

import re
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from hub.config import ROOT
from hub.database import Base
from hub.extensions import db
from tests import conftest


@pytest.fixture
def empty(database, tmp_path):
    """The application on a database without any table."""
    app = conftest.application(database.empty(), tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences(app: Flask) -> list[object]:
    options = {"compare_type": True, "compare_server_default": False}
    with db.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def test_migrations_make_the_schema_of_the_models(empty):
    flask_migrate.upgrade()
    assert tables() == set(Base.metadata.tables)
    assert differences(empty) == []


def test_every_migration_can_be_taken_back_and_made_again(empty):
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()
    assert tables() == set(Base.metadata.tables)


def test_revisions_do_not_depend_on_the_hub():
    for revision in Path(ROOT, "migrations", "versions").glob("*.py"):
        assert not re.search(r"^\s*(from|import) hub", revision.read_text(), re.MULTILINE), revision.name
