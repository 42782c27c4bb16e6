"""Reading the record back, and checking that nobody changed it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple, cast

from sqlalchemy import select

from hub.audit.models import Event, EventStream
from hub.audit.rules import GENESIS, Actor, ActorKind, chain_hash
from hub.extensions import db


@dataclass(frozen=True)
class Finding:
    """A place where the record contradicts itself. `seq` is 0 where no single event does."""

    stream: str
    seq: int
    problem: str


def of_stream(stream: str) -> Sequence[Event]:
    """All events of a stream in the order they were learnt."""
    return db.session.scalars(select(Event).where(Event.stream == stream).order_by(Event.seq)).all()


class Saying(NamedTuple):
    """What an event says, without who caused it."""

    kind: str
    details: dict[str, Any]
    occurred_at: datetime


def of_streams(streams: Collection[str]) -> dict[str, list[Saying]]:
    """What the events of each stream say, in the order they were learnt: one query, and no more than is asked."""
    found: defaultdict[str, list[Saying]] = defaultdict(list)
    wanted = select(Event.stream, Event.kind, Event.details, Event.occurred_at).where(Event.stream.in_(streams))
    for stream, *told in db.session.execute(wanted.order_by(Event.stream, Event.seq)):
        found[stream].append(Saying(*told))
    return found


def last_of(stream: str, *kinds: str) -> Event | None:
    """The latest event of one of these kinds in a stream; None when there is none."""
    wanted = select(Event).where(Event.stream == stream, Event.kind.in_(kinds))
    return db.session.scalar(wanted.order_by(Event.seq.desc()).limit(1))


def broken_links() -> Iterator[Finding]:
    """Every event whose hash, order or predecessor does not fit, and every stream whose tail was cut.

    Ask within `read_only`: what is appended meanwhile would look like a contradiction.
    """
    heads = {head.name: head for head in db.session.scalars(select(EventStream))}
    rows = db.session.scalars(select(Event).order_by(Event.stream, Event.seq).execution_options(yield_per=2000))
    for name, events in groupby(rows, key=lambda event: event.stream):
        previous, seq = GENESIS, 0
        for event in events:
            seq += 1
            if event.seq != seq:
                yield Finding(name, seq, "event missing")
                seq = event.seq
            actor = Actor(cast(ActorKind, event.actor_kind), event.actor_id)  # an invented kind is a finding too
            expected = chain_hash(
                previous, name, seq, event.kind, event.occurred_at, event.recorded_at, actor, event.details
            )
            if event.previous != previous or event.hash != expected:
                yield Finding(name, seq, "event changed")
            previous = event.hash
        head = heads.pop(name, None)
        if head is None or (head.length, head.head) != (seq, previous):
            yield Finding(name, seq, "end of the stream was cut")
    for name, head in heads.items():
        if head.length:
            yield Finding(name, head.length, "all events missing")
