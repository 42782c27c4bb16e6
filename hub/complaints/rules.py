"""What a complaint must look like: clean text, dates as people write them, the words of the import format."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EARLIEST = date(2000, 1, 1)
"""An older date of receipt is a slip of the pen."""

MAX_LINE = {
    "channel": 60,
    "tracking_id": 60,
    "subject": 300,
    "name": 200,
    "contact": 254,
}
MAX_BODY = 500_000
"""Longest text in characters; 200,000 were seen in real exports."""

CHANNELS = (
    "SP4N-LAPOR",
    "Lapor Kand4",
    "WhatsApp",
    "SMS",
    "Telepon",
    "Email",
    "Surat",
    "Tatap muka",
    "Media sosial",
)
"""Channels proposed to the registrar; any other name is accepted as written."""


class IdentityMode(StrEnum):
    OPEN = "open"
    CONCEALED = "concealed"
    ANONYMOUS = "anonymous"


class Classification(StrEnum):
    """SP4N-LAPOR's three kinds: pengaduan, aspirasi, permintaan informasi."""

    COMPLAINT = "complaint"
    ASPIRATION = "aspiration"
    INFORMATION = "information"


class ComplainedOf(StrEnum):
    """The body complained of (terlapor): an office of the region, its inspectorate, or the head of the region."""

    OFFICE = "office"
    INSPECTORATE = "inspectorate"
    HEAD = "head_of_region"


@dataclass(frozen=True)
class Intake:
    """A complaint as received and checked, not yet registered. `name` and `contact` are sealed at once.

    `complained_of_id`: the institution complained of, where it was named.
    """

    channel: str
    tracking_id: str | None
    received_on: date
    region_code: str
    subject: str
    body: str
    classification: Classification = Classification.COMPLAINT
    is_supervisory: bool = False
    identity_mode: IdentityMode = IdentityMode.OPEN
    name: str = ""
    contact: str = ""
    complained_of: ComplainedOf = ComplainedOf.OFFICE
    complained_of_id: int | None = None


IDENTITY_WORDS = {
    "terbuka": IdentityMode.OPEN,
    "rahasia": IdentityMode.CONCEALED,
    "dirahasiakan": IdentityMode.CONCEALED,
    "anonim": IdentityMode.ANONYMOUS,
}
CLASSIFICATION_WORDS = {
    "pengaduan": Classification.COMPLAINT,
    "aspirasi": Classification.ASPIRATION,
    "permintaan informasi": Classification.INFORMATION,
    "informasi": Classification.INFORMATION,
}
COMPLAINED_OF_WORDS = {
    "perangkat daerah": ComplainedOf.OFFICE,
    "opd": ComplainedOf.OFFICE,
    "inspektorat": ComplainedOf.INSPECTORATE,
    "inspektorat daerah": ComplainedOf.INSPECTORATE,
    "kepala daerah": ComplainedOf.HEAD,
    "gubernur": ComplainedOf.HEAD,
    "bupati": ComplainedOf.HEAD,
    "wali kota": ComplainedOf.HEAD,
    "walikota": ComplainedOf.HEAD,
}
FLAG_WORDS = {"ya": True, "y": True, "tidak": False, "t": False}

_SHORTEST_NAME = 3
_ADDRESS = re.compile(r"[^\s,;<>@]+@[^\s,;<>@]+")
_PHONE = re.compile(r"\d(?:[\s.()-]{0,2}\d){7,}")
_BETWEEN = r"[\s.()-]{0,2}"
_MANGLED_NUMBER = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")


def masked(text: str, name: str, contact: str) -> str:
    """`text` with name, mail address and phone number of the citizen taken out, however spaced or capitalised.

    A name of one word counts only as it is capitalised: "Warga" signs letters, and "warga" are in every second one.
    """
    words = name.split()
    if len(name) >= _SHORTEST_NAME:
        flags = re.IGNORECASE if len(words) > 1 else 0
        spaced = r"\s+".join(map(re.escape, words))
        text = re.sub(rf"(?<!\w){spaced}(?!\w)", "[nama pengadu]", text, flags=flags)
    for address in _ADDRESS.findall(contact):
        text = re.sub(re.escape(address), "[kontak pengadu]", text, flags=re.IGNORECASE)
    for number in _PHONE.findall(contact):
        digits = re.sub(r"^(62|0)", "", re.sub(r"\D", "", number))
        text = re.sub(rf"(?<!\d)(?:\+?62|0)?{_BETWEEN}{_BETWEEN.join(digits)}(?!\d)", "[kontak pengadu]", text)
    return text


def same_channel(channel: str) -> str:
    """`channel` in the spelling the hub proposes, when only capitals differ: doubles are found by it."""
    return next((known for known in CHANNELS if known.casefold() == channel.casefold()), channel)


def is_mangled_number(text: str) -> bool:
    """True for 7,03E+06: what a spreadsheet makes of a long tracking number."""
    return _MANGLED_NUMBER.fullmatch(text) is not None


def reference(year: int, running: int) -> str:
    """The hub's own number of a complaint."""
    return f"P-{year}-{running:06d}"
