from datetime import date

import pytest

from hub.complaints import rules
from hub.sheets.text import clean_line, clean_text, parse_day


@pytest.mark.parametrize(
    "text",
    ["11/05/2023", "11/5/2023", "11-05-2023", "11.05.2023", "2023-05-11", "11 Mei 2023", "11 mei 2023", "11-Mei-2023",
     "11/05/2023 14:05", "11 Mei 2023 pukul 14.05 WIB"],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_style(text: str) -> None:
    assert parse_day(text) == date(2023, 5, 11)


@pytest.mark.parametrize(
    ("words", "month"),
    [("Jan", 1), ("Pebruari", 2), ("Feb.", 2), ("Maret", 3), ("Apr", 4), ("Jun", 6), ("Juli", 7), ("Agt", 8),
     ("Agustus", 8), ("Sept", 9), ("Okt", 10), ("Nopember", 11), ("Des", 12)],
)  # fmt: skip
def test_indonesian_months_and_their_abbreviations_are_known(words: str, month: int) -> None:
    assert parse_day(f"3 {words} 2024") == date(2024, month, 3)


@pytest.mark.parametrize(
    "text", ["31/02/2023", "12/31/2023", "5/5/23", "11 May 2023", "kemarin", "", "2023", "0/1/2023"]
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert parse_day(text) is None


def test_unseen_characters_vanish_and_the_words_stay() -> None:
    assert clean_line("  Jalan\0 \x07rusak\r\n\u202eparah\u2069 ") == "Jalan rusak parah"
    assert clean_text("satu\r\ndua\rtiga\x00\n\u200fempat\n") == "satu\ndua\ntiga\nempat"


def test_a_known_channel_is_spelt_one_way() -> None:
    assert rules.same_channel("sp4n-lapor") == "SP4N-LAPOR"
    assert rules.same_channel("Radio Desa") == "Radio Desa"


def test_a_number_that_a_spreadsheet_shortened_is_recognised() -> None:
    assert rules.is_mangled_number("7,03E+06")
    assert not rules.is_mangled_number("7033315")
    assert not rules.is_mangled_number("KND4-0001")
