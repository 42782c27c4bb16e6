"""Circles of supervision, numbers of letters, phones and web addresses."""

import pytest

from hub.directory.rules import closes_a_circle, dialled, is_code, is_number_template, is_website, whatsapp


def test_a_circle_is_found_however_long_it_is() -> None:
    above = {1: 2, 2: 3, 3: 4, 4: None, 8: 9, 9: 8}.get
    assert closes_a_circle(4, 1, above)
    assert closes_a_circle(3, 1, above)
    assert closes_a_circle(1, 1, above)
    assert not closes_a_circle(1, 4, above)
    assert not closes_a_circle(7, 8, above), "an old circle elsewhere does not hold up the walk"


@pytest.mark.parametrize("text", ["{n}", "700/{n}/Inspektorat/{YYYY}", "{class}-{n}/{archive}/{MM}/{YYYY}"])
def test_a_pattern_of_numbers_has_a_place_for_the_number(text: str) -> None:
    assert is_number_template(text)


@pytest.mark.parametrize("text", ["", "700/Inspektorat", "{N}", "{n}/{nama}", "{n", "n}", "{n}}", "{{n}}"])
def test_a_pattern_that_gives_no_number_is_none(text: str) -> None:
    assert not is_number_template(text)


@pytest.mark.parametrize("text", ["inspektorat.example", "https://inspektorat.example/a?b=1", "a-b.c.example"])
def test_web_addresses(text: str) -> None:
    assert is_website(text)


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "//x.example", "inspektorat", "http://a b.example", '"x.go.id']
)
def test_what_is_no_web_address(text: str) -> None:
    assert not is_website(text)


@pytest.mark.parametrize(
    ("text", "number", "mobile"),
    [
        ("(0335) 421-234", "+62335421234", ""),
        ("0812-3456 789", "+628123456789", "628123456789"),
        ("+62 812 3456 789", "+628123456789", "628123456789"),
        ("+62 (0)812 3456 789", "+628123456789", "628123456789"),
        ("62 812 3456 789 / 0813", "+628123456789", "628123456789"),
        ("0335 421234 ext. 12", "+62335421234", ""),
        ("0335 421234 pes 12", "+62335421234", ""),
        ("+82 2 1234 5678", "+82212345678", ""),
        ("110", "110", ""),
        ("", "", ""),
        ("000", "", ""),
        ("belum ada", "", ""),
    ],
)
def test_a_number_is_dialled_as_telephones_take_it(text: str, number: str, mobile: str) -> None:
    assert (dialled(text), whatsapp(text)) == (number, mobile)


@pytest.mark.parametrize("text", ["35.13", "ORI-15", "KPK", "3"])
def test_a_code_is_short_and_plain(text: str) -> None:
    assert is_code(text)


@pytest.mark.parametrize("text", ["", "-1", ".", "A B", "K/P", "K_P", "Ä", "Import"])
def test_a_code_is_nothing_else(text: str) -> None:
    assert not is_code(text)
