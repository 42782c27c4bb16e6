"""The truth beside what the hub says, with facts told by hand."""

from datetime import UTC, date, datetime

import pytest

from hub.simulation.comparison import Findings, Said, compare, compare_cause
from hub.simulation.days import Days
from hub.simulation.policy import Policy
from hub.simulation.truth import Answer, Copy, Fate, Matter, Promise, Track

FRIDAY, MONDAY, TUESDAY = date(2026, 1, 9), date(2026, 1, 12), date(2026, 1, 13)
WEDNESDAY, THURSDAY = date(2026, 1, 14), date(2026, 1, 15)
FAR = date(2026, 3, 2)
AT = datetime(2026, 1, 9, 3, tzinfo=UTC)
DAYS = Days([2026, 2027])


def matter(*copies: Copy, answers: tuple[Answer, ...] = (), due: date | None = None, is_proven: bool = False) -> Matter:
    found = Matter(1, "KSN-DUMAS", "35.13", 14, True, "WIB", FRIDAY, list(copies), list(answers))
    if due:
        found.promise = Promise(FRIDAY, named=due)
    if is_proven or due:
        found.proven_at = AT
    return found


def lost(track: Track = Track.EMAIL, **more: date) -> Copy:
    return Copy(track, Fate.LOST, FRIDAY, **more)


def arrived() -> Copy:
    return Copy(Track.EMAIL, Fate.ARRIVED, FRIDAY)


def answer(**more: object) -> Answer:
    told: dict[str, object] = {"number": "700/1", "by_post": False, "is_final": True, "sent_on": FRIDAY}
    return Answer(**{**told, "is_lost": False, **more})  # type: ignore[arg-type]


def found(one: Matter, *evenings: tuple[date, str]) -> Findings:
    findings = Findings()
    for day, grade in evenings:
        compare(findings, one, Said(grade), day, DAYS, Policy())
    return findings


def test_a_swallowed_mail_has_to_have_a_grade_on_the_fourth_working_day() -> None:
    seen = found(matter(lost()), (WEDNESDAY, ""), (THURSDAY, "receipt_unproven"))
    assert (seen.lost_letters, seen.undetected, seen.days_to_grade) == ({1}, {}, [0])
    assert found(matter(lost()), (WEDNESDAY, ""), (THURSDAY, "")).undetected.keys() == {1}


def test_days_off_do_not_count() -> None:
    decreed = Days([2026])
    decreed.decree(MONDAY, "libur")
    assert decreed.after(FRIDAY, 3) == THURSDAY
    assert decreed.between(FRIDAY, TUESDAY) == 0
    seen = Findings()
    compare(seen, matter(lost()), Said(""), THURSDAY, decreed, Policy())
    assert seen.undetected == {}


def test_an_envelope_may_be_silent_longer_than_a_mail() -> None:
    assert found(matter(lost(Track.POST)), (DAYS.after(FRIDAY, 10), "")).undetected == {}
    assert found(matter(lost(Track.POST)), (DAYS.after(FRIDAY, 11), "")).undetected.keys() == {1}


def test_of_two_tracks_the_earlier_date_counts() -> None:
    assert found(matter(lost(), lost(Track.POST)), (THURSDAY, "")).undetected.keys() == {1}


def test_an_envelope_that_is_given_up_is_no_reason_to_doubt_a_mail_that_left_since() -> None:
    given_up, later = DAYS.after(FRIDAY, 10), DAYS.after(FRIDAY, 12)
    handed_on = matter(lost(Track.POST), Copy(Track.EMAIL, Fate.LOST, later))
    assert found(handed_on, (DAYS.after(given_up, 1), ""), (DAYS.after(later, 3), "")).undetected == {}
    assert found(handed_on, (DAYS.after(later, 4), "")).undetected.keys() == {1}


def test_of_two_envelopes_the_later_one_is_waited_for() -> None:
    twice = matter(lost(Track.POST), Copy(Track.POST, Fate.LOST, THURSDAY))
    assert found(twice, (DAYS.after(THURSDAY, 10), "")).undetected == {}
    assert found(twice, (DAYS.after(THURSDAY, 11), "")).undetected.keys() == {1}


def test_what_is_known_to_be_dead_needs_a_grade_the_next_day() -> None:
    dead = matter(lost(known_dead_on=FRIDAY))
    assert found(dead, (FRIDAY, "")).undetected == {}
    assert found(dead, (MONDAY, "")).undetected.keys() == {1}


def test_a_letter_of_which_one_copy_arrived_is_not_lost() -> None:
    assert found(matter(lost(), arrived()), (FAR, "")).lost_letters == set()


def test_with_another_policy_a_mail_may_be_unconfirmed_longer() -> None:
    seen = Findings()
    compare(seen, matter(lost()), Said(""), THURSDAY, DAYS, Policy({"acknowledge": 5}))
    assert seen.undetected == {}


@pytest.mark.parametrize(
    ("told", "last_day"),
    [
        ({}, MONDAY),
        ({"sent_on": TUESDAY}, TUESDAY),
        ({"announced_on": FRIDAY, "by_post": True}, DAYS.after(FRIDAY, 10)),
    ],
)
def test_a_lost_answer_has_to_have_a_grade_after_its_own_date(told: dict[str, object], last_day: date) -> None:
    one = matter(arrived(), answers=(answer(is_lost=True, **told),), due=MONDAY)
    seen = found(one, (last_day, ""), (DAYS.after(last_day, 1), ""))
    assert seen.lost_answers == {1}
    assert seen.undetected[1].startswith(f"{DAYS.after(last_day, 1)}: due {last_day}")


def test_while_another_answer_is_believed_to_be_on_its_way_the_next_one_is_not_missed() -> None:
    told = {"is_final": False, "is_lost": True, "by_post": True, "announced_on": FRIDAY}
    last_day = DAYS.after(FRIDAY, 10)
    waiting = matter(arrived(), answers=(answer(**told), answer(is_lost=True)), due=MONDAY)
    assert found(waiting, (last_day, "")).undetected == {}
    assert found(waiting, (DAYS.after(last_day, 1), "")).undetected.keys() == {1}
    looked_for = matter(arrived(), answers=(answer(**told, is_spent=True), answer(is_lost=True)), due=MONDAY)
    assert found(looked_for, (TUESDAY, "")).undetected.keys() == {1}


def test_a_grade_is_counted_from_the_last_evening_on_which_nobody_had_to_know() -> None:
    interim = answer(is_final=False, by_post=True, announced_on=FRIDAY)
    one = matter(arrived(), answers=(interim, answer(is_lost=True)), due=MONDAY)
    seen, came = Findings(), DAYS.after(FRIDAY, 6)
    for day in (TUESDAY, came):
        compare(seen, one, Said(""), day, DAYS, Policy())
    interim.held_at = AT
    compare(seen, one, Said("interim_only"), DAYS.after(came, 1), DAYS, Policy())
    assert (seen.undetected, seen.days_to_grade) == ({}, [0])


def test_a_letter_that_is_lost_again_is_a_new_loss() -> None:
    one, seen = matter(lost(known_dead_on=FRIDAY)), Findings()
    compare(seen, one, Said(""), FRIDAY, DAYS, Policy())
    one.copies.append(Copy(Track.EMAIL, Fate.HERE, FRIDAY))
    compare(seen, one, Said(""), WEDNESDAY, DAYS, Policy())
    one.copies.pop()
    compare(seen, one, Said("undelivered"), THURSDAY, DAYS, Policy())
    assert seen.days_to_grade == [0]


def test_an_answer_that_came_on_another_way_is_not_lost() -> None:
    one = matter(arrived(), answers=(answer(is_lost=True), answer(held_at=AT)), due=MONDAY)
    assert found(one, (FAR, "")).lost_answers == set()


@pytest.mark.parametrize("grade", ["unacknowledged", "unanswered", "lapsed"])
def test_who_had_the_letter_and_sent_nothing_is_silent(grade: str) -> None:
    seen = found(matter(arrived(), due=MONDAY), (FAR, grade))
    assert (seen.silent, seen.falsely) == ({1}, {})


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ((answer(held_at=AT),), "an answer is here"),
        ((answer(is_lost=True, announced_on=FRIDAY),), "an answer is under way"),
    ],
)
def test_an_accusation_beside_an_answer_is_false(answers: tuple[Answer, ...], why: str) -> None:
    assert why in found(matter(arrived(), answers=answers, due=MONDAY), (FAR, "unanswered")).falsely[1]


def test_an_accusation_without_proof_of_receipt_is_false() -> None:
    assert "receipt never proven" in found(matter(arrived()), (FAR, "unacknowledged")).falsely[1]


@pytest.mark.parametrize("grade", ["receipt_unproven", "undelivered", "reply_missing", "review_due", "interim_only"])
def test_other_grades_accuse_nobody(grade: str) -> None:
    seen = found(matter(arrived(), answers=(answer(held_at=AT),)), (FAR, grade))
    assert (seen.falsely, seen.silent) == ({}, set())


def test_an_answer_that_nobody_knew_of_is_contestable_until_somebody_says_so() -> None:
    one = matter(arrived(), answers=(answer(is_lost=True),), due=FRIDAY)
    seen = found(one, (MONDAY, "unanswered"), (THURSDAY, "unanswered"))
    assert (seen.contestable, seen.days_to_clear, seen.falsely) == ({1}, [], {})
    one.answers[0].announced_on = THURSDAY
    compare(seen, one, Said(""), date(2026, 1, 16), DAYS, Policy())
    assert seen.days_to_clear == [4]


def test_what_the_sender_has_looked_at_excuses_nobody_any_more() -> None:
    one = matter(arrived(), answers=(answer(held_at=AT, is_spent=True),), due=MONDAY)
    assert found(one, (FAR, "unanswered")).silent == {1}


def test_a_cause_is_right_when_it_is_one_of_those_that_were_told() -> None:
    seen = Findings()
    compare_cause(seen, "away", frozenset({"away", "address_dead"}))
    compare_cause(seen, "quiet", frozenset({"no_pic"}))
    assert (seen.causes_right, seen.causes_wrong) == (1, {"quiet instead of no_pic": 1})
