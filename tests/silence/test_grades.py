"""Whose turn it is, and why: the rule alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.forwardings.rules import DISPATCH_CLOCKS, OPEN_STAGES, RESPONSE_CLOCKS, ClockKey, Stage
from hub.silence.rules import ACCUSING_GRADES, Facts, Grade, Turn, Verdict, is_silent, judge, latest_resumption
from hub.workdays.rules import Calendar

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


@pytest.mark.parametrize("words", [{"has_reply_to_read": True}, {"has_unread_mail": True}])
@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.ACKNOWLEDGED])
@pytest.mark.parametrize("clock", [ClockKey.ACKNOWLEDGE, ClockKey.RESPONSE_ORDINARY])
def test_whose_mail_lies_here_unread_is_not_late_but_its_reader_is(
    stage: Stage, clock: ClockKey, words: dict[str, bool]
) -> None:
    late = Facts(stage, PASSED, {clock: PASSED, ClockKey.REVIEW: AHEAD}, has_interim=True, **words)
    awaited = stage is Stage.RECEIVED or clock is not ClockKey.ACKNOWLEDGE
    assert judge(late, FRIDAY).turn is Turn.SENDER or not awaited
    assert judge(late, FRIDAY).grade is (Grade.REVIEW_DUE if awaited else None)


def test_an_unread_mail_does_not_hide_that_receipt_is_unproven() -> None:
    late = Facts(Stage.SENT, PASSED, {ClockKey.ACKNOWLEDGE: PASSED}, has_unread_mail=True)
    assert judge(late, FRIDAY).grade is Grade.RECEIPT_UNPROVEN


def test_an_envelope_that_waits_too_long_after_the_mail_came_back_is_not_dispatched() -> None:
    waits = facts(Stage.SENT, dispatch_post=PASSED)
    assert judge(waits, FRIDAY) == Verdict(Turn.SENDER, Grade.NOT_DISPATCHED, FRIDAY, ClockKey.DISPATCH_POST)


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


FACTS = st.builds(
    Facts,
    stage=st.sampled_from(Stage),
    last_news=st.dates(date(2026, 1, 1), FRIDAY),
    due=DUE,
    was_attempted=st.booleans(),
    has_live_track=st.booleans(),
    has_interim=st.booleans(),
    has_reply_to_read=st.booleans(),
    has_unread_mail=st.booleans(),
    resume_by=st.none() | st.dates(date(2026, 1, 1), date(2026, 6, 30)),
)


_BEFORE_CONFIRMATION = (Stage.SENT, Stage.RECEIVED)


def rows_that_hold(known: Facts, today: date) -> list[Grade]:
    """The table of grades told once more, each row by itself, with all that outranks it."""

    def passed(*keys: ClockKey) -> bool:
        return any(known.due[key] < today for key in keys if key in known.due)

    dead = known.stage in (Stage.READY, Stage.SENT) and known.was_attempted and not known.has_live_track
    has_left = known.stage in (Stage.SENT, Stage.RECEIVED, Stage.ACKNOWLEDGED) and not dead
    unread_too_long = has_left and known.has_reply_to_read and passed(ClockKey.REVIEW)
    on_its_way = has_left and not unread_too_long and ClockKey.REPLY_ARRIVES in known.due
    awaits_us = has_left and known.resume_by is not None and ClockKey.REPLY_ARRIVES not in known.due
    paused_too_long = awaits_us and known.resume_by is not None and known.resume_by < today
    silent = has_left and not unread_too_long and not on_its_way and not known.is_paused
    no_answer = silent and known.stage is not Stage.SENT and passed(*RESPONSE_CLOCKS)
    not_confirmed = silent and known.stage in (Stage.SENT, Stage.RECEIVED) and passed(ClockKey.ACKNOWLEDGE)
    unproven, unconfirmed = (not_confirmed and not no_answer and known.stage is one for one in _BEFORE_CONFIRMATION)
    unread = known.has_reply_to_read or known.has_unread_mail
    unsigned = known.stage is Stage.AWAITING_SIGNATURE and passed(ClockKey.SIGN)
    waits = known.stage is Stage.READY and not dead
    waits_again = silent and known.stage is Stage.SENT and not not_confirmed
    table = {
        Grade.NOT_DISPATCHED: unsigned or ((waits or waits_again) and passed(*DISPATCH_CLOCKS)),
        Grade.UNDELIVERED: dead,
        Grade.RECEIPT_UNPROVEN: unproven,
        Grade.UNACKNOWLEDGED: unconfirmed and not unread,
        Grade.UNANSWERED: no_answer and not unread and not known.has_interim,
        Grade.INTERIM_ONLY: no_answer and not unread and known.has_interim,
        Grade.REPLY_MISSING: on_its_way and passed(ClockKey.REPLY_ARRIVES),
        Grade.REVIEW_DUE: unread_too_long
        or paused_too_long
        or (known.stage is Stage.ANSWERED and passed(ClockKey.REVIEW))
        or ((no_answer or unconfirmed) and unread),
    }
    assert set(table) == set(Grade)
    return [grade for grade, holds in table.items() if holds]


@settings(max_examples=1000)
@given(FACTS)
def test_the_rows_of_the_table_exclude_each_other_and_the_one_that_holds_is_the_grade(known: Facts) -> None:
    grade = judge(known, FRIDAY).grade
    assert rows_that_hold(known, FRIDAY) == ([grade] if grade else [])


@settings(max_examples=1000)
@given(FACTS)
def test_since_is_the_first_day_on_which_the_grade_held(known: Facts) -> None:
    verdict = judge(known, FRIDAY)
    assert (verdict.grade is None) == (verdict.since is None)
    if verdict.since:
        assert judge(known, verdict.since) == verdict
    if verdict.since and verdict.grade is not Grade.UNDELIVERED:
        assert judge(known, verdict.since - timedelta(days=1)).grade is not verdict.grade


@given(FACTS)
def test_a_granted_extension_outranks_what_was_unanswered(known: Facts) -> None:
    """The clock of the answer has its new date: until then nothing is late, with or without an interim response."""
    extended = replace(known, due={key: AHEAD if key in RESPONSE_CLOCKS else day for key, day in known.due.items()})
    assert judge(extended, FRIDAY).grade not in (Grade.UNANSWERED, Grade.INTERIM_ONLY)


@given(FACTS, st.booleans())
def test_only_who_provably_has_the_letter_and_has_the_turn_is_ever_silent(known: Facts, reminded: bool) -> None:
    verdict = judge(known, FRIDAY)
    if is_silent(verdict.grade, reminded):
        assert reminded
        assert known.stage in (Stage.RECEIVED, Stage.ACKNOWLEDGED)
        assert verdict.turn is Turn.RECIPIENT
        assert ClockKey.REPLY_ARRIVES not in known.due
        assert not any((known.has_reply_to_read, known.has_unread_mail, known.is_paused))


@given(
    st.sampled_from((Stage.RECEIVED, Stage.ACKNOWLEDGED)),
    st.dictionaries(st.just(ClockKey.ACKNOWLEDGE), st.dates(date(2026, 1, 1), date(2026, 6, 30))),
    st.booleans(),
)
def test_while_the_date_stands_still_it_is_the_turn_of_the_sender_and_nobody_is_late(
    stage: Stage, due: dict[ClockKey, date], has_interim: bool
) -> None:
    paused = Facts(stage, PASSED, due, was_attempted=True, has_interim=has_interim, resume_by=FRIDAY)
    assert judge(paused, FRIDAY) == Verdict(Turn.SENDER)
    assert judge(paused, FRIDAY + timedelta(days=3)) == Verdict(
        Turn.SENDER, Grade.REVIEW_DUE, FRIDAY + timedelta(days=1)
    )


def test_a_pause_lasts_five_working_days_of_the_senders_office() -> None:
    assert latest_resumption(FRIDAY, Calendar(1, {})) == date(2026, 3, 20)
    assert latest_resumption(FRIDAY, Calendar(1, {date(2026, 3, 19): "Nyepi"})) == date(2026, 3, 23)


def test_an_answer_that_has_not_arrived_in_time_is_looked_for_though_the_date_stands_still() -> None:
    lost = Facts(Stage.ACKNOWLEDGED, PASSED, {ClockKey.REPLY_ARRIVES: PASSED}, was_attempted=True, resume_by=PASSED)
    assert judge(lost, FRIDAY).grade is Grade.REPLY_MISSING
