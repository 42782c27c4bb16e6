"""The only place that changes the stage of a forwarding."""

from datetime import datetime
from typing import Any

from hub.audit.rules import Actor
from hub.audit.service import record
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, Stage, next_stage


def lock(forwarding: Forwarding) -> None:
    """Hold the row until the transaction ends. What was read before may be old: it is read again."""
    db.session.flush()
    db.session.refresh(forwarding, ["stage", "received_at"], with_for_update=True)
    db.session.expire(forwarding, ["deadlines"])


def advance(
    forwarding: Forwarding,
    happening: Happening,
    actor: Actor,
    details: dict[str, Any] | None = None,
    occurred_at: datetime | None = None,
) -> bool:
    """Record what happened and move the stage by it, under a lock on the row. True when the stage changed.

    Raises rules.NotNow, recording nothing, for a decision that does not fit the present stage.
    """
    lock(forwarding)
    stage: Stage = next_stage(forwarding.stage, happening)
    happened_at = record(forwarding.stream, happening, actor, details, occurred_at)
    if stage is forwarding.stage:
        return False
    forwarding.stage, forwarding.stage_since = stage, happened_at
    return True
