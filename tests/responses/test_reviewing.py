"""A review concerns the answer that waits for one, however old the page is on which it was decided."""

from collections.abc import Callable
from datetime import date

import pytest

from hub.extensions import db
from hub.forwardings import voices
from hub.forwardings.rules import Stage
from hub.responses import service
from hub.responses.models import Response, ResponseKind, Review
from tests.conftest import Client
from tests.story import Story
from tests.world import World


def _another(response: Response, world: World, kind: ResponseKind) -> Response:
    answer = service.Answer(kind, "700/13/2026", date(2026, 1, 6), "Perbaikan selesai.")
    another = service.receive(response.forwarding, answer, voices.signed_in(world.regency_pic.person))
    db.session.commit()
    return another


@pytest.mark.parametrize("decision", ["accept", "incomplete"])
def test_an_answer_overtaken_by_a_newer_one_is_not_reviewed(
    story: Story, world: World, signed_in_as: Callable[..., Client], decision: str
) -> None:
    first = story.answered()
    service.return_incomplete(first, world.registrar.person, "Foto perbaikan.")
    second = _another(first, world, ResponseKind.FINAL)
    browser = signed_in_as(world.registrar)
    answer = browser.post(f"/responses/{first.id}/{decision}", data={"missing": "Foto perbaikan."})
    assert answer.status_code == 409
    assert (first.review, second.review, first.forwarding.stage) == (Review.INCOMPLETE, None, Stage.ANSWERED)
    assert browser.post(f"/responses/{second.id}/accept").status_code == 302


def test_an_interim_answer_is_never_accepted(story: Story, world: World, signed_in_as: Callable[..., Client]) -> None:
    interim = story.answered(ResponseKind.INTERIM)
    final = _another(interim, world, ResponseKind.FINAL)
    assert signed_in_as(world.registrar).post(f"/responses/{interim.id}/accept").status_code == 409
    assert final.forwarding.stage is Stage.ANSWERED
