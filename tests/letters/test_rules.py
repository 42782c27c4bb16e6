from dataclasses import replace
from datetime import date, datetime

import pytest

from hub.letters import rules
from hub.letters.rules import LetterContent

CONTENT = LetterContent(
    addressee=("Inspektur Kabupaten Probolinggo",),
    place="Kraksaan",
    opening="Sehubungan dengan pengaduan masyarakat …",
    signing_office=("Asisten Deputi Pengaduan Masyarakat",),
    details=(("Pengadu", "identitas pengadu ada pada kami"),),
    paragraphs=("Kami mohon tanggapan.",),
)


@pytest.mark.parametrize(
    ("template", "number"),
    [
        ("B-{n}/Kemensetneg/D-4/Dumas/DM.05/{MM}/{YYYY}", "B-7/Kemensetneg/D-4/Dumas/DM.05/06/2019"),
        ("700/{n}/Inspektorat/{YYYY}", "700/7/Inspektorat/2019"),
        ("{0.__class__}/{n}", "{0.__class__}/7"),
    ],
)
def test_the_number_follows_the_template_of_the_institution(template, number):
    assert rules.number(template, 7, date(2019, 6, 27)) == number


def test_dates_are_written_in_indonesian_words():
    assert rules.date_words(date(2019, 6, 27)) == "27 Juni 2019"
    assert rules.date_words(date(2026, 8, 1)) == "1 Agustus 2026"
    assert rules.moment_words(datetime(2019, 6, 27, 13, 5), "WITA") == "27 Juni 2019 pukul 13.05 WITA"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "nol"),
        (3, "tiga"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (14, "empat belas"),
        (20, "dua puluh"),
        (60, "enam puluh"),
        (75, "tujuh puluh lima"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (999, "sembilan ratus sembilan puluh sembilan"),
    ],
)
def test_numbers_are_written_in_words(value, words):
    assert rules.in_words(value) == words


def test_the_limit_names_its_unit_and_that_the_date_is_an_estimate():
    sentence = "14 (empat belas) hari kerja sejak surat diterima (perkiraan 10 April 2026)"
    assert rules.limit(14, "hari kerja", date(2026, 4, 10)) == sentence
    assert rules.limit(5, "hari kerja") == "5 (lima) hari kerja sejak surat diterima"


def test_content_survives_being_stored_as_json():
    assert LetterContent.from_dict(CONTENT.as_dict()) == CONTENT
    assert LetterContent.from_dict(replace(CONTENT, copies=("Bupati",)).as_dict()).copies == ("Bupati",)


def test_a_long_text_is_printed_as_a_gist_that_says_where_the_rest_is():
    text = "kata " * 40_000
    printed = rules.gist(text)
    assert len(printed) <= rules.GIST_LENGTH
    assert printed.endswith("kata" + rules.MORE_IN_ANNEX)
    assert rules.gist(printed) == printed
    assert rules.gist("x" * 5000, 100).endswith(rules.MORE_IN_ANNEX)
    assert rules.gist(" pendek ") == "pendek"


def test_a_code_is_read_however_it_is_typed():
    code = rules.new_code()
    assert len(code) == rules.CODE_LENGTH
    assert set(code) <= set(rules.ALPHABET)
    assert rules.read_code(code) == code
    assert rules.read_code(f"  {rules.grouped(code).lower()} ") == code


def test_every_single_mistake_and_every_swap_in_a_code_is_found():
    code = "34679ACDEFGHJKMN"[:15]
    code += rules._check_character(code)
    for at in range(len(code)):
        for other in rules.ALPHABET.replace(code[at], ""):
            assert rules.read_code(code[:at] + other + code[at + 1 :]) is None
    for at in range(len(code) - 1):
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        assert swapped == code or rules.read_code(swapped) is None
    assert rules.read_code("") is None
    assert rules.read_code("É" * 16) is None
