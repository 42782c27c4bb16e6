"""Clarifications by UU 37/2008 art. 33: first request, second request, and what is recorded when no answer comes."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub import clock
from hub.accounts.models import Account
from hub.audit.rules import Actor, ActorKind
from hub.coordination import service as coordination
from hub.extensions import db
from hub.forwardings import receipt, signing, tracks, voices
from hub.forwardings.models import Deadline, Forwarding, Proof
from hub.forwardings.rules import RESPONSE_CLOCKS, ClockKey, Happening, ProofChannel, Stage
from hub.letters.models import Letter, LetterKind
from hub.letters.service import APPROVED
from hub.mail.message import text_of
from hub.mail.models import EmailDispatch, EmailState
from hub.monitoring.verification import findings
from hub.post import queries as post
from hub.post import service as mail_room
from hub.responses import service as responses
from hub.responses.models import ResponseKind
from hub.routing.rules import Purpose
from hub.silence import service
from hub.silence.ladder import Step
from hub.silence.queries import cases
from hub.webkit.labels import LABELS
from tests.conftest import Client
from tests.story import Story

SignIn = Callable[[Account], Client]
FRIDAY = "2026-03-13T02:00:00Z"  # 14 calendar days: Fri 27 March
FIRST, SECOND, THIRD = "2026-03-30T03:00:00+00:00", "2026-04-02T03:00:00+00:00", "2026-04-07T03:00:00+00:00"
SIGNED, RECEIVED = "2026-04-06T02:00:00Z", "2026-04-08T02:00:00Z"  # 14 calendar days: Wed 22 April
THE_DAY, THE_DAY_AFTER = "2026-04-22T03:00:00+00:00", "2026-04-23T03:00:00+00:00"


def sweep(moment: str) -> list[Step]:
    with freeze_time(moment):
        report = service.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        assert report.failed == []
        return [one.step for one in report.reminded]


@pytest.fixture
def asked(story: Story) -> Forwarding:
    with freeze_time(FRIDAY):
        return story.acknowledged(purpose=Purpose.CLARIFICATION)


@pytest.fixture
def second(asked: Forwarding, story: Story) -> Letter:
    """Drafted by the ladder, signed by a person, and on its way."""
    assert [sweep(FIRST), sweep(SECOND)] == [[Step.REMINDER], [Step.SECOND_REQUEST]]
    with freeze_time(SIGNED):
        letter = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.SECOND_REQUEST)).one()
        signing.sign(letter, story.world.signatory.person, APPROVED)
        for dispatch in db.session.query(EmailDispatch).filter_by(letter_id=letter.id):
            dispatch.state, dispatch.handed_over_at = EmailState.HANDED_OVER, clock.now()
        db.session.flush()
        tracks.notice_dispatches()
        db.session.commit()
    return letter


def delivered(letter: Letter, day: date = date(2026, 4, 8), name: str = "Sari") -> None:
    [envelope] = [one for one in post.of(letter.about) if one.letter_id == letter.id]
    mail_room.mark_printed(envelope)
    mail_room.mark_posted(envelope, "RR473124829ID")
    mail_room.mark_delivered(envelope, day, name)
    tracks.notice_dispatches()
    db.session.commit()


def mailed(letter: Letter) -> EmailDispatch:
    return db.session.scalars(select(EmailDispatch).where(EmailDispatch.letter_id == letter.id)).one()


def confirmed(forwarding: Forwarding, letter: Letter) -> Proof:
    email = mailed(letter)
    actor = Actor(ActorKind.LINK, email.id)
    proof = receipt.acknowledge(forwarding, ProofChannel.LINK, "Rina", "Irban I", actor, email.id)
    db.session.commit()
    return proof


def running(forwarding: Forwarding) -> Deadline:
    [one] = [one for one in forwarding.deadlines if one.ended_at is None and one.clock in RESPONSE_CLOCKS]
    return one


def test_first_request_second_request_and_the_record_that_the_right_was_not_used(
    asked: Forwarding, second: Letter
) -> None:
    assert running(asked).clock is ClockKey.OMBUDSMAN_FIRST_REQUEST
    with freeze_time(RECEIVED):
        delivered(second)
    assert (running(asked).clock, running(asked).started_on, running(asked).due_on) == (
        ClockKey.OMBUDSMAN_SECOND_REQUEST, date(2026, 4, 8), date(2026, 4, 22),
    )  # fmt: skip
    assert sweep(THE_DAY) == []
    assert sweep(THE_DAY_AFTER) == [Step.LAPSE]
    db.session.refresh(asked)
    assert asked.stage is Stage.LAPSED
    assert list(findings()) == []


def test_a_second_request_that_nobody_has_signed_ends_nothing(asked: Forwarding) -> None:
    steps = [sweep(moment) for moment in (FIRST, SECOND, THIRD, THE_DAY_AFTER, "2026-09-01T03:00:00+00:00")]
    assert steps == [[Step.REMINDER], [Step.SECOND_REQUEST], [Step.SECOND_REMINDER], [], []]
    assert asked.stage is Stage.ACKNOWLEDGED


def test_a_second_request_that_left_and_that_nobody_confirmed_ends_nothing(asked: Forwarding, second: Letter) -> None:
    assert [sweep(THIRD), sweep("2026-09-01T03:00:00+00:00")] == [[Step.SECOND_REMINDER], []]
    assert (asked.stage, running(asked).clock) == (Stage.ACKNOWLEDGED, ClockKey.OMBUDSMAN_FIRST_REQUEST)


def test_an_envelope_given_to_nobody_starts_no_second_limit(asked: Forwarding, second: Letter) -> None:
    with freeze_time(RECEIVED):
        delivered(second, name="")
    assert running(asked).clock is ClockKey.OMBUDSMAN_FIRST_REQUEST


def test_the_button_in_its_own_mail_starts_the_second_limit(asked: Forwarding, second: Letter, client: Client) -> None:
    link = text_of(mailed(second)).link
    assert second.number in text_of(mailed(second)).paragraphs[0]
    address = link[link.index("/a/") :]
    with freeze_time(RECEIVED):
        page = client.get(address).text
        assert second.number in page
        assert "permintaan penjelasan kedua" in page.lower()
        answer = client.post(address, data={"name": "Rina Maheswari", "office": "Irban I"})
    assert "8 Apr 2026" in answer.text
    db.session.expire_all()
    assert (running(asked).clock, running(asked).due_on) == (ClockKey.OMBUDSMAN_SECOND_REQUEST, date(2026, 4, 22))
    with freeze_time(RECEIVED):
        assert "Terima kasih" in client.get(address).text


def test_confirming_the_first_letter_again_starts_no_second_limit(asked: Forwarding, second: Letter) -> None:
    first = db.session.scalars(select(EmailDispatch).where(EmailDispatch.letter_id == asked.letter_id)).first()
    assert first is not None
    with freeze_time(RECEIVED):
        actor = Actor(ActorKind.LINK, first.id)
        receipt.acknowledge(asked, ProofChannel.LINK, "Rina", "Irban I", actor, first.id)
    assert running(asked).clock is ClockKey.OMBUDSMAN_FIRST_REQUEST


def test_who_is_signed_in_confirms_the_second_request_on_its_page(
    asked: Forwarding, second: Letter, story: Story, signed_in_as: SignIn
) -> None:
    address = f"/forwardings/{asked.id}/letters/{second.id}"
    with freeze_time(RECEIVED):
        office = signed_in_as(story.world.regency_pic)
        assert f"{address}/confirm" in office.get(address).text
        assert signed_in_as(story.world.registrar).post(f"{address}/confirm").status_code == 403
        assert office.post(f"{address}/confirm").status_code == 302
        assert f"{address}/confirm" not in office.get(address).text
        assert office.post(f"{address}/confirm").status_code == 409
    db.session.expire_all()
    assert running(asked).clock is ClockKey.OMBUDSMAN_SECOND_REQUEST


def test_a_second_request_that_proves_the_first_letter_too_leaves_the_first_limit(story: Story) -> None:
    """Nobody uses up a right to answer within a limit that had not begun."""
    with freeze_time(FRIDAY):
        forwarding = story.sent(purpose=Purpose.CLARIFICATION)
        letter = _signed_by_hand(forwarding, story)
    with freeze_time(RECEIVED):
        delivered(letter)
    assert (running(forwarding).clock, running(forwarding).due_on) == (
        ClockKey.OMBUDSMAN_FIRST_REQUEST, date(2026, 4, 22),
    )  # fmt: skip


def test_a_later_date_that_was_granted_meanwhile_stands(asked: Forwarding, second: Letter, story: Story) -> None:
    with freeze_time("2026-04-07T02:00:00Z"):
        request = coordination.ask_for_time(
            asked, date(2026, 5, 4), "Saksi di luar kota.", story.world.regency_pic.person
        )
        coordination.decide(request, True, None, "", story.world.registrar.person)
        db.session.commit()
    with freeze_time(RECEIVED):
        confirmed(asked, second)
    assert (running(asked).clock, running(asked).due_on) == (ClockKey.OMBUDSMAN_FIRST_REQUEST, date(2026, 5, 4))


def test_a_delivery_that_turns_out_untrue_takes_the_second_limit_with_it(asked: Forwarding, second: Letter) -> None:
    with freeze_time(RECEIVED):
        delivered(second)
    with freeze_time("2026-04-10T02:00:00Z"):
        [envelope] = [one for one in post.of(second.about) if one.letter_id == second.id]
        mail_room.mark_returned(envelope, date(2026, 4, 9), "Pindah alamat")
        tracks.notice_dispatches()
        db.session.commit()
    assert (running(asked).clock, running(asked).due_on) == (ClockKey.OMBUDSMAN_FIRST_REQUEST, date(2026, 3, 27))
    assert sweep(THE_DAY_AFTER) == [Step.SECOND_REMINDER]
    assert list(findings()) == []


def test_more_time_for_a_second_request_that_proves_untrue_ends_in_no_record(
    asked: Forwarding, second: Letter, story: Story
) -> None:
    with freeze_time(RECEIVED):
        proof = confirmed(asked, second)
        request = coordination.ask_for_time(
            asked, date(2026, 5, 4), "Saksi di luar kota.", story.world.regency_pic.person
        )
        coordination.decide(request, True, None, "", story.world.registrar.person)
        receipt.withdraw(asked, proof, Actor(ActorKind.SYSTEM), "Salah orang")
        db.session.commit()
    assert (running(asked).clock, running(asked).due_on) == (ClockKey.OMBUDSMAN_SECOND_REQUEST, date(2026, 5, 4))
    assert sweep("2026-05-05T03:00:00+00:00") == []


def test_an_answer_after_the_record_is_taken_all_the_same(asked: Forwarding, second: Letter, story: Story) -> None:
    with freeze_time(RECEIVED):
        confirmed(asked, second)
    assert sweep(THE_DAY_AFTER) == [Step.LAPSE]
    with freeze_time("2026-04-24T02:00:00Z"):
        answer = responses.Answer(ResponseKind.FINAL, "700/9/2026", date(2026, 4, 24), "Kami jelaskan.")
        responses.receive(asked, answer, voices.signed_in(story.world.regency_pic.person))
    assert asked.stage is Stage.ANSWERED
    assert list(findings()) == []


def test_between_the_limit_and_the_record_the_office_is_a_silent_one(asked: Forwarding, second: Letter) -> None:
    with freeze_time(RECEIVED):
        confirmed(asked, second)
        assert not cases()[0].is_silent
    with freeze_time(THE_DAY_AFTER):
        assert cases()[0].is_silent


def test_the_record_of_a_clarification_has_words_of_its_own(
    asked: Forwarding, second: Letter, story: Story, signed_in_as: SignIn
) -> None:
    with freeze_time(RECEIVED):
        confirmed(asked, second)
    sweep(THE_DAY_AFTER)
    office = signed_in_as(story.world.registrar)
    for page in (office.get(f"/forwardings/{asked.id}").text, office.get("/forwardings").text):
        assert "Tercatat tidak menggunakan hak jawab" in page
        assert "Tercatat tidak menanggapi" not in page
    assert set(LABELS["lapsed"]) == set(Purpose)
    assert Happening.SECOND_REQUEST_RECEIVED in LABELS["happening"]


def _signed_by_hand(forwarding: Forwarding, story: Story) -> Letter:
    from hub.forwardings.followups import service as followups

    letter = followups.draft(forwarding, LetterKind.SECOND_REQUEST, "", story.world.registrar.person)
    followups.submit(letter, story.world.registrar.person)
    followups.sign(letter, story.world.signatory.person)
    db.session.commit()
    return letter
