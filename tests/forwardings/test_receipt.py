"""The ledger of receipt, and the clocks it starts."""

from collections.abc import Iterator
from datetime import date

import pytest
from freezegun import freeze_time

from hub.audit.queries import broken_links, of_stream
from hub.audit.rules import person
from hub.extensions import db
from hub.forwardings import deadlines, receipt, tracks
from hub.forwardings import service as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.queries import proofs
from hub.forwardings.rules import ClockKey, Happening, ProofChannel, Stage, fold
from hub.mail import service as mail
from hub.mail.models import EmailDispatch, EmailState
from hub.post import service as post
from hub.post.models import PostDispatch
from tests.story import Story
from tests.world import World


@pytest.fixture
def story(world: World) -> Iterator[Story]:
    with freeze_time("2026-03-13T02:00:00Z"):
        yield Story(world)


def running(forwarding: Forwarding) -> dict[str, date]:
    return {one.clock: one.due_on for one in forwarding.deadlines if one.ended_at is None}


def posted(forwarding: Forwarding) -> PostDispatch:
    dispatch = db.session.query(PostDispatch).filter_by(about=forwarding.stream).one()
    post.mark_printed(dispatch)
    post.mark_posted(dispatch, "RR473124829ID")
    return dispatch


def told(forwarding: Forwarding) -> list[str]:
    return [event.kind for event in of_stream(forwarding.stream)]


def test_hand_over_starts_the_clock_of_the_acknowledgement_not_of_the_answer(story: Story) -> None:
    forwarding = story.sent()
    assert forwarding.stage is Stage.SENT
    assert running(forwarding) == {ClockKey.ACKNOWLEDGE: date(2026, 3, 25)}
    assert forwarding.received_at is None


def test_an_acknowledgement_starts_the_clock_of_the_answer(story: Story) -> None:
    forwarding = story.acknowledged()
    assert forwarding.stage is Stage.ACKNOWLEDGED
    assert running(forwarding) == {ClockKey.RESPONSE_ORDINARY: date(2026, 4, 10)}


def test_a_second_confirmation_by_the_same_link_is_the_first_one(story: Story, world: World) -> None:
    forwarding = story.sent()
    pic = world.regency_pic.person
    first = receipt.acknowledge(forwarding, ProofChannel.LINK, "Rina", "Irban I", person(pic.id), dispatch_id=1)
    second = receipt.acknowledge(forwarding, ProofChannel.LINK, "Orang lain", "", person(pic.id), dispatch_id=1)
    assert first is second
    assert len(proofs(forwarding)) == 1


def test_another_way_of_confirming_is_kept_beside_the_first_and_moves_no_date(story: Story, world: World) -> None:
    forwarding = story.acknowledged()
    before = running(forwarding)
    with freeze_time("2026-03-16T02:00:00Z"):
        receipt.acknowledge(forwarding, ProofChannel.SLIP, "Petugas", "Sekretariat", person(1), dispatch_id=7)
    assert [one.channel for one in proofs(forwarding)] == [ProofChannel.SIGN_IN, ProofChannel.SLIP]
    assert running(forwarding) == before


def test_a_delivered_envelope_proves_receipt_but_is_no_acknowledgement(story: Story, world: World) -> None:
    forwarding = story.signed(by_email=False)
    dispatch = posted(forwarding)
    tracks.notice_dispatches()
    assert forwarding.stage is Stage.SENT
    with freeze_time("2026-03-17T02:00:00Z"):
        post.mark_delivered(dispatch, date(2026, 3, 16), "Satpam kantor")
        tracks.notice_dispatches()
    assert forwarding.stage is Stage.RECEIVED
    assert running(forwarding).keys() == {ClockKey.ACKNOWLEDGE, ClockKey.RESPONSE_ORDINARY}
    assert not receipt.is_acknowledged(forwarding)


def test_that_an_envelope_left_is_told_once_whatever_comes_later(story: Story) -> None:
    forwarding = story.signed(by_email=False)
    dispatch = posted(forwarding)
    tracks.notice_dispatches()
    with freeze_time("2026-03-17T02:00:00Z"):
        post.mark_delivered(dispatch, date(2026, 3, 16), "Satpam kantor")
        tracks.notice_dispatches()
    assert told(forwarding)[-3:] == [Happening.SIGNED, Happening.DISPATCHED, Happening.DELIVERED]


def test_departure_and_delivery_heard_of_together_are_both_told(story: Story) -> None:
    forwarding = story.signed(by_email=False)
    post.mark_delivered(posted(forwarding), date(2026, 3, 13), "Satpam kantor")
    tracks.notice_dispatches()
    assert told(forwarding)[-2:] == [Happening.DISPATCHED, Happening.DELIVERED]


def test_an_envelope_came_back_on_the_day_the_post_brought_it_not_when_it_was_noted(story: Story) -> None:
    forwarding = story.signed()
    dispatch = posted(forwarding)
    with freeze_time("2026-03-19T02:00:00Z"):
        post.mark_returned(dispatch, date(2026, 3, 17), "Alamat tidak dikenal")
        tracks.notice_dispatches()
    back = of_stream(forwarding.stream)[-1]
    assert (back.kind, back.occurred_at.date()) == (Happening.RETURNED_BY_POST, date(2026, 3, 17))


def test_an_envelope_that_arrives_after_the_withdrawal_starts_no_clock(story: Story, world: World) -> None:
    forwarding = story.signed(by_email=False)
    dispatch = posted(forwarding)
    tracks.notice_dispatches()
    forwardings.withdraw(forwarding, world.registrar.person, "Keliru wilayah")
    post.mark_delivered(dispatch, date(2026, 3, 13), "Satpam kantor")
    tracks.notice_dispatches()
    assert running(forwarding) == {}


def test_a_mail_that_slipped_out_during_the_withdrawal_starts_no_clock(story: Story, world: World) -> None:
    forwarding = story.signed(by_post=False)
    forwardings.withdraw(forwarding, world.registrar.person, "Keliru wilayah")
    mail.hand_over(db.session.query(EmailDispatch).filter_by(about=forwarding.stream).one(), "250 queued")
    tracks.notice_dispatches()
    assert (forwarding.stage, running(forwarding)) == (Stage.WITHDRAWN, {})


def test_a_failed_mail_is_noticed_once_and_told(story: Story) -> None:
    forwarding = story.signed(by_post=False)
    dispatch = db.session.query(EmailDispatch).filter_by(about=forwarding.stream).one()
    dispatch.state = EmailState.FAILED
    db.session.flush()
    assert tracks.notice_dispatches() == 1
    assert tracks.notice_dispatches() == 0
    assert told(forwarding)[-1] == Happening.NOT_SENT
    assert forwarding.stage is Stage.READY


def test_the_date_of_receipt_is_the_recipients_date(world: World) -> None:
    jayapura = world.ksn.__class__
    far_east = db.session.query(jayapura).filter_by(code="91.71").one()
    with freeze_time("2026-03-12T16:00:00Z"):  # Thursday 23.00 in Jakarta, Friday 01.00 in Jayapura
        forwarding = Story(world).sent(recipient=far_east, by_post=False)
    assert deadlines.find_running(forwarding, ClockKey.ACKNOWLEDGE).started_on == date(2026, 3, 13)  # type: ignore[union-attr]


def test_the_stage_is_the_fold_of_the_events_and_the_record_is_whole(story: Story) -> None:
    forwarding = story.closed()
    history = [Happening(event.kind) for event in of_stream(forwarding.stream)]
    assert fold(history) is forwarding.stage is Stage.CLOSED
    assert list(broken_links()) == []


def test_withdrawing_calls_back_what_is_queued_and_closes_the_links(story: Story, world: World) -> None:
    forwarding = story.signed()
    forwardings.withdraw(forwarding, world.registrar.person, "Keliru wilayah")
    dispatch = db.session.query(EmailDispatch).filter_by(about=forwarding.stream).one()
    assert (dispatch.state, dispatch.link_revoked_at is not None) == (EmailState.CANCELLED, True)
    assert running(forwarding) == {}
