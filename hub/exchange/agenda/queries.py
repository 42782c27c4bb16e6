"""The registers of the own office, and which of its letters a paper that came in may belong to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, Integer, Select, SQLColumnExpression, case, cast, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from hub.accounts.models import Account
from hub.directory.models import Institution
from hub.exchange.inbox.queries import own_letters
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.queries import has_number, ids_of
from hub.forwardings.rules import OPEN_STAGES, Stage
from hub.letters.models import IncomingLetter, Letter, LetterKind, Register
from hub.letters.rules import number_key

MOST_GUESSES = 8
_UNSENT = (Stage.DRAFT, Stage.AWAITING_SIGNATURE)
_UNDER_WAY = tuple(stage for stage in OPEN_STAGES if stage not in _UNSENT)
_MOST_OF_THE_SAME = 3


class Hint(StrEnum):
    """Why a letter of ours may be the one that a paper belongs to, the surest first."""

    NUMBER = "number"
    PART = "part"
    SENDER = "sender"


@dataclass(frozen=True)
class Guess:
    forwarding: Forwarding
    hint: Hint


@dataclass(frozen=True)
class Search:
    """What to look for in a register. `kind`: of letters out. `unfiled`: letters in that belong to no matter yet."""

    words: str = ""
    since: date | None = None
    until: date | None = None
    kind: LetterKind | None = None
    unfiled: bool = False


def letters_in(account: Account, search: Search) -> Select[IncomingLetter]:
    """Letters that came in to the own office."""
    wanted = select(IncomingLetter).where(IncomingLetter.institution_id == account.institution.id)
    if search.words:
        sender = IncomingLetter.sender.has(Institution.name.icontains(search.words, autoescape=True))
        columns = (IncomingLetter.subject, IncomingLetter.sender_name)
        wanted = wanted.where(or_(_found(search.words, IncomingLetter.number_key, columns), sender))
    if search.unfiled:
        wanted = wanted.where(IncomingLetter.about == "")
    return wanted.where(*_between(IncomingLetter.received_on, search))


def letters_out(account: Account, search: Search) -> Select[Letter]:
    """Letters of the own office that have a number: signed, void, or with a number that is only reserved."""
    wanted = select(Letter).where(Letter.institution_id == account.institution.id, Letter.number.is_not(None))
    if search.words:
        named = Institution.name.icontains(search.words, autoescape=True)
        addressed = select(Forwarding.id).join(Forwarding.recipient).where(Forwarding.id == _FORWARDING, named)
        written_to = Letter.content["addressee"].as_string()
        found = _found(search.words, Letter.number_key, (Letter.subject, written_to))
        wanted = wanted.where(or_(found, addressed.exists()))
    if search.kind:
        wanted = wanted.where(Letter.kind == search.kind)
    return wanted.where(*_between(Letter.dated, search))


IN_ORDER = (IncomingLetter.year, IncomingLetter.running)
OUT_ORDER = (func.coalesce(Letter.year, 0), func.coalesce(Letter.running, 0))
"""A number from the office's own register has no running one of ours."""

_FORWARDING = case((Letter.about.startswith("forwarding:"), cast(func.substr(Letter.about, 12), Integer)))
"""Key of the forwarding a letter was written for. CASE: only then is the rest a number."""


def years(account: Account) -> list[int]:
    """Years for which the own office has a register, the latest first."""
    found = set(db.session.scalars(select(IncomingLetter.year).where(_own(account)).distinct()))
    mine = (Letter.institution_id == account.institution.id) & Letter.year.is_not(None)
    found |= {year for year in db.session.scalars(select(Letter.year).where(mine).distinct()) if year}
    return sorted(found, reverse=True)


def whole_year(account: Account, register: Register, year: int) -> Sequence[IncomingLetter] | Sequence[Letter]:
    """A register as it stands in the book, the first number first."""
    if register is Register.IN:
        wanted = letters_in(account, Search()).where(IncomingLetter.year == year).order_by(IncomingLetter.running)
        return db.session.scalars(wanted.options(selectinload(IncomingLetter.dispositions))).all()
    numbered = letters_out(account, Search()).where(Letter.year == year)
    return db.session.scalars(numbered.order_by(OUT_ORDER[1], Letter.id)).unique().all()


Matters = dict[str, Forwarding]


def matters(letters: Iterable[Letter]) -> Matters:
    """The forwarding that each of these letters of ours is about, by stream. One query."""
    ids = ids_of({letter.about for letter in letters})
    around = (joinedload(Forwarding.letter), joinedload(Forwarding.recipient), joinedload(Forwarding.complaint))
    found = db.session.scalars(select(Forwarding).where(Forwarding.id.in_(ids)).options(*around))
    return {one.stream: one for one in found}


def get_own(account: Account, id: int) -> IncomingLetter:
    """A letter that came in to the own office, with all its page shows; else 404."""
    wanted = select(IncomingLetter).where(IncomingLetter.id == id, _own(account))
    around = (joinedload(IncomingLetter.sender), joinedload(IncomingLetter.scan))
    return db.session.scalar(wanted.options(*around, selectinload(IncomingLetter.dispositions))) or abort(404)


def take(account: Account, id: int) -> IncomingLetter:
    """The same, and its row is ours until the end of the transaction: two colleagues decide one after the other."""
    wanted = select(IncomingLetter).where(IncomingLetter.id == id, _own(account))
    locked = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(locked) or abort(404)


def same_number(letter: IncomingLetter) -> list[IncomingLetter]:
    """Other letters with this number: perhaps the same paper, registered twice."""
    if not letter.number_key:
        return []
    other = (IncomingLetter.institution_id == letter.institution_id) & (IncomingLetter.id != letter.id)
    same = select(IncomingLetter).where(other, IncomingLetter.number_key == letter.number_key)
    return list(db.session.scalars(same.order_by(IncomingLetter.id).limit(_MOST_OF_THE_SAME)))


def guesses(account: Account, letter: IncomingLetter, typed: str = "") -> list[Guess]:
    """Letters of the own office that a paper may belong to, the likeliest first. `typed`: our number, as it names it.

    Only letters that can have left: nobody answers a draft.
    """
    found: dict[int, Guess] = {}
    for hint, condition in _hints(letter, number_key(typed)):
        if len(found) >= MOST_GUESSES or (hint is Hint.PART and found):
            continue
        left = own_letters(account).where(Forwarding.stage.not_in(_UNSENT), condition)
        for forwarding in db.session.scalars(left.limit(MOST_GUESSES)):
            found.setdefault(forwarding.id, Guess(forwarding, hint))
    return list(found.values())[:MOST_GUESSES]


def _hints(letter: IncomingLetter, key: str) -> Iterator[tuple[Hint, ColumnElement[bool]]]:
    if key:
        yield Hint.NUMBER, has_number([key])
        yield Hint.PART, Letter.number_key.contains(key, autoescape=True)
    if letter.sender_id:
        yield Hint.SENDER, Forwarding.stage.in_(_UNDER_WAY) & (Forwarding.recipient_id == letter.sender_id)


def _own(account: Account) -> ColumnElement[bool]:
    return IncomingLetter.institution_id == account.institution.id


def _found(
    words: str, key_column: SQLColumnExpression[Any], columns: Iterable[SQLColumnExpression[str]]
) -> ColumnElement[bool]:
    """A part of the number, however it is spaced, or of one of the texts."""
    texts = [column.icontains(words, autoescape=True) for column in columns]
    key = number_key(words)
    return or_(*texts, key_column.contains(key, autoescape=True)) if key else or_(*texts)


def _between(column: SQLColumnExpression[Any], search: Search) -> Iterator[ColumnElement[bool]]:
    if search.since:
        yield column >= search.since
    if search.until:
        yield column <= search.until
