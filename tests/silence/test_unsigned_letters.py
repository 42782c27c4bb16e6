"""A letter that the ladder drafts has a signer's deadline: one that waits too long is seen on the sender's side."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub.accounts.models import Account
from hub.extensions import db
from hub.forwardings import signing, voices
from hub.forwardings.followups import queries
from hub.forwardings.models import Forwarding
from hub.letters.models import Letter, LetterKind, SigningMethod
from hub.letters.service import APPROVED, Signature
from hub.responses import service as responses
from hub.responses.models import ResponseKind
from hub.silence import service
from hub.silence.queries import cases
from hub.silence.rules import Grade
from tests.conftest import Client
from tests.story import Story

SignIn = Callable[[Account], Client]
Counting = Callable[[], AbstractContextManager[list[str]]]
DRAFTED, THE_DAY, LATE = "2026-04-20T03:00:00+00:00", "2026-04-22T03:00:00+00:00", "2026-04-23T03:00:00+00:00"


@pytest.fixture
def waiting(story: Story) -> Forwarding:
    """Its letter to the head of the institution was put to sign on Monday 20 April: two working days."""
    with freeze_time("2026-03-13T02:00:00Z"):
        forwarding = story.acknowledged()
    for moment in ("2026-04-13T03:00:00+00:00", "2026-04-16T03:00:00+00:00", DRAFTED):
        sweep(moment)
    return forwarding


def sweep(moment: str) -> service.SweepReport:
    with freeze_time(moment):
        report = service.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        return report


def answer(forwarding: Forwarding, story: Story) -> None:
    told = responses.Answer(ResponseKind.FINAL, "700/12/2026", date(2026, 4, 21), "Jalan sudah diperbaiki.", [])
    responses.receive(forwarding, told, voices.signed_in(story.world.regency_pic.person))


def letter() -> Letter:
    return db.session.scalars(select(Letter).where(Letter.kind == LetterKind.TO_HEAD)).one()


def test_the_sweep_tells_of_a_letter_that_waits_too_long_and_not_a_day_before(waiting: Forwarding) -> None:
    assert sweep(THE_DAY).unsigned == []
    (told,) = sweep(LATE).unsigned
    assert (told.letter, told.forwarding, told.due_on) == (letter().id, waiting.id, date(2026, 4, 22))
    assert told.sender == waiting.sender.name


def test_the_signatory_sees_the_date_and_that_it_has_passed(
    waiting: Forwarding, story: Story, signed_in_as: SignIn
) -> None:
    for moment, is_late in ((THE_DAY, False), (LATE, True)):
        with freeze_time(moment):
            office = signed_in_as(story.world.signatory)
            assert ("1 surat lanjutan terlambat" in office.get("/").text) is is_late
            assert ("1 di antaranya terlambat" in office.get("/letters/to-sign").text) is is_late
            assert "22 April 2026" in office.get("/letters/to-sign").text
            assert "22 April 2026" in office.get(f"/forwardings/{waiting.id}").text


def test_it_is_not_held_against_the_recipient_and_ends_with_the_signature(waiting: Forwarding, story: Story) -> None:
    with freeze_time(LATE):
        assert cases()[0].verdict.grade is Grade.UNANSWERED
        assert cases()[0].next_due == date(2026, 4, 10)
        signing.sign(letter(), story.world.signatory.person, APPROVED)
        db.session.commit()
    assert sweep(LATE).unsigned == []


@freeze_time(LATE)
@pytest.mark.parametrize("is_numbered", [False, True])
def test_a_letter_that_the_answer_made_needless_is_late_no_more_and_is_shown_with_its_way_out(
    waiting: Forwarding, story: Story, signed_in_as: SignIn, is_numbered: bool
) -> None:
    office, needless, signatory = signed_in_as(story.world.signatory), letter(), story.world.signatory.person
    if is_numbered:
        signing.reserve(needless, signatory, Signature(SigningMethod.WET), signatory)
    assert "Belum datang: tanggapan" in office.get("/letters/to-sign").text
    answer(waiting, story)
    db.session.commit()
    assert sweep(LATE).unsigned == []
    assert "surat lanjutan terlambat" not in office.get("/").text
    page = office.get("/letters/to-sign").text
    assert "1 di antaranya tidak diperlukan lagi" in page
    assert "terlambat" not in page
    assert "Belum datang" not in page
    assert 'type="checkbox"' not in page
    way_out = f"/letters/{needless.id}/{'void' if is_numbered else 'return'}"
    closed = f"/letters/{needless.id}/{'signed' if is_numbered else 'sign'}"
    for address in ("/letters/to-sign", closed, f"/forwardings/{waiting.id}/letters/{needless.id}"):
        shown = office.get(address).text
        assert f'href="{way_out}"' in shown
        assert f'href="{closed}"' not in shown
        assert "tidak dapat ditandatangani sekarang" in shown
    office.post(way_out, data={"reason": "Tanggapan sudah datang."})
    assert "Tidak ada surat yang menunggu tanda tangan" in office.get("/letters/to-sign").text


@freeze_time(LATE)
def test_the_queue_costs_the_same_for_one_letter_and_for_many(story: Story, count_queries: Counting) -> None:
    from hub.desk.signing.queries import queue
    from hub.forwardings.followups import service as followups

    def one_more() -> None:
        for is_answered in (False, True):
            forwarding = story.acknowledged()
            written = followups.draft(forwarding, LetterKind.REMINDER, "", story.world.registrar.person)
            followups.submit(written, story.world.registrar.person)
            if is_answered:
                answer(forwarding, story)
        db.session.commit()

    counts = []
    for more in (1, 3):
        for _ in range(more):
            one_more()
        db.session.expire_all()
        with count_queries() as statements:
            assert {one.due for one in queue(story.world.ksn)} == {date(2026, 4, 27), None}
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert queries.sign_by([]) == {}
