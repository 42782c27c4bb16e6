"""Finding the region somebody means, and whether two terms of office collide. Pure.

26 bare names belong to a regency and to a city (Probolinggo, Bogor, ...), so a bare name never picks either.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

PROVINCE, REGENCY, CITY = "provinsi", "kabupaten", "kota"

_KIND = re.compile(r"(provinsi|prov|kabupaten|kab|kota)\b[\s.]*((administrasi|adm)\b[\s.]*)?(?=\S)", re.IGNORECASE)
_KINDS = {"prov": PROVINCE, "kab": REGENCY}
_SPECIAL = re.compile(r"(daerah khusus ibukota|dki|daerah istimewa|d\.?\s?i\.?)\s+(?=\S)", re.IGNORECASE)


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


@lru_cache(maxsize=4096)
def _taken_apart(name: str) -> tuple[str, str]:
    """Kind and letters of a name: "Kab.  Bau-Bau" → ("kabupaten", "baubau"). The kind is "" for a bare name."""
    found = _KIND.match(name.strip())
    word = found[1].lower() if found else ""
    rest = _SPECIAL.sub("", name.strip()[found.end() if found else 0 :], count=1)
    return _KINDS.get(word, word), re.sub(r"[^a-z]", "", rest.lower())
