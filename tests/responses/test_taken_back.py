"""Single cases that the property of test_never_been found, or would: what a withdrawn proof leaves behind."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time

from hub.audit.rules import person
from hub.extensions import db
from hub.forwardings import receipt, tracks, voices
from hub.forwardings import service as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ClockKey, NotNow, ProofChannel, Stage
from hub.mail import queries as mails
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import ArrivedBy, FoundBy
from hub.mail.models import EmailState
from hub.post import queries as post
from hub.post import service as mail_room
from hub.responses import replies, service
from hub.responses.models import Decision, MailedReply, ResponseKind
from tests.world import World


@pytest.fixture(autouse=True)
def friday(app: Flask) -> Iterator[None]:
    with freeze_time("2026-03-13T02:00:00Z"):
        yield


def running(forwarding: Forwarding) -> dict[ClockKey, date]:
    return {one.clock: one.started_on for one in forwarding.deadlines if one.ended_at is None}


def replied(forwarding: Forwarding, world: World, words: str = "Sudah.") -> MailedReply:
    mail = inbox.keep(f"Subject: {words}\n\n{words}\n".encode(), ArrivedBy.PIPE)
    mail.sender_address, mail.words = "rina@kantor.example", words
    return replies.take(forwarding, mail, FoundBy.PERSON, world.registrar.person)


def confirmed(forwarding: Forwarding, world: World, channel: ProofChannel = ProofChannel.SLIP) -> Any:
    return receipt.acknowledge(forwarding, channel, "Wening", "Staf", person(world.registrar.person_id), dispatch_id=7)


def withdrawn(forwarding: Forwarding, proof: Any, world: World, **more: Any) -> None:
    receipt.withdraw(forwarding, proof, person(world.registrar.person_id), "Keliru.", **more)
    db.session.commit()


def answered(forwarding: Forwarding, world: World, kind: ResponseKind) -> Any:
    answer = service.Answer(kind, "1", date(2026, 3, 13), "Sudah.")
    return service.receive(forwarding, answer, voices.signed_in(world.regency_pic.person))


def test_an_interim_answer_confirms_on_its_own_when_what_confirmed_before_is_taken_back(story, world):
    forwarding = story.sent()
    reply = replied(forwarding, world)
    answered(forwarding, world, ResponseKind.INTERIM)
    replies.withdraw(reply, world.registrar.person, "Milik surat lain.")
    assert forwarding.stage is Stage.ACKNOWLEDGED
    assert ClockKey.ACKNOWLEDGE not in running(forwarding)


def test_a_mistaken_slip_starts_no_clock_that_the_post_has_not_started(story, world):
    forwarding = story.signed(by_email=False)
    [envelope] = post.of(forwarding.stream)
    mail_room.mark_printed(envelope)
    mail_room.mark_posted(envelope, "RR473124829ID")
    tracks.notice_dispatches()
    withdrawn(forwarding, confirmed(forwarding, world), world)
    assert (forwarding.stage, running(forwarding)) == (Stage.SENT, {})


def test_a_mail_handed_over_after_a_mistaken_confirmation_is_to_be_confirmed_from_that_day(story, world):
    forwarding = story.signed(by_post=False)
    proof = confirmed(forwarding, world)
    with freeze_time("2026-03-16T02:00:00Z"):
        [email] = mails.of(forwarding.stream)
        email.state, email.handed_over_at = EmailState.HANDED_OVER, datetime.fromisoformat("2026-03-16T02:00:00+00:00")
        db.session.flush()
        tracks.notice_dispatches()
    with freeze_time("2026-03-20T02:00:00Z"):
        withdrawn(forwarding, proof, world)
    assert running(forwarding) == {ClockKey.ACKNOWLEDGE: date(2026, 3, 16)}
    assert forwarding.stage_since == datetime.fromisoformat("2026-03-16T02:00:00+00:00")


def test_an_answer_that_was_found_incomplete_is_what_that_decision_rests_on(story, world):
    response = story.answered()
    service.return_incomplete(response, world.registrar.person, "Foto belum ada.")
    db.session.commit()
    before = running(response.forwarding)
    with pytest.raises(NotNow):
        withdrawn(response.forwarding, None, world, response_id=response.id)
    assert (response.forwarding.stage, running(response.forwarding)) == (Stage.ACKNOWLEDGED, before)


def test_who_confirms_after_the_end_received_nothing_in_time(story, world):
    forwarding = story.sent()
    mistaken = confirmed(forwarding, world)
    forwardings.withdraw(forwarding, world.registrar.person, "Salah sasaran.")
    with freeze_time("2026-03-16T02:00:00Z"):
        confirmed(forwarding, world, ProofChannel.LINK)
        withdrawn(forwarding, mistaken, world)
    assert forwarding.received_at is None


def test_asked_again_on_the_day_of_the_mistaken_receipt_the_new_date_stays(story, world):
    forwarding = story.sent()
    mistaken = confirmed(forwarding, world)
    response = answered(forwarding, world, ResponseKind.FINAL)
    service.return_incomplete(response, world.registrar.person, "Foto belum ada.")
    count = len(forwarding.deadlines)
    with freeze_time("2026-03-16T02:00:00Z"):
        withdrawn(forwarding, mistaken, world)
    assert (running(forwarding), len(forwarding.deadlines)) == ({ClockKey.RESPONSE_ORDINARY: date(2026, 3, 13)}, count)


def test_the_review_runs_from_the_oldest_reply_that_nobody_has_read(story, world):
    forwarding = story.sent()
    first = replied(forwarding, world, "Satu.")
    with freeze_time("2026-03-16T02:00:00Z"):
        replied(forwarding, world, "Dua.")
        assert running(forwarding)[ClockKey.REVIEW] == date(2026, 3, 13)
        replies.decide(first, Decision.RECEIPT, world.registrar.person)
    assert running(forwarding)[ClockKey.REVIEW] == date(2026, 3, 16)


def test_a_delivery_that_was_none_leaves_the_review_of_a_waiting_reply_alone(story, world):
    forwarding = story.sent()
    replied(forwarding, world)
    delivery = receipt.prove(forwarding, ProofChannel.POST, "Satpam", "Inspektorat", dispatch_id=9)
    withdrawn(forwarding, delivery, world)
    assert ClockKey.REVIEW in running(forwarding)
