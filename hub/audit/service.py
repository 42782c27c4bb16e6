"""Appending to the record, within the caller's transaction."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select

from hub import clock
from hub.audit.models import Event, EventStream
from hub.audit.rules import GENESIS, Actor, chain_hash
from hub.extensions import db

_STREAMS, _EVENTS = cast(Table, EventStream.__table__), cast(Table, Event.__table__)
_NAMED = _STREAMS.c.name == bindparam("stream")
_HEAD = select(_STREAMS.c.length, _STREAMS.c.head).where(_NAMED).with_for_update()
_BEGIN = _STREAMS.insert()
_GROW = _STREAMS.update().where(_NAMED).values(length=bindparam("length"), head=bindparam("head"))
_APPEND = _EVENTS.insert()


def record(
    stream: str, kind: str, actor: Actor, details: dict[str, Any] | None = None, occurred_at: datetime | None = None
) -> datetime:
    """Append an event to `stream` (for example "forwarding:12"). It is kept or lost together with its cause.

    `occurred_at` is when it happened (now, unless told), and is returned; when it was learnt is always now. `details`
    is JSON. The rows are written at once, past the unit of work: an event costs a quarter of the time so.
    """
    connection = db.session.connection()
    head = connection.execute(_HEAD, {"stream": stream}).one_or_none()
    seq, previous = (head.length + 1, head.head) if head else (1, GENESIS)
    recorded_at = clock.now()
    happened_at = occurred_at or recorded_at
    details = details or {}
    hash = chain_hash(previous, stream, seq, kind, happened_at, recorded_at, actor, details)
    moved = {"length": seq, "head": hash}
    if head:
        connection.execute(_GROW, {"stream": stream, **moved})
    else:
        connection.execute(_BEGIN, {"name": stream, **moved})
    event = {
        "stream": stream,
        "seq": seq,
        "kind": kind,
        "occurred_at": happened_at,
        "recorded_at": recorded_at,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "details": details,
        "previous": previous,
        "hash": hash,
    }
    connection.execute(_APPEND, event)
    return happened_at
