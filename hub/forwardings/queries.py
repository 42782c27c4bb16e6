"""Reading forwardings: the one visibility rule, and what a page about one of them needs."""

from collections.abc import Collection, Iterable

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from hub import clock
from hub.accounts.models import Account
from hub.accounts.rules import HANDLING_LETTERS, Capability, capabilities_of
from hub.audit.models import Event
from hub.complaints.models import Complaint
from hub.directory import queries as directory
from hub.directory.models import Institution, Network, Person
from hub.extensions import db
from hub.forwardings.models import Forwarding, ForwardingCopy, Proof
from hub.forwardings.rules import PASSED_BY, Stage
from hub.letters.models import FOLLOW_UPS, Letter, LetterKind


def visible(account: Account) -> ColumnElement[bool]:
    """The rule of who sees a forwarding; every query about forwardings goes through it.

    Staff of the sender see it from the draft on, and so does its PIC in that network; a PIC of the recipient or of an
    office that gets a copy, in that network, once it is signed: a draft that was withdrawn is nothing to who may be
    complained about in it. A monitor sees the whole own network, an administrator as such nothing.
    """
    return or_(false(), *_views(account))


def in_line(account: Account) -> ColumnElement[bool]:
    """Leaves out what other offices pass on among themselves: to who watches, a chain is one line, its first letter."""
    return or_(Forwarding.parent_id.is_(None), *_own_views(account))


def sees_any(account: Account) -> bool:
    """False for whom `visible` leaves nothing, whatever there is: an administrator as such."""
    return bool(_views(account))


def _views(account: Account) -> list[ColumnElement[bool]]:
    """Each ground on which this person sees forwardings."""
    watched = [Forwarding.network == account.institution.network] if account.may(Capability.MONITOR) else []
    return [*_own_views(account), *watched]


def _own_views(account: Account) -> list[ColumnElement[bool]]:
    """The grounds that lie in the own office: it sends the letter, or gets it or a copy."""
    allowed: list[ColumnElement[bool]] = []
    sends = Forwarding.sender_id == account.institution.id
    if HANDLING_LETTERS & capabilities_of(one.role for one in account.granted):
        allowed.append(sends)
    for institution_id, network in offices_held(account):
        if institution_id == account.institution.id:
            allowed.append(and_(sends, Forwarding.network == network))
        copied = select(ForwardingCopy.forwarding_id).where(ForwardingCopy.institution_id == institution_id)
        allowed.extend(
            and_(gets_it, Forwarding.network == network, Forwarding.letter.has(Letter.signed_at.is_not(None)))
            for gets_it in (Forwarding.recipient_id == institution_id, Forwarding.id.in_(copied))
        )
    return allowed


def offices_held(account: Account) -> set[tuple[int, Network]]:
    """(institution, network) for which this person is PIC or deputy today."""
    day = clock.today(account.institution.zone)
    return {(one.institution_id, one.network) for one in account.person.appointments if one.is_in_force(day)}


def is_recipient(account: Account, forwarding: Forwarding) -> bool:
    """True when this person answers for the institution the letter went to, in its network."""
    return (forwarding.recipient_id, forwarding.network) in offices_held(account)


def reads_along(account: Account, forwarding: Forwarding) -> bool:
    """True when this person answers for an office that got a copy: nothing is asked of it."""
    held = offices_held(account)
    return any((one.id, forwarding.network) in held for one in forwarding.copies)


def is_sender(account: Account, forwarding: Forwarding) -> bool:
    """True when this person works at the institution that sent it."""
    return forwarding.sender_id == account.institution.id


def get_visible(account: Account, id: int) -> Forwarding:
    """The forwarding with all its page shows. 404 when it does not exist or this person may not see it."""
    found = (
        db.session.scalars(
            select(Forwarding)
            .where(Forwarding.id == id, visible(account))
            .options(
                joinedload(Forwarding.complaint).joinedload(Complaint.complained_of_office),
                joinedload(Forwarding.letter),
                joinedload(Forwarding.sender),
                joinedload(Forwarding.recipient),
                joinedload(Forwarding.deadlines),
                selectinload(Forwarding.copies),
            )
        )
        .unique()
        .one_or_none()
    )
    return found or abort(404)


def by_stream(stream: str) -> Forwarding | None:
    """The forwarding that a dispatch is `about` ("forwarding:12"); None for a dispatch about something else."""
    return next((db.session.get(Forwarding, id) for id in ids_of([stream])), None)


def ids_of(streams: Iterable[str]) -> list[int]:
    """Ids of the forwardings among these streams."""
    parts = (stream.partition(":") for stream in streams)
    return [int(id) for kind, _, id in parts if kind == "forwarding" and id.isdigit()]


def proofs(forwarding: Forwarding) -> list[Proof]:
    """The ledger of receipt, oldest first, without what turned out to be a mistake."""
    return proofs_of([forwarding])[forwarding.id]


def proofs_of(forwardings: Collection[Forwarding]) -> dict[int, list[Proof]]:
    """The same of many, by forwarding: one query."""
    found: dict[int, list[Proof]] = {one.id: [] for one in forwardings}
    standing = Proof.forwarding_id.in_(found) & Proof.withdrawn_at.is_(None)
    for proof in db.session.scalars(select(Proof).where(standing).order_by(Proof.occurred_at)):
        found[proof.forwarding_id].append(proof)
    return found


def successors(forwarding: Forwarding, seen_by: Account | None = None) -> list[Forwarding]:
    """Who was asked instead, oldest first: another one where those before were not competent or were withdrawn.

    Only those that `seen_by` may see, unless nobody in particular asks.
    """
    wanted = select(Forwarding).where(Forwarding.rerouted_from_id == forwarding.id).order_by(Forwarding.id)
    if seen_by is not None:
        wanted = wanted.where(visible(seen_by))
    return list(db.session.scalars(wanted.options(joinedload(Forwarding.recipient), joinedload(Forwarding.letter))))


def standing_successor(forwarding: Forwarding) -> Forwarding | None:
    """The one, at whatever remove, that took the place of `forwarding` and is under way or has come to its end."""
    for one in successors(forwarding):
        if one.stage not in PASSED_BY:
            return one
        if further := standing_successor(one):
            return further
    return None


def last_declined(complaint: Complaint, recipient: Institution, network: Network) -> Forwarding | None:
    """The last time that this office was asked about the complaint and was found not to be competent."""
    wanted = (Forwarding.complaint_id == complaint.id) & (Forwarding.recipient_id == recipient.id)
    found = select(Forwarding).where(wanted, Forwarding.network == network, Forwarding.stage == Stage.DECLINED)
    return db.session.scalar(found.order_by(Forwarding.id.desc()).limit(1))


def by_letter_numbers(keys: Iterable[str]) -> list[Forwarding]:
    """Forwardings whose letters bear these numbers (letters.rules.number_key), oldest first."""
    found = select(Forwarding).join(Forwarding.letter).where(has_number(keys))
    return list(db.session.scalars(found.order_by(Forwarding.id)))


def has_number(keys: Iterable[str]) -> ColumnElement[bool]:
    """The letter of the forwarding (joined) bears one of these numbers, or one that its recipient got later does."""
    numbered = Letter.number_key.in_(list(keys))
    later = select(Letter.about).where(numbered, Letter.kind.in_(FOLLOW_UPS), Letter.kind != LetterKind.ESCALATION)
    ids = ids_of(db.session.scalars(later))
    return or_(numbered, Forwarding.id.in_(ids)) if ids else numbered


def history(forwarding: Forwarding) -> list[tuple[Event, Person | None]]:
    """Events with the person each names, newest first."""
    return directory.recorded(forwarding.stream)


def listed(account: Account, words: str = "") -> Select[Forwarding]:
    """Forwardings this person sees whose letter number, hub reference or subject holds `words`.

    What other offices pass on among themselves is found by its number alone.
    """
    statement = (
        select(Forwarding)
        .join(Forwarding.letter)
        .join(Forwarding.complaint)
        .where(visible(account))
        .options(
            contains_eager(Forwarding.letter),
            contains_eager(Forwarding.complaint),
            joinedload(Forwarding.sender),
            joinedload(Forwarding.recipient),
        )
    )
    if not words:
        return statement.where(in_line(account))
    by_number = Letter.number.icontains(words, autoescape=True)
    in_text = (column.icontains(words, autoescape=True) for column in (Complaint.reference, Complaint.subject))
    return statement.where(or_(by_number, and_(in_line(account), or_(*in_text))))
