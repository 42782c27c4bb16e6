"""The reviewer names a new date, or takes the one that the clock gives."""

from collections.abc import Callable
from datetime import date

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings.rules import ClockKey, Stage
from hub.mail.models import EmailDispatch
from hub.monitoring import verification
from hub.responses import service
from hub.responses.models import Response, Review
from hub.silence.queries import cases
from hub.silence.rules import Grade
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[object], Client]
MISSING = {"missing": "Foto jalan setelah diperbaiki."}
REVIEWED_AT = "2026-03-20T02:00:00Z"


@pytest.fixture
def answer(story: Story) -> Response:
    """Came on Friday, 13 March 2026; Nyepi and Lebaran follow."""
    with freeze_time("2026-03-13T02:00:00Z"):
        return story.answered()


def last_mail() -> EmailDispatch:
    return db.session.scalars(select(EmailDispatch).order_by(EmailDispatch.id.desc())).first()


@freeze_time("2026-03-25T02:00:00Z")
def test_the_page_shows_the_answer_and_proposes_the_date_of_the_clock(
    answer: Response, world: World, signed_in_as: SignIn
) -> None:
    page = signed_in_as(world.registrar).get(f"/responses/{answer.id}/incomplete").text
    assert "Jalan sudah diperbaiki." in page
    assert 'value="2026-04-15"' in page
    assert "Usulan: Rabu, 15 April 2026" in page


@freeze_time("2026-03-25T02:00:00Z")
@pytest.mark.parametrize(
    ("typed", "due_on", "is_agreed"),
    [
        ({}, date(2026, 4, 15), False),
        ({"due_on": "2026-04-15"}, date(2026, 4, 15), False),
        ({"due_on": "2026-04-01"}, date(2026, 4, 1), True),
    ],
)
def test_the_date_is_the_clocks_or_the_one_the_reviewer_names(
    answer: Response, world: World, signed_in_as: SignIn, typed: dict[str, str], due_on: date, is_agreed: bool
) -> None:
    registrar = signed_in_as(world.registrar)
    assert registrar.post(f"/responses/{answer.id}/incomplete", data={**MISSING, **typed}).status_code == 302
    running = deadlines.find_running(answer.forwarding, ClockKey.RESPONSE_ORDINARY)
    assert (running.due_on, running.is_agreed) == (due_on, is_agreed)
    assert (answer.review, answer.forwarding.stage) == (Review.INCOMPLETE, Stage.ACKNOWLEDGED)
    told = last_mail()
    assert "Foto jalan setelah diperbaiki." in told.paragraphs
    assert f"{due_on.day} April 2026" in told.paragraphs
    page = signed_in_as(world.regency_pic).get(f"/forwardings/{answer.forwarding_id}").text
    assert ("Tanggal ini ditetapkan pengirim." in page) is is_agreed
    assert list(verification.findings()) == []


@freeze_time("2026-03-13T02:00:00Z")
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2026-03-13", "Hari kerja terdekat Senin, 16 Maret 2026"),
        ("2026-03-12", "Hari kerja terdekat Senin, 16 Maret 2026"),
        ("2026-03-21", "Hari kerja terdekat Rabu, 25 Maret 2026"),
        ("2026-04-11", "Sabtu"),
        ("2028-04-11", "lebih dari setahun"),
        ("besok", "tanggal"),
    ],
)
def test_a_date_nobody_can_answer_by_is_refused_with_the_nearest_one(
    answer: Response, world: World, signed_in_as: SignIn, typed: str, told: str
) -> None:
    page = signed_in_as(world.registrar).post(f"/responses/{answer.id}/incomplete", data={**MISSING, "due_on": typed})
    assert page.status_code == 422
    assert told in page.text
    assert "Foto jalan setelah diperbaiki." in page.text
    assert (answer.review, answer.forwarding.stage) == (None, Stage.ANSWERED)


@freeze_time("2026-03-13T02:00:00Z")
def test_the_service_refuses_it_too(answer: Response, world: World) -> None:
    with pytest.raises(deadlines.UnfitDate):
        service.return_incomplete(answer, world.registrar.person, "Foto.", date(2026, 3, 14))


@freeze_time("2026-03-15T18:30:00Z")
def test_today_is_the_day_of_the_recipient(story: Story) -> None:
    """Sunday evening in Greenwich, Monday at half past one in Probolinggo."""
    forwarding = story.sent()
    with pytest.raises(deadlines.UnfitDate):
        deadlines.refuse_unfit(date(2026, 3, 16), forwarding)
    deadlines.refuse_unfit(date(2026, 3, 17), forwarding)


def test_the_clock_of_the_review_is_shown_and_passes(answer: Response, world: World, signed_in_as: SignIn) -> None:
    with freeze_time("2026-03-13T03:00:00Z"):
        page = signed_in_as(world.registrar).get(f"/forwardings/{answer.forwarding_id}").text
    assert "Telaah" in page
    assert "Jumat, 27 Maret 2026" in page
    with freeze_time("2026-03-28T03:00:00Z"):
        (case,) = cases()
        assert case.verdict.grade is Grade.REVIEW_DUE
        late = signed_in_as(world.registrar).get(f"/forwardings/{answer.forwarding_id}").text
        assert "Menunggu telaah pengirim" in late


@pytest.mark.parametrize(
    ("summary", "is_told"), [("Telah kami teruskan kepada OPD terkait.", True), ("Jalan sudah diperbaiki.", False)]
)
def test_a_stock_phrase_is_pointed_out_to_the_reviewer_alone(
    story: Story, world: World, signed_in_as: SignIn, summary: str, is_told: bool
) -> None:
    answer = story.answered()
    answer.summary = summary
    told = "hanya berisi kalimat umum"
    registrar = signed_in_as(world.registrar)
    review = registrar.get(f"/responses/{answer.id}/incomplete").text
    assert (told in registrar.get(f"/forwardings/{answer.forwarding_id}").text) is is_told
    assert (told in review) is is_told
    assert ("Mohon dilengkapi dengan hasil pemeriksaan" in review) is is_told
    assert told not in signed_in_as(world.regency_pic).get(f"/forwardings/{answer.forwarding_id}").text
