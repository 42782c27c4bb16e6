"""How an event is bound to its predecessor, and who can have caused it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

GENESIS = "0" * 64


class ActorKind(StrEnum):
    PERSON = "person"
    LINK = "link"
    MAIL = "mail"
    CLOCK = "clock"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who caused an event. `id` is a person's id, or the dispatch behind a link or mail."""

    kind: ActorKind
    id: int | None = None


SYSTEM = Actor(ActorKind.SYSTEM)
CLOCK = Actor(ActorKind.CLOCK)


def person(id: int) -> Actor:
    return Actor(ActorKind.PERSON, id)


def chain_hash(
    previous: str,
    stream: str,
    seq: int,
    kind: str,
    occurred_at: datetime,
    recorded_at: datetime,
    actor: Actor,
    details: dict[str, Any],
) -> str:
    """SHA-256 over the predecessor's hash and the event in canonical JSON (sorted keys, UTC, no spaces)."""
    content = {
        "stream": stream,
        "seq": seq,
        "kind": kind,
        "occurred_at": occurred_at.astimezone(UTC).isoformat(),
        "recorded_at": recorded_at.astimezone(UTC).isoformat(),
        "actor": [actor.kind, actor.id],
        "details": details,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
