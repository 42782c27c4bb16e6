"""Whom a complaint is forwarded to, and when a recipient would judge in its own case. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from hub.complaints.rules import ComplainedOf
from hub.directory.rules import CITY, PROVINCE, REGENCY


class Purpose(StrEnum):
    """`handling`: please deal with it. `clarification`: explain yourself (Ombudsman, UU 37/2008 art. 33)."""

    HANDLING = "handling"
    CLARIFICATION = "clarification"


class Target(StrEnum):
    """Which office a rule means, seen from the region and the body a complaint is about.

    `inspectorate`: of the region; `province`: the one of its province; `body`: the body complained of, or where the hub
    does not have it, the inspectorate that speaks for the region; `supervisor`: who watches over the body.
    """

    INSPECTORATE = "inspectorate"
    PROVINCE = "province"
    BODY = "body"
    SUPERVISOR = "supervisor"


REGENCY_OR_CITY = "kab/kota"
REGION_KINDS = {
    "": frozenset({PROVINCE, REGENCY, CITY}),
    PROVINCE: frozenset({PROVINCE}),
    REGENCY_OR_CITY: frozenset({REGENCY, CITY}),
    REGENCY: frozenset({REGENCY}),
    CITY: frozenset({CITY}),
}
"""What a rule may ask of a region, and the kinds of region that fit it."""


@dataclass(frozen=True)
class Facts:
    """What of a complaint and its forwarding decides the way."""

    purpose: Purpose
    complained_of: ComplainedOf
    region_code: str
    region_kind: str
    subject: str


class Rule(Protocol):
    """The conditions of a rule. One that is empty fits everything."""

    @property
    def purpose(self) -> Purpose | None: ...
    @property
    def complained_of(self) -> ComplainedOf | None: ...
    @property
    def region_kind(self) -> str: ...
    @property
    def region_code(self) -> str | None: ...
    @property
    def words(self) -> str: ...


AnyRule = TypeVar("AnyRule", bound=Rule)


@dataclass(frozen=True)
class Terms:
    """Everything that a rule says, apart from its place in the order."""

    recipient: Target
    reason: str
    purpose: Purpose | None = None
    complained_of: ComplainedOf | None = None
    region_kind: str = ""
    region_code: str | None = None
    words: str = ""
    institution_id: int | None = None
    copies: str = ""


def first_fitting(facts: Facts, rules: Iterable[AnyRule]) -> AnyRule | None:
    """The rule that speaks: the first, in the order given, whose every condition fits."""
    return next((rule for rule in rules if _fits(rule, facts)), None)


def fits_everything(rule: Rule) -> bool:
    return not (rule.purpose or rule.complained_of or rule.region_kind or rule.region_code or rule.words)


def covering(rule: Rule, earlier: Iterable[AnyRule]) -> AnyRule | None:
    """The first of the `earlier` rules that fits whatever `rule` fits, so that `rule` never speaks."""
    return next((one for one in earlier if _covers(one, rule)), None)


def words_of(rule: Rule) -> tuple[str, ...]:
    """Its words in small letters."""
    return tuple(word for word in (part.strip().casefold() for part in rule.words.split(",")) if word)


def last_in_own_case(chain: Sequence[int], complained_of: Collection[int]) -> int | None:
    """Where in `chain` (an office, then who supervises it, and so on) the last one complained of stands.

    That one and all before it would judge in their own case; whoever comes after may handle it. None: nobody would.
    """
    return max((place for place, id in enumerate(chain) if id in complained_of), default=None)


def first_above_all(chains: Sequence[Sequence[int]]) -> int | None:
    """The first that stands above the office with which each chain begins, and is none of these offices."""
    offices = {chain[0] for chain in chains}
    above = [set(chain[1:]) for chain in chains]
    common = set.intersection(*above) - offices if above else set()
    return next((one for one in chains[0][1:] if one in common), None) if common else None


def _fits(rule: Rule, facts: Facts) -> bool:
    return (
        rule.purpose in (None, facts.purpose)
        and rule.complained_of in (None, facts.complained_of)
        and facts.region_kind in REGION_KINDS[rule.region_kind]
        and _lies_in(facts.region_code, rule.region_code)
        and _speaks_of(facts.subject, words_of(rule))
    )


def _covers(earlier: Rule, later: Rule) -> bool:
    return (
        earlier.purpose in (None, later.purpose)
        and earlier.complained_of in (None, later.complained_of)
        and _kinds(later) <= _kinds(earlier)
        and _lies_in(later.region_code or "", earlier.region_code)
        and (not earlier.words or (bool(later.words) and set(words_of(later)) <= set(words_of(earlier))))
    )


def _kinds(rule: Rule) -> frozenset[str]:
    """Kinds of region that a rule can fit; 35.13 and the like are never provinces."""
    lower = frozenset({REGENCY, CITY}) if "." in (rule.region_code or "") else REGION_KINDS[""]
    return REGION_KINDS[rule.region_kind] & lower


def _lies_in(code: str, wanted: str | None) -> bool:
    return not wanted or code == wanted or code.startswith(f"{wanted}.")


def _speaks_of(subject: str, words: Sequence[str]) -> bool:
    """True when a word of the subject begins so: "sekolah" is found in "sekolahnya", "tani" not in "pertanian"."""
    return not words or any(re.search(rf"(?<!\w){re.escape(word)}", subject.casefold()) for word in words)
