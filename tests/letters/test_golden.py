"""An invented letter of each kind, word for word and as a picture.

After a change that is meant, `GOLDEN=write .venv/bin/pytest tests/letters/test_golden.py` writes both anew; look at the
pictures before you keep them. A picture may differ by what another version of the libraries does to edges of letters.
"""

import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from hub.letters import document, pdf, samples
from hub.letters.models import LetterKind
from hub.letters.rules import Paper
from tests.conftest import application

GOLDEN = Path(__file__).parent / "golden"
WRITES = os.environ.get("GOLDEN") == "write"
DOTS = 60
"""Dots per inch: enough to see that something moved, in 10 to 21 KB."""
FURTHEST = 4.0
"""Mean difference of grey, of 255: 5.7 when all below Hal moves by a dot (0.4 mm), 3.1 when it is drawn more softly."""
LETTERS = [*((kind, Paper.A4) for kind in LetterKind), (LetterKind.FORWARDING, Paper.F4)]


@pytest.fixture(params=LETTERS, ids=lambda one: f"{one[0]}-{one[1]}")
def printed(request, tmp_path):
    """The PDF of a sample, and the name of its golden files. No database is asked."""
    kind, paper = request.param
    file = tmp_path / "letter.pdf"
    with application("sqlite://", tmp_path).app_context():
        file.write_bytes(pdf.render(document.html(samples.letter(kind, paper), linked=False), "golden"))
    return file, f"{kind}-{paper}"


def test_every_kind_of_letter_reads_as_it_should(printed):
    file, name = printed
    command = ["pdftotext", "-layout", str(file), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    words = "\n".join(" ".join(line.split()) for line in text.replace("\f", "\n").splitlines() if line.strip()) + "\n"
    golden = GOLDEN / f"{name}.txt"
    if WRITES:
        golden.write_text(words)
    assert words == golden.read_text()


def test_every_kind_of_letter_looks_as_it_should(printed, tmp_path):
    file, name = printed
    picture = tmp_path / name
    subprocess.run(["pdftoppm", "-r", str(DOTS), "-gray", "-png", "-singlefile", str(file), str(picture)], check=True)
    golden = GOLDEN / f"{name}.png"
    if WRITES:
        Image.open(f"{picture}.png").convert("L").quantize(16).save(golden, optimize=True)
    made, kept = (Image.open(one).convert("L") for one in (f"{picture}.png", golden))
    assert made.size == kept.size
    assert ImageStat.Stat(ImageChops.difference(made, kept)).mean[0] < FURTHEST
