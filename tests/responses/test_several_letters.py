"""One answer to several letters of the same office: to all of them or to none."""

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import func, select

from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import service as forwarding_service
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.monitoring import verification
from hub.responses import queries
from hub.responses.models import Response
from tests.conftest import Client
from tests.responses.test_answers import PDF, answer
from tests.story import Story
from tests.world import World


@pytest.fixture
def letters(story: Story) -> list[Forwarding]:
    return [story.acknowledged() for _ in range(3)]


@pytest.fixture
def pic(world: World, signed_in_as: Callable[..., Client]) -> Client:
    return signed_in_as(world.regency_pic)


def test_each_ticked_letter_gets_the_answer_with_the_same_file(letters: list[Forwarding], pic: Client) -> None:
    first, second, third = letters
    typed = answer(also=[second.id, third.id], files=(BytesIO(PDF), "laporan.pdf"))
    assert pic.post(f"/forwardings/{first.id}/answer/final", data=typed).status_code == 302
    assert [one.stage for one in letters] == [Stage.ANSWERED] * 3
    [files] = {tuple(file.id for file in queries.of(one)[0].files) for one in letters}
    assert db.session.scalar(select(func.count(StoredFile.id))) == len(files) == 1
    assert list(verification.findings()) == []


def test_the_same_form_sent_twice_is_one_answer_to_each(letters: list[Forwarding], pic: Client) -> None:
    typed = answer(also=[letters[1].id])
    for _ in range(2):
        assert pic.post(f"/forwardings/{letters[0].id}/answer/final", data=typed).status_code == 302
    assert db.session.scalar(select(func.count(Response.id))) == 2


def test_when_one_of_them_awaits_no_answer_any_more_none_is_answered(
    letters: list[Forwarding], pic: Client, world: World
) -> None:
    first, second, third = letters
    forwarding_service.withdraw(third, world.registrar.person, "Ganda")
    typed = answer(also=[second.id, third.id], files=(BytesIO(PDF), "laporan.pdf"))
    page = pic.post(f"/forwardings/{first.id}/answer/final", data=typed)
    assert page.status_code == 422
    for kept in ("Jalan sudah diperbaiki.", f'value="{second.id}"', "pilih lagi berkasnya"):
        assert kept in page.text
    assert f'value="{third.id}"' not in page.text
    assert db.session.scalar(select(func.count(Response.id))) == 0
    assert db.session.scalar(select(func.count(StoredFile.id))) == 0


def test_only_letters_of_that_sender_that_await_an_answer_are_offered(
    story: Story, letters: list[Forwarding], pic: Client, world: World
) -> None:
    story.closed(), story.draft(), story.acknowledged(recipient=world.province)
    offered = queries.awaiting_too(world.regency_pic, letters[0])
    assert offered == [letters[2], letters[1]]
    page = pic.get(f"/forwardings/{letters[0].id}/answer/final").text
    assert all(f"{one.letter.number}: Jalan berlubang" in page for one in offered)


def test_a_letter_to_another_office_cannot_be_ticked(
    story: Story, letters: list[Forwarding], pic: Client, world: World
) -> None:
    foreign = story.acknowledged(recipient=world.province)
    page = pic.post(f"/forwardings/{letters[0].id}/answer/final", data=answer(also=[foreign.id]))
    assert page.status_code == 404
    assert db.session.scalar(select(func.count(Response.id))) == 0


def test_a_letter_alone_offers_nothing_to_tick(story: Story, pic: Client) -> None:
    assert 'name="also"' not in pic.get(f"/forwardings/{story.acknowledged().id}/answer/final").text
