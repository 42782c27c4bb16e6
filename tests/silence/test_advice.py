"""What a person is told to do now: one thing, and nothing that was done already."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.forwardings.rules import ClockKey
from hub.routing.rules import Purpose
from hub.silence.advice import Advice, about, accuses, asking, mending
from hub.silence.ladder import Step
from hub.silence.rules import Cause, Grade, Turn, Verdict

REMINDED = {Step.REMINDER, Step.SECOND_REMINDER}
RECIPIENTS = (Grade.UNACKNOWLEDGED, Grade.UNANSWERED, Grade.INTERIM_ONLY)


def late(grade: Grade, clock: ClockKey = ClockKey.RESPONSE_ORDINARY) -> Verdict:
    turn = Turn.RECIPIENT if grade in RECIPIENTS else Turn.SENDER
    return Verdict(turn, grade, date(2026, 4, 11), clock)


@pytest.mark.parametrize("grade", Grade)
def test_only_who_has_the_letter_and_owes_is_called_late(grade: Grade) -> None:
    assert accuses(late(grade)) == (grade in RECIPIENTS)
    assert not accuses(Verdict(Turn.RECIPIENT))


@pytest.mark.parametrize(
    ("taken", "advice"),
    [
        (set(), Advice.CALL_MEANWHILE),
        ({Step.REMINDER}, Advice.CALL_MEANWHILE),
        (REMINDED, Advice.TO_HEAD),
        ({*REMINDED, Step.TO_HEAD}, Advice.SUPERVISOR),
        ({*REMINDED, Step.TO_HEAD, Step.ESCALATION}, Advice.CALL),
    ],
)
def test_the_next_letter_is_one_that_was_not_written_yet(taken: set[Step], advice: Advice) -> None:
    assert asking(late(Grade.UNANSWERED), Purpose.HANDLING, taken) is advice


def test_who_only_owes_an_acknowledgement_is_not_taken_to_the_supervisor() -> None:
    verdict = late(Grade.UNACKNOWLEDGED, ClockKey.ACKNOWLEDGE)
    assert asking(verdict, Purpose.HANDLING, REMINDED) is Advice.TO_HEAD
    assert asking(verdict, Purpose.HANDLING, {*REMINDED, Step.TO_HEAD}) is Advice.CALL


def test_after_the_second_request_of_a_clarification_nobody_asks_for_a_third() -> None:
    first = late(Grade.UNANSWERED, ClockKey.OMBUDSMAN_FIRST_REQUEST)
    second = late(Grade.UNANSWERED, ClockKey.OMBUDSMAN_SECOND_REQUEST)
    assert asking(first, Purpose.CLARIFICATION, REMINDED) is Advice.SECOND_REQUEST
    assert asking(first, Purpose.CLARIFICATION, {Step.REMINDER, Step.SECOND_REQUEST}) is Advice.CALL
    assert asking(second, Purpose.CLARIFICATION, set()) is Advice.CALL


@given(st.sampled_from(Grade), st.sampled_from(Purpose), st.frozensets(st.sampled_from(Step)))
def test_of_who_can_be_reached_only_the_late_one_is_written_about(
    grade: Grade, purpose: Purpose, taken: frozenset[Step]
) -> None:
    assert (about(Cause.QUIET, late(grade), purpose, taken) is None) == (grade not in RECIPIENTS)


def test_who_cannot_be_reached_is_made_reachable_first_and_that_is_said_once() -> None:
    for cause in (Cause.NO_PIC, Cause.ADDRESS_DEAD, Cause.AWAY):
        assert about(cause, late(Grade.UNANSWERED), Purpose.HANDLING, REMINDED) is mending(cause)
    assert mending(Cause.QUIET) is None
    assert about(Cause.ADDRESS_DEAD, late(Grade.UNDELIVERED), Purpose.HANDLING, ()) is None
