"""Runs migrations in one transaction, on SQLite and on PostgreSQL."""

from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum

import hub
from hub.database import Base, UTCDateTime
from hub.extensions import db


def _plainly(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Write the hub's own types as what they are in the database: a revision must not change when a model does."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def _foreign_keys(connection: Connection, state: str) -> None:
    """SQLite alters a table by making it anew, which its foreign keys would prevent. Only outside a transaction."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.cursor().execute(f"PRAGMA foreign_keys={state}")


for models in sorted(Path(hub.__file__).parent.glob("*/models.py")):
    import_module(f"hub.{models.parent.name}.models")

with db.engine.connect() as connection:
    _foreign_keys(connection, "OFF")
    options = current_app.extensions["migrate"].configure_args
    context.configure(connection=connection, target_metadata=Base.metadata, render_item=_plainly, **options)
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"rows without their counterpart: {broken[:5]}")
    connection.rollback()
    _foreign_keys(connection, "ON")
