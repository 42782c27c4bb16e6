"""The record and the forwardings must agree."""

from sqlalchemy import update

from hub.database import read_only
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.monitoring import verification
from tests.story import Story


def problems() -> list[tuple[str, str]]:
    db.session.commit()
    with read_only():
        found = [(one.stream, one.problem) for one in verification.findings()]
        db.session.rollback()
    return found


def test_honest_work_leaves_nothing_to_find(story: Story) -> None:
    story.draft()
    story.closed()
    assert problems() == []


def test_a_stage_moved_behind_the_back_of_the_record_is_found(story: Story) -> None:
    forwarding = story.sent()
    stream = forwarding.stream
    db.session.execute(update(Forwarding).where(Forwarding.id == forwarding.id).values(stage=Stage.CLOSED))
    assert problems()[0] == (stream, "the events do not lead to the stage closed")
