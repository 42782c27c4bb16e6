"""An answer that belongs elsewhere or is not from that office counts no more, and the letter stands as before."""

from collections.abc import Callable
from datetime import date

import pytest
from freezegun import freeze_time

from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import queries as forwardings
from hub.forwardings import voices
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ClockKey, NotNow, ProofChannel, Stage
from hub.mail import queries as mail
from hub.mail.models import EmailDispatch, EmailState
from hub.monitoring import verification
from hub.responses import queries, service
from hub.responses.models import Response, ResponseKind
from tests.conftest import Client
from tests.responses.test_answers import answer
from tests.story import Story
from tests.world import World

REASON = {"reason": "Bukan dari inspektorat, melainkan dari kantor lain."}


def by_link(forwarding: Forwarding, kind: ResponseKind = ResponseKind.FINAL) -> Response:
    [letter, *_] = mail.of(forwarding.stream)
    voice = voices.through_link(ProofChannel.LINK, letter.id, "Wening Larasati", "Irban II")
    said = service.Answer(kind, "700/12/2026", date(2026, 1, 5), "Jalan sudah diperbaiki.")
    response = service.receive(forwarding, said, voice)
    db.session.commit()
    return response


def running(forwarding: Forwarding) -> list[tuple[ClockKey, date]]:
    return [(one.clock, one.due_on) for one in forwarding.deadlines if one.ended_at is None]


@pytest.mark.parametrize("kind", list(ResponseKind))
def test_an_answer_by_a_lost_link_is_taken_back_as_if_it_had_never_come(
    story: Story, world: World, signed_in_as: Callable[..., Client], kind: ResponseKind
) -> None:
    with freeze_time("2026-03-10T03:00:00Z"):
        forwarding = story.sent()
    before = running(forwarding)
    with freeze_time("2026-03-12T03:00:00Z"):
        response = by_link(forwarding, kind)
        assert forwarding.received_at is not None
        browser, address = signed_in_as(world.registrar), f"/responses/{response.id}/withdraw"
        assert "Wening Larasati" in browser.get(address).text
        assert browser.post(address, data={"reason": ""}).status_code == 422
        assert browser.post(address, data=REASON).status_code == 302
        assert REASON["reason"] in browser.get(f"/forwardings/{forwarding.id}").text
    assert (forwarding.stage, forwarding.received_at) == (Stage.SENT, None)
    assert running(forwarding) == before
    assert queries.of(forwarding) == forwardings.proofs(forwarding) == []
    assert response.withdrawn_at is not None
    assert list(verification.findings()) == []


def test_what_was_confirmed_before_stays_confirmed(story: Story, world: World) -> None:
    with freeze_time("2026-03-10T03:00:00Z"):
        forwarding = story.acknowledged()
    before = running(forwarding)
    with freeze_time("2026-03-12T03:00:00Z"):
        service.withdraw(by_link(forwarding), world.registrar.person, REASON["reason"])
    assert (forwarding.stage, running(forwarding)) == (Stage.ACKNOWLEDGED, before)


def test_the_receipt_that_has_not_left_stays_and_the_office_is_told(story: Story, world: World) -> None:
    response = by_link(story.sent())
    service.withdraw(response, world.registrar.person, REASON["reason"])
    db.session.commit()
    *_, receipt, told = mail.of(response.forwarding.stream)
    assert (receipt.state, told.state) == (EmailState.CANCELLED, EmailState.QUEUED)
    assert told.to_address == world.regency_pic.person.email
    assert REASON["reason"] in told.paragraphs
    assert "masih menunggu jawaban" in told.paragraphs
    assert told.action


def test_a_second_press_changes_nothing_more(story: Story, world: World) -> None:
    response = by_link(story.sent())
    for _ in range(2):
        service.withdraw(response, world.registrar.person, REASON["reason"])
    db.session.commit()
    notices = db.session.query(EmailDispatch).filter(EmailDispatch.subject.startswith("Jawaban tidak dihitung")).count()
    assert notices == 1


def test_an_answer_that_was_accepted_stays(story: Story, world: World, signed_in_as: Callable[..., Client]) -> None:
    response = by_link(story.sent())
    service.accept(response, world.registrar.person)
    refused = signed_in_as(world.registrar).post(f"/responses/{response.id}/withdraw", data=REASON)
    assert (refused.status_code, response.forwarding.stage) == (409, Stage.CLOSED)
    db.session.refresh(response)
    assert response.withdrawn_at is None
    with pytest.raises(NotNow):
        service.withdraw(response, world.registrar.person, REASON["reason"])
    db.session.rollback()


def test_its_files_are_kept_for_the_record(story: Story, world: World) -> None:
    from hub.files import service as files

    scan = files.store("jawaban.pdf", b"%PDF-1.7\n%%EOF")
    response = story.answered(files=[scan])
    service.withdraw(response, world.registrar.person, REASON["reason"])
    db.session.commit()
    assert [one.name for one in response.files] == ["jawaban.pdf"]
    assert db.session.get(StoredFile, scan.id) is not None


def test_only_the_reviewers_of_the_sender_take_back(
    story: Story, world: World, signed_in_as: Callable[..., Client]
) -> None:
    response = by_link(story.sent())
    for name, account in world.accounts.items():
        if name not in ("registrar", "monitor"):
            refused = signed_in_as(account).post(f"/responses/{response.id}/withdraw", data=REASON)
            assert refused.status_code in (403, 404), name
    db.session.refresh(response)
    assert response.withdrawn_at is None


def test_the_same_form_can_be_sent_again_after_its_answer_was_taken_back(
    story: Story, world: World, signed_in_as: Callable[..., Client]
) -> None:
    forwarding, pic = story.acknowledged(), signed_in_as(world.regency_pic)
    address = f"/forwardings/{forwarding.id}/answer/final"
    pic.post(address, data=answer())
    service.withdraw(queries.of(forwarding)[0], world.registrar.person, REASON["reason"])
    pic.post(address, data=answer())
    assert forwarding.stage is Stage.ANSWERED
    assert len(queries.of(forwarding)) == 1
