"""The routing table: region, body complained of and purpose give recipient and copies. With the conflict rule."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from hub.complaints.rules import ComplainedOf
from hub.directory import queries as directory
from hub.directory.models import Institution, InstitutionKind, Region
from hub.extensions import db
from hub.routing import queries
from hub.routing.chains import HIGHEST, chains_of
from hub.routing.queries import Question, conflict, propose
from hub.routing.rules import Purpose
from tests.world import World

OFFICE, INSPECTORATE, HEAD = ComplainedOf
HANDLING, CLARIFICATION = Purpose

#  region   complained of  purpose        rule  recipient  copies
TABLE = [
    ("35.13", OFFICE, HANDLING, 4, "35.13", ["35"]),
    ("35.74", OFFICE, HANDLING, 4, "35.74", ["35"]),
    ("35", OFFICE, HANDLING, 5, "35", []),
    ("35.13", INSPECTORATE, HANDLING, 2, "35", []),
    ("35", INSPECTORATE, HANDLING, 2, "ITJEN", []),
    ("35.13", HEAD, HANDLING, 3, "35", []),
    ("35", HEAD, HANDLING, 3, "ITJEN", []),
    ("35.13", OFFICE, CLARIFICATION, 1, "35.13", []),
    ("35.13", INSPECTORATE, CLARIFICATION, 1, "35.13", []),
    ("35.13", HEAD, CLARIFICATION, 1, "35.13", []),
    ("35", HEAD, CLARIFICATION, 1, "35", []),
    # units of Jakarta have no inspectorate of their own: the province's speaks for them
    ("31.71", OFFICE, HANDLING, 4, "31", []),
    ("31.01", INSPECTORATE, HANDLING, 2, "ITJEN", []),
    ("31.74", HEAD, HANDLING, 3, "ITJEN", []),
    ("31.71", OFFICE, CLARIFICATION, 1, "31", []),
]  # fmt: skip

#  region   complained of  body named  recipient  is refused because of
OWN_CASES = [
    ("35.13", OFFICE, None, "35.13", False),
    ("35.13", OFFICE, None, "35", False),
    ("35.13", INSPECTORATE, None, "35.13", True),
    ("35.13", INSPECTORATE, None, "35", False),
    ("35.13", INSPECTORATE, None, "35.74", False),
    ("35.13", INSPECTORATE, "35", "35.13", True),
    ("35.13", INSPECTORATE, "35", "35.74", True),
    ("35.13", INSPECTORATE, "35", "33.74", False),
    ("35.13", HEAD, None, "35.13", True),
    ("35.13", HEAD, None, "35", False),
    ("35", HEAD, None, "35", True),
    ("35", HEAD, None, "35.13", True),
    ("35", HEAD, None, "ITJEN", False),
    ("35", OFFICE, "ITJEN", "35.13", True),
    ("35", OFFICE, "DINAS", "DINAS", True),
    ("35.13", OFFICE, "DINAS", "35.13", False),
    ("35.13", INSPECTORATE, None, "DINAS", True),
    ("35.13", HEAD, None, "DINAS", True),
    ("35.13", HEAD, "DINAS", "35.13", True),
    ("31.71", INSPECTORATE, None, "31", True),
]


@pytest.fixture(autouse=True)
def works_office(world: World) -> None:
    """An office of the regency whose supervisor nobody has entered."""
    values = {
        "code": "DINAS",
        "name": "Dinas Pekerjaan Umum Kabupaten Probolinggo",
        "kind": InstitutionKind.REGIONAL_OFFICE,
        "region_code": "35.13",
        "head_title": "Kepala Dinas Pekerjaan Umum Kabupaten Probolinggo",
        "seat": "Kraksaan",
        "zone": "WIB",
        "number_template": "600/{n}/{YYYY}",
    }
    db.session.add(Institution(**values))
    db.session.flush()


def question(region: str, about: ComplainedOf = OFFICE, named: str | None = None, subject: str = "Jalan") -> Question:
    office = directory.by_code(named) if named else None
    return Question(db.session.get_one(Region, region), subject, about, office)


@pytest.mark.parametrize(("region", "about", "purpose", "rule", "recipient", "copies"), TABLE)
def test_the_routing_table(
    region: str, about: ComplainedOf, purpose: Purpose, rule: int, recipient: str, copies: list[str]
) -> None:
    found = propose(question(region, about), purpose)
    assert found.recipient is not None
    assert found.rule is not None
    assert (found.rule.position, found.recipient.code, [one.code for one in found.copies]) == (rule, recipient, copies)
    assert found.why == found.rule.reason


@pytest.mark.parametrize(("region", "about", "named", "recipient", "is_refused"), OWN_CASES)
def test_nobody_handles_its_own_case(
    region: str, about: ComplainedOf, named: str | None, recipient: str, is_refused: bool
) -> None:
    asked, office = question(region, about, named), directory.by_code(recipient)
    assert (conflict(asked, HANDLING, office) is not None) is is_refused
    assert conflict(asked, CLARIFICATION, office) is None


@pytest.mark.parametrize("supervisor", ["35", "ITJEN"])
def test_an_office_of_the_region_serves_its_head_whoever_supervises_it(supervisor: str) -> None:
    office = directory.by_code("DINAS")
    office.supervisor = directory.by_code(supervisor)
    db.session.flush()
    found = conflict(question("35.13", HEAD), HANDLING, office)
    assert found is not None
    assert (found.proposal and found.proposal.code) == "35"
    assert conflict(question("35.74", HEAD), HANDLING, office) is None
    assert conflict(question("35.13", HEAD), CLARIFICATION, office) is None


@pytest.mark.parametrize("about", ComplainedOf)
@pytest.mark.parametrize("named", [None, "35.13", "35", "ITJEN", "DINAS"])
@pytest.mark.parametrize("region", ["35.13", "35", "31.71"])
def test_whatever_the_rules_propose_is_never_refused(region: str, named: str | None, about: ComplainedOf) -> None:
    asked = question(region, about, named)
    found = propose(asked, HANDLING)
    for office in filter(None, [found.recipient, *found.copies]):
        assert conflict(asked, HANDLING, office) is None
    assert found.recipient or named == "ITJEN"


def test_an_office_of_the_region_is_handled_by_the_inspectorate_though_its_supervisor_was_never_entered() -> None:
    found = conflict(question("35.13", OFFICE, "DINAS"), HANDLING, directory.by_code("DINAS"))
    assert found is not None
    assert found.proposal is directory.by_code("35.13")


def test_the_refusal_says_why_and_who_instead(app: object) -> None:
    found = conflict(question("35.13", HEAD), HANDLING, directory.by_code("35.13"))
    assert found is not None
    assert found.proposal is directory.by_code("35")
    assert "Inspektorat Kabupaten Probolinggo" in found.why
    assert "Inspektorat Provinsi Jawa Timur" in found.sentence


def test_above_the_highest_there_is_nobody_and_the_sentence_says_so() -> None:
    asked = question("35", OFFICE, "ITJEN")
    found = conflict(asked, HANDLING, directory.by_code("ITJEN"))
    assert found is not None
    assert found.proposal is None
    assert found.sentence != found.why
    proposal = propose(asked, HANDLING)
    assert (proposal.recipient, proposal.copies) == (None, [])
    assert proposal.why


def test_a_rule_that_would_let_an_office_judge_itself_is_overruled() -> None:
    """The rules can be edited; that nobody judges in its own case cannot."""
    for rule in queries.rules()[:-1]:
        db.session.delete(rule)
    found = propose(question("35.13", INSPECTORATE), HANDLING)
    assert found.recipient is directory.by_code("35")


def test_a_changed_supervisor_changes_the_proposal() -> None:
    directory.by_code("35.13").supervisor = directory.by_code("ITJEN")
    found = propose(question("35.13", INSPECTORATE), HANDLING)
    assert found.recipient is directory.by_code("ITJEN")


def test_a_circle_of_supervisors_ends_the_search() -> None:
    directory.by_code("ITJEN").supervisor = directory.by_code("35.13")
    asked = question("35.13", INSPECTORATE)
    found = conflict(asked, HANDLING, directory.by_code("35"))
    assert found is not None
    assert found.proposal is None  # nobody in a circle stands above another
    assert propose(asked, HANDLING).recipient is None
    assert len(chains_of([directory.by_code("35")])[directory.by_code("35").id]) <= HIGHEST + 1


@pytest.mark.parametrize(("region", "about"), [("35.13", OFFICE), ("35.13", HEAD), ("35", INSPECTORATE)])
def test_asking_costs_the_same_few_queries(
    region: str, about: ComplainedOf, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    asked = question(region, about, "DINAS")
    everybody = list(db.session.scalars(select(Institution).limit(50)))
    with count_queries() as statements:
        propose(asked, HANDLING)
    assert len(statements) <= 6
    with count_queries() as statements:
        queries.conflicts(asked, HANDLING, everybody)
    assert len(statements) <= 5
