"""Whose turn it is, and why: the rule alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.forwardings.rules import OPEN_STAGES, ClockKey, Stage
from hub.silence.rules import ACCUSING_GRADES, Facts, Grade, Turn, Verdict, is_silent, judge

FRIDAY = date(2026, 3, 13)
PASSED, AHEAD = FRIDAY - timedelta(days=1), FRIDAY


def facts(stage: Stage, **due: date) -> Facts:
    return Facts(stage, PASSED, {ClockKey(key): day for key, day in due.items()}, was_attempted=True)


@pytest.mark.parametrize(
    ("stage", "clock", "grade", "turn"),
    [
        (Stage.AWAITING_SIGNATURE, "sign", Grade.NOT_DISPATCHED, Turn.SENDER),
        (Stage.READY, "dispatch_mail", Grade.NOT_DISPATCHED, Turn.SENDER),
        (Stage.READY, "dispatch_post", Grade.NOT_DISPATCHED, Turn.SENDER),
        (Stage.SENT, "acknowledge", Grade.RECEIPT_UNPROVEN, Turn.SENDER),
        (Stage.RECEIVED, "acknowledge", Grade.UNACKNOWLEDGED, Turn.RECIPIENT),
        (Stage.RECEIVED, "response_ordinary", Grade.UNANSWERED, Turn.RECIPIENT),
        (Stage.ACKNOWLEDGED, "response_supervisory", Grade.UNANSWERED, Turn.RECIPIENT),
        (Stage.ACKNOWLEDGED, "ombudsman_first_request", Grade.UNANSWERED, Turn.RECIPIENT),
        (Stage.ANSWERED, "review", Grade.REVIEW_DUE, Turn.SENDER),
    ],
)
def test_a_passed_date_says_whose_turn_it_is(stage: Stage, clock: str, grade: Grade, turn: Turn) -> None:
    assert judge(facts(stage, **{clock: PASSED}), FRIDAY) == Verdict(turn, grade, FRIDAY, ClockKey(clock))
    assert judge(facts(stage, **{clock: AHEAD}), FRIDAY).grade is None


def test_a_letter_no_track_of_which_is_alive_is_flagged_at_once() -> None:
    dead = Facts(Stage.SENT, FRIDAY, {ClockKey.ACKNOWLEDGE: AHEAD}, was_attempted=True, has_live_track=False)
    assert judge(dead, FRIDAY) == Verdict(Turn.SENDER, Grade.UNDELIVERED, FRIDAY)


def test_a_refused_mail_counts_as_tried_so_it_is_not_called_undispatched() -> None:
    refused = Facts(Stage.READY, FRIDAY, {ClockKey.DISPATCH_MAIL: PASSED}, was_attempted=True, has_live_track=False)
    assert judge(refused, FRIDAY).grade is Grade.UNDELIVERED


def test_a_returned_envelope_does_not_matter_once_somebody_confirmed() -> None:
    confirmed = Facts(Stage.ACKNOWLEDGED, FRIDAY, {}, was_attempted=True, has_live_track=False)
    assert judge(confirmed, FRIDAY).grade is None


def test_an_interim_response_asks_for_the_final_one_instead_of_calling_it_unanswered() -> None:
    interim = Facts(Stage.ACKNOWLEDGED, PASSED, {ClockKey.RESPONSE_ORDINARY: PASSED}, has_interim=True)
    assert judge(interim, FRIDAY).grade is Grade.INTERIM_ONLY


def test_the_answer_outranks_the_acknowledgement() -> None:
    both = facts(Stage.RECEIVED, acknowledge=PASSED - timedelta(days=9), response_ordinary=PASSED)
    assert judge(both, FRIDAY).grade is Grade.UNANSWERED


@given(
    st.sampled_from(Stage),
    st.dictionaries(st.sampled_from(ClockKey), st.dates(date(2026, 1, 1), date(2026, 6, 30))),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_nobody_is_accused_without_receipt_and_nobody_after_the_end(
    stage: Stage, due: dict[ClockKey, date], tried: bool, alive: bool, interim: bool
) -> None:
    verdict = judge(Facts(stage, PASSED, due, tried, alive, interim), FRIDAY)
    if verdict.grade in ACCUSING_GRADES:
        assert stage in (Stage.RECEIVED, Stage.ACKNOWLEDGED)
    if stage not in OPEN_STAGES:
        assert verdict == Verdict(Turn.NOBODY)


def test_silence_needs_the_second_reminder() -> None:
    assert not is_silent(Grade.UNANSWERED, was_reminded_twice=False)
    assert is_silent(Grade.UNANSWERED, was_reminded_twice=True)


def test_a_letter_whose_receipt_is_unproven_makes_nobody_silent() -> None:
    assert not is_silent(Grade.RECEIPT_UNPROVEN, was_reminded_twice=True)


DUE = st.dictionaries(st.sampled_from(ClockKey), st.dates(date(2026, 1, 1), date(2026, 6, 30)))


@given(st.sampled_from(Stage), DUE, st.dates(date(2026, 1, 1), date(2026, 6, 30)), st.booleans(), st.booleans())
def test_nobody_is_accused_while_an_answer_is_on_its_way(
    stage: Stage, due: dict[ClockKey, date], arrives: date, interim: bool, waiting: bool
) -> None:
    due = {**due, ClockKey.REPLY_ARRIVES: arrives}
    verdict = judge(Facts(stage, PASSED, due, True, True, interim, waiting), FRIDAY)
    assert verdict.turn is not Turn.RECIPIENT
    assert verdict.grade not in (*ACCUSING_GRADES, Grade.INTERIM_ONLY, Grade.RECEIPT_UNPROVEN)
    assert not is_silent(verdict.grade, was_reminded_twice=True)


@given(st.sampled_from([Stage.RECEIVED, Stage.ACKNOWLEDGED]), DUE, st.booleans())
def test_an_answer_that_has_not_arrived_in_time_outranks_silence_and_an_interim_response(
    stage: Stage, due: dict[ClockKey, date], interim: bool
) -> None:
    late = {**due, ClockKey.REPLY_ARRIVES: PASSED, ClockKey.RESPONSE_ORDINARY: PASSED}
    verdict = judge(Facts(stage, PASSED, late, True, True, interim), FRIDAY)
    assert verdict == Verdict(Turn.SENDER, Grade.REPLY_MISSING, FRIDAY, ClockKey.REPLY_ARRIVES)


@given(
    st.sampled_from((Stage.RECEIVED, Stage.ACKNOWLEDGED)),
    st.dictionaries(st.just(ClockKey.ACKNOWLEDGE), st.dates(date(2026, 1, 1), date(2026, 6, 30))),
    st.booleans(),
)
def test_while_the_date_stands_still_it_is_the_turn_of_the_sender_and_nobody_is_late(
    stage: Stage, due: dict[ClockKey, date], has_interim: bool
) -> None:
    paused = Facts(stage, PASSED, due, was_attempted=True, has_interim=has_interim, is_paused=True)
    assert judge(paused, FRIDAY) == Verdict(Turn.SENDER)


def test_an_answer_that_has_not_arrived_in_time_is_looked_for_though_the_date_stands_still() -> None:
    lost = Facts(Stage.ACKNOWLEDGED, PASSED, {ClockKey.REPLY_ARRIVES: PASSED}, was_attempted=True, is_paused=True)
    assert judge(lost, FRIDAY).grade is Grade.REPLY_MISSING
