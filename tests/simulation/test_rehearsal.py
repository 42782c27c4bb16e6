"""Some weeks of the rehearsal itself, through the real hub."""

from datetime import date

from hub.cli.simulate import lines
from hub.simulation.faults import HOSTILE, Faults
from hub.simulation.policy import Policy
from hub.simulation.runs import outcome
from hub.simulation.year import Span, Told, rehearse

USUAL_POLICY = Policy()
WEEKS = Span(date(2026, 1, 5), date(2026, 1, 30), date(2026, 3, 6))
DAYS = Span(date(2026, 1, 5), date(2026, 1, 9), date(2026, 1, 28))


def some_days(faults: Faults, seed: str = "days", policy: Policy = USUAL_POLICY) -> Told:
    return rehearse(8, seed, faults, policy, lambda _: None, DAYS)


def test_weeks_in_which_everything_goes_wrong_lose_no_letter_unseen_and_accuse_nobody_falsely() -> None:
    told = rehearse(40, "weeks", HOSTILE, USUAL_POLICY, lambda _: None, WEEKS)
    found = outcome(40, [told], 0.0)
    assert found.undetected == ()
    assert found.falsely_silent == ()
    assert found.lost_letters + found.lost_answers > 0
    assert found.silent_true > 0
    assert told.steps["reminder"] > 0


def test_the_same_seed_tells_the_same_story_and_another_one_another() -> None:
    first, again, other = (some_days(Faults(), seed) for seed in ("a", "a", "b"))
    assert first == again
    assert first != other


def test_a_longer_limit_lets_more_time_pass_before_anything_is_noticed() -> None:
    swallowing = Faults(swallowing_mailboxes=1, by_post_only=0, by_both_tracks=0, relay_outages_a_year=0)
    usual, patient = (some_days(swallowing, policy=Policy(limit)) for limit in ({}, {"acknowledge": 10}))
    assert min(usual.findings.days_to_notice) < min(patient.findings.days_to_notice)
    assert patient.findings.undetected == usual.findings.undetected == {}


def test_the_figures_of_several_worlds_are_added_up() -> None:
    worlds = [Told(), Told()]
    for number, world in enumerate(worlds):
        world.findings.lost_letters = {1, 2 + number}
        world.findings.days_to_grade = [number, 0]
        world.findings.causes_right, world.findings.causes_wrong = 50, {"quiet instead of away": number}
        world.findings.undetected = {7: f"world {number}"}
        world.steps = {"reminder": 3}
        world.accused = {1}
    found = outcome(5000, worlds, 12.34)
    assert found.undetected == ("world 0", "world 1")
    assert not found.is_good
    assert found.figures() == {
        "forwardings": 5000,
        "losses": 4,
        "lost_letters": 4,
        "lost_answers": 0,
        "undetected": 2,
        "falsely_silent": 0,
        "contradictions": 0,
        "silent_true": 0,
        "contestable": 0,
        "contestable_cleared_days": None,
        "cause_accuracy": 0.9901,
        "causes_wrong": {"quiet instead of away": 1},
        "detection_days": 0.0,
        "detection_days_max": 1,
        "noticed_after_days": None,
        "accused": 2,
        "steps": {"reminder": 6},
        "wall_s": 12.3,
    }


def test_a_year_in_which_nothing_went_wrong_is_good_and_has_no_days_and_no_share() -> None:
    found = outcome(1, [Told()], 1.0)
    figures = found.figures()
    measured = ("contestable_cleared_days", "cause_accuracy", "detection_days", "detection_days_max")
    assert [figures[key] for key in (*measured, "noticed_after_days")] == [None] * 5
    assert found.is_good
    told = lines(found)
    assert (told["Likely cause was right"], told["Working days from that date to the grade, median"]) == ("–", "–")
