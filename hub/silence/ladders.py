"""The ladders as rows: those a new hub begins with, and how a sweep finds the one of a forwarding."""

from collections import defaultdict

from sqlalchemy import select

from hub.audit.rules import Actor
from hub.audit.service import record
from hub.directory.models import Network
from hub.extensions import db
from hub.forwardings.rules import ClockKey
from hub.routing.rules import Purpose
from hub.silence.ladder import Approver, Owed, Rung, Step, fits, owed_by
from hub.silence.models import LadderRung

ALL = ""
"""Where a network has no ladder of its own."""
_HANDLING = (
    Rung(Step.REMINDER, 0),
    Rung(Step.SECOND_REMINDER, 3),
    Rung(Step.TO_HEAD, 5, Approver.SIGNATORY),
    Rung(Step.ESCALATION, 10, Approver.SIGNATORY),
    Rung(Step.LAPSE, 20),
)
_ACKNOWLEDGING = _HANDLING[:3]
_CLARIFYING = (
    Rung(Step.REMINDER, 0),
    Rung(Step.SECOND_REQUEST, 3, Approver.SIGNATORY),
    Rung(Step.SECOND_REMINDER, 5),
)
_RECORDING = (Rung(Step.LAPSE, 0),)
"""UU 37/2008 art. 33: a second request follows the first. Once its limit has passed, too, that is recorded."""

FIRST: dict[tuple[Purpose, Owed], tuple[Rung, ...]] = {
    (Purpose.HANDLING, Owed.ACKNOWLEDGEMENT): _ACKNOWLEDGING,
    (Purpose.HANDLING, Owed.ANSWER): _HANDLING,
    (Purpose.CLARIFICATION, Owed.ACKNOWLEDGEMENT): _ACKNOWLEDGING,
    (Purpose.CLARIFICATION, Owed.ANSWER): _CLARIFYING,
    (Purpose.CLARIFICATION, Owed.SECOND_ANSWER): _RECORDING,
}


def seed() -> None:
    """The ladders of a new hub, where there are none."""
    if db.session.scalar(select(LadderRung.id).limit(1)) is None:
        db.session.add_all(
            LadderRung(purpose=purpose, owed=owed, step=rung.step, after=rung.after, approver=rung.approver)
            for (purpose, owed), rungs in FIRST.items()
            for rung in rungs
        )
        db.session.flush()


def by_ladder() -> dict[tuple[str, Purpose, Owed], list[Rung]]:
    """Every ladder by network, purpose and what is owed; its rungs in the order of their days."""
    found: dict[tuple[str, Purpose, Owed], list[Rung]] = defaultdict(list)
    for one in db.session.scalars(select(LadderRung).order_by(LadderRung.after, LadderRung.step)):
        found[one.network, one.purpose, one.owed].append(Rung(Step(one.step), one.after, one.approver))
    return dict(found)


class Ladders:
    """Every ladder, read once for a sweep."""

    def __init__(self) -> None:
        self._rungs = by_ladder()

    def of(self, network: Network, purpose: Purpose, late: ClockKey) -> list[Rung]:
        """The rungs for a clock that has passed: those of the network, where it has a ladder of its own."""
        owed = owed_by(late)
        found = self._rungs.get((network, purpose, owed)) or self._rungs.get((ALL, purpose, owed), [])
        return [rung for rung in found if fits(rung.step, purpose, owed)]


def change(network: str, purpose: Purpose, owed: Owed, rungs: list[Rung], by: Actor) -> None:
    """Put these rungs in the place of the ladder that was. An empty list gives up the ladder of a network."""
    mine = (LadderRung.network == network) & (LadderRung.purpose == purpose) & (LadderRung.owed == owed)
    old = db.session.scalars(select(LadderRung).where(mine).order_by(LadderRung.id).with_for_update()).all()
    told = [[Step(one.step).name, one.after, one.approver] for one in old]
    for one in old:
        db.session.delete(one)
    db.session.flush()
    which = {"network": network, "purpose": purpose, "owed": owed}
    db.session.add_all(LadderRung(**which, step=rung.step, after=rung.after, approver=rung.approver) for rung in rungs)
    db.session.flush()
    new = [[rung.step.name, rung.after, rung.approver] for rung in rungs]
    record("ladders", "ladder_changed", by, {**which, "old": told, "new": new})
