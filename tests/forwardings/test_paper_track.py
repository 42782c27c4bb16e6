"""What a forwarding concludes from its envelopes, and what it takes back when the post knew better later."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from freezegun import freeze_time

from hub import clock
from hub.audit.queries import broken_links, of_stream
from hub.desk import queries as desk
from hub.directory import queries as directory
from hub.extensions import db
from hub.forwardings import receipt, tracks, voices
from hub.forwardings import service as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.queries import proofs
from hub.forwardings.rules import ClockKey, Happening, ProofChannel, Stage, fold, standing
from hub.letters import service as letters
from hub.letters.models import LetterKind
from hub.mail import queries as emails
from hub.mail import service as mail
from hub.post import queries as envelopes
from hub.post import service as post
from hub.post.models import PostDispatch
from hub.post.rules import PostState, ScanKind, Sighting
from hub.post.scans import Telling
from hub.silence.queries import cases, facts_of
from hub.silence.rules import Grade
from hub.upkeep import faults
from tests.letters.test_rules import CONTENT
from tests.story import Story
from tests.world import World

FRIDAY = datetime(2026, 3, 13, 2, tzinfo=UTC)
MONDAY = FRIDAY + timedelta(days=3)


@pytest.fixture
def story(world: World) -> Iterator[Story]:
    with freeze_time(FRIDAY):
        yield Story(world)


@pytest.fixture
def sent(story: Story) -> Forwarding:
    """A letter on paper only, posted on Friday 13 March."""
    forwarding = story.signed(by_email=False)
    hand_in(envelopes.of(forwarding.stream)[0])
    return forwarding


def hand_in(dispatch: PostDispatch, number: str = "RR473124829ID") -> None:
    post.mark_printed(dispatch)
    post.mark_posted(dispatch, number)
    tracks.notice_dispatches()
    db.session.commit()


def learn(dispatch: PostDispatch, kind: ScanKind, at: datetime = MONDAY, receiver: str = "", words: str = "") -> None:
    post.note_scans([Telling(dispatch, Sighting(at, kind, receiver, words))])
    tracks.notice_dispatches()
    db.session.commit()


def running(forwarding: Forwarding) -> dict[str, date]:
    return {one.clock: one.due_on for one in forwarding.deadlines if one.ended_at is None}


def told(forwarding: Forwarding) -> list[str]:
    return [event.kind for event in of_stream(forwarding.stream)]


def grade(forwarding: Forwarding, at: datetime) -> Grade | None:
    [case] = [one for one in cases(at=at) if one.id == forwarding.id]
    return case.verdict.grade


def test_a_delivery_with_name_and_date_proves_once(sent: Forwarding) -> None:
    [envelope] = envelopes.of(sent.stream)
    with freeze_time(MONDAY + timedelta(days=1)):
        for _ in range(2):
            learn(envelope, ScanKind.DELIVERED, receiver="Sari")
        learn(envelope, ScanKind.IN_TRANSIT, MONDAY - timedelta(hours=5))
    assert [(one.channel, one.name) for one in proofs(sent)] == [(ProofChannel.POST, "Sari")]
    assert sent.stage is Stage.RECEIVED
    assert told(sent).count(Happening.DELIVERED) == 1


def test_a_delivery_to_nobody_proves_nothing_but_starts_the_clock_of_asking(sent: Forwarding, world: World) -> None:
    [envelope] = envelopes.of(sent.stream)
    with freeze_time(MONDAY + timedelta(days=1)):
        learn(envelope, ScanKind.DELIVERED)
        assert (sent.stage, proofs(sent), list(running(sent))) == (Stage.SENT, [], [ClockKey.ACKNOWLEDGE])
        assert grade(sent, MONDAY + timedelta(days=20)) is Grade.RECEIPT_UNPROVEN
        post.name_receiver(envelope, "Sari", world.registrar.person)
        tracks.notice_dispatches()
    assert sent.stage is Stage.RECEIVED
    assert running(sent).keys() == {ClockKey.ACKNOWLEDGE, ClockKey.RESPONSE_ORDINARY}


def test_a_return_learnt_later_takes_the_proof_back_and_the_clocks_too(sent: Forwarding) -> None:
    [envelope] = envelopes.of(sent.stream)
    with freeze_time(MONDAY + timedelta(days=4)):
        learn(envelope, ScanKind.DELIVERED, receiver="Satpam")
        learn(envelope, ScanKind.RETURNED, MONDAY + timedelta(days=1), words="Bukan kantor ini")
    assert (sent.stage, sent.received_at, proofs(sent)) == (Stage.SENT, None, [])
    assert running(sent) == {}
    assert told(sent)[-2:] == [Happening.PROOF_WITHDRAWN, Happening.RETURNED_BY_POST]
    history = [(Happening(event.kind), event.details) for event in of_stream(sent.stream)]
    assert fold(standing(history)) is sent.stage
    assert list(broken_links()) == []


def test_the_clock_of_a_mail_that_arrived_runs_on_when_the_delivery_was_none(story: Story) -> None:
    forwarding = story.sent()
    before = running(forwarding)
    [envelope] = envelopes.of(forwarding.stream)
    hand_in(envelope)
    with freeze_time(MONDAY + timedelta(days=4)):
        learn(envelope, ScanKind.DELIVERED, receiver="Satpam")
        learn(envelope, ScanKind.RETURNED, MONDAY + timedelta(days=1))
    assert running(forwarding) == before


def test_the_clock_moves_to_the_track_that_lives_when_the_first_one_dies(story: Story) -> None:
    forwarding = story.sent()
    by_mail = running(forwarding)[ClockKey.ACKNOWLEDGE]
    [envelope] = envelopes.of(forwarding.stream)
    hand_in(envelope)
    with freeze_time(MONDAY + timedelta(days=7)):
        learn(envelope, ScanKind.DELIVERED, MONDAY + timedelta(days=6), receiver="")
        assert running(forwarding) == {ClockKey.ACKNOWLEDGE: by_mail}
        come_back(forwarding)
        assert running(forwarding)[ClockKey.ACKNOWLEDGE] > by_mail


def test_a_letter_whose_mail_came_back_waits_for_its_envelope_and_that_is_seen(story: Story) -> None:
    forwarding = story.sent()
    with freeze_time(MONDAY + timedelta(days=1)):
        come_back(forwarding)
        assert list(running(forwarding)) == [ClockKey.DISPATCH_POST]
    assert grade(forwarding, MONDAY + timedelta(days=20)) is Grade.NOT_DISPATCHED


def test_an_envelope_without_a_scan_is_given_up_though_no_worker_says_so(sent: Forwarding) -> None:
    last_day, gone = datetime(2026, 4, 6, 2, tzinfo=UTC), datetime(2026, 4, 7, 2, tzinfo=UTC)
    assert grade(sent, last_day) is None
    [case] = cases(Forwarding.id == sent.id, gone)
    assert (case.verdict.grade, case.verdict.since) == (Grade.UNDELIVERED, gone.date())
    with freeze_time(gone):
        facts = facts_of(sent, [], envelopes.of(sent.stream), [], [])
        assert facts == case.facts
        assert post.presume_lost() == 1
        tracks.notice_dispatches()
        db.session.commit()
    assert cases(Forwarding.id == sent.id, gone)[0].verdict == case.verdict


def test_no_clock_of_the_recipient_runs_while_the_letter_is_on_its_way(story: Story) -> None:
    forwarding = story.sent()
    hand_in(envelopes.of(forwarding.stream)[0])
    come_back(forwarding)
    assert running(forwarding) == {}


def come_back(forwarding: Forwarding) -> None:
    """Every mail with the letter bounces."""
    for sent in emails.of(forwarding.stream):
        mail.bounce(sent, "550 5.1.1 User unknown", is_permanent=True, at=clock.now())
    tracks.notice_dispatches()
    db.session.commit()


def test_a_delivery_that_a_later_decision_rests_on_is_kept(sent: Forwarding, world: World, story: Story) -> None:
    from hub.responses import service as responses
    from hub.responses.models import ResponseKind

    [envelope] = envelopes.of(sent.stream)
    with freeze_time(MONDAY + timedelta(days=4)):
        learn(envelope, ScanKind.DELIVERED, receiver="Satpam")
        answer = responses.Answer(ResponseKind.FINAL, "700/12/2026", date(2026, 3, 17), "Sudah diperbaiki.")
        responses.accept(
            responses.receive(sent, answer, voices.signed_in(world.regency_pic.person)), world.registrar.person
        )
        learn(envelope, ScanKind.RETURNED, MONDAY + timedelta(days=1))
    assert sent.stage is Stage.CLOSED


def test_a_corrected_day_of_delivery_replaces_the_proof(sent: Forwarding, world: World) -> None:
    [envelope] = envelopes.of(sent.stream)
    with freeze_time(MONDAY + timedelta(days=4)):
        learn(envelope, ScanKind.DELIVERED, receiver="Sari")
        post.withdraw_scan(envelope.scans[0], world.registrar.person)
        learn(envelope, ScanKind.DELIVERED, MONDAY + timedelta(days=1), "Sari")
    [proof] = proofs(sent)
    assert proof.occurred_at.date() == date(2026, 3, 17)
    assert sent.received_at == proof.occurred_at
    assert sent.stage is Stage.RECEIVED


def test_an_envelope_that_came_back_kills_the_address_and_its_correction_mends_it(
    sent: Forwarding, world: World
) -> None:
    [envelope] = envelopes.of(sent.stream)
    with freeze_time(MONDAY + timedelta(days=4)):
        for at in (MONDAY, MONDAY + timedelta(days=1)):
            learn(envelope, ScanKind.RETURNED, at, words="Pindah alamat")
            assert faults.notice() == 1
            assert grade(sent, clock.now()) is Grade.UNDELIVERED
            assert [one.words for one in directory.open_faults(world.regency.id)] == ["Pindah alamat"]
            post.withdraw_scan(next(one for one in envelope.scans if one.at == at), world.registrar.person)
            tracks.notice_dispatches()
            assert faults.notice() == 0
            assert directory.open_faults(world.regency.id) == []
    assert grade(sent, MONDAY + timedelta(days=4)) is None


def test_a_lost_envelope_is_told_leaves_no_live_track_and_may_be_sent_again(sent: Forwarding, world: World) -> None:
    [first] = envelopes.of(sent.stream)
    with freeze_time(FRIDAY + timedelta(days=60)):
        assert post.presume_lost() == 1
        tracks.notice_dispatches()
        db.session.commit()
        assert told(sent)[-1] == Happening.PRESUMED_LOST
        [case] = cases()
        assert (case.verdict.grade, case.verdict.since) == (Grade.UNDELIVERED, first.presumed_lost_on)
        page = desk.forwarding_page(world.registrar, sent.id)
        assert page.verdict == case.verdict
        assert page.repair is not None
        assert [one.silent_since for one in page.repair.failed] == [date(2026, 3, 13)]
        assert page.repair.has_postal_address
        forwardings.resend(sent, by_email=False, by_post=True, author=world.registrar.person)
        _, second = envelopes.of(sent.stream)
        hand_in(second, "RR473124815ID")
        assert desk.forwarding_page(world.registrar, sent.id).repair is None
    assert (first.state, second.state) == (PostState.PRESUMED_LOST, PostState.POSTED)
    assert [str(one.link_state) for one in (first, second)] == ["good", "good"]
    with freeze_time(FRIDAY + timedelta(days=64)):
        learn(first, ScanKind.DELIVERED, MONDAY, "Sari")
    assert sent.stage is Stage.RECEIVED
    assert sent.received_at is not None
    assert sent.received_at.date() == MONDAY.date()


def test_a_lost_envelope_beside_a_living_mail_offers_another_one(story: Story, world: World) -> None:
    forwarding = story.sent()
    hand_in(envelopes.of(forwarding.stream)[0])
    with freeze_time(FRIDAY + timedelta(days=60)):
        post.presume_lost()
        page = desk.forwarding_page(world.registrar, forwarding.id)
    assert page.repair is not None
    assert page.verdict.grade is not Grade.UNDELIVERED


def follow_up(forwarding: Forwarding, to: object, world: World) -> PostDispatch:
    """A later letter about the same forwarding."""
    letter = letters.draft(world.ksn, LetterKind.SECOND_REQUEST, "Permintaan kedua", CONTENT, None)
    letters.submit(letter)
    letters.sign(letter, world.signatory.person)
    dispatch = post.queue(forwarding.stream, letter, to, "Alamat")  # type: ignore[arg-type]
    hand_in(dispatch, "RR473124832ID")
    return dispatch


def test_a_later_letter_to_the_recipient_carries_a_copy_and_proves_receipt_too(sent: Forwarding, world: World) -> None:
    with freeze_time(FRIDAY + timedelta(days=60)):
        post.presume_lost()
        second = follow_up(sent, world.regency, world)
        assert grade(sent, FRIDAY + timedelta(days=60)) is None
        assert desk.forwarding_page(world.registrar, sent.id).verdict.grade is None
    with freeze_time(FRIDAY + timedelta(days=64)):
        learn(second, ScanKind.DELIVERED, FRIDAY + timedelta(days=63), "Sari")
    assert sent.stage is Stage.RECEIVED


def test_a_letter_to_another_office_says_nothing_about_the_recipient(sent: Forwarding, world: World) -> None:
    before = told(sent)
    other = follow_up(sent, world.province, world)
    with freeze_time(FRIDAY + timedelta(days=60)):
        learn(other, ScanKind.DELIVERED, FRIDAY + timedelta(days=3), "Sekretariat")
        assert (sent.stage, proofs(sent), told(sent)) == (Stage.SENT, [], before)
        post.presume_lost()
        assert grade(sent, FRIDAY + timedelta(days=60)) is Grade.UNDELIVERED


def test_the_slip_of_a_lost_envelope_still_confirms(sent: Forwarding, client: object) -> None:
    [envelope] = envelopes.of(sent.stream)
    with freeze_time(FRIDAY + timedelta(days=60)):
        post.presume_lost()
        path = post.slip_address(envelope).removeprefix("http://localhost")
        client.post(path, data={"name": "Sari", "office": "Sekretariat"})  # type: ignore[attr-defined]
    db.session.refresh(sent)
    assert sent.stage is Stage.ACKNOWLEDGED
    assert receipt.is_proven_by(sent, ProofChannel.SLIP, envelope.id)
