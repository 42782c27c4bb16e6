"""The bench of letters measures what it says, and tells when it falls short."""

import io
import json
import os

import pypdf
import pytest
from click.testing import CliRunner

from hub import config
from hub.bench import letters, printers, writing
from hub.bench.figures import Figure
from hub.bench.printers import NoChromium, Printer, chromium, plain, press
from hub.cli import commands

PINNED = {"letter_warm": 1.25, "letter_batch": 1.0, "letter_two_processes": 1.6}
"""Names that others read, with the floor each ratio has."""


@pytest.fixture(autouse=True)
def without_settings(monkeypatch):
    """A bench needs none, and none that is there changes it."""
    for name in list(os.environ):
        if name.startswith("HUB_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(config, "load", lambda: pytest.fail("a bench must not look at the configured hub"))


@pytest.fixture(scope="module")
def pages():
    return writing.letters(3)


def test_the_hub_writes_the_letters_itself(pages):
    assert len(set(pages)) == 3
    assert all("Penerusan pengaduan: Jalan desa rusak sejak banjir" in page for page in pages)


@pytest.mark.parametrize("program", [press, plain], ids=["press", "plain"])
def test_each_program_prints_one_page(program, pages):
    page = pages[0] if program is press else letters._with_styles(pages)[0]
    with program() as printed:
        assert len(pypdf.PdfReader(io.BytesIO(printed(page))).pages) == 1


@pytest.mark.parametrize("new_tab", [True, False])
def test_chromium_prints_what_the_hub_prints(new_tab, pages):
    with chromium(new_tab) as printed:
        assert printed(letters._with_styles(pages)[1]).startswith(b"%PDF")


def test_all_figures_are_measured_in_one_run(monkeypatch, pages):
    """In few and short turns: speed needs no proof here."""
    for name in ("ROUNDS", "A_TURN"):
        monkeypatch.setattr(letters, name, 1)
    monkeypatch.setattr(letters, "BATCH", 3)
    monkeypatch.setattr(letters, "EARLY", 12)
    monkeypatch.setattr(writing, "letters", lambda _: pages)
    done = CliRunner().invoke(commands, ["bench", "letters", "--letters", "14", "--json"])
    found = json.loads(done.stdout)["figures"]
    assert {name: found[name]["floor"] for name in PINNED} == PINNED
    assert set(found) - set(PINNED) == {"letter_chromium", "letter_chromium_one_tab", "letter_memory"}
    assert all(figure["value"] > 0 and figure["ratio"] > 0 for figure in found.values())
    assert "After 14 letters" in done.stderr


def test_without_chromium_the_rest_is_measured_and_a_sentence_says_why(monkeypatch, pages):
    told = []
    monkeypatch.setattr(letters, "chromium", missing_chromium)
    assert letters.beside_chromium(pages, told.append) == {}
    assert told == ["There is no Chromium on this machine: make bench installs it."]


def missing_chromium(new_tab):
    printers.shutil.which = lambda _: None  # in the process of its own that the bench starts for it
    return chromium(new_tab)


def test_no_chromium_is_told_before_anything_starts(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoChromium, match="make bench"), chromium(new_tab=False):
        pytest.fail("there is none")


def test_a_printer_counts_what_it_printed(pages):
    with Printer(press, pages) as printer:
        before = printer.printed
        printer.a_second([0, 1, 2])
        printer.a_second_singly([0, 1])
        assert printer.printed == before + 5
        assert printer.megabytes > 10


def test_a_figure_below_its_floor_is_told_by_the_exit_code(monkeypatch):
    for ratio, code in ((1.24, 1), (1.25, 0)):
        found = {"letter_warm": Figure(15.0, "letters/s", floor=1.25, ratio=ratio)}
        monkeypatch.setattr(letters, "figures", lambda *_, found=found: found)
        assert CliRunner().invoke(commands, ["bench", "letters", "--json"]).exit_code == code
