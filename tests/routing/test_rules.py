"""Which rule speaks, which never does, and who would judge in its own case."""

import pytest

from hub.complaints.rules import ComplainedOf
from hub.routing.rules import Facts, Purpose, Target, Terms, covering, first_fitting, fits_everything, last_in_own_case


def terms(**conditions: object) -> Terms:
    return Terms(recipient=Target.INSPECTORATE, reason="Karena begitu.", **conditions)  # type: ignore[arg-type]


FACTS = Facts(Purpose.HANDLING, ComplainedOf.OFFICE, "35.13", "kabupaten", "Guru sekolahnya menarik pungutan liar")
ANYTHING = terms()


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({}, True),
        ({"purpose": Purpose.HANDLING}, True),
        ({"purpose": Purpose.CLARIFICATION}, False),
        ({"complained_of": ComplainedOf.OFFICE}, True),
        ({"complained_of": ComplainedOf.HEAD}, False),
        ({"region_kind": "kab/kota"}, True),
        ({"region_kind": "kabupaten"}, True),
        ({"region_kind": "kota"}, False),
        ({"region_kind": "provinsi"}, False),
        ({"region_code": "35.13"}, True),
        ({"region_code": "35"}, True),
        ({"region_code": "35.1"}, False),
        ({"region_code": "33"}, False),
        ({"words": "sekolah"}, True),
        ({"words": "jalan, PUNGUTAN LIAR"}, True),
        ({"words": "liar."}, False),
        ({"words": "ungutan"}, False),
        ({"words": " , "}, True),
        ({"words": "sekolah", "region_code": "33"}, False),
    ],
)
def test_a_rule_fits_when_all_its_conditions_do(conditions: dict[str, object], fits: bool) -> None:
    assert (first_fitting(FACTS, [terms(**conditions)]) is not None) is fits


def test_the_first_rule_that_fits_speaks() -> None:
    clarification, regency = terms(purpose=Purpose.CLARIFICATION), terms(region_kind="kabupaten")
    assert first_fitting(FACTS, [clarification, regency, ANYTHING]) is regency
    assert first_fitting(FACTS, [ANYTHING, regency]) is ANYTHING
    assert first_fitting(FACTS, [clarification]) is None


@pytest.mark.parametrize(
    ("earlier", "later", "is_covered"),
    [
        ({}, {}, True),
        ({}, {"purpose": Purpose.HANDLING}, True),
        ({"purpose": Purpose.HANDLING}, {}, False),
        ({"purpose": Purpose.HANDLING}, {"purpose": Purpose.CLARIFICATION}, False),
        ({"region_kind": "kab/kota"}, {"region_kind": "kota"}, True),
        ({"region_kind": "kota"}, {"region_kind": "kab/kota"}, False),
        ({"region_kind": "kab/kota"}, {"region_code": "35.13"}, True),
        ({"region_kind": "kab/kota"}, {"region_code": "35"}, False),
        ({"region_code": "35"}, {"region_code": "35.13"}, True),
        ({"region_code": "35"}, {}, False),
        ({"words": "jalan, sekolah"}, {"words": "sekolah"}, True),
        ({"words": "jalan"}, {"words": "jalan, sekolah"}, False),
        ({"words": "jalan"}, {}, False),
    ],
)
def test_a_rule_that_an_earlier_one_covers_never_speaks(
    earlier: dict[str, object], later: dict[str, object], is_covered: bool
) -> None:
    assert (covering(terms(**later), [terms(**earlier)]) is not None) is is_covered


def test_only_a_rule_without_a_condition_fits_everything() -> None:
    assert fits_everything(ANYTHING)
    assert not fits_everything(terms(words="jalan"))


@pytest.mark.parametrize(
    ("chain", "complained_of", "last"),
    [
        ([3, 2, 1], {3}, 0),  # the one complained of itself
        ([4, 3, 2, 1], {3}, 1),  # below it
        ([2, 1], {3}, None),  # above it
        ([3, 2, 1], {3, 2}, 1),  # two of them: only who stands above both may handle it
        ([3, 2, 1], set(), None),
    ],
)
def test_nobody_handles_a_complaint_about_itself_or_its_superior(
    chain: list[int], complained_of: set[int], last: int | None
) -> None:
    assert last_in_own_case(chain, complained_of) == last
