"""Asking the rules: whom a complaint should go to and why, and who would judge in its own case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from hub.audit.models import Event
from hub.complaints.rules import ComplainedOf
from hub.directory import queries as directory
from hub.directory.models import Institution, InstitutionKind, Region
from hub.extensions import db
from hub.routing.chains import Chain, chains_of
from hub.routing.models import RoutingRule
from hub.routing.rules import Facts, Purpose, Target, first_fitting, last_in_own_case

STREAM = "routing"
"""Stream of the events that tell how the rules changed."""


class Matter(Protocol):
    """What of a complaint is asked about: a complaint is one, and so is a question that somebody tries out."""

    @property
    def office_id(self) -> int | None: ...
    @property
    def region(self) -> Region: ...
    @property
    def subject(self) -> str: ...
    @property
    def complained_of(self) -> ComplainedOf: ...
    @property
    def complained_of_office(self) -> Institution | None: ...


@dataclass(frozen=True)
class Question:
    """A complaint that nobody has registered: what would become of it?"""

    region: Region
    subject: str = ""
    complained_of: ComplainedOf = ComplainedOf.OFFICE
    complained_of_office: Institution | None = None
    office_id: int | None = None


@dataclass(frozen=True)
class Proposal:
    """Who should get the letter. `recipient` is None when the directory has nobody; `why` says so then."""

    recipient: Institution | None
    copies: list[Institution]
    rule: RoutingRule | None
    why: str


@dataclass(frozen=True)
class Conflict:
    """`institution` would judge in its own case. `proposal` is who may: None when the directory has nobody above."""

    institution: Institution
    why: str
    proposal: Institution | None

    @property
    def sentence(self) -> str:
        remedy = _("Forward it to %(name)s.", name=self.proposal.name) if self.proposal else _nobody_above()
        return f"{self.why} {remedy}"


def rules() -> list[RoutingRule]:
    """All rules in the order in which they are tried."""
    return list(
        db.session.scalars(
            select(RoutingRule)
            .options(joinedload(RoutingRule.institution), joinedload(RoutingRule.region))
            .order_by(RoutingRule.position, RoutingRule.id)
        )
    )


@dataclass(frozen=True)
class Change:
    """One change of the rules, as the page tells it."""

    at: datetime
    zone: str
    who: str
    label: str
    proof: str


def history(zone: str, most: int = 10) -> list[Change]:
    """What was changed lately, newest first."""
    words = {
        "rule_added": _("Rule added"),
        "rule_changed": _("Rule changed"),
        "rule_deleted": _("Rule deleted"),
        "rule_moved": _("Order changed"),
    }
    return [
        Change(one.occurred_at, zone, who.name if who else "", words[one.kind], _reason(one))
        for one, who in directory.recorded(STREAM, most)
    ]


def _reason(event: Event) -> str:
    """The sentence of the rule that was changed: people know a rule by it."""
    said = event.details.get("new", {}).get("reason") or event.details.get("old", {}).get("reason")
    return str(said or "")


def propose(matter: Matter, purpose: Purpose) -> Proposal:
    """What the rules say, corrected where they would let somebody judge in its own case. At most seven queries."""
    rule = first_fitting(_facts(matter, purpose), rules())
    if rule is None:
        return Proposal(None, [], None, _("No rule fits. Pick the recipient yourself."))
    return _Surroundings.of(matter, purpose).proposal(rule)


def conflict(matter: Matter, purpose: Purpose, recipient: Institution) -> Conflict | None:
    """Why `recipient` may not get this letter; None when it may. A clarification goes to the body by design."""
    return next(iter(conflicts(matter, purpose, [recipient])), None)


def conflicts(matter: Matter, purpose: Purpose, offices: Sequence[Institution]) -> list[Conflict]:
    """Those of `offices` that would judge in their own case, with the proper recipient. At most five queries."""
    if purpose is not Purpose.HANDLING or not offices or not _is_about_somebody_above(matter):
        return []
    around = _Surroundings.of(matter, purpose, offices)
    return [found for office in offices if (found := around.conflict(office))]


def _is_about_somebody_above(matter: Matter) -> bool:
    """Most complaints are about an office nobody has named, which forwards and handles nothing."""
    return matter.complained_of is not ComplainedOf.OFFICE or matter.complained_of_office is not None


@dataclass(frozen=True)
class _Surroundings:
    """The offices around a matter, and who stands above each."""

    matter: Matter
    purpose: Purpose
    inspectorate: Institution
    province: Institution
    chains: dict[int, Chain] = field(repr=False)

    @classmethod
    def of(cls, matter: Matter, purpose: Purpose, more: Iterable[Institution] = ()) -> "_Surroundings":
        known = directory.inspectorates_of([matter.region.code, matter.region.province_code])
        inspectorate, province = known[matter.region.code], known[matter.region.province_code]
        named = [matter.complained_of_office] if matter.complained_of_office else []
        chains = chains_of([inspectorate, province, *named, *more])
        return cls(matter, purpose, inspectorate, province, chains)

    @property
    def body(self) -> Institution:
        """The body complained of, or the inspectorate that speaks for the region."""
        return self.matter.complained_of_office or self.inspectorate

    @property
    def complained_of(self) -> frozenset[int]:
        """Offices that may not handle it. The inspectorate answers to the head of its region."""
        about, named = self.matter.complained_of, self.matter.complained_of_office
        found = {named.id} if named else set()
        if about is ComplainedOf.HEAD or (about is ComplainedOf.INSPECTORATE and not named):
            found.add(self.inspectorate.id)
        return frozenset(found) if self.purpose is Purpose.HANDLING else frozenset()

    @property
    def superior(self) -> Institution | None:
        """The first above everybody complained of. In a circle that somebody made by hand nobody is."""
        about_head = self.matter.complained_of is ComplainedOf.HEAD
        chain = self.chains[(self.inspectorate if about_head else self.body).id]
        last = self._last_blamed(chain) or 0
        below = {one.id for one in chain[: last + 1]}
        return next((one for one in chain[last + 1 :] if one.id not in below), None)

    def conflict(self, office: Institution) -> Conflict | None:
        chain = self.chains[office.id]
        place = self._last_blamed(chain)
        if place is None:
            return None
        return Conflict(office, self._why(office, chain[place], place), self.superior)

    def _last_blamed(self, chain: Chain) -> int | None:
        answering = {one.id for one in chain if self._answers_to_head(one)}
        return last_in_own_case([one.id for one in chain], self.complained_of | answering)

    def _answers_to_head(self, office: Institution) -> bool:
        """An office of a region serves its head, whoever is entered as its supervisor."""
        about_head = self.purpose is Purpose.HANDLING and self.matter.complained_of is ComplainedOf.HEAD
        is_local = office.kind is InstitutionKind.REGIONAL_OFFICE and office.region_code == self.matter.region.code
        return about_head and is_local

    def _why(self, office: Institution, blamed: Institution, place: int) -> str:
        if self.matter.complained_of is ComplainedOf.HEAD and blamed is not self.matter.complained_of_office:
            return _("%(name)s answers to the head of the region, whom this complaint is about.", name=office.name)
        if place == 0:
            return _("This complaint is about %(name)s, which cannot handle its own case.", name=office.name)
        return _(
            "%(name)s stands below %(blamed)s, which this complaint is about.", name=office.name, blamed=blamed.name
        )

    def proposal(self, rule: RoutingRule) -> Proposal:
        recipient, why = rule.institution or self._meant(rule.recipient), rule.reason
        if recipient is None:
            why = f"{why} {_nobody_above()}"
        else:
            self._know(recipient)
            if found := self.conflict(recipient):
                recipient, why = found.proposal, found.why if found.proposal else found.sentence
        if recipient and recipient.id == self.matter.office_id:
            own = _("That is your own office: pick the recipient yourself.")
            recipient, why = None, f"{why} {own}"
        return Proposal(recipient, self._copies(rule, recipient), rule, why)

    def _copies(self, rule: RoutingRule, recipient: Institution | None) -> list[Institution]:
        """A copy would warn whom the complaint is about as well as the letter would."""
        meant = (self._meant(target) for target in rule.copy_targets)
        others = {one.id: one for one in meant if one and one is not recipient and one.id != self.matter.office_id}
        return [one for one in others.values() if recipient and not self.conflict(one)]

    def _meant(self, target: Target) -> Institution | None:
        match target:
            case Target.INSPECTORATE:
                return self.inspectorate
            case Target.PROVINCE:
                return self.province
            case Target.BODY:
                return self.body
            case Target.SUPERVISOR:
                return self.superior

    def _know(self, office: Institution) -> None:
        """The chain of an office that a rule names; all others are known from the start."""
        if office.id not in self.chains:
            self.chains.update(chains_of([office]))


def _facts(matter: Matter, purpose: Purpose) -> Facts:
    region = matter.region
    return Facts(purpose, matter.complained_of, region.code, region.kind, matter.subject)


def _nobody_above() -> str:
    return _("The directory has nobody above it: pick an office outside its line, or enter its supervisor first.")
