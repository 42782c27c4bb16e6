"""Typed and pasted text made clean, and dates as people write them. Pure."""

import re
import unicodedata
from datetime import date

_MONTHS = (
    "januari jan|februari feb pebruari peb|maret mar|april apr|mei|juni jun|juli jul|agustus agu agt agst ags agust|"
    "september sep sept|oktober okt|november nov nopember nop|desember des"
)
_MONTH_NUMBERS = {word: number for number, words in enumerate(_MONTHS.split("|"), 1) for word in words.split()}

_TIME = r"(?:,?[ T](?:pukul )?\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?: WI(?:B|TA|T))?)?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_IN_WORDS = re.compile(rf"(\d{{1,2}})[ -]([A-Za-z]+)\.?[ -](\d{{4}}){_TIME}")
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}")

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters; PostgreSQL refuses NUL
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"  # direction overrides, which show a text reversed
    "\ud800-\udfff]"  # halves of characters, which no file can hold
)


def clean_line(text: str) -> str:
    """One line without unseen characters, each run of white space a single blank."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split())


def clean_text(text: str) -> str:
    """Several lines without unseen characters; line ends become a single newline."""
    lines = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).replace("\r\n", "\n").replace("\r", "\n")
    return lines.strip()


def parse_day(text: str) -> date | None:
    """The date in 31/12/2023, 31-12-2023, 11 Mei 2023, 11 Agt. 2023 or 2023-12-31, a time behind it ignored."""
    if match := _DAY_FIRST.fullmatch(text):
        day, _, month, year = match.groups()
    elif match := _IN_WORDS.fullmatch(text):
        day, word, year = match.groups()
        month = str(_MONTH_NUMBERS.get(word.lower(), 0))
    elif match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
