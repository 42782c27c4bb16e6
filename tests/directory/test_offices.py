"""The offices of a new hub, and who stands above whom."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from hub.directory import queries, service
from hub.directory.models import Institution, InstitutionKind, Network, Region
from hub.extensions import db
from tests.world import World


def test_the_directory_holds_every_office_of_the_country(app: Flask) -> None:
    kinds = dict(db.session.execute(select(Institution.kind, func.count()).group_by(Institution.kind)).all())
    assert db.session.scalar(select(func.count()).select_from(Region)) == 552
    assert kinds == {
        InstitutionKind.PROVINCE: 38,
        InstitutionKind.REGENCY: 415,
        InstitutionKind.CITY: 93,
        InstitutionKind.ITJEN: 1,
        InstitutionKind.OMBUDSMAN_HEAD: 1,
        InstitutionKind.OMBUDSMAN_OFFICE: 34,
        InstitutionKind.KEMENSETNEG: 1,
    }


def test_filling_the_directory_again_keeps_what_people_changed(app: Flask) -> None:
    regency = queries.by_code("35.13")
    regency.email = "baru@probolinggo.example"
    service.seed()
    db.session.expire_all()
    assert queries.by_code("35.13").email == "baru@probolinggo.example"
    assert db.session.scalar(select(func.count()).select_from(Institution)) == 583


@pytest.mark.parametrize(
    ("code", "name", "head", "line", "seat", "supervisor"),
    [
        (
            "35.13",
            "Inspektorat Kabupaten Probolinggo",
            "Inspektur Kabupaten Probolinggo",
            "Bupati Probolinggo",
            "Probolinggo",
            "35",
        ),
        (
            "35.74",
            "Inspektorat Kota Probolinggo",
            "Inspektur Kota Probolinggo",
            "Wali Kota Probolinggo",
            "Probolinggo",
            "35",
        ),
        (
            "35",
            "Inspektorat Provinsi Jawa Timur",
            "Inspektur Provinsi Jawa Timur",
            "Gubernur Jawa Timur",
            "Surabaya",
            "ITJEN",
        ),
        (
            "13.09",
            "Inspektorat Kabupaten Kepulauan Mentawai",
            "Inspektur Kabupaten Kepulauan Mentawai",
            "Bupati Kepulauan Mentawai",
            "Kepulauan Mentawai",
            "13",
        ),
        (
            "ORI-15",
            "Ombudsman RI Perwakilan Jawa Timur",
            "Kepala Perwakilan Ombudsman RI Jawa Timur",
            "Ketua Ombudsman Republik Indonesia",
            "Surabaya",
            "ORI",
        ),
    ],
)
def test_an_office_knows_its_head_and_its_superiors(
    app: Flask, code: str, name: str, head: str, line: str, seat: str, supervisor: str
) -> None:
    office = queries.by_code(code)
    assert office.supervisor is not None
    found = (office.name, office.head_title, office.line_addressee, office.seat, office.supervisor.code)
    assert found == (name, head, line, seat, supervisor)


def test_an_inspectorate_is_found_by_the_code_of_its_region(app: Flask) -> None:
    found = queries.inspectorates_of(["35.13", "35"])
    assert {region: office.code for region, office in found.items()} == {"35.13": "35.13", "35": "35"}


def test_administrative_units_of_jakarta_belong_to_the_provincial_inspectorate(app: Flask) -> None:
    assert queries.inspectorates_of(["31.71"])["31.71"].code == "31"


@pytest.mark.parametrize("code", ["35.99", "99", "ORI-15", ""])
def test_a_code_that_is_no_region_has_no_inspectorate(app: Flask, code: str) -> None:
    assert queries.inspectorates_of([code]) == {}


def test_letters_go_to_the_pic_and_to_the_office_where_there_is_none(world: World) -> None:
    found = queries.contacts([world.regency.id, world.unstaffed.id], Network.KEMENSETNEG, date(2026, 3, 13))
    assert found[world.regency.id].addressees == (("Rina Maheswari", "regency.pic@kantor.example"),)
    assert found[world.unstaffed.id].addressees == (("Inspektorat Kabupaten Pasuruan", "35-14@kantor.example"),)


def test_a_pic_of_one_network_is_not_asked_by_the_other(world: World) -> None:
    found = queries.contacts([world.regency.id], Network.OMBUDSMAN, date(2026, 3, 13))
    assert found[world.regency.id].pic is None


def test_a_pic_is_not_written_to_before_the_term_begins(world: World) -> None:
    assert queries.contacts([world.regency.id], Network.KEMENSETNEG, date(2024, 1, 1))[world.regency.id].pic is None


def test_contacts_of_many_offices_cost_one_query(world: World, count_queries) -> None:
    ids = list(db.session.scalars(select(Institution.id)))
    with count_queries() as statements:
        assert len(queries.contacts(ids, Network.KEMENSETNEG, date(2026, 3, 13))) == 583
    assert len(statements) == 1


def test_a_pick_list_finds_by_words_and_by_code(app: Flask) -> None:
    assert [one.code for one in queries.pickable("kab. probolinggo")] == ["35.13"]
    assert {one.code for one in queries.pickable("probolinggo")} == {"35.13", "35.74"}
    assert [one.code for one in queries.pickable("35.13")] == ["35.13"]
    assert queries.pickable("100%") == []
