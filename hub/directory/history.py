"""What was changed at an institution, when, and by whom."""

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from hub.audit.models import Event
from hub.audit.rules import ActorKind
from hub.directory.models import Institution, Person
from hub.extensions import db


def history(institution: Institution, limit: int = 100) -> list[tuple[Event, Person | None]]:
    """Every change at an institution, the latest first, and who made it (None: no person did)."""
    by = (Event.actor_kind == ActorKind.PERSON) & (Person.id == Event.actor_id)
    rows = db.session.execute(
        select(Event, Person)
        .outerjoin(Person, by)
        .where(Event.stream == institution.stream)
        .options(lazyload(Person.institution))
        .order_by(Event.seq.desc())
        .limit(limit)
    )
    return [(event, person) for event, person in rows]
