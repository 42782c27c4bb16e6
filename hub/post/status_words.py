"""How the post writes what it saw and when. Pure."""

import re
from datetime import datetime, tzinfo

from hub.post.rules import ScanKind

STATUS_WORDS = {
    "posting loket": ScanKind.IN_TRANSIT,
    "posting": ScanKind.IN_TRANSIT,
    "manifest serah": ScanKind.IN_TRANSIT,
    "manifest terima": ScanKind.IN_TRANSIT,
    "proses antar": ScanKind.IN_TRANSIT,
    "dalam perjalanan": ScanKind.IN_TRANSIT,
    "antar gagal": ScanKind.ATTEMPT_FAILED,
    "gagal antar": ScanKind.ATTEMPT_FAILED,
    "selesai antar": ScanKind.DELIVERED,
    "retur": ScanKind.RETURNED,
    "kembali ke pengirim": ScanKind.RETURNED,
}
"""Scan words of Pos and what they mean; more may follow a word, as in "Retur ke pengirim"."""

_MOMENT = r"(?:[ T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?)?"
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}}){_MOMENT}\s*(Z|[+-]\d{{2}}:?\d{{2}})?")
_DAY_FIRST = re.compile(rf"(?P<d>\d{{1,2}})[/-](?P<m>\d{{1,2}})[/-](?P<y>\d{{4}}){_MOMENT}()")
_CENTURY = range(2000, 2100)


def kind_of(status: str) -> ScanKind | None:
    """What a status means, in any case; None for a word that is not known."""
    words = " ".join(status.casefold().split())
    return next((kind for word, kind in STATUS_WORDS.items() if re.match(rf"{word}\b", words)), None)


def moment_of(text: str, zone: tzinfo) -> datetime | None:
    """The moment in "2026-03-14 09:30[:00]", "14/03/2026 09:30" or ISO, in `zone` unless the text names an offset.

    A day alone is its noon. None for what is no date.
    """
    found = _YEAR_FIRST.fullmatch(text.strip()) or _DAY_FIRST.fullmatch(text.strip())
    if found is None or int(found["y"]) not in _CENTURY:
        return None
    hour, minute, second, offset = found.groups()[3:]
    written = f"{found['y']}-{found['m']:0>2}-{found['d']:0>2}T{hour or 12:0>2}:{minute or '00'}:{second or '00'}"
    try:
        moment = datetime.fromisoformat(written + (offset or ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
