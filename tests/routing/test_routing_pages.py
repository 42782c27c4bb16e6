"""The page of the rules: a monitor reads, changes and tries them; each change is on record."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from hub.audit import queries as audit
from hub.extensions import db
from hub.routing import queries, service
from hub.routing.models import RoutingRule
from hub.routing.rules import Purpose, Target, Terms
from tests.conftest import Client
from tests.world import World

SignIn = Callable[..., Client]
SCHOOLS = {
    "purpose": "handling",
    "complained_of": "",
    "region_kind": "kabupaten",
    "region": "Provinsi Jawa Timur (35)",
    "words": " sekolah ,  guru ",
    "recipient": "province",
    "office": "",
    "copies": ["inspectorate"],
    "reason": "Urusan sekolah di kabupaten diperiksa provinsi.",
}


@pytest.fixture
def monitor(world: World, signed_in_as: SignIn) -> Client:
    return signed_in_as(world.monitor)


def reasons() -> list[str]:
    return [one.reason for one in queries.rules()]


def events() -> list[tuple[str, dict[str, Any]]]:
    return [(one.kind, one.details) for one in audit.of_stream(queries.STREAM)]


def rule(position: int) -> RoutingRule:
    return queries.rules()[position - 1]


def test_the_first_rules_are_written_once(world: World) -> None:
    service.seed()
    assert reasons() == [one.reason for one in service.FIRST_RULES]


def test_a_monitor_reads_the_rules_in_order(monitor: Client) -> None:
    page = monitor.get("/routing").text
    places = [page.index(reason) for reason in reasons()]
    assert places == sorted(places)


@pytest.mark.parametrize("who", ["registrar", "signatory", "administrator", "regency_pic"])
def test_nobody_else_reads_or_changes_them(world: World, signed_in_as: SignIn, who: str) -> None:
    browser = signed_in_as(getattr(world, who))
    assert browser.get("/routing").status_code == 403
    for address in ("/routing/new", "/routing/1", "/routing/1/delete", "/routing/1/up"):
        assert browser.post(address, data=SCHOOLS).status_code == 403
    assert len(reasons()) == len(service.FIRST_RULES)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"complained_of": "office", "purpose": "handling"}, ("Inspektorat Kabupaten Probolinggo (35.13)", 4)),
        ({"complained_of": "head_of_region", "purpose": "handling"}, ("Inspektorat Provinsi Jawa Timur (35)", 3)),
        ({"complained_of": "inspectorate", "purpose": "clarification"}, ("Kabupaten Probolinggo (35.13)</strong>", 1)),
        ({"complained_of": "inspectorate", "purpose": "handling", "office": "35"}, ("Kementerian Dalam Negeri", 2)),
    ],
)
def test_the_rules_can_be_tried(monitor: Client, asked: dict[str, str], shown: tuple[str, int]) -> None:
    office, position = shown
    page = monitor.get("/routing", query_string={"region": "Kabupaten Probolinggo (35.13)", **asked}).text
    answer = page[page.index('<datalist id="regions">') :]
    assert office in answer
    assert rule(position).reason in answer


@pytest.mark.parametrize("wrong", [{"region": "Probolinggo"}, {"office": "Inspektorat Probolinggo"}, {"purpose": "x"}])
def test_a_question_that_cannot_be_answered_is_asked_back(monitor: Client, wrong: dict[str, str]) -> None:
    asked = {"region": "35.13", "complained_of": "office", "purpose": "handling", **wrong}
    page = monitor.get("/routing", query_string=asked).text
    assert "is-invalid" in page
    assert page.count(rule(4).reason) == 1


def test_a_new_rule_stands_where_it_is_heard_and_is_on_record(monitor: Client, world: World) -> None:
    assert monitor.post("/routing/new", data=SCHOOLS).status_code == 302
    assert reasons().index(SCHOOLS["reason"]) == 3
    kind, details = events()[-1]
    assert kind == "rule_added"
    assert details["new"]["words"] == "sekolah, guru"
    assert details["new"]["region_code"] == "35"
    asked = {"region": "35.13", "complained_of": "office", "purpose": "handling", "subject": "Guru sering absen"}
    page = monitor.get("/routing", query_string=asked).text
    assert page.count(str(SCHOOLS["reason"])) >= 2


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"region": "Probolinggo"}, {"office": "x"}, {"recipient": "x"}, {"copies": ["x"]}]
)
def test_a_rule_with_a_mistake_is_not_kept_and_not_lost(monitor: Client, wrong: dict[str, Any]) -> None:
    page = monitor.post("/routing/new", data={**SCHOOLS, **wrong})
    assert page.status_code == 422
    assert "sekolah ,  guru" in page.text
    assert len(reasons()) == len(service.FIRST_RULES)


def test_a_change_keeps_old_and_new(monitor: Client) -> None:
    id = rule(4).id
    page = monitor.get(f"/routing/{id}").text
    assert '<option selected value="kab/kota">' in page
    change = {**SCHOOLS, "copies": [], "region": "", "office": "35.74", "reason": "Kota yang memeriksa."}
    assert monitor.post(f"/routing/{id}", data=change).status_code == 302
    kind, details = events()[-1]
    assert kind == "rule_changed"
    assert details["old"]["copies"] == "province"
    assert "copies" not in details["new"]
    assert rule(4).institution is not None
    assert "Inspektorat Kota Probolinggo (35.74)" in monitor.get("/routing").text


def test_the_last_rule_fits_everything_and_stays(monitor: Client) -> None:
    last = rule(5).id
    assert monitor.post(f"/routing/{last}", data=SCHOOLS).status_code == 422
    for address in (f"/routing/{last}/delete", f"/routing/{last}/up", f"/routing/{rule(4).id}/down"):
        assert monitor.post(address).status_code == 302
    assert reasons() == [one.reason for one in service.FIRST_RULES]
    assert events() == []


def test_rules_are_moved_and_deleted_on_record(monitor: Client) -> None:
    second, third = rule(2).reason, rule(3).reason
    monitor.post(f"/routing/{rule(3).id}/up")
    assert reasons()[1:3] == [third, second]
    monitor.post(f"/routing/{rule(1).id}/up")
    monitor.post(f"/routing/{rule(2).id}/delete")
    assert third not in reasons()
    assert [one.position for one in queries.rules()] == [1, 2, 3, 4]
    assert [kind for kind, _ in events()] == ["rule_moved", "rule_deleted"]
    assert events()[-1][1]["old"]["reason"] == third
    assert monitor.post("/routing/999/delete").status_code == 404


def test_a_rule_that_never_speaks_is_marked(monitor: Client) -> None:
    monitor.post("/routing/new", data=SCHOOLS)
    mark = 'class="notice hue-attention"'
    assert mark not in monitor.get("/routing").text
    monitor.post(f"/routing/{rule(4).id}/down")
    assert monitor.get("/routing").text.count(mark) == 1


def test_the_page_costs_the_same_however_many_rules_there_are(
    monitor: Client, world: World, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def cost() -> int:
        db.session.commit()
        with count_queries() as statements:
            monitor.get("/routing", query_string={"region": "35.13"})
        return len(statements)

    before = cost()
    for place in range(5):
        service.add(
            Terms(Target.BODY, f"Sebab {place}.", Purpose.HANDLING, region_code=f"3{place + 1}", words="pasar"),
            world.monitor.person,
        )
    assert cost() == before
