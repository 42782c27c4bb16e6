"""What waits in the holding pen, and which letters a held mail may answer, with the reason for each guess."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from flask import abort
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from hub.accounts.models import Account
from hub.directory import queries as directory
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import OPEN_STAGES, Stage
from hub.letters.models import Letter
from hub.letters.rules import number_key
from hub.mail.inbox.models import IS_HELD, InboundMail
from hub.mail.reading.classify import MailKind
from hub.responses.models import MailedReply

MOST_GUESSES = 6
_OFFICES_OF_A_DOMAIN = 5
"""A domain that more offices share, or have written from, is that of a provider, and says nothing."""
_LETTERS_UNDER_WAY = tuple(stage for stage in OPEN_STAGES if stage not in (Stage.DRAFT, Stage.AWAITING_SIGNATURE))


class Why(StrEnum):
    """Why a letter may be the one that a mail answers, the surest first."""

    NUMBER = "number"
    MESSAGE = "message"
    SENDER = "sender"
    FILED_BEFORE = "filed_before"
    DOMAIN = "domain"


@dataclass(frozen=True)
class Guess:
    forwarding: Forwarding
    why: Why


def held(account: Account) -> Select[InboundMail]:
    """Mail that waits for this person to say where it belongs."""
    return select(InboundMail).where(IS_HELD, visible(account)).options(joinedload(InboundMail.office))


def number_held(account: Account) -> int:
    return db.session.scalar(select(func.count(InboundMail.id)).where(IS_HELD, visible(account))) or 0


def everything(account: Account, kind: MailKind | None = None) -> Select[InboundMail]:
    """All mail that came in and was dealt with or waits, of one kind if asked."""
    wanted = select(InboundMail).where(visible(account))
    return wanted.where(InboundMail.kind == kind) if kind else wanted


def get_visible(account: Account, id: int) -> InboundMail:
    """A mail with its files; else 404."""
    wanted = select(InboundMail).where(InboundMail.id == id, visible(account))
    return db.session.scalar(wanted.options(selectinload(InboundMail.files))) or abort(404)


def take(account: Account, id: int) -> InboundMail:
    """The same, and its row is ours until the end of the transaction: two colleagues decide one after the other."""
    wanted = select(InboundMail).where(InboundMail.id == id, visible(account)).with_for_update()
    return db.session.scalar(wanted.execution_options(populate_existing=True)) or abort(404)


def get_file(account: Account, mail_id: int, file_id: int) -> StoredFile:
    """A file that came with a mail, or the mail itself; else 404."""
    mail = get_visible(account, mail_id)
    known = {file.id: file for file in (*mail.files, mail.raw)}
    return known.get(file_id) or abort(404)


def visible(account: Account) -> ColumnElement[bool]:
    """Mail of the own network: what belongs to one office is seen there alone."""
    mine = or_(InboundMail.office_id.is_(None), InboundMail.office_id == account.institution.id)
    return (InboundMail.network == account.institution.network) & mine


def guesses(account: Account, mail: InboundMail) -> list[Guess]:
    """Letters of the own office that the mail may answer, the likeliest first, each with its reason."""
    found: dict[int, Guess] = {}
    for why, condition in _hints(mail):
        if len(found) >= MOST_GUESSES:
            break
        for forwarding in db.session.scalars(own_letters(account).where(condition).limit(MOST_GUESSES)):
            found.setdefault(forwarding.id, Guess(forwarding, why))
    return list(found.values())[:MOST_GUESSES]


def own_letters(account: Account) -> Select[Forwarding]:
    """Signed letters of the own office that this person sees, the newest first."""
    return (
        select(Forwarding)
        .join(Forwarding.letter)
        .where(
            forwardings.visible(account),
            Forwarding.sender_id == account.institution.id,
            Letter.number.is_not(None),
        )
        .options(joinedload(Forwarding.letter), joinedload(Forwarding.recipient), joinedload(Forwarding.complaint))
        .order_by(Forwarding.id.desc())
    )


def by_numbers(account: Account, typed: list[str]) -> dict[str, Forwarding | None]:
    """The letter of the own office behind each typed number; None for one that is not there."""
    keys = {text: number_key(text) for text in typed}
    known = {
        key: one
        for key in keys.values()
        if (one := db.session.scalars(own_letters(account).where(forwardings.has_number([key])).limit(1)).first())
    }
    return {text: known.get(key) for text, key in keys.items()}


def _hints(mail: InboundMail) -> Iterator[tuple[Why, ColumnElement[bool]]]:
    under_way = Forwarding.stage.in_(_LETTERS_UNDER_WAY)
    if mail.numbers:
        yield Why.NUMBER, forwardings.has_number(mail.numbers)
    about = forwardings.by_stream(mail.dispatch.about) if mail.dispatch else None
    if mail.dispatch and about and mail.dispatch.institution_id != about.sender_id:
        yield Why.MESSAGE, Forwarding.id == about.id
    if offices := directory.offices_of(mail.sender_address):
        yield Why.SENDER, under_way & Forwarding.recipient_id.in_(offices)
    if mail.sender_domain:
        if offices := _filed_before_from(mail.sender_domain):
            yield Why.FILED_BEFORE, under_way & Forwarding.recipient_id.in_(offices)
        if offices := _offices_at(mail.sender_domain):
            yield Why.DOMAIN, under_way & Forwarding.recipient_id.in_(offices)


def _filed_before_from(domain: str) -> set[int]:
    """Offices whose letters were answered from this mail domain; none when so many were that it is a provider's."""
    before = (
        select(Forwarding.recipient_id)
        .join(MailedReply, MailedReply.forwarding_id == Forwarding.id)
        .join(MailedReply.mail)
        .where(InboundMail.sender_domain == domain, MailedReply.withdrawn_at.is_(None))
        .distinct()
        .limit(_OFFICES_OF_A_DOMAIN + 1)
    )
    found = set(db.session.scalars(before))
    return found if len(found) <= _OFFICES_OF_A_DOMAIN else set()


def _offices_at(domain: str) -> set[int]:
    """Offices with an address in this mail domain; none when so many have that it must be a provider's."""
    ending = f"@{domain}"
    mailboxes = select(Institution.id).where(
        or_(
            Institution.email.iendswith(ending, autoescape=True),
            Institution.second_email.iendswith(ending, autoescape=True),
        )
    )
    people = select(Person.institution_id).where(Person.email.endswith(ending, autoescape=True)).distinct()
    found = {*db.session.scalars(mailboxes.limit(50)), *db.session.scalars(people.limit(50))}
    return found if len(found) <= _OFFICES_OF_A_DOMAIN else set()
