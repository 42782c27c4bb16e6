"""Appending to the record, within the caller's transaction."""

from datetime import datetime
from typing import Any

from hub import clock
from hub.audit.models import Event, EventStream
from hub.audit.rules import GENESIS, Actor, chain_hash
from hub.extensions import db


def record(
    stream: str, kind: str, actor: Actor, details: dict[str, Any] | None = None, occurred_at: datetime | None = None
) -> Event:
    """Append an event to `stream` (for example "forwarding:12"). It is kept or lost together with its cause.

    `occurred_at` is when it happened (now, unless told); when it was learnt is always now. `details` is JSON.
    """
    head = db.session.get(EventStream, stream, with_for_update=True)
    if head is None:
        head = EventStream(name=stream, length=0, head=GENESIS)
        db.session.add(head)
        db.session.flush()
    recorded_at = clock.now()
    event = Event(
        stream=stream,
        seq=head.length + 1,
        kind=kind,
        occurred_at=occurred_at or recorded_at,
        recorded_at=recorded_at,
        actor_kind=actor.kind,
        actor_id=actor.id,
        details=details or {},
        previous=head.head,
    )
    event.hash = chain_hash(
        head.head, stream, event.seq, kind, event.occurred_at, recorded_at, actor, event.details
    )
    head.length, head.head = event.seq, event.hash
    db.session.add(event)
    return event
