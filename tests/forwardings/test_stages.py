"""The transition table and its fold, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.forwardings.rules import (
    DECISIONS,
    OPEN_STAGES,
    TRANSITIONS,
    Happening,
    NotNow,
    Stage,
    fold,
    is_possible,
    next_stage,
)

OUT = [Happening.SUBMITTED, Happening.SIGNED]
FACTS = [one for one in Happening if one not in DECISIONS]


def test_the_whole_way_of_a_forwarding() -> None:
    way = [
        *OUT,
        Happening.DISPATCHED,
        Happening.DELIVERED,
        Happening.ACKNOWLEDGED,
        Happening.ANSWERED,
        Happening.CLOSED,
    ]
    assert fold([Happening.DRAFTED, *way]) is Stage.CLOSED


def test_an_answer_without_acknowledgement_is_an_answer() -> None:
    assert fold([*OUT, Happening.DISPATCHED, Happening.ANSWERED]) is Stage.ANSWERED


def test_a_late_delivery_scan_does_not_undo_an_acknowledgement() -> None:
    assert fold([*OUT, Happening.DISPATCHED, Happening.ACKNOWLEDGED, Happening.DELIVERED]) is Stage.ACKNOWLEDGED


def test_a_confirmation_may_be_learnt_before_the_hand_over() -> None:
    assert fold([*OUT, Happening.ACKNOWLEDGED, Happening.DISPATCHED]) is Stage.ACKNOWLEDGED


def test_an_interim_response_leaves_the_stage_alone() -> None:
    assert next_stage(Stage.ACKNOWLEDGED, Happening.INTERIM_RECEIVED) is Stage.ACKNOWLEDGED


def test_a_late_answer_still_counts_after_the_ladder_has_ended() -> None:
    assert next_stage(Stage.LAPSED, Happening.ANSWERED) is Stage.ANSWERED


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("decision", sorted(DECISIONS))
def test_a_decision_fits_the_stage_or_is_refused(stage: Stage, decision: Happening) -> None:
    if is_possible(stage, decision):
        assert next_stage(stage, decision) is TRANSITIONS[stage, decision]
    else:
        with pytest.raises(NotNow):
            next_stage(stage, decision)


@given(st.lists(st.sampled_from(FACTS), max_size=12))
def test_facts_from_outside_never_fail_and_never_move_an_ended_forwarding(facts: list[Happening]) -> None:
    for ended in (Stage.CLOSED, Stage.WITHDRAWN):
        stage = ended
        for fact in facts:
            stage = next_stage(stage, fact)
        assert stage is ended


@given(st.permutations([Happening.DISPATCHED, Happening.DELIVERED, Happening.ACKNOWLEDGED, Happening.ANSWERED]))
def test_facts_lead_to_the_same_stage_in_whatever_order_they_are_learnt(facts: list[Happening]) -> None:
    assert fold([*OUT, *facts]) is Stage.ANSWERED


@given(st.lists(st.sampled_from(FACTS), max_size=8), st.data())
def test_a_repeated_fact_changes_nothing(facts: list[Happening], data: st.DataObject) -> None:
    if facts:
        again = data.draw(st.sampled_from(facts))
        before = fold([*OUT, *facts])
        assert next_stage(before, again) is before or again is not facts[-1]
        assert next_stage(fold([*OUT, *facts, again]), again) is fold([*OUT, *facts, again])


def test_every_open_stage_can_be_withdrawn_but_an_answered_one() -> None:
    possible = [stage for stage in OPEN_STAGES if is_possible(stage, Happening.WITHDRAWN)]
    assert possible == [stage for stage in OPEN_STAGES if stage is not Stage.ANSWERED]
