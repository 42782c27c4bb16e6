"""What goes wrong how often, by file; and other limits."""

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from hub.cli import commands
from hub.config import ROOT
from hub.simulation.faults import HOSTILE, BadFaults, Faults, from_file
from hub.simulation.policy import USUAL, BadPolicy, Policy
from hub.simulation.servers import Servers
from hub.simulation.world import Leave, Office
from hub.workdays.limits import CLOCKS


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    mix = tmp_path / "mix.toml"
    mix.write_text("quiet = 0.5\nstandstills_a_year = 30")
    assert from_file(mix) == Faults(quiet=0.5, standstills_a_year=30)


def test_the_example_is_a_mix() -> None:
    assert from_file(Path(ROOT, "examples", "sample_faults.toml")).envelopes_lost > Faults().envelopes_lost


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("queit = 0.5", 'names "queit", which is no fault. Known are: dead_mailboxes'),
        ('quiet = "often"', '"quiet" in '),
        ("quiet = true", "is no number"),
        ("quiet = 1.5", "it lies between 0 and 1"),
        ("quiet = nan", "it lies between 0 and 1"),
        ("crashes = -0.1", "it lies between 0 and 1"),
        ("leaves_a_year = 400", "it lies between 0 and 365"),
        ("quiet = ", "cannot be read"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    mix = tmp_path / "mix.toml"
    mix.write_text(text)
    with pytest.raises(BadFaults, match=None) as refused:
        from_file(mix)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (["--faults", "Hostile"], "Hostile cannot be read: No such file or directory."),
        (["--faults", "Hostile"], "The mixes that have a name are usual and hostile; all else is the name of a file."),
        (["--what-if", "acknowledge"], '"acknowledge" does not say how many days. Write it like acknowledge=5.'),
        (["--what-if", "acknowledge="], "does not say how many days."),
        (["--what-if", "acknowledge=lima"], '"lima" is no number of days.'),
        (["--what-if", "acknowledge=-5"], '"acknowledge" cannot be -5 days; it lies between 1 and 365.'),
        (["--what-if", "asknowledge=5"], 'There is no limit "asknowledge" to try.'),
        (["--what-if", "acknowledge=0"], '"acknowledge" cannot be 0 days'),
        (["--forwardings", "0"], "0 is not in the range"),
    ],
)
def test_the_command_refuses_what_it_cannot_play(told: list[str], words: str) -> None:
    refused = CliRunner().invoke(commands, ["simulate", *told])
    assert refused.exit_code == 2
    assert words in refused.stderr


def test_the_page_on_rehearsals_tells_every_fault_as_it_is() -> None:
    page = Path(ROOT, "docs", "rehearsal.md").read_text()
    for one in fields(Faults):
        usual, hostile = getattr(Faults(), one.name), getattr(HOSTILE, one.name)
        assert f"| `{one.name}` | {usual:g} | {hostile:g} |" in page


def test_the_usual_limits_are_those_of_a_new_hub() -> None:
    amounts = {key: amount for key, amount, *_ in CLOCKS}
    assert {key: amounts[key] for key in USUAL} == USUAL


def test_a_limit_that_is_tried_leaves_the_others_as_they_are() -> None:
    tried = Policy({"acknowledge": 5})
    assert (tried.confirmed_within, tried.limit("response_ordinary")) == (5, 14)
    with pytest.raises(BadPolicy, match="between 1 and 365"):
        Policy({"acknowledge": 400})


def test_servers_have_the_luck_of_the_mix() -> None:
    certain = Faults(dead_mailboxes=1, greylisting_mailboxes=0)
    box = Servers(Random(1), certain).open("pic@kantor.example")
    assert (box.is_dead, box.greylists) == (True, False)


DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("changes", "dead", "causes"),
    [
        ({}, set(), {"quiet"}),
        ({"pic": None}, set(), {"no_pic"}),
        ({"pic": None, "listed": "", "office_address": ""}, set(), {"no_pic"}),
        ({}, {"pic@a.example"}, {"quiet"}),
        ({}, {"pic@a.example", "kantor@a.example"}, {"address_dead"}),
        ({"pic": None}, {"kantor@a.example"}, {"no_pic", "address_dead"}),
        ({"away_until": {"pic@a.example": DAY}}, set(), {"away"}),
        ({"away_until": {"pic@a.example": DAY - timedelta(days=1)}}, set(), {"quiet"}),
        ({"away_until": {"other@a.example": DAY}}, set(), {"quiet"}),
    ],
)
def test_the_causes_that_anybody_told(changes: dict[str, object], dead: set[str], causes: set[str]) -> None:
    told: dict[str, object] = {"pic": 7, "listed": "pic@a.example", "office_address": "kantor@a.example"}
    office = Office("35.13", 1, "WIB", **{**told, **changes})  # type: ignore[arg-type]
    assert office.causes(DAY, dead) == causes


def test_somebody_is_away_from_the_first_to_the_last_day() -> None:
    leave = Leave(DAY, DAY + timedelta(days=2), is_told=True)
    office = Office("35.13", 1, "WIB", leaves=[leave])
    days = [office.leave_on(DAY + timedelta(days=n)) for n in range(-1, 4)]
    assert days == [None, leave, leave, leave, None]
