"""Letters of the ladder: the clock writes the same letter as a person would, many at once and each only once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from freezegun import freeze_time
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from hub.accounts.models import Account
from hub.extensions import db
from hub.forwardings.followups import by_clock
from hub.forwardings.followups import service as followups
from hub.forwardings.models import Forwarding
from hub.forwardings.stages import lock_all
from hub.letters import readiness
from hub.letters.models import FOLLOW_UPS, Letter, LetterKind, LetterState
from hub.routing.rules import Purpose
from hub.silence import service
from hub.silence.models import LadderStep
from tests.conftest import Client
from tests.story import Story

FRIDAY_MORNING = "2026-03-13T02:00:00Z"  # response due Fri 10 April
FIRST = "2026-04-13T03:00:00+00:00"
SignIn = Callable[[Account], Client]
Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def unmailed(story: Story) -> Callable[[], Forwarding]:
    """Another letter to an office that nobody can mail, received and then not answered."""
    story.world.unstaffed.email = ""

    def one() -> Forwarding:
        with freeze_time(FRIDAY_MORNING):
            return story.acknowledged(recipient=story.world.unstaffed, by_email=False)

    return one


def sweep(moment: str) -> service.SweepReport:
    with freeze_time(moment):
        report = service.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        return report


def reminders() -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.kind == LetterKind.REMINDER).order_by(Letter.id)))


def notes() -> list[str]:
    return list(db.session.scalars(select(LadderStep.note).order_by(LadderStep.id)))


@pytest.mark.parametrize("kind", FOLLOW_UPS)
def test_the_clock_writes_the_letter_that_a_person_would(story: Story, kind: LetterKind) -> None:
    with freeze_time(FRIDAY_MORNING):
        by_person, unattended = (story.acknowledged(purpose=Purpose.CLARIFICATION) for _ in range(2))
    with freeze_time(FIRST):
        written = followups.draft(by_person, kind, "", story.world.registrar.person)
        followups.submit(written, story.world.registrar.person)
        (letter,) = by_clock.put_to_sign([(unattended, kind)])
    assert isinstance(letter, Letter)
    first, second = (str(one.content) for one in (written, letter))
    for of_first, of_second in zip(_own(by_person), _own(unattended), strict=True):
        first = first.replace(of_first, of_second)
    assert first == second
    same = ("kind", "state", "institution_id", "stationery_id", "submitted_at")
    assert [getattr(letter, one) for one in same] == [getattr(written, one) for one in same]
    assert letter.about == unattended.stream


def _own(forwarding: Forwarding) -> tuple[str, str]:
    return forwarding.letter.number or "", forwarding.complaint.reference


@pytest.mark.parametrize("kind", FOLLOW_UPS)
def test_many_letters_cost_a_fixed_number_of_queries(story: Story, count_queries: Counting, kind: LetterKind) -> None:
    """Written, and found waiting for their signature by the next step."""
    counted = []
    for letters in (1, 2, 6):
        with freeze_time(FRIDAY_MORNING):
            ids = [story.acknowledged(purpose=Purpose.CLARIFICATION).id for _ in range(letters)]
        owed = [(one, kind) for one in lock_all(ids, joinedload(Forwarding.complaint))]
        for is_written in (True, False):
            with freeze_time(FIRST), count_queries() as statements:
                outcomes = by_clock.put_to_sign(owed)
            assert [isinstance(one, Letter) for one in outcomes] == [is_written] * letters
            one_by_one_on_sqlite = "INSERT INTO letters"
            counted.append(len([one for one in statements if not one.startswith(one_by_one_on_sqlite)]))
    assert counted[2:4] == counted[4:6]


def test_a_draft_that_somebody_began_is_put_to_the_signatory_and_no_second_one(
    unmailed: Callable[[], Forwarding], story: Story
) -> None:
    with freeze_time(FRIDAY_MORNING):
        draft = followups.draft(unmailed(), LetterKind.REMINDER, "Mohon segera.", story.world.registrar.person)
        db.session.commit()
    sweep(FIRST)
    assert [(one.id, one.state) for one in reminders()] == [(draft.id, LetterState.TO_SIGN)]
    assert db.session.scalars(select(LadderStep.letter_id)).all() == [draft.id]


def test_one_that_waits_for_its_signature_is_not_written_twice(
    unmailed: Callable[[], Forwarding], story: Story
) -> None:
    forwarding = unmailed()
    with freeze_time(FIRST):
        waiting = followups.draft(forwarding, LetterKind.REMINDER, "", story.world.registrar.person)
        followups.submit(waiting, story.world.registrar.person)
        db.session.commit()
    sweep(FIRST)
    assert [one.id for one in reminders()] == [waiting.id]
    assert notes() == ["Surat jenis ini sudah menunggu tanda tangan."]


def test_what_could_not_be_printed_is_not_written_and_the_reason_stands_with_each_step(
    unmailed: Callable[[], Forwarding], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        unmailed()
    monkeypatch.setattr(readiness, "fault", lambda _emblem: "Huruf tidak ada.")
    report = sweep(FIRST)
    assert (len(report.reminded), report.failed, reminders()) == (2, [], [])
    assert notes() == ["Huruf tidak ada."] * 2


def test_the_page_offers_no_letter_that_waits_for_its_signature_nor_one_to_the_head_twice(
    unmailed: Callable[[], Forwarding], story: Story, signed_in_as: SignIn
) -> None:
    forwarding = unmailed()
    here = f"/forwardings/{forwarding.id}"
    with freeze_time(FIRST):
        registrar = signed_in_as(story.world.registrar)
        assert f"{here}/letters/new?kind=reminder" in registrar.get(here).text
        sweep(FIRST)
        page = registrar.get(here).text
        assert f"{here}/letters/new?kind=reminder" not in page
        assert f"{here}/letters/new?kind=to_head" in page
        to_head = followups.draft(forwarding, LetterKind.TO_HEAD, "", story.world.registrar.person)
        followups.submit(to_head, story.world.registrar.person)
        for letter in (*reminders(), to_head):
            followups.sign(letter, story.world.signatory.person)
        db.session.commit()
        page = registrar.get(here).text
    assert f"{here}/letters/new?kind=reminder" in page
    assert f"{here}/letters/new?kind=to_head" not in page
