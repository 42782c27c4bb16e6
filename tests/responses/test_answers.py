"""An answer comes in, is accepted, or is sent back."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ClockKey, Stage
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.responses.models import Response, Review
from tests.conftest import Client
from tests.story import Story
from tests.world import World

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SignIn = Callable[[object], Client]


def answer(**changes: object) -> dict[str, object]:
    typed = {"letter_number": "700/77/2026", "letter_date": "2026-03-16", "summary": "Jalan sudah diperbaiki."}
    typed["outcome"] = "settled"
    return {**typed, "request_key": "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a44", **changes}


@pytest.fixture
def forwarding(story: Story) -> Forwarding:
    with freeze_time("2026-03-13T02:00:00Z"):
        return story.acknowledged()


def test_a_final_answer_with_a_file_reaches_the_sender(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    with freeze_time("2026-03-17T02:00:00Z"):
        pic = signed_in_as(world.regency_pic)
        typed = answer(files=(BytesIO(PDF), "laporan.pdf"))
        assert pic.post(f"/forwardings/{forwarding.id}/answer/final", data=typed).status_code == 302
        response = db.session.scalars(select(Response)).one()
        assert forwarding.stage is Stage.ANSWERED
        assert [one.clock for one in forwarding.deadlines if one.ended_at is None] == [ClockKey.REVIEW]
        got = signed_in_as(world.monitor).get(f"/responses/{response.id}/files/{response.files[0].id}")
    assert got.data == PDF
    assert got.headers["Content-Disposition"].startswith("attachment")


def test_a_stranger_gets_neither_the_page_nor_the_file(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    signed_in_as(world.regency_pic).post(
        f"/forwardings/{forwarding.id}/answer/final", data=answer(files=(BytesIO(PDF), "laporan.pdf"))
    )
    response = db.session.scalars(select(Response)).one()
    stranger = signed_in_as(world.other_pic)
    assert stranger.get(f"/forwardings/{forwarding.id}").status_code == 404
    assert stranger.get(f"/responses/{response.id}/files/{response.files[0].id}").status_code == 404
    assert stranger.post(f"/forwardings/{forwarding.id}/answer/final", data=answer()).status_code == 404


def test_a_refused_file_keeps_what_was_typed(forwarding: Forwarding, world: World, signed_in_as: SignIn) -> None:
    pic = signed_in_as(world.regency_pic)
    refused = pic.post(
        f"/forwardings/{forwarding.id}/answer/final", data=answer(files=(BytesIO(b"MZ\x90\x00 program"), "a.exe"))
    )
    assert refused.status_code == 422
    assert "Jalan sudah diperbaiki." in refused.text
    assert db.session.scalars(select(Response)).all() == []


def test_the_same_form_sent_twice_is_one_answer(forwarding: Forwarding, world: World, signed_in_as: SignIn) -> None:
    pic = signed_in_as(world.regency_pic)
    for _ in range(2):
        pic.post(f"/forwardings/{forwarding.id}/answer/interim", data=answer())
    assert len(db.session.scalars(select(Response)).all()) == 1
    assert forwarding.stage is Stage.ACKNOWLEDGED


def test_an_incomplete_answer_goes_back_with_a_new_date_and_a_mail(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    signed_in_as(world.regency_pic).post(f"/forwardings/{forwarding.id}/answer/final", data=answer())
    response = db.session.scalars(select(Response)).one()
    with freeze_time("2026-04-20T02:00:00Z"):
        back = signed_in_as(world.monitor).post(
            f"/responses/{response.id}/incomplete", data={"missing": "Foto jalan setelah diperbaiki."}
        )
    assert back.status_code == 302
    assert (forwarding.stage, response.review) == (Stage.ACKNOWLEDGED, Review.INCOMPLETE)
    deadline = forwarding.deadlines[-1]
    assert (deadline.clock, deadline.started_on) == (ClockKey.RESPONSE_ORDINARY, date(2026, 4, 20))
    notices = db.session.scalars(select(EmailDispatch).where(EmailDispatch.purpose == EmailPurpose.NOTICE))
    assert ["Foto jalan setelah diperbaiki." in one.paragraphs for one in notices] == [False, True]  # receipt, request


def test_an_accepted_answer_closes_the_forwarding_once(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    signed_in_as(world.regency_pic).post(f"/forwardings/{forwarding.id}/answer/final", data=answer())
    response = db.session.scalars(select(Response)).one()
    monitor = signed_in_as(world.monitor)
    assert monitor.post(f"/responses/{response.id}/accept").status_code == 302
    assert (forwarding.stage, response.review) == (Stage.CLOSED, Review.ACCEPTED)
    assert monitor.post(f"/responses/{response.id}/accept").status_code == 409


def test_the_recipient_cannot_review_the_own_answer(forwarding: Forwarding, world: World, signed_in_as: SignIn) -> None:
    pic = signed_in_as(world.regency_pic)
    pic.post(f"/forwardings/{forwarding.id}/answer/final", data=answer())
    response = db.session.scalars(select(Response)).one()
    assert pic.post(f"/responses/{response.id}/accept").status_code == 403
    assert forwarding.stage is Stage.ANSWERED


def test_a_second_final_answer_waits_for_the_review_of_the_first(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    pic, address = signed_in_as(world.regency_pic), f"/forwardings/{forwarding.id}/answer/final"
    pic.post(address, data=answer())
    other = answer(request_key="7c1d9a52-2f7e-4b0e-9d0f-1f6f0a3c2b11")
    assert pic.get(address).status_code == 409
    assert pic.post(address, data=other).status_code == 409
    assert len(db.session.scalars(select(Response)).all()) == 1
