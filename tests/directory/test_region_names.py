"""A complaint about one Probolinggo must never reach the other."""

from collections import defaultdict
from dataclasses import dataclass

import pytest

from hub.directory import offices
from hub.directory.rules import PROVINCE, bare_name, match_region


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    kind: str


REGIONS = [Place(row["code"], row["name"], row["kind"]) for row in offices.regions()]


def namesakes() -> dict[str, list[Place]]:
    by_name: defaultdict[str, list[Place]] = defaultdict(list)
    for region in REGIONS:
        if region.kind != PROVINCE:
            by_name[bare_name(region.name)].append(region)
    return {name: found for name, found in by_name.items() if len(found) > 1}


def test_26_names_are_shared_by_a_regency_and_a_city() -> None:
    assert len(namesakes()) == 26


@pytest.mark.parametrize(("name", "pair"), namesakes().items(), ids=list(namesakes()))
def test_a_shared_name_asks_which_and_the_full_name_answers(name: str, pair: list[Place]) -> None:
    asked = match_region(name, REGIONS)
    assert asked.region is None
    assert set(pair) <= set(asked.candidates)
    for region in pair:
        assert match_region(region.name, REGIONS).region == region
        assert match_region(region.name.upper().replace(" ", "  "), REGIONS).region == region


def test_every_region_is_found_by_its_code_and_by_its_full_name() -> None:
    for region in REGIONS:
        full = f"Provinsi {region.name}" if region.kind == PROVINCE else region.name
        assert match_region(region.code, REGIONS).region == region
        assert match_region(full, REGIONS).region == region


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kab. Probolinggo", "35.13"),
        ("Kab Probolinggo", "35.13"),
        ("kab.probolinggo", "35.13"),
        ("  KABUPATEN   PROBOLINGGO ", "35.13"),
        ("Kota Probolinggo", "35.74"),
        (" 35.13 ", "35.13"),
        ("Prov. Jawa Timur", "35"),
        ("Jawa Timur", "35"),
        ("DKI Jakarta", "31"),
        ("D.I. Yogyakarta", None),
        ("Provinsi DI Yogyakarta", "34"),
        ("Kota Pangkalpinang", "19.71"),
        ("Kota Bau-Bau", "74.72"),
        ("Kota Jakarta Pusat", "31.71"),
        ("Kabupaten Lima Puluh Kota", "13.07"),
        ("Kabupaten Kotabaru", "63.02"),
    ],
)
def test_usual_spellings_are_understood(text: str, code: str | None) -> None:
    found = match_region(text, REGIONS).region
    assert (found.code if found else None) == code


@pytest.mark.parametrize("text", ["Surabaya", "Sleman", "Jambi", "Yogyakarta", "Kabupaten Surabaya"])
def test_what_does_not_say_which_only_proposes(text: str) -> None:
    match = match_region(text, REGIONS)
    assert match.region is None
    assert match.candidates


@pytest.mark.parametrize("text", ["", "   ", "99.99", "3513", "Kabupaten", "Kota", "Atlantis", "'; DROP TABLE regions"])
def test_what_names_no_region_finds_none(text: str) -> None:
    assert match_region(text, REGIONS) == match_region("Atlantis", REGIONS)
