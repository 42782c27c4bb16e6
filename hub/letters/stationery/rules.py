"""Openings and closings in an office's own words, archive classes, and what an emblem must be. Pure."""

import re
from collections.abc import Mapping
from typing import Any

MARKS = ("{nomor}", "{tanggal}")
"""What may stand in such a text: number and date of what the letter is about. Of a forwarding letter these are the
hub's reference and the day the complaint came, of a letter that follows it up those of the first letter."""
_ANY_MARK = re.compile(r"\{[^{}]*\}")

MOST_OFFICE_LINES = 4
"""Lines above a signature: "a.n. …", the office, "u.b.", the office that signs."""
LARGEST_EMBLEM = 1024 * 1024
SMALLEST_SIDE, LARGEST_SIDE = 100, 3000
"""Pixels. It is printed 22 mm high: 100 are 115 dpi, and 3000 fill a poster."""
WIDEST = 3
"""How many times one side may be as long as the other: what is longer is a banner, not an emblem."""


def unknown_marks(text: str) -> list[str]:
    """Marks that nothing would be put in for."""
    return [mark for mark in _ANY_MARK.findall(text) if mark not in MARKS]


def filled(text: str, number: str, day: str) -> str:
    """The text with number and date in place of its marks."""
    return text.replace("{nomor}", number).replace("{tanggal}", day)


def chosen(texts: Mapping[str, Any], kind: str, part: str, number: str, day: str) -> str:
    """The office's own `part` ("opening" or "closing") for this kind of letter, filled in; "" when it has none."""
    return filled(str(texts.get(kind, {}).get(part, "")), number, day)


def archive_code(line: str) -> str:
    """ "DM.05" of "DM.05 Pengaduan masyarakat"."""
    return line.split(maxsplit=1)[0] if line.strip() else ""


def lines_of(text: str) -> list[str]:
    """What was typed line by line, without empty lines and spaces around."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_sane(width: int, height: int) -> bool:
    """True for an image that can be printed as an emblem."""
    shorter, longer = sorted((width, height))
    return shorter >= SMALLEST_SIDE and longer <= LARGEST_SIDE and longer <= WIDEST * shorter
