"""Moving the open letters of an office out of the hands of somebody who left it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from hub import clock
from hub.audit.rules import Actor
from hub.directory import queries as directory
from hub.directory.models import AddressChange, Institution, Network, Person
from hub.directory.queries import Contacts
from hub.extensions import db
from hub.forwardings import deadlines, tracks
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import AWAITING_ACKNOWLEDGEMENT, RESPONSE_CLOCKS, ClockKey, Happening, Stage
from hub.forwardings.stages import advance
from hub.mail import queries as mails
from hub.mail import service as mail
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.workdays.rules import DueDate

UNCONFIRMED = (Stage.READY, *AWAITING_ACKNOWLEDGEMENT)
TO_DO = (*UNCONFIRMED, Stage.ACKNOWLEDGED)
"""Stages in which something is still expected of the recipient."""
_WITH_LINKS = (*TO_DO, Stage.ANSWERED)
EACH_BY_MAIL = 20
"""Up to so many letters, every one gets a mail of its own."""


@dataclass(frozen=True)
class Moved:
    """What a move did: the letters that changed hands, the links it closed, the mails it queued."""

    letters: Sequence[Forwarding] = ()
    links: int = 0
    mails: int = 0


def move(institution: Institution, network: Network, departed: Person, by: Actor, only_held: bool = False) -> Moved:
    """Take every open letter of this office from `departed` and give it to whoever is the addressee now.

    Links that went to `departed` are closed and what is queued for them does not leave; slips are bound to the office
    and stay. A letter that waits for a confirmation gets a mail of its own: that mail carries the letter, is a live
    track whose bounce is seen, and a confirmation is given letter by letter, however many there are. A letter that was
    confirmed already gets one too, unless there are more than EACH_BY_MAIL: such a flood would bury what is urgent, so
    they stand in the digest and on the work list. What was sent by post alone gets no mail. Deadlines stay.

    `only_held`: leave letters alone that `departed` did not hold, or that an addressee of today holds as well.
    """
    letters = open_letters(institution, network, lock=True)
    taken = _by_matter(mails.still_with([one.stream for one in letters], addresses_of(departed, institution)))
    mail.take_back(dispatch for dispatches in taken.values() for dispatch in dispatches)
    known = directory.contacts([institution.id], network, clock.today(institution.zone))[institution.id]
    moving = [one for one in letters if one.stage in TO_DO]
    if only_held:
        moving = _without_holder(moving, taken, known)
    new = next((one for one in (known.pic, *known.deputies) if one and (one.name, one.email) in known.addressees), None)
    details = {"from": departed.id, "to": new.id if new else None}
    queued = 0
    estimate = cache(lambda key: deadlines.provisional(key, institution, network))
    for letter in moving:
        theirs = taken.get(letter.stream, [])
        if letter.stage in UNCONFIRMED or len(moving) <= EACH_BY_MAIL:
            queued += _mail(letter, theirs, known.addressees, estimate)
        queued += _send_notices_on(letter, theirs, known.addressees)
        advance(letter, Happening.HANDED_ON, by, details)
    return Moved(moving, sum(map(len, taken.values())), queued)


def open_letters(institution: Institution, network: Network, lock: bool = False) -> list[Forwarding]:
    """Signed letters to this office that are not at their end, oldest first. With `lock` they wait for this move."""
    wanted = (
        select(Forwarding)
        .where(
            Forwarding.recipient_id == institution.id, Forwarding.network == network, Forwarding.stage.in_(_WITH_LINKS)
        )
        .options(
            joinedload(Forwarding.complaint, innerjoin=True),
            joinedload(Forwarding.letter, innerjoin=True),
            joinedload(Forwarding.sender, innerjoin=True),
            joinedload(Forwarding.recipient, innerjoin=True),
            selectinload(Forwarding.deadlines),
        )
        .order_by(Forwarding.id)
    )
    if lock:
        wanted = wanted.with_for_update(of=Forwarding).execution_options(populate_existing=True)
    return list(db.session.scalars(wanted))


def held_by(person: Person, institution: Institution, letters: Iterable[Forwarding]) -> int:
    """How many links to these letters a move would close."""
    return len(mails.still_with([one.stream for one in letters], addresses_of(person, institution)))


def addresses_of(person: Person, institution: Institution) -> set[str]:
    """Where personal mail of `person` went: now and before. A mailbox of the office is not personal."""
    before = db.session.scalars(select(AddressChange.old_address).where(AddressChange.person_id == person.id))
    return {person.email, *before} - {institution.email, institution.second_email}


def due_of(letter: Forwarding) -> tuple[date, ClockKey] | None:
    """The nearest date on which something is due from the recipient, and what. None before anything runs."""
    running = [one for one in letter.deadlines if one.ended_at is None and not one.paused_since]
    owed = [(one.due_on, one.clock) for one in running if one.clock in (ClockKey.ACKNOWLEDGE, *RESPONSE_CLOCKS)]
    return min(owed, default=None)


def _by_matter(dispatches: Iterable[EmailDispatch]) -> dict[str, list[EmailDispatch]]:
    found: defaultdict[str, list[EmailDispatch]] = defaultdict(list)
    for dispatch in dispatches:
        found[dispatch.about].append(dispatch)
    return found


def _without_holder(
    letters: Iterable[Forwarding], taken: dict[str, list[EmailDispatch]], known: Contacts
) -> list[Forwarding]:
    """Of the letters that were taken, those that nobody who is written to today could open."""
    left = [letter for letter in letters if letter.stream in taken]
    present = mails.still_with([letter.stream for letter in left], [address for _, address in known.addressees])
    held = {dispatch.about for dispatch in present if dispatch.purpose is not EmailPurpose.COORDINATION}
    return [letter for letter in left if letter.stream not in held]


def _mail(
    letter: Forwarding,
    taken: Sequence[EmailDispatch],
    to: Iterable[tuple[str, str]],
    estimate: Callable[[ClockKey], DueDate],
) -> int:
    if not (letter.by_email or taken):
        return 0
    return tracks.hand_on(letter, to, estimate)


def _send_notices_on(letter: Forwarding, taken: Iterable[EmailDispatch], to: Iterable[tuple[str, str]]) -> int:
    """What somebody still had to be told and was not: the same words to the new addressee."""
    said_once = (EmailPurpose.NOTICE, EmailPurpose.COORDINATION)
    unsaid = [one for one in taken if one.purpose in said_once and one.handed_over_at is None]
    return sum(tracks.send_on(letter, notice, to) for notice in unsaid)
