"""Paging by key, newest first: as quick on page 400 as on page 1, and stable while rows arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Select, SQLColumnExpression, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from hub.database import LARGEST_KEY
from hub.extensions import db

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """`next` is the `after` of the following page, None on the last one."""

    items: Sequence[Item]
    next: int | None


def page(
    select_statement: Select[Item],
    key_column: InstrumentedAttribute[int],
    after: int | None,
    size: int = 50,
    order: Sequence[SQLColumnExpression[Any]] = (),
) -> Page[Item]:
    """The `size` entities below key `after`, highest key first. `key_column` is a unique integer of the entity.

    `order`: columns that come before the key, never NULL, for a list whose order is not that of its keys.
    """
    columns = (*order, key_column)
    statement = select_statement.order_by(None).order_by(*(column.desc() for column in columns)).limit(size + 1)
    if after is not None:
        last = select(*columns).where(key_column == after).correlate(None).scalar_subquery()
        statement = statement.where(tuple_(*columns) < last if order else key_column < after)
    items: Sequence[Any] = db.session.scalars(statement).unique().all()
    more = len(items) > size
    return Page(items[:size], getattr(items[size - 1], key_column.key) if more else None)


def after() -> int | None:
    """Where the address says this page begins; a mangled one means the first page."""
    key = request.args.get("after", type=int)
    return key if key is None or abs(key) <= LARGEST_KEY else None
