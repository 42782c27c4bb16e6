"""What offices below answered becomes the own answer, with its files, in one step."""

from collections.abc import Callable
from datetime import date

import pytest
from freezegun import freeze_time

from hub.extensions import db
from hub.files.service import store
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import NotNow, Stage
from hub.monitoring import verification
from hub.responses import queries as responses
from hub.responses import service as reviewing
from hub.responses.models import Response, ResponseKind, Review
from hub.responses.rollup import queries, service
from hub.responses.rules import AnswerOutcome
from hub.responses.service import Answer
from tests.chains import FRIDAY, answered, received, somebody_at, with_receiver
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[..., Client]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FORM = {
    "request_key": "6a1c1a52-0d68-4f6e-9d9c-2f9d5c2f3a10",
    "letter_number": "700/88/Inspektorat/2026",
    "letter_date": "2026-03-13",
    "outcome": "proven",
    "summary": "Kedua kabupaten sudah menindaklanjuti.",
}


@pytest.fixture
def parent(story: Story, world: World) -> Forwarding:
    with freeze_time(FRIDAY):
        return received(story, world)


def asked_below(parent: Forwarding, world: World) -> list[Forwarding]:
    return [with_receiver(parent, office, world.province_pic.person) for office in (world.regency, world.unstaffed)]


def made_from(*sources: Response) -> Answer:
    return Answer(ResponseKind.FINAL, "700/88", date(2026, 3, 13), "Ditindaklanjuti.", (), sources=sources)


@freeze_time(FRIDAY)
def test_answers_from_below_are_combined_with_the_files_that_were_ticked(
    parent: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    first, second = asked_below(parent, world)
    photo, plan, report = (store(f"{name}.pdf", PDF + name.encode()) for name in ("foto", "denah", "lhp"))
    one = answered(first, world.regency_pic.person, "Jalan ditutup.", [photo, plan], [report])
    other = answered(second, somebody_at(world.unstaffed), "Drainase dibersihkan.")
    browser, address = signed_in_as(world.province_pic), f"/forwardings/{parent.id}/answer/from-below"
    page = browser.get(f"/forwardings/{parent.id}").text
    assert page.count("Pakai sebagai tanggapan") == 2
    form = browser.get(f"{address}?use={one.id}").text
    assert "Jalan ditutup." in form
    assert "Drainase" not in form
    assert "Drainase dibersihkan." in browser.get(address).text
    data = {**FORM, "used": [one.id, other.id], "shared": [f"file-{one.id}-{photo.id}", f"report-{one.id}-{report.id}"]}
    assert browser.post(address, data=data).status_code == 302
    assert browser.post(address, data=data).status_code == 302  # pressed twice
    db.session.expire_all()
    [given] = responses.of(parent)
    assert ([*given.files], [*given.reports], given.outcome) == ([photo], [report], AnswerOutcome.PROVEN)
    assert {source.id for source in given.sources} == {one.id, other.id}
    assert (parent.stage, first.stage, second.stage) == (Stage.ANSWERED, Stage.CLOSED, Stage.CLOSED)
    assert {one.review, other.review} == {Review.ACCEPTED}
    assert list(verification.findings()) == []


@freeze_time(FRIDAY)
def test_files_of_an_answer_that_is_not_used_stay_where_they_are(
    parent: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    first, second = asked_below(parent, world)
    photo = store("foto.pdf", PDF)
    one = answered(first, world.regency_pic.person, files=[photo])
    other = answered(second, somebody_at(world.unstaffed))
    data = {**FORM, "used": [other.id], "shared": [f"file-{one.id}-{photo.id}"]}
    signed_in_as(world.province_pic).post(f"/forwardings/{parent.id}/answer/from-below", data=data)
    db.session.expire_all()
    assert (list(responses.of(parent)[0].files), first.stage, second.stage) == ([], Stage.ANSWERED, Stage.CLOSED)


@freeze_time(FRIDAY)
def test_one_answer_at_least_is_used(parent: Forwarding, world: World, signed_in_as: SignIn) -> None:
    answered(asked_below(parent, world)[0], world.regency_pic.person)
    page = signed_in_as(world.province_pic).post(f"/forwardings/{parent.id}/answer/from-below", data=FORM)
    assert page.status_code == 422
    assert FORM["summary"] in page.text


@freeze_time(FRIDAY)
def test_an_answer_returned_meanwhile_is_not_used_and_nothing_is_half_done(parent: Forwarding, world: World) -> None:
    first, second = asked_below(parent, world)
    one = answered(first, world.regency_pic.person)
    other = answered(second, somebody_at(world.unstaffed))
    reviewing.return_incomplete(other, world.province_pic.person, "Foto belum ada.")
    db.session.commit()
    with pytest.raises(NotNow):
        service.answer_with(parent, made_from(one, other), world.province_pic.person)
    db.session.rollback()
    assert (parent.stage, first.stage) == (Stage.ACKNOWLEDGED, Stage.ANSWERED)
    assert queries.offers(parent) == [one]


@freeze_time(FRIDAY)
def test_who_is_not_competent_answers_nothing(parent: Forwarding, world: World) -> None:
    child = asked_below(parent, world)[0]
    decline = Answer(
        ResponseKind.FINAL, "1", date(2026, 3, 13), "Bukan wewenang kami.", (), AnswerOutcome.NOT_COMPETENT
    )
    from hub.forwardings.voices import signed_in

    reviewing.receive(child, decline, signed_in(world.regency_pic.person))
    db.session.commit()
    assert queries.offers(parent) == []


@freeze_time(FRIDAY)
def test_what_was_returned_above_is_answered_again_with_the_same_from_below(parent: Forwarding, world: World) -> None:
    one = answered(asked_below(parent, world)[0], world.regency_pic.person)
    first = service.answer_with(parent, made_from(one), world.province_pic.person)
    reviewing.return_incomplete(first, world.registrar.person, "Sebutkan anggarannya.")
    second = service.answer_with(parent, made_from(one), world.province_pic.person)
    db.session.commit()
    assert (second.sources, parent.stage, one.forwarding.stage) == ([one], Stage.ANSWERED, Stage.CLOSED)
    assert list(verification.findings()) == []


@freeze_time(FRIDAY)
def test_only_the_office_between_answers_with_it(parent: Forwarding, world: World, signed_in_as: SignIn) -> None:
    answered(asked_below(parent, world)[0], world.regency_pic.person)
    reached = {
        name: signed_in_as(account).get(f"/forwardings/{parent.id}/answer/from-below").status_code
        for name, account in world.accounts.items()
    }
    assert reached.pop("province_pic") == 200
    assert set(reached.values()) == {403, 404}
    assert "Pakai sebagai tanggapan" not in signed_in_as(world.registrar).get(f"/forwardings/{parent.id}").text
