"""26 names belong to a regency and to a city: wherever one is picked, both stand there with their codes."""

import pytest
from flask import Flask

from hub.directory import offices, queries
from hub.directory.picking import NotPicked, picked, region_named
from hub.directory.rules import bare_name, written
from hub.extensions import db
from tests.directory.test_region_names import namesakes
from tests.world import World

PAIRS = namesakes()


@pytest.fixture
def administrator(signed_in_as, world: World):
    return signed_in_as(world.administrator)


def test_every_list_to_pick_from_tells_namesakes_apart(administrator, world: World) -> None:
    edit, new = (administrator.get(address).text for address in ("/directory/35.14/edit", "/directory/new"))
    coverage = administrator.get("/directory/ORI-15/coverage").text
    assert len(PAIRS) == 26
    for pair in PAIRS.values():
        assert len({written(region) for region in pair}) == 2
        for region in pair:
            assert f'<option value="{written(region)}">' in edit
            assert f'<option value="{written(region)}">' in new
            assert written(region) in coverage
            office = queries.by_code(region.code)
            assert f'<option value="{written(office)}">' in edit


def test_a_search_for_a_shared_name_shows_both_with_their_codes(administrator, world: World) -> None:
    for name, pair in PAIRS.items():
        page = administrator.get("/directory", query_string={"q": name}).text
        for region in pair:
            assert f'href="/directory/{region.code}"' in page
            assert f">{region.code}</span>" in page


def test_a_shared_name_alone_picks_neither_region_nor_office(app: Flask) -> None:
    for name, pair in PAIRS.items():
        with pytest.raises(NotPicked) as asked:
            region_named(name, queries.regions())
        with pytest.raises(NotPicked):
            picked(f"Inspektorat {name}")
        for region in pair:
            assert written(region) in str(asked.value)
            office = queries.by_code(region.code)
            assert region_named(written(region), queries.regions()).code == region.code
            assert picked(written(office)) == office


def test_what_is_picked_by_name_and_code_is_what_is_kept(administrator, world: World) -> None:
    sent = {"code": "OPD-1", "kind": "other", "name": "Dinas Contoh", "supervisor": "Inspektorat Kota Bogor (32.71)"}
    assert administrator.post("/directory/new", data={**sent, "region_code": "Bogor"}).status_code == 422
    assert administrator.post("/directory/new", data={**sent, "region_code": "Kota Bogor (32.71)"}).status_code == 302
    db.session.rollback()
    opened = queries.by_code("OPD-1")
    assert opened.supervisor is not None
    assert (opened.region_code, opened.supervisor.code) == ("32.71", "32.71")


def test_both_offices_of_a_name_have_names_of_their_own() -> None:
    names = [row["name"] for row in offices.inspectorates()]
    assert len(set(names)) == len(names)
    assert bare_name("Kota Bogor") == bare_name("Kabupaten Bogor")
