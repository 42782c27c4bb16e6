"""Which Ombudsman office watches over which regency."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from hub.audit import queries as audit
from hub.audit.rules import SYSTEM
from hub.directory import queries, service
from hub.directory.models import Coverage
from hub.extensions import db
from tests.world import World


def codes(found) -> list[str]:
    return [one.code for one in found]


@pytest.fixture
def administrator(signed_in_as, world: World):
    world.administrator.locale = "en"
    return signed_in_as(world.administrator)


def test_a_new_hub_knows_who_covers_every_regency_and_city(app: Flask) -> None:
    assert db.session.scalar(select(func.count()).select_from(Coverage)) == 514
    assert queries.uncovered() == []
    assert codes(queries.covering("35.13")) == ["ORI-15"]
    assert codes(queries.covering("31.71")) == ["ORI-11"]
    assert codes(queries.covering("94.01")) == ["ORI-33"]
    assert len(queries.covered_by(queries.by_code("ORI-15"))) == 38


def test_what_people_changed_survives_another_seeding(world: World) -> None:
    service.cover(world.ombudsman, ["35.13"], SYSTEM)
    service.seed()
    assert codes(queries.covered_by(world.ombudsman)) == ["35.13"]
    assert len(queries.uncovered()) == 37


def test_a_regency_may_be_covered_by_several_offices(world: World) -> None:
    jakarta = queries.by_code("ORI-11")
    service.cover(jakarta, [*codes(queries.covered_by(jakarta)), "32.76"], SYSTEM)
    assert codes(queries.covering("32.76")) == ["ORI-11", "ORI-12"]
    assert codes(queries.covering("32")) == ["ORI-12", "ORI-11"], "who covers most comes first"
    (event,) = audit.of_stream("institution:ORI-11")
    assert event.details == {"added": ["32.76"], "removed": []}


@pytest.mark.parametrize(("office", "regions"), [("35.13", ["35.14"]), ("ORI-15", ["99.99"]), ("ORI-15", ["35"])])
def test_what_cannot_be_covered_is_refused(world: World, office: str, regions: list[str]) -> None:
    with pytest.raises(service.Refused) as refused:
        service.cover(queries.by_code(office), regions, SYSTEM)
    assert refused.value.field == "regions"


def test_boxes_say_what_is_covered_and_by_whom_else(administrator, world: World) -> None:
    page = administrator.get("/directory/ORI-11/coverage").text
    assert "6 of 6" in page
    assert "Kota Depok (32.76)" in page
    assert "also: Jawa Barat" in page


def test_ticked_regions_and_whole_provinces_are_covered(administrator, world: World) -> None:
    sent = {"region": ["35.13", "33.74"], "province": ["34"]}
    assert administrator.post("/directory/ORI-15/coverage", data=sent).status_code == 302
    page = administrator.get("/directory/ORI-15").text
    assert "7 regencies and cities are covered" in page
    assert "No Ombudsman office covers: Kabupaten Pacitan" in page
    db.session.rollback()
    assert set(codes(queries.covered_by(world.ombudsman))) == {
        "33.74", "34.01", "34.02", "34.03", "34.04", "34.71", "35.13",
    }  # fmt: skip


def test_nonsense_in_the_boxes_changes_nothing(administrator, world: World) -> None:
    sent = {"region": ["35.13", "<script>"], "province": ["%"]}
    page = administrator.post("/directory/ORI-15/coverage", data=sent)
    assert page.status_code == 422
    assert "&lt;script&gt; is no regency or city" in page.text
    assert len(queries.covered_by(world.ombudsman)) == 38


def test_only_ombudsman_offices_have_a_coverage_page(administrator, world: World) -> None:
    assert administrator.get("/directory/35.13/coverage").status_code == 404
