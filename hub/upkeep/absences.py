"""Leave, and who gets the mail of somebody who is away."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from hub.directory import queries as directory
from hub.directory.models import Absence, Institution, Network, Person


class Cover(StrEnum):
    """Who stands in: another person appointed there, the office mailbox, or nobody but the one who is away."""

    PERSON = "person"
    MAILBOX = "mailbox"
    NOBODY = "nobody"


@dataclass(frozen=True)
class StandIn:
    """Who gets the letters to `office` in `network`. `names` are theirs; the mailbox's is its address."""

    office: Institution
    network: Network
    cover: Cover
    names: tuple[str, ...]


@dataclass(frozen=True)
class Leave:
    """One absence, and who stands in on its first day, or on the day that was asked when it has begun."""

    absence: Absence
    has_begun: bool
    stand_ins: tuple[StandIn, ...]


def planned(person: Person, day: date) -> list[Leave]:
    """Leave that is not over on `day`, the next one first."""
    return [
        Leave(one, one.first_day <= day, stand_ins(person, max(one.first_day, day)))
        for one in directory.planned_absences(person, day)
    ]


def stand_ins(person: Person, day: date) -> tuple[StandIn, ...]:
    """For each office that `person` holds on `day`: who would get its mail if the person were away."""
    held = [one for one in person.appointments if one.is_in_force(day)]
    return tuple(_stand_in(person, one.institution, one.network, day) for one in sorted(held, key=lambda one: one.id))


def _stand_in(person: Person, office: Institution, network: Network, day: date) -> StandIn:
    known = directory.contacts([office.id], network, day)[office.id]
    addressees = replace(known, away=known.away | {person.id}).addressees
    mailboxes = (known.office_email, known.second_email)
    if not addressees or any(address == person.email for _, address in addressees):
        return StandIn(office, network, Cover.NOBODY, ())
    if all(address in mailboxes for _, address in addressees):
        return StandIn(office, network, Cover.MAILBOX, tuple(address for _, address in addressees))
    return StandIn(office, network, Cover.PERSON, tuple(name for name, _ in addressees))
