"""Openings and closings of letters in an office's own words. Pure."""

import re
from collections.abc import Mapping
from typing import Any

MARKS = ("{nomor}", "{tanggal}")
"""What may stand in such a text: number and date of what the letter is about. Of a forwarding letter these are the
hub's reference and the day the complaint came, of a letter that follows it up those of the first letter."""
_ANY_MARK = re.compile(r"\{[^{}]*\}")


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
