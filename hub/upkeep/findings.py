"""What is wrong with the seats and contacts of one snapshot, and whose business it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hub import clock
from hub.directory.models import Appointment, Network
from hub.directory.rules import Coded, written
from hub.upkeep import rules
from hub.upkeep.rules import Concern
from hub.upkeep.snapshot import Snapshot


@dataclass(frozen=True)
class Finding:
    """One thing that needs somebody. `code` and `name` (with its code) are of an institution, or an uncovered region.

    `person`: who holds the seat, or held it last. `words`: the address that failed and what the server said.
    `letters`: how many are under way there. `appointment_id`: whom to ask, where asking is the next step.
    """

    concern: Concern
    code: str
    name: str
    network: Network | None = None
    person: str = ""
    since: date | None = None
    address: str = ""
    words: str = ""
    letters: int = 0
    appointment_id: int | None = None
    phone: str = ""


def vacant(known: Snapshot) -> Iterator[Finding]:
    """Seats that lost their PIC, and letters under way to a seat that never had one."""
    waiting = {(one.office.id, one.network): one for one in known.letters}
    for seat, terms in known.seats.items():
        if since := rules.vacant_since(terms, known.day):
            last = known.appointments[max(terms, key=lambda term: term.valid_from).id]
            count = waiting[seat].count if seat in waiting else 0
            yield _about(Concern.VACANT, last.institution, seat[1], person=last.person.name, since=since, letters=count)
    for seat, letters in waiting.items():
        if seat not in known.seats:
            yield _about(Concern.VACANT, letters.office, seat[1], since=letters.since, letters=letters.count)


def ending(known: Snapshot) -> Iterator[Finding]:
    """Terms that end within 30 days, with nobody appointed for the day after. `since` is their last day."""
    for seat, terms in known.seats.items():
        if term := rules.ends_soon(terms, known.day):
            one = known.appointments[term.id]
            yield _about(
                Concern.ENDING,
                one.institution,
                seat[1],
                person=one.person.name,
                since=term.valid_until,
                appointment_id=one.id,
            )


def bouncing(known: Snapshot) -> Iterator[Finding]:
    """Addresses from which something came back, each once. A person's counts in the networks this person serves."""
    told: set[str] = set()
    for fault in reversed(known.faults):
        serves = known.networks.get(fault.person_id, set()) if fault.person_id else set()
        if fault.address in told or (serves and serves.isdisjoint(known.wanted)):
            continue
        told.add(fault.address)
        office = fault.institution
        yield _about(
            Concern.BOUNCING,
            office,
            next(iter(serves)) if len(serves) == 1 else None,
            person=fault.person.name if fault.person else "",
            since=clock.local(fault.found_at, office.zone).date(),
            address=fault.address,
            words=fault.words,
            phone=(fault.person.phone if fault.person else "") or office.phone,
        )


def uncovered(known: Snapshot) -> Iterator[Finding]:
    """Regencies and cities that no Ombudsman office watches over."""
    for region in known.uncovered:
        yield _about(Concern.UNCOVERED, region, Network.OMBUDSMAN)


def quiet(known: Snapshot) -> Iterator[Finding]:
    """Seats whose PIC let the clock of a confirmation pass, or a question lie for 14 days."""
    overdue = {(one.office.id, one.network): one for one in known.letters if one.unconfirmed_due}
    for one in known.present():
        letters = overdue.get((one.institution_id, one.network))
        asked = known.checks.get((one.person_id, one.institution_id))
        ignored = asked is not None and not asked.answer and asked.asked_on + rules.UNANSWERED_AFTER <= known.day
        days = [letters.unconfirmed_due] if letters and letters.unconfirmed_due else []
        if asked is not None and ignored:
            days.append(asked.asked_on)
        if days:
            yield _of_pic(Concern.QUIET, one, min(days), letters.count if letters else 0)


def unverified(known: Snapshot) -> Iterator[Finding]:
    """PICs settled in for 30 days who gave no sign of life in this quarter or the one before."""
    for one in known.present():
        seen = one.person.verified_at
        verified_on = clock.local(seen, one.institution.zone).date() if seen else None
        if one.valid_from + rules.SETTLING_IN <= known.day and not rules.is_verified(verified_on, known.day):
            yield _of_pic(Concern.UNVERIFIED, one, verified_on, 0)


def _of_pic(concern: Concern, one: Appointment, since: date | None, letters: int) -> Finding:
    phone = one.person.phone or one.institution.phone
    return _about(
        concern,
        one.institution,
        one.network,
        person=one.person.name,
        since=since,
        letters=letters,
        appointment_id=one.id,
        phone=phone,
    )


def _about(
    concern: Concern,
    place: Coded,
    network: Network | None,
    *,
    person: str = "",
    since: date | None = None,
    address: str = "",
    words: str = "",
    letters: int = 0,
    appointment_id: int | None = None,
    phone: str = "",
) -> Finding:
    return Finding(
        concern, place.code, written(place), network, person, since, address, words, letters, appointment_id, phone
    )
