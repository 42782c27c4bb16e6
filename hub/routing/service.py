"""Keeping the routing rules. The last one always fits everything, so that each complaint finds a way."""

from dataclasses import asdict, fields
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from hub.audit.rules import person
from hub.audit.service import record
from hub.complaints.rules import ComplainedOf
from hub.directory.models import Person
from hub.extensions import db
from hub.routing import queries
from hub.routing.models import RoutingRule
from hub.routing.rules import REGENCY_OR_CITY, Purpose, Target, Terms, covering, fits_everything

FIRST_RULES = (
    Terms(
        purpose=Purpose.CLARIFICATION,
        recipient=Target.BODY,
        reason="Klarifikasi diminta dari terlapor sendiri (UU 37/2008 Pasal 33).",
    ),
    Terms(
        purpose=Purpose.HANDLING,
        complained_of=ComplainedOf.INSPECTORATE,
        recipient=Target.SUPERVISOR,
        reason="Inspektorat tidak menangani pengaduan tentang dirinya sendiri; pembinanya yang menangani.",
    ),
    Terms(
        purpose=Purpose.HANDLING,
        complained_of=ComplainedOf.HEAD,
        recipient=Target.SUPERVISOR,
        reason="Inspektorat bertanggung jawab kepada kepala daerah yang diadukan; pembinanya yang menangani.",
    ),
    Terms(
        purpose=Purpose.HANDLING,
        region_kind=REGENCY_OR_CITY,
        recipient=Target.INSPECTORATE,
        copies=Target.PROVINCE.value,
        reason="Urusan kabupaten atau kota ditangani inspektoratnya; inspektorat provinsi mengetahui.",
    ),
    Terms(recipient=Target.INSPECTORATE, reason="Inspektorat daerah mengawasi perangkat daerahnya."),
)


class CannotChange(ValueError):
    """The sentence says why the rules stay as they are, and what to do instead."""


def seed() -> None:
    """The rules a new hub starts with, where there are none."""
    if db.session.scalar(select(RoutingRule.id).limit(1)) is None:
        db.session.add_all(_row(terms, place) for place, terms in enumerate(FIRST_RULES, 1))
        db.session.flush()


def add(terms: Terms, by: Person) -> RoutingRule:
    """A new rule, placed before the first one that would leave it nothing to say."""
    rules = _locked()
    rule = _row(terms, 0)
    before = covering(rule, rules)
    rules.insert(rules.index(before) if before else len(rules), rule)
    db.session.add(rule)
    _keep(rules)
    _record("rule_added", rule, by, new=_told(rule))
    return rule


def change(rule: RoutingRule, terms: Terms, by: Person) -> None:
    """Raises CannotChange when the last rule would no longer fit everything."""
    rules, old = _locked(), _told(rule)
    for name, value in asdict(terms).items():
        setattr(rule, name, value)
    _keep(rules)
    if (new := _told(rule)) != old:
        _record("rule_changed", rule, by, old=old, new=new)


def delete(rule: RoutingRule, by: Person) -> None:
    """Raises CannotChange for the last rule."""
    rules, old = _locked(), _told(rule)
    rules.remove(rule)
    _keep(rules)
    _record("rule_deleted", rule, by, old=old)
    db.session.delete(rule)


def move(rule: RoutingRule, up: bool, by: Person) -> None:
    """One place up or down, as far as there is one. Raises CannotChange when the last rule would leave its place."""
    rules = _locked()
    place = rules.index(rule)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rules):
        return
    rules[place], rules[other] = rules[other], rules[place]
    _keep(rules)
    told = {"reason": rule.reason}
    _record("rule_moved", rule, by, old={"position": place + 1}, new={"position": other + 1, **told})


def _locked() -> list[RoutingRule]:
    """All rules in order; whoever changes them next waits."""
    db.session.execute(select(RoutingRule.id).order_by(RoutingRule.id).with_for_update())
    db.session.expire_all()
    return queries.rules()


def _keep(rules: list[RoutingRule]) -> None:
    if not rules or not fits_everything(rules[-1]):
        raise CannotChange(
            _("The last rule must fit every complaint, or some would have no way. It stays last, without a condition.")
        )
    for place, rule in enumerate(rules, 1):
        rule.position = place
    db.session.flush()


def _row(terms: Terms, position: int) -> RoutingRule:
    return RoutingRule(position=position, **asdict(terms))


def _told(rule: RoutingRule) -> dict[str, Any]:
    """What the record keeps of a rule: what it says, without what is empty."""
    values = {one.name: getattr(rule, one.name) for one in fields(Terms)}
    return {name: value for name, value in values.items() if value}


def _record(kind: str, rule: RoutingRule, by: Person, **details: dict[str, Any]) -> None:
    record(queries.STREAM, kind, person(by.id), {"rule": rule.id, **details})
