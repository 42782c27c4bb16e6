"""What is printed on a letter, and how numbers, dates and codes are written. Pure.

Form of a surat dinas: Peraturan ANRI 5/2021 and the rules of Kemensetneg and the regions.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Self

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")

ALPHABET = "34679ACDEFGHJKMNPRTVWXY"
"""Letters and digits that nobody mistakes for another (no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U, Q). 23 is prime."""
CODE_LENGTH = 16
"""15 random characters (68 bits) and a check character."""

GIST_LENGTH = 900
"""Characters of one value or paragraph that are printed: four long ones still fit on two pages."""
MORE_IN_HUB = "… (selengkapnya pada lampiran/hub)"


@dataclass(frozen=True)
class LetterContent:
    """Everything printed that no column of Letter holds.

    `addressee`: lines after "Yth."; `place`: of the addressee, printed after "di". `attachments`: "-" or "1 berkas".
    `details`: (label, value) pairs of the table. `paragraphs`: plain text between table and closing; the sentence with
    the limit is one of them (see `limit`). `signing_office`: lines above the signature ("a.n. …" included).
    `contact`: who answers questions, with phone. `reference`: under which number the hub keeps the matter.
    """

    addressee: tuple[str, ...]
    place: str
    opening: str
    signing_office: tuple[str, ...]
    details: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    closing: str = "Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih."
    copies: tuple[str, ...] = ()
    attachments: str = "-"
    security: str = "Biasa"
    urgency: str = "Biasa"
    contact: str = ""
    reference: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The content as it was before it became JSON (lists are tuples again)."""
        pairs = tuple((str(label), str(value)) for label, value in stored["details"])
        lines = {name: tuple(stored[name]) for name in ("addressee", "paragraphs", "copies", "signing_office")}
        return cls(**{**stored, **lines, "details": pairs})


_AS_MEANT = str.maketrans("oil", "011")


def number_key(number: str) -> str:
    """The one form of a letter number, however it was typed: no case, spaces, dashes or dots; o is 0, i and l are 1."""
    return "".join(sign for sign in number.lower() if sign.isalnum()).translate(_AS_MEANT)


def number(template: str, running: int, dated: date) -> str:
    """Letter number, for example "B-12/Kemensetneg/D-4/Dumas/DM.05/06/2019" from "B-{n}/…/{MM}/{YYYY}"."""
    marks = {"{n}": str(running), "{MM}": f"{dated:%m}", "{YYYY}": f"{dated:%Y}"}
    for mark, value in marks.items():
        template = template.replace(mark, value)
    return template


def date_words(day: date) -> str:
    """ "27 Juni 2019"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_words(local: datetime, zone: str) -> str:
    """ "27 Juni 2019 pukul 13.30 WIB". `local` is already on the clocks of `zone`."""
    return f"{date_words(local.date())} pukul {local:%H.%M} {zone}"


def in_words(value: int) -> str:
    """A number from 0 to 999 in Indonesian: 14 → "empat belas"."""
    if not 0 <= value <= 999:
        raise ValueError(f"{value} is not between 0 and 999")
    if value < 10:
        return _DIGITS[value]
    if value < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(value) or f"{_DIGITS[value - 10]} belas"
    if value < 100:
        return f"{_DIGITS[value // 10]} puluh{_rest(value % 10)}"
    hundreds = "seratus" if value < 200 else f"{_DIGITS[value // 100]} ratus"
    return hundreds + _rest(value % 100)


def _rest(value: int) -> str:
    return f" {in_words(value)}" if value else ""


def limit(amount: int, unit: str, estimated: date | None = None) -> str:
    """ "14 (empat belas) hari kerja sejak surat diterima, perkiraan 10 April 2026".

    `unit` is "hari kerja", "hari" or "jam". The date is an estimate: the limit runs from the proof of receipt.
    """
    guess = f", perkiraan {date_words(estimated)}" if estimated else ""
    return f"{amount} ({in_words(amount)}) {unit} sejak surat diterima{guess}"


def gist(text: str, length: int = GIST_LENGTH) -> str:
    """The text as far as it is printed: at most `length` characters, cut at a word, and a note where the rest is."""
    text = text.strip()
    if len(text) <= length:
        return text
    room = length - len(MORE_IN_HUB)
    cut = text.rfind(" ", room - 60, room + 1)
    return text[: cut if cut > 0 else room].rstrip(" ,;:.") + MORE_IN_HUB


def new_code() -> str:
    """A verification code nobody can guess, ending in its check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH - 1))
    return body + _check_character(body)


def read_code(typed: str) -> str | None:
    """The code as stored, from what a person typed (any case, spaces, hyphens); None when it cannot be one."""
    code = "".join(character for character in typed.upper() if character.isalnum())
    if len(code) != CODE_LENGTH or set(code) - set(ALPHABET) or _check_character(code[:-1]) != code[-1]:
        return None
    return code


def grouped(code: str) -> str:
    """ "ACDE-FGHJ-KMNP-RTVW"."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _check_character(body: str) -> str:
    """Weighted sum modulo 23 (a prime above the length): finds one wrong character and any two swapped."""
    return ALPHABET[sum(weight * ALPHABET.index(one) for weight, one in enumerate(body, start=1)) % len(ALPHABET)]
