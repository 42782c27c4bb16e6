"""Contacts that died: what came back marks the address it was sent to; a sign of life takes the mark away."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy import ColumnElement, String, cast, exists, literal, select, union
from sqlalchemy.orm import InstrumentedAttribute

from hub import clock
from hub.audit.rules import SYSTEM, Actor, ActorKind
from hub.directory import service as directory
from hub.directory.models import ContactFault, FaultKind, Institution, Person
from hub.extensions import db
from hub.mail.models import REACHED_NOBODY, EmailDispatch, EmailState
from hub.post.models import PostDispatch
from hub.post.rules import PostState
from hub.upkeep.rules import report_condemns, says_no_such_address

log = structlog.get_logger("hub.upkeep")

NEWS_FOR = timedelta(days=30)
"""A mail that ended longer ago tells nothing new about an address; so the look back never grows with the years."""


@dataclass(frozen=True)
class _Trace:
    """Something that came back: to which address that is still in use, whose it is, and in which words."""

    institution: Institution
    person: Person | None
    kind: FaultKind
    address: str
    words: str
    source: str
    found_at: datetime


def notice() -> int:
    """Mark the address of every mail and letter that came back since the last time. Returns how many.

    Three queries when nothing did. One that cannot be marked is told and tried again; it never stops the others.
    """
    marked = 0
    for trace in [*_mails(), *_envelopes()]:
        try:
            with db.session.begin_nested():
                marked += directory.mark_fault(**vars(trace)) is not None
        except Exception:
            log.exception("fault_not_marked", source=trace.source)
    for source in _mistaken_returns():
        try:
            with db.session.begin_nested():
                directory.take_back_fault(source, SYSTEM)
        except Exception:
            log.exception("fault_not_taken_back", source=source)
    return marked


def heard_from(dispatch: EmailDispatch, by: Actor | None = None, at: datetime | None = None) -> None:
    """Somebody used the link of this mail, or answered it: its address is read, whatever came back before.

    `by` is who shows it, the person with the link unless told, and `at` when.
    """
    address = dispatch.to_address.lower()
    owner = db.session.scalar(select(Person).where(Person.email == address))
    if owner is not None:
        directory.confirm_address(owner, at or clock.now(), by)
    else:
        directory.mend_faults(address, by or Actor(ActorKind.LINK, dispatch.id))


def worth_hearing(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses, in lower case, of which hearing changes something: a person's, or one thought dead."""
    asked = set(addresses)
    people = select(Person.email).where(Person.email.in_(asked))
    dead = select(ContactFault.address).where(ContactFault.mended_at.is_(None), ContactFault.address.in_(asked))
    return set(db.session.scalars(union(people, dead))) if asked else set()


def _mails() -> Iterator[_Trace]:
    """Through the partial index of mails that reached nobody; each whose source has not spoken yet (unique index)."""
    dispatches = db.session.scalars(
        select(EmailDispatch).where(
            REACHED_NOBODY,
            EmailDispatch.ended_at >= clock.now() - NEWS_FOR,
            ~_has_spoken("email", EmailDispatch.id),
        )
    ).all()
    for dispatch in sorted(dispatches, key=lambda one: one.id):
        if not _condemns(dispatch):
            continue
        address, found_at = dispatch.to_address.lower(), dispatch.ended_at or clock.now()
        owner = db.session.scalar(select(Person).where(Person.email == address))
        office = owner.institution if owner else _office_with(dispatch.institution_id, address)
        if office is not None:
            source = f"email:{dispatch.id}"
            words = "" if dispatch.server_reply.startswith("2") else dispatch.server_reply  # taken first, then returned
            yield _Trace(office, owner, FaultKind.BOUNCED, address, words, source, found_at)


def _condemns(dispatch: EmailDispatch) -> bool:
    """A full mailbox, a rule against our server and the like say nothing about the address."""
    if dispatch.state is EmailState.FAILED:
        return says_no_such_address(dispatch.server_reply)
    return dispatch.bounce_is_permanent and report_condemns(dispatch.server_reply)


def _office_with(id: int | None, address: str) -> Institution | None:
    office = db.session.get(Institution, id) if id else None
    return office if office and address in (office.email.lower(), office.second_email.lower()) else None


def _envelopes() -> Iterator[_Trace]:
    """Letters that came back from the postal address an office still has: few, and found by the index of states."""
    dispatches = db.session.scalars(
        select(PostDispatch)
        .join(PostDispatch.institution)
        .where(
            PostDispatch.state == PostState.RETURNED,
            Institution.postal_address != "",
            ~_has_spoken("post", PostDispatch.id),
        )
        .order_by(PostDispatch.id)
    ).all()
    for dispatch in dispatches:
        if not dispatch.address.endswith(dispatch.institution.postal_address):
            continue  # it has moved since
        office, day = dispatch.institution, dispatch.returned_on or clock.today(dispatch.institution.zone)
        found_at = min(clock.now(), datetime.combine(day, time(12), clock.ZONES[office.zone]))
        source = f"post:{dispatch.id}"
        yield _Trace(office, None, FaultKind.RETURNED, office.postal_address, dispatch.return_reason, source, found_at)


def _mistaken_returns() -> list[str]:
    """Open faults by letters that came back, as it was said, and did not. One query while no such fault is open."""
    returned = select(ContactFault.source).where(
        ContactFault.mended_at.is_(None),
        ContactFault.kind == FaultKind.RETURNED,
        ContactFault.source.regexp_match("^post:[0-9]+$"),
    )
    ids = {int(source.partition(":")[2]) for source in db.session.scalars(returned)}
    if not ids:
        return []
    elsewhere = select(PostDispatch.id).where(PostDispatch.id.in_(ids), PostDispatch.state != PostState.RETURNED)
    return [f"post:{id}" for id in db.session.scalars(elsewhere)]


def _has_spoken(kind: str, id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return exists().where(ContactFault.source == literal(f"{kind}:") + cast(id, String))
