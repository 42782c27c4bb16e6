"""The ladder: which step is due, how far each grade goes, and what a step does."""

from datetime import date, datetime, timedelta

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hub.audit.rules import SYSTEM
from hub.complaints.rules import ComplainedOf
from hub.extensions import db
from hub.forwardings import signing, voices
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.letters.models import Letter, LetterKind, LetterState
from hub.letters.service import APPROVED
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.monitoring.verification import findings
from hub.responses import service as responses
from hub.responses.models import ResponseKind
from hub.routing.rules import Purpose
from hub.silence import ladders, service
from hub.silence.ladder import Owed, Rung, Step, next_step
from hub.silence.models import LadderStep
from hub.silence.queries import cases
from hub.silence.rules import Grade
from hub.workdays.rules import Calendar
from tests.story import Story

FRIDAY_MORNING = "2026-03-13T02:00:00Z"  # acknowledge due Wed 25 March, response due Fri 10 April
FIRST, SECOND, HEAD, ABOVE, END = (
    "2026-04-13T03:00:00+00:00",
    "2026-04-16T03:00:00+00:00",
    "2026-04-20T03:00:00+00:00",
    "2026-04-27T03:00:00+00:00",
    "2026-05-12T03:00:00+00:00",
)
EVERY_DAY = Calendar(1, {})
HANDLING = ladders.FIRST[Purpose.HANDLING, Owed.ANSWER]


@pytest.fixture
def quiet(story: Story) -> Forwarding:
    with freeze_time(FRIDAY_MORNING):
        return story.acknowledged()


def sweep(moment: str) -> list[Step]:
    with freeze_time(moment):
        report = service.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        assert report.failed == []
        return [one.step for one in report.reminded]


def letters(kind: LetterKind | None = None) -> list[Letter]:
    kinds = [kind] if kind else [LetterKind.REMINDER, LetterKind.TO_HEAD, LetterKind.ESCALATION]
    return list(db.session.scalars(select(Letter).where(Letter.kind.in_(kinds)).order_by(Letter.id)))


def test_whoever_does_not_answer_meets_each_step_once_and_is_recorded_at_the_end(quiet: Forwarding) -> None:
    assert [sweep(moment) for moment in (FIRST, SECOND, HEAD, ABOVE)] == [
        [Step.REMINDER], [Step.SECOND_REMINDER], [Step.TO_HEAD], [Step.ESCALATION],
    ]  # fmt: skip
    assert [(one.kind, one.state) for one in letters()] == [
        (LetterKind.TO_HEAD, LetterState.TO_SIGN), (LetterKind.ESCALATION, LetterState.TO_SIGN),
    ]  # fmt: skip
    assert sweep("2026-05-11T03:00:00+00:00") == []
    assert sweep(END) == [Step.LAPSE]
    db.session.refresh(quiet)
    assert quiet.stage is Stage.LAPSED
    assert all(one.ended_at for one in quiet.deadlines)
    assert sweep("2026-05-13T03:00:00+00:00") == []
    assert list(findings()) == []


def test_an_answer_that_comes_after_the_end_is_taken_all_the_same(quiet: Forwarding, story: Story) -> None:
    for moment in (FIRST, SECOND, HEAD, ABOVE, END):
        sweep(moment)
    answer = responses.Answer(ResponseKind.FINAL, "700/9/2026", date(2026, 5, 13), "Selesai.")
    responses.receive(quiet, answer, voices.signed_in(story.world.regency_pic.person))
    assert quiet.stage is Stage.ANSWERED
    assert list(findings()) == []


def test_after_months_without_a_sweep_the_steps_keep_their_distance(quiet: Forwarding) -> None:
    taken: dict[Step, date] = {}
    day = datetime.fromisoformat("2026-07-06T03:00:00+00:00")
    for _ in range(60):
        for step in sweep(day.isoformat()):
            taken[step] = day.date()
        day += timedelta(days=1)
    assert list(taken) == [Step.REMINDER, Step.SECOND_REMINDER, Step.TO_HEAD, Step.ESCALATION, Step.LAPSE]
    assert len(set(taken.values())) == len(taken)
    assert taken[Step.SECOND_REMINDER] == date(2026, 7, 9)


def test_a_letter_nobody_confirmed_gets_two_reminders_and_no_letter(story: Story) -> None:
    with freeze_time(FRIDAY_MORNING):
        story.sent()
    steps = [sweep(f"2026-{day}T03:00:00+00:00") for day in ("03-26", "03-31", "04-06", "04-15", "06-15")]
    assert steps == [[Step.REMINDER], [Step.SECOND_REMINDER], [], [], []]
    assert letters() == []


def test_who_answered_in_part_is_asked_up_to_the_supervisor_and_never_given_up(quiet: Forwarding, story: Story) -> None:
    with freeze_time("2026-03-20T02:00:00Z"):
        interim = responses.Answer(ResponseKind.INTERIM, "700/1/2026", date(2026, 3, 19), "Sedang diperiksa.")
        responses.receive(quiet, interim, voices.signed_in(story.world.regency_pic.person))
        db.session.commit()
    steps = [sweep(moment) for moment in (FIRST, SECOND, HEAD, ABOVE, END, "2026-08-12T03:00:00+00:00")]
    assert steps == [[Step.REMINDER], [Step.SECOND_REMINDER], [Step.TO_HEAD], [Step.ESCALATION], [], []]
    assert quiet.stage is Stage.ACKNOWLEDGED


def test_to_an_office_without_mail_the_reminder_is_a_letter(story: Story) -> None:
    with freeze_time(FRIDAY_MORNING):
        forwarding = story.acknowledged(recipient=story.world.unstaffed)
        story.world.unstaffed.email = ""
        db.session.commit()
    assert sweep(FIRST) == [Step.REMINDER]
    (reminder,) = letters(LetterKind.REMINDER)
    assert (reminder.state, reminder.about) == (LetterState.TO_SIGN, forwarding.stream)
    assert db.session.scalar(select(EmailDispatch.id).where(EmailDispatch.purpose == EmailPurpose.REMINDER)) is None


def test_nobody_is_silent_by_a_reminder_that_waits_for_its_signature(story: Story) -> None:
    with freeze_time(FRIDAY_MORNING):
        story.acknowledged(recipient=story.world.unstaffed)
        story.world.unstaffed.email = ""
        db.session.commit()
    sweep(FIRST)
    with freeze_time("2026-04-15T02:00:00Z"):
        signing.sign(letters(LetterKind.REMINDER)[0], story.world.signatory.person, APPROVED)
        db.session.commit()
    sweep(SECOND)
    with freeze_time(SECOND):
        assert [case.is_silent for case in cases()] == [False]
        signing.sign(letters(LetterKind.REMINDER)[1], story.world.signatory.person, APPROVED)
        db.session.commit()
        assert [case.is_silent for case in cases()] == [True]


def test_a_step_that_cannot_be_taken_is_left_out_with_its_reason_and_the_next_one_comes(story: Story) -> None:
    with freeze_time(FRIDAY_MORNING):
        story.acknowledged(complaint=story.complaint(complained_of=ComplainedOf.HEAD), override_reason="x" * 40)
    assert [sweep(moment) for moment in (FIRST, SECOND, HEAD, ABOVE)][2:] == [[Step.TO_HEAD], [Step.ESCALATION]]
    left_out = db.session.scalars(select(LadderStep).where(LadderStep.step == Step.TO_HEAD)).one()
    assert left_out.letter is None
    assert "Pengaduan ini tentang" in left_out.note
    assert [one.kind for one in letters()] == [LetterKind.ESCALATION]


def test_a_clarification_is_asked_a_second_time_by_law_and_not_recorded_by_the_clock(story: Story) -> None:
    assert [rung.step for rung in ladders.FIRST[Purpose.CLARIFICATION, Owed.ANSWER]] == [
        Step.REMINDER, Step.SECOND_REQUEST, Step.SECOND_REMINDER,
    ]  # fmt: skip


def test_a_network_may_have_a_ladder_of_its_own(quiet: Forwarding) -> None:
    rungs = [Rung(Step.REMINDER, 0), Rung(Step.ESCALATION, 2)]
    ladders.change("kemensetneg", Purpose.HANDLING, Owed.ANSWER, rungs, SYSTEM)
    db.session.commit()
    assert [sweep(FIRST), sweep("2026-04-15T03:00:00+00:00"), sweep(END)] == [[Step.REMINDER], [Step.ESCALATION], []]
    ladders.change("kemensetneg", Purpose.HANDLING, Owed.ANSWER, [], SYSTEM)
    assert len(ladders.Ladders().of(quiet.network, Purpose.HANDLING, quiet.response_clock)) == len(HANDLING)


@given(st.sampled_from(Grade), st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_however_rarely_somebody_looks_each_step_is_taken_at_most_once_in_order(grade: Grade, gaps: list[int]) -> None:
    day, taken = date(2026, 1, 5), {}
    order = [rung.step for rung in HANDLING]
    for gap in gaps:
        day += timedelta(days=gap)
        step = next_step(HANDLING, taken, grade, day, EVERY_DAY)
        if step is not None:
            assert step not in taken
            assert not taken or day > max(taken.values())
            taken[step] = day
    assert list(taken) == order[: len(taken)]
    if grade is Grade.RECEIPT_UNPROVEN:
        assert len(taken) <= 2
    if grade is not Grade.UNANSWERED:
        assert Step.LAPSE not in taken


@given(st.sampled_from([Grade.NOT_DISPATCHED, Grade.UNDELIVERED, Grade.REVIEW_DUE, Grade.REPLY_MISSING, None]))
def test_what_is_the_senders_turn_has_no_ladder(grade: Grade | None) -> None:
    assert next_step(HANDLING, {}, grade, date(2026, 1, 5), EVERY_DAY) is None
