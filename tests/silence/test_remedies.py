"""What can be done about each grade, and the words that are prepared for it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.silence import asking
from hub.silence.asking import Matter
from hub.silence.remedies import REMEDIES, Remedy, offered
from hub.silence.rules import Cause, Grade, likely_cause

MATTER = Matter(
    "Inspektorat Kabupaten Probolinggo (35.13)",
    "Asdep Dumas",
    "B-7/Kemensetneg/2026",
    date(2026, 3, 13),
    date(2026, 4, 10),
    "rina@kantor.example",
)


def test_every_grade_has_something_that_can_be_done() -> None:
    assert set(REMEDIES) == set(Grade)
    assert all(REMEDIES.values())


def test_nobodys_superior_learns_of_a_letter_whose_receipt_is_unproven() -> None:
    above = {Remedy.TO_HEAD, Remedy.ESCALATE, Remedy.SECOND_REQUEST}
    for grade in (Grade.RECEIPT_UNPROVEN, Grade.UNDELIVERED, Grade.NOT_DISPATCHED, Grade.REPLY_MISSING):
        assert above.isdisjoint(REMEDIES[grade])
    assert Remedy.ESCALATE not in REMEDIES[Grade.UNACKNOWLEDGED]


def test_each_grade_whose_turn_is_with_the_recipient_begins_with_a_call() -> None:
    for grade in (Grade.RECEIPT_UNPROVEN, Grade.UNACKNOWLEDGED, Grade.UNANSWERED, Grade.INTERIM_ONLY):
        assert REMEDIES[grade][0] is Remedy.CALL


@given(st.none() | st.sampled_from(Grade), st.frozensets(st.sampled_from(Remedy)))
def test_only_what_is_possible_is_offered_in_the_order_of_the_table(grade: Any, possible: frozenset[Remedy]) -> None:
    found = offered(grade, possible)
    assert set(found) <= possible
    assert list(found) == [one for one in REMEDIES.get(grade, ()) if one in possible]


@pytest.mark.parametrize("grade", [one for one in Grade if asking.is_asked_about(one)])
def test_a_message_names_letter_and_date_and_nothing_else(grade: Grade) -> None:
    text = asking.message(grade, MATTER)
    assert text.startswith("Yth. Inspektorat Kabupaten Probolinggo (35.13). Kami dari Asdep Dumas. ")
    assert "B-7/Kemensetneg/2026 tanggal 13 Maret 2026" in text
    assert ("rina@kantor.example" in text) == (grade is Grade.UNDELIVERED)
    assert ("Jumat, 10 April 2026" in text) == (grade is not Grade.UNDELIVERED)
    assert "{" not in text
    assert len(text) < 500


def test_each_grade_at_which_a_call_helps_has_words_of_its_own() -> None:
    with_a_call = {grade for grade, remedies in REMEDIES.items() if Remedy.CALL in remedies}
    assert with_a_call == {grade for grade in Grade if asking.is_asked_about(grade)}
    assert len({asking.message(grade, MATTER) for grade in with_a_call}) == len(with_a_call)


def test_a_letter_without_date_and_limit_is_asked_about_all_the_same() -> None:
    bare = Matter("Inspektorat", "Asdep Dumas", "B-7")
    for grade in (one for one in Grade if asking.is_asked_about(one)):
        text = asking.message(grade, bare)
        assert "Nomor B-7" in text
        assert "None" not in text
        assert "tanggal  " not in text


@given(st.booleans(), st.booleans(), st.booleans())
def test_every_combination_has_exactly_one_cause(has_pic: bool, has_address: bool, is_away: bool) -> None:
    """The rows of the table exclude each other, and one of them always holds."""
    rows = {
        Cause.NO_PIC: not has_pic,
        Cause.ADDRESS_DEAD: has_pic and not has_address,
        Cause.AWAY: has_pic and has_address and is_away,
        Cause.QUIET: has_pic and has_address and not is_away,
    }
    assert [cause for cause, holds in rows.items() if holds] == [likely_cause(has_pic, has_address, is_away)]
