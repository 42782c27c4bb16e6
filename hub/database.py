"""Base class, column types and transactions that behave alike on SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, Enum, MetaData, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry, scoped_session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

Item = TypeVar("Item")

LARGEST_KEY = 2**31 - 1
"""Keys are 32-bit integers; PostgreSQL refuses to compare them with a larger number."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime. A naive one is refused: it would mean another moment on each machine."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: give it a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of the hub. Constraint names are fixed so that migrations can name them on both databases."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UTCDateTime, dict[str, Any]: JSON, list[Any]: JSON},
    )


def stored(enum: type[StrEnum], length: int = 32) -> Enum:
    """Column type that keeps the *value* of `enum` as text, without a database-side enum to migrate."""
    return Enum(enum, native_enum=False, length=length, values_callable=lambda members: [m.value for m in members])


_reading: ContextVar[bool] = ContextVar("reading", default=False)
_unhurried: ContextVar[bool] = ContextVar("unhurried", default=False)


@contextmanager
def read_only(active: bool = True) -> Iterator[None]:
    """Within, the database itself refuses every write. Web requests that only look (GET, HEAD) run so."""
    token = _reading.set(active)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def without_waiting_for_the_disk() -> Iterator[None]:
    """Within, a commit survives the death of any process at once, and a power cut only a moment later.

    For what is merely done again when its record is lost.
    """
    token = _unhurried.set(True)
    try:
        yield
    finally:
        _unhurried.reset(token)


def all_or_each(
    session: Session | scoped_session[Any],
    items: Sequence[Item],
    act: Callable[[Item], None],
    failed: Callable[[Item, Exception], None],
) -> None:
    """Do `act` for all of `items`; when one of them fails, for each by itself, and tell `failed` of those that do.

    One savepoint for all costs a third of one for each. An error of the database's operation ends everything.
    """
    try:
        with session.begin_nested():
            for item in items:
                act(item)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001  # told below, for the one that fails
        for item in items:
            try:
                with session.begin_nested():
                    act(item)
            except OperationalError:
                raise
            except Exception as problem:  # noqa: BLE001  # whoever calls tells it
                failed(item, problem)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    if "sqlite3" not in type(connection).__module__:
        return
    connection.isolation_level = None  # the driver must not begin by itself
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=15000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "connect")
def _prepare_postgresql(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """What is open is little among much: looking it up is cheaper than PostgreSQL thinks, whose default is of disks.

    A sweep over 6,000 of 600,000 takes 0.2 s of the database so, instead of 0.6 s, and whole tables are not read.
    """
    if "psycopg" not in type(connection).__module__:
        return
    cursor = connection.cursor()
    cursor.execute("SET random_page_cost = 1.1")
    cursor.close()
    connection.commit()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Begin as reader or as writer. A reader sees one moment throughout, however many queries it takes.

    A SQLite writer takes its lock at once: upgrading later could fail.
    """
    reading, unhurried = _reading.get(), _unhurried.get()
    if connection.dialect.name == "sqlite":
        ways = f"synchronous={'NORMAL' if unhurried else 'FULL'}", f"query_only={'ON' if reading else 'OFF'}"
        if connection.info.get("ways") != ways:
            for way in ways:
                connection.exec_driver_sql(f"PRAGMA {way}")
            connection.info["ways"] = ways
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
    elif reading:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    elif unhurried:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
