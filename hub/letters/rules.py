"""What is printed on a letter, and how numbers, dates and codes are written. Pure.

Form of a surat dinas: Peraturan ANRI 5/2021 and the rules of Kemensetneg and the regions.
"""

import re
import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
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

SHORT_CODE_LENGTH = 10
"""9 characters (40 bits) and a check character: enough only together with a letter number, and throttled."""

CAPACITIES = ("", "plt.", "plh.")
"""How somebody signs: in the own office, or standing in for a while (pelaksana tugas) or for a day (harian)."""

LONGEST_NUMBER = 120

GIST_LENGTH = 900
"""Characters of one value or paragraph that are printed: four long ones still fit on two pages."""
MORE_IN_ANNEX = "… (selengkapnya pada lampiran)"


class Paper(StrEnum):
    """A4 (210 × 297 mm); F4 or folio (215 × 330 mm) is what many local offices print on."""

    A4 = "a4"
    F4 = "f4"


class Security(StrEnum):
    """Who may read a letter (klasifikasi keamanan); the value is its mark in letter numbers."""

    ORDINARY = "B"
    RESTRICTED = "T"
    CONFIDENTIAL = "R"
    TOP_SECRET = "SR"


class Urgency(StrEnum):
    """How soon a letter wants to be dealt with: within 24 hours, twice 24 hours, or as usual."""

    ORDINARY = "ordinary"
    URGENT = "urgent"
    VERY_URGENT = "very_urgent"


class Instruction(StrEnum):
    """What a disposition asks for."""

    ADVISE = "advise"
    PROCEED = "proceed"
    COORDINATE = "coordinate"
    NOTE = "note"


@dataclass(frozen=True)
class LetterContent:
    """Everything printed that no column of Letter holds.

    `addressee`: lines after "Yth."; `place`: of the addressee, printed after "di". `attachments`: "-" or "1 berkas".
    `details`: (label, value) pairs of the table. `paragraphs`: plain text between table and closing; the sentence with
    the limit is one of them (see `limit`). `signing_office`: lines above the signature ("a.n. …" included).
    `contact`: who answers questions, with phone. `annex`: paragraphs on pages of their own behind the letter; what is
    too long for its table. `columns`, `rows`: a list of letters, for a digest.
    `reference`: of the hub, for the attached JSON.

    What is frozen when the letter is submitted or issued, so that it can be printed again as it was: `head` (lines of
    the letterhead), `reach` (address, phone, mail, site), `seat` (place of the date) and its `zone`, `paper`, `emblem`
    (SHA-256 of the image), `archive` (archive class, for the number), `signing_office`. At signing: `signatory` (name),
    `signatory_number` (NIP) and `issuer` (of the certificate, where one signs).
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
    security: Security = Security.ORDINARY
    urgency: Urgency = Urgency.ORDINARY
    contact: str = ""
    annex: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    reference: str = ""
    head: tuple[str, ...] = ()
    reach: str = ""
    seat: str = ""
    paper: Paper = Paper.A4
    emblem: str = ""
    archive: str = ""
    zone: str = ""
    signatory: str = ""
    signatory_number: str = ""
    issuer: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The content as it was before it became JSON (lists are tuples again)."""
        pairs = tuple((str(label), str(value)) for label, value in stored["details"])
        lists = ("addressee", "paragraphs", "copies", "signing_office", "annex", "columns", "head")
        lines = {name: tuple(stored.get(name, ())) for name in lists}
        rows = tuple(tuple(row) for row in stored.get("rows", ()))
        kinds = {
            "security": Security(stored["security"]) if stored["security"] in set(Security) else Security.ORDINARY,
            "urgency": Urgency(stored["urgency"]) if stored["urgency"] in set(Urgency) else Urgency.ORDINARY,
            "paper": Paper(stored.get("paper", Paper.A4)),
        }
        return cls(**{**stored, **lines, **kinds, "details": pairs, "rows": rows})


_SECURITY_WORDS = {
    Security.ORDINARY: "Biasa",
    Security.RESTRICTED: "Terbatas",
    Security.CONFIDENTIAL: "Rahasia",
    Security.TOP_SECRET: "Sangat Rahasia",
}
_URGENCY_WORDS = {Urgency.ORDINARY: "Biasa", Urgency.URGENT: "Segera", Urgency.VERY_URGENT: "Sangat Segera"}


def nature(security: Security, urgency: Urgency) -> str:
    """Sifat: "Biasa", "Segera", "Rahasia" or "Rahasia / Sangat Segera". What is as usual is not said twice."""
    words = (_SECURITY_WORDS[security], _URGENCY_WORDS[urgency])
    told = [word for word in words if word != "Biasa"]
    return " / ".join(told) or "Biasa"


SIGNED_IN_THE_HUB = {"approval": "Disetujui melalui hub", "certificate": "Ditandatangani secara elektronik"}
"""What is printed in place of a signature, by the way of signing."""


def certified(issuer: str) -> str:
    """The foot of a letter that carries an electronic signature, and of no other."""
    return f"Dokumen ini ditandatangani secara elektronik dengan sertifikat yang diterbitkan oleh {issuer}."


_AS_MEANT = str.maketrans("oil", "011")


def number_key(number: str) -> str:
    """The one form of a letter number, however it was typed: no case, spaces, dashes or dots; o is 0, i and l are 1."""
    return "".join(sign for sign in number.lower() if sign.isalnum()).translate(_AS_MEANT)


def number(template: str, running: int, dated: date, security: Security = Security.ORDINARY, archive: str = "") -> str:
    """Letter number, for example "B-12/Kemensetneg/D-4/Dumas/DM.05/06/2019" from "{class}-{n}/…/{archive}/{MM}/{YYYY}".

    The marks that a pattern may hold: hub.directory.rules.is_number_template.
    """
    marks = {
        "{n}": str(running),
        "{MM}": f"{dated:%m}",
        "{YYYY}": f"{dated:%Y}",
        "{class}": security.value,
        "{archive}": archive,
    }
    for mark, value in marks.items():
        template = template.replace(mark, value)
    return template


def tidy_number(typed: str) -> str:
    """A letter number as it is kept when somebody typed it: without line breaks, and no two spaces in a row."""
    return " ".join(typed.split())


def is_number(number: str) -> bool:
    """True for what may stand as the number of a letter: printable, with a digit, at most 120 characters."""
    return len(number) <= LONGEST_NUMBER and number.isprintable() and any(sign.isdigit() for sign in number)


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
    """ "14 (empat belas) hari kerja sejak surat diterima (perkiraan 10 April 2026)".

    `unit` is "hari kerja", "hari" or "jam". The date is an estimate: the limit runs from the proof of receipt.
    """
    guess = f" (perkiraan {date_words(estimated)})" if estimated else ""
    return f"{amount} ({in_words(amount)}) {unit} sejak surat diterima{guess}"


def gist(text: str, length: int = GIST_LENGTH) -> str:
    """The text as far as it is printed: at most `length` characters, cut at a word, and a note where the rest is."""
    text = text.strip()
    if len(text) <= length:
        return text
    room = length - len(MORE_IN_ANNEX)
    cut = text.rfind(" ", room - 60, room + 1)
    return text[: cut if cut > 0 else room].rstrip(" ,;:.") + MORE_IN_ANNEX


def addressee_of(stored: dict[str, Any]) -> str:
    """To whom a letter goes by its stored content, in one line: "Inspektur Kabupaten Probolinggo, Kraksaan"."""
    return ", ".join(part for part in (*stored["addressee"][:1], stored["place"]) if part)


def first_lines(content: LetterContent, length: int = 280) -> str:
    """What a letter is about, for a list: the last row of its table, which tells the matter, else its opening."""
    text = " ".join((content.details[-1][1] if content.details else content.opening).split())
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def file_name(number: str) -> str:
    """The number as the name of a file: "B-12_Kemensetneg_D-4_Dumas_DM.05_06_2019"."""
    return "".join(one if one.isalnum() or one in "-." else "_" for one in number)


def new_code() -> str:
    """A verification code nobody can guess, ending in its check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH - 1))
    return body + _check_character(body)


def read_code(typed: str) -> str | None:
    """The code as stored, from what a person typed (any case, spaces, hyphens); None when it cannot be one."""
    return _read(typed, CODE_LENGTH)


def short_code(mac: bytes) -> str:
    """A code of ten characters from a keyed hash, ending in its check character."""
    rest, body = int.from_bytes(mac), ""
    for _ in range(SHORT_CODE_LENGTH - 1):
        rest, place = divmod(rest, len(ALPHABET))
        body += ALPHABET[place]
    return body + _check_character(body)


def read_short_code(typed: str) -> str | None:
    """The same for a short code."""
    return _read(typed, SHORT_CODE_LENGTH)


def codes_in(text: str) -> list[str]:
    """Every verification code that a text may hold, each once, as it is stored."""
    apart = (read_code(found) for found in _PERHAPS_A_CODE.findall(text.upper()))
    return list(dict.fromkeys(code for code in apart if code))


def grouped(code: str, size: int = 4) -> str:
    """ "ACDE-FGHJ-KMNP-RTVW"."""
    return "-".join(code[at : at + size] for at in range(0, len(code), size))


def _read(typed: str, length: int) -> str | None:
    code = "".join(character for character in typed.upper() if character.isalnum())
    if len(code) != length or set(code) - set(ALPHABET) or _check_character(code[:-1]) != code[-1]:
        return None
    return code


_PERHAPS_A_CODE = re.compile(rf"(?<![A-Z0-9])(?:[{ALPHABET}]-?){{15}}[{ALPHABET}](?![A-Z0-9])")


def _check_character(body: str) -> str:
    """Weighted sum modulo 23 (a prime above the length): finds one wrong character and any two swapped."""
    return ALPHABET[sum(weight * ALPHABET.index(one) for weight, one in enumerate(body, start=1)) % len(ALPHABET)]
