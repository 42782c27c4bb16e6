"""Text on its way into a row: who may write it now, as long as the column, and what changed by it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import String, inspect

from hub.database import Base
from hub.directory.models import Institution
from hub.directory.rules import Refused
from hub.extensions import db


def hold(institution: Institution) -> None:
    """Read an office anew and keep it until the transaction ends: of two who change it or its people, one waits.

    Mail to the office does not. Always before its stream is written to, so that nobody waits in a circle.
    """
    # PostgreSQL locks no outer-joined table, so the office alone is named.
    db.session.refresh(institution, with_for_update={"of": Institution, "key_share": True})


def fitting(model: type[Base], key: str, value: str) -> str:
    """`value` without spaces around it. Raises Refused when the column is shorter, KeyError when there is none."""
    column = inspect(model).columns[key]
    text = value.replace("\0", "").strip()
    length = column.type.length if isinstance(column.type, String) else None
    if length is not None and len(text) > length:
        raise Refused(key, _("This is too long: at most %(limit)s characters. Shorten it.", limit=length))
    return text


def changed(row: Base, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set what differs. Returns old and new value by column, as events keep them."""
    moved = {key: [getattr(row, key), new] for key, new in values.items() if getattr(row, key) != new}
    for key, (_before, after) in moved.items():
        setattr(row, key, after)
    return moved
