"""Rules in plain sentences."""

from collections.abc import Iterator
from functools import reduce

from flask_babel import gettext as _

from hub.directory.models import Institution, Region
from hub.directory.rules import CITY, PROVINCE, REGENCY, written
from hub.routing.models import RoutingRule
from hub.routing.rules import REGENCY_OR_CITY, Target, words_of
from hub.webkit.labels import label


def region_kinds() -> list[tuple[str, str]]:
    """Value and word of what a rule may ask of a region."""
    return [
        ("", _("any region")),
        (REGENCY_OR_CITY, _("a regency or city")),
        (REGENCY, _("a regency")),
        (CITY, _("a city")),
        (PROVINCE, _("a province")),
    ]


def sentence(rule: RoutingRule) -> str:
    """ "If the purpose is handling and the region is a regency or city, then: the inspectorate …; copy: …." """
    conditions = reduce(_both, _conditions(rule), "")
    start = _("If %(conditions)s, then", conditions=conditions) if conditions else _("In every other case")
    end = _("%(start)s the recipient is %(office)s", start=start, office=_recipient(rule))
    if copies := reduce(_both, map(_target, rule.copy_targets), ""):
        return _("%(sentence)s, with a copy to %(offices)s.", sentence=end, offices=copies)
    return f"{end}."


def _both(one: str, other: str) -> str:
    return _("%(one)s and %(other)s", one=one, other=other) if one else other


def _either(one: str, other: str) -> str:
    return _("%(one)s or %(other)s", one=one, other=other) if one else other


def _conditions(rule: RoutingRule) -> Iterator[str]:
    if rule.purpose:
        yield _("the purpose is %(purpose)s", purpose=_small(label("purpose", rule.purpose).text))
    if rule.complained_of:
        yield _("it is about %(body)s", body=_small(label("complained_of", rule.complained_of).text))
    if rule.region_kind:
        yield _("the region is %(kind)s", kind=dict(region_kinds())[rule.region_kind])
    if rule.region:
        yield _("it lies in %(region)s", region=_place(rule.region))
    if words := words_of(rule):
        yield _("the subject holds %(words)s", words=reduce(_either, (f"“{word}”" for word in words), ""))


def _recipient(rule: RoutingRule) -> str:
    return _place(rule.institution) if rule.institution else _target(rule.recipient)


def _target(target: Target) -> str:
    return _small(label("routing_target", target).text)


def _place(place: Region | Institution) -> str:
    return written(place)


def _small(text: object) -> str:
    """A label in the middle of a sentence."""
    shown = str(text)
    return shown[:1].lower() + shown[1:]
