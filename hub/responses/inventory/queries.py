"""Final answers under the visibility rule of their forwarding, and the lists that were made of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import abort
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, or_, select
from sqlalchemy.orm import aliased, contains_eager

from hub import clock
from hub.accounts.models import Account
from hub.complaints.models import Complaint
from hub.directory.models import Institution
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.letters.models import Letter, LetterKind
from hub.letters.rules import number_key
from hub.responses.models import Response, ResponseKind
from hub.responses.rules import AnswerOutcome

MOST_LISTS = 5


@dataclass(frozen=True)
class Search:
    """What to look for. The days are those on which the answer arrived, both included."""

    words: str = ""
    since: date | None = None
    until: date | None = None
    outcome: AnswerOutcome | None = None


def reports(account: Account, search: Search) -> Select[Response]:
    """The final answers this person may see, with all that a line of the inventory says."""
    recipient, sender = aliased(Institution), aliased(Institution)
    wanted = (
        select(Response)
        .join(Response.forwarding)
        .join(Forwarding.letter)
        .join(Forwarding.complaint)
        .join(recipient, Forwarding.recipient)
        .join(sender, Forwarding.sender)
        .where(
            forwardings.visible(account),
            forwardings.in_line(account),
            Response.kind == ResponseKind.FINAL,
            Response.withdrawn_at.is_(None),
        )
        .options(
            contains_eager(Response.forwarding).options(
                contains_eager(Forwarding.letter),
                contains_eager(Forwarding.complaint),
                contains_eager(Forwarding.recipient.of_type(recipient)),
                contains_eager(Forwarding.sender.of_type(sender)),
            )
        )
    )
    if search.words:
        wanted = wanted.where(_holds(search.words, recipient.name, sender.name))
    if search.outcome:
        wanted = wanted.where(Response.outcome == search.outcome)
    return wanted.where(*_between(search, account.institution.zone))


def all_of(account: Account, search: Search, at_most: int) -> list[Response]:
    """The same as a list, the oldest first, one more than `at_most` where there are more."""
    wanted = reports(account, search).order_by(Response.arrived_at, Response.id).limit(at_most + 1)
    return list(db.session.scalars(wanted).unique())


def lists_of(account: Account) -> list[Letter]:
    """The newest lists that this person has had made."""
    mine = select(Letter).where(_is_own(account)).order_by(Letter.id.desc()).limit(MOST_LISTS)
    return list(db.session.scalars(mine))


def get_list(account: Account, id: int) -> Letter:
    """One of them; else 404."""
    return db.session.scalar(select(Letter).where(Letter.id == id, _is_own(account))) or abort(404)


def owner(account: Account) -> str:
    """What the lists of this person are about. Colleagues may see less than their maker."""
    return f"account:{account.id}"


def _is_own(account: Account) -> ColumnElement[bool]:
    return (Letter.about == owner(account)) & (Letter.kind == LetterKind.INVENTORY)


def _holds(words: str, *names: SQLColumnExpression[str]) -> ColumnElement[bool]:
    texts = (Response.letter_number, Response.summary, Letter.number, Complaint.reference, Complaint.subject, *names)
    found = [text.icontains(words, autoescape=True) for text in texts]
    key = number_key(words)
    return or_(*found, Letter.number_key.contains(key, autoescape=True)) if key else or_(*found)


def _between(search: Search, zone: str) -> Iterator[ColumnElement[bool]]:
    if search.since:
        yield Response.arrived_at >= _midnight(search.since, zone)
    if search.until:
        yield Response.arrived_at < _midnight(search.until + timedelta(days=1), zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), clock.ZONES[zone])
