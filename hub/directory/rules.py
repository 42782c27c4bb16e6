"""Finding the region somebody means, whether two terms of office collide, what codes and numbers may be. Pure.

26 bare names belong to a regency and to a city (Probolinggo, Bogor, ...), so a bare name never picks either.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

PROVINCE, REGENCY, CITY = "provinsi", "kabupaten", "kota"

_KIND = re.compile(r"(provinsi|prov|kabupaten|kab|kota)\b[\s.]*((administrasi|adm)\b[\s.]*)?(?=\S)", re.IGNORECASE)
_KINDS = {"prov": PROVINCE, "kab": REGENCY}
_SPECIAL = re.compile(r"(daerah khusus ibukota|dki|daerah istimewa|d\.?\s?i\.?)\s+(?=\S)", re.IGNORECASE)

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_PAGES = {"import", "export", "new"}
"""Pages of the directory stand at these addresses, where the code of an office would."""
_NUMBER_MARKS = {"{n}", "{MM}", "{YYYY}", "{class}", "{archive}"}
"""Running number, month, year, security class (B, T, R, SR) and archive class of a letter."""
_WEBSITE = re.compile(r"(https?://)?([a-z0-9-]+\.)+[a-z]{2,}(/[^\s\"'<>]*)?", re.IGNORECASE)


class Refused(Exception):
    """A change that would make the directory contradict itself. `field` is the input to mend, `sentence` says how."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class Coded(Protocol):
    """A region or an office."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


class Named(Coded, Protocol):
    """What of a region its name is judged by."""

    @property
    def kind(self) -> str: ...


Place = TypeVar("Place", bound=Named)
Key = TypeVar("Key")
Term = tuple[date, date | None]
"""First and last day, both included."""


@dataclass(frozen=True)
class Match(Generic[Place]):
    """The region that was meant, or those that may have been: ask which one. Both empty: nothing is called so."""

    region: Place | None
    candidates: tuple[Place, ...] = ()


def match_region(text: str, regions: Sequence[Place]) -> Match[Place]:
    """The region that `text` names by code ("35.13") or by full name ("Kabupaten Probolinggo", "Kab. Probolinggo").

    A province may go without the word "Provinsi" where no regency or city is called the same.
    """
    wanted = text.strip()
    for region in regions:
        if region.code == wanted:
            return Match(region)
    kind, name = _taken_apart(wanted)
    namesakes = tuple(region for region in regions if name and _taken_apart(region.name)[1] == name)
    exact = [region for region in namesakes if region.kind == (kind or PROVINCE)]
    if len(exact) == 1 and (kind or len(namesakes) == 1):
        return Match(exact[0])
    return Match(None, namesakes)


def written(place: Coded) -> str:
    """How a region or office is offered for picking, since a name alone could mean another: "Kota Bogor (32.71)"."""
    return f"{place.name} ({place.code})"


def bare_name(name: str) -> str:
    """ "Kabupaten Probolinggo" → "Probolinggo"; "Kota Administrasi Jakarta Pusat" → "Jakarta Pusat"."""
    return _KIND.sub("", name, count=1) if _KIND.match(name) else name


def overlap(first: Term, second: Term) -> bool:
    """True when two terms share a day. A term without an end goes on."""
    return (second[1] is None or first[0] <= second[1]) and (first[1] is None or second[0] <= first[1])


def closes_a_circle(office: Key, supervisor: Key, above: Callable[[Key], Key | None]) -> bool:
    """True when `supervisor` stands under `office` already, or is it. `above` tells who supervises an office."""
    seen: set[Key] = set()
    step: Key | None = supervisor
    while step is not None and step not in seen:
        if step == office:
            return True
        seen.add(step)
        step = above(step)
    return False


def is_number_template(text: str) -> bool:
    """True for a pattern that gives each letter a number of its own: "{class}-{n}/Inspektorat/{archive}/{YYYY}"."""
    marks = re.findall(r"\{[^{}]*\}", text)
    rest = re.sub(r"\{[^{}]*\}", "", text)
    return "{n}" in marks and set(marks) <= _NUMBER_MARKS and not re.search(r"[{}]", rest)


def is_website(text: str) -> bool:
    """True for "inspektorat.example" and "https://inspektorat.example/pengaduan"."""
    return _WEBSITE.fullmatch(text) is not None


def is_code(text: str) -> bool:
    """True for what may stand in the address of an office's page: "35.13", "ORI-15", "KPK"."""
    return _CODE.fullmatch(text) is not None and text.casefold() not in _PAGES


def dialled(text: str) -> str:
    """The first number in `text` as telephones take it: "(0335) 421-234" → "+62335421234". Empty when there is none.

    One without the code of an area or country stays as it is: "110".
    """
    first = re.split(r"[,;/]|\b(?:ext|pes)\b", text, maxsplit=1, flags=re.IGNORECASE)[0].strip()
    digits = re.sub(r"\D", "", first)
    if not digits.strip("0"):
        return ""
    if digits.startswith(("0", "62")):
        return f"+62{digits.removeprefix('62').lstrip('0')}"
    return f"+{digits}" if first.startswith("+") else digits


def whatsapp(text: str) -> str:
    """A mobile number as wa.me takes it: "0812-3456 789" → "628123456789"; empty for a fixed line, which has none."""
    national = dialled(text).removeprefix("+62")
    return f"62{national}" if national.startswith("8") and 8 <= len(national) <= 13 else ""


@lru_cache(maxsize=4096)
def _taken_apart(name: str) -> tuple[str, str]:
    """Kind and letters of a name: "Kab.  Bau-Bau" → ("kabupaten", "baubau"). The kind is "" for a bare name."""
    found = _KIND.match(name.strip())
    word = found[1].lower() if found else ""
    rest = _SPECIAL.sub("", name.strip()[found.end() if found else 0 :], count=1)
    return _KINDS.get(word, word), re.sub(r"[^a-z]", "", rest.lower())
