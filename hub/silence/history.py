"""Steps of the ladder that were taken, read back for the pages."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select

from hub.extensions import db
from hub.forwardings.models import Deadline
from hub.forwardings.rules import RESPONSE_CLOCKS
from hub.silence.ladder import ORDER, Step
from hub.silence.models import LadderStep
from hub.silence.queries import WENT_OUT, Taken


def of_deadline(deadline: Deadline) -> set[Step]:
    """What was done so far about one date that has passed."""
    steps = db.session.scalars(select(LadderStep.step).where(LadderStep.deadline_id == deadline.id))
    return {Step(step) for step in steps}


def of_answers(forwardings: Collection[int]) -> dict[int, dict[Step, Taken]]:
    """What was done about the answer to each of these letters, by id: under the last date of each of its limits.

    A clarification has two limits, with a ladder for each. One query.
    """
    last = (
        select(func.max(Deadline.id))
        .where(Deadline.forwarding_id.in_(forwardings), Deadline.clock.in_(RESPONSE_CLOCKS))
        .group_by(Deadline.forwarding_id, Deadline.clock)
    )
    rows = db.session.execute(
        select(LadderStep.forwarding_id, LadderStep.step, LadderStep.taken_at, WENT_OUT)
        .outerjoin(LadderStep.letter)
        .where(LadderStep.deadline_id.in_(last), LadderStep.step.in_(ORDER))
    )
    found: defaultdict[int, dict[Step, Taken]] = defaultdict(dict)
    for id, step, at, is_out in rows:
        found[id][Step(step)] = Taken(at, bool(is_out))
    return dict(found)
