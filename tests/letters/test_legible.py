from hub.letters.legible import OTHER_SCRIPT, legible


def test_what_the_fonts_have_stays_as_it_was_written():
    text = "Jalan rusak – “parah”, Rp 1.000 • é ☺ مرحبا שלום Ελλάδα"
    assert legible(text) == text


def test_a_sign_that_no_font_has_is_named():
    assert legible("awas \N{OCTAGONAL SIGN}!") == "awas [simbol: octagonal sign]!"
    assert legible("\N{OCTAGONAL SIGN}\N{OCTAGONAL SIGN}").count("octagonal sign") == 2


def test_foreign_writing_is_said_once_however_long():
    assert legible("nama: " + "中文" * 40 + ", ya") == f"nama: {OTHER_SCRIPT}, ya"


def test_what_has_no_form_is_left_alone():
    assert legible("a\u202eb\u202c\ufe0f\u200d") == "a\u202eb\u202c\ufe0f\u200d"


def test_control_characters_go():
    assert legible("a\x00b\x0bc\x7fd\ne\tf\ud800") == "abcd\ne\tf"
