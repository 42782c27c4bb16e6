"""How the network of focal points is doing: what is wrong, who was proposed, and how well each province is reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from hub.directory.models import Appointment, AppointmentRole, Network, ReachAnswer, ReachCheck
from hub.directory.queries import in_force
from hub.extensions import db
from hub.upkeep import findings
from hub.upkeep.findings import Finding
from hub.upkeep.provinces import Province, reached
from hub.upkeep.rules import ALARMS, Concern
from hub.upkeep.snapshot import INSPECTORATES, Snapshot, take

_JUDGES = {
    Concern.VACANT: findings.vacant,
    Concern.ENDING: findings.ending,
    Concern.BOUNCING: findings.bouncing,
    Concern.UNCOVERED: findings.uncovered,
    Concern.QUIET: findings.quiet,
    Concern.UNVERIFIED: findings.unverified,
}


@dataclass(frozen=True)
class Health:
    """What `hub directory check` and the page of the network tell. `never_staffed`: inspectorates, by network."""

    day: date
    found: dict[Concern, list[Finding]]
    never_staffed: dict[Network, int]
    provinces: list[Province]

    @property
    def alarms(self) -> int:
        """How many findings cost a letter when nobody does anything."""
        return sum(len(self.found[concern]) for concern in ALARMS)


def health(day: date, networks: Iterable[Network] = tuple(Network)) -> Health:
    """Everything about these networks on `day`, in seven queries."""
    wanted = tuple(networks)
    known = take(day, wanted)
    return Health(
        day=day,
        found={concern: sorted(judge(known), key=_place) for concern, judge in _JUDGES.items()},
        never_staffed={network: _never_staffed(known, network) for network in wanted},
        provinces=reached(known),
    )


@dataclass(frozen=True)
class Proposal:
    """A successor that a PIC named; `networks`: those in which that PIC still holds the office."""

    check: ReachCheck
    networks: list[Network]


def proposals(day: date, networks: Iterable[Network] = tuple(Network)) -> list[Proposal]:
    """Successors named in answers that nobody has decided about, the oldest first. Two queries."""
    wanted = tuple(networks)
    checks = db.session.scalars(
        select(ReachCheck)
        .join(ReachCheck.appointment)
        .where(
            ReachCheck.answer == ReachAnswer.SUCCESSOR,
            ReachCheck.decided_at.is_(None),
            Appointment.network.in_(wanted),
        )
        .options(contains_eager(ReachCheck.appointment).options(joinedload(Appointment.institution)))
        .order_by(ReachCheck.answered_at, ReachCheck.id)
    ).all()
    held = db.session.execute(
        select(Appointment.person_id, Appointment.institution_id, Appointment.network).where(
            Appointment.person_id.in_({check.appointment.person_id for check in checks}),
            Appointment.role == AppointmentRole.PIC,
            in_force(day),
        )
    ).all()
    seats = {(person_id, institution_id, network) for person_id, institution_id, network in held}
    return [
        Proposal(
            check,
            [one for one in wanted if (check.appointment.person_id, check.appointment.institution_id, one) in seats],
        )
        for check in checks
    ]


def _never_staffed(known: Snapshot, network: Network) -> int:
    """Inspectorates that never had a PIC in this network: where a hub begins, and no alarm."""
    first = {terms[0].id for (_, of), terms in known.seats.items() if of is network}
    staffed = sum(known.appointments[id].institution.kind in INSPECTORATES for id in first)
    return sum(known.inspectorates.values()) - staffed


def _place(finding: Finding) -> tuple[str, str]:
    return (finding.code, finding.network or "")
