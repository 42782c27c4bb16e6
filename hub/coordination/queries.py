"""Reading the thread: who sees which message, and what waits for whose word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort
from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from hub import clock
from hub.accounts.models import Account
from hub.accounts.rules import HANDLING_LETTERS, Capability
from hub.coordination.models import ThreadFile, ThreadMessage
from hub.coordination.rules import OPEN_FOR_WORDS, TYPED, MessageKind, Side
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import deadlines
from hub.forwardings import queries as forwardings
from hub.forwardings.models import IS_OPEN, Deadline, Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening, is_possible
from hub.mail.inbox.models import InboundMail

_STANDS = ThreadMessage.withdrawn_at.is_(None)
_IS_SHARED = ThreadMessage.kind != MessageKind.NOTE
_RUNS_SHORTER = (
    select(Deadline.id)
    .where(
        Deadline.forwarding_id == ThreadMessage.forwarding_id,
        Deadline.ended_at.is_(None),
        Deadline.clock.in_(RESPONSE_CLOCKS),
        Deadline.due_on < ThreadMessage.until,
    )
    .exists()
)
_IS_REQUEST = (ThreadMessage.kind == MessageKind.EXTENSION) & ThreadMessage.decision.is_(None) & _STANDS & _RUNS_SHORTER
"""A request waits as long as a date runs before the one it asks for: an answer or a later date has overtaken it."""


def visible(account: Account) -> ColumnElement[bool]:
    """The rule of who reads a message; every query joins its forwarding and goes through it.

    Shared ones: the office that sent the letter, whoever speaks for its recipient, and monitors of the network; offices
    with a copy read none. A note: those who write for the side it belongs to.
    """
    sender = Forwarding.sender_id == account.institution.id
    recipient = or_(
        false(),
        *(
            and_(Forwarding.recipient_id == id, Forwarding.network == network)
            for id, network in forwardings.offices_held(account)
        ),
    )
    network = Forwarding.network == account.institution.network
    readers = or_(
        recipient,
        sender if _handles_letters(account) else false(),
        network if account.may(Capability.MONITOR) else false(),
    )
    writers = or_(
        and_(ThreadMessage.side == Side.RECIPIENT, recipient),
        and_(ThreadMessage.side == Side.SENDER, sender) if _writes_for_the_sender(account) else false(),
    )
    return and_(forwardings.visible(account), _STANDS, or_(and_(_IS_SHARED, readers), and_(~_IS_SHARED, writers)))


def side_of(account: Account, forwarding: Forwarding) -> Side | None:
    """The side for which this person writes; None for who only reads, or not even that."""
    if forwardings.is_sender(account, forwarding) and _writes_for_the_sender(account):
        return Side.SENDER
    return Side.RECIPIENT if forwardings.is_recipient(account, forwarding) else None


def _writes_for_the_sender(account: Account) -> bool:
    return account.may(Capability.REVIEW) or account.may(Capability.FORWARD)


def _handles_letters(account: Account) -> bool:
    return any(account.may(capability) for capability in HANDLING_LETTERS)


def _reads(account: Account, forwarding: Forwarding) -> bool:
    """The same rule for a forwarding that this person sees: whether there is a thread for them at all."""
    is_monitored = account.may(Capability.MONITOR) and forwarding.network is account.institution.network
    is_own = forwardings.is_sender(account, forwarding) and _handles_letters(account)
    return is_own or is_monitored or forwardings.is_recipient(account, forwarding)


@dataclass(frozen=True)
class Thread:
    """The thread of one forwarding as its reader sees it, newest last.

    `side`: for whom the reader writes, None for who only reads. `request`: the request for more time that waits.
    `may_ask`: the reader may make one. `to_pause`: what the recipient waits for, and the date can stand still for.
    """

    messages: Sequence[ThreadMessage]
    side: Side | None
    is_open: bool
    request: ThreadMessage | None
    may_ask: bool
    to_pause: ThreadMessage | None

    @property
    def may_write(self) -> bool:
        return self.is_open and self.side is not None

    @property
    def is_asked(self) -> bool:
        """The last word is a question to the reader's side."""
        last = next((one for one in reversed(self.messages) if one.kind is not MessageKind.NOTE), None)
        return self.side is not None and last is not None and asks(last) is self.side


def thread(account: Account, forwarding: Forwarding) -> Thread | None:
    """None for who does not read it, and before there is anything to read or write."""
    if not _reads(account, forwarding):
        return None
    messages = db.session.scalars(
        select(ThreadMessage)
        .join(ThreadMessage.forwarding)
        .where(ThreadMessage.forwarding_id == forwarding.id, visible(account))
        .options(selectinload(ThreadMessage.files))
        .order_by(ThreadMessage.id)
    ).all()
    is_open = forwarding.stage in OPEN_FOR_WORDS
    if not (is_open or messages):
        return None
    side = side_of(account, forwarding)
    open_requests = [one for one in messages if one.kind is MessageKind.EXTENSION and one.decision is None]
    request = open_requests[0] if open_requests and may_extend(forwarding) else None
    may_ask = side is Side.RECIPIENT and not open_requests and may_extend(forwarding)
    last = next((one for one in reversed(messages) if one.kind is not MessageKind.NOTE), None)
    to_pause = last if side is Side.SENDER and last and may_pause(last) else None
    return Thread(messages, side, is_open, request, may_ask, to_pause)


def may_extend(forwarding: Forwarding) -> bool:
    """A date for the answer runs, so there is something to extend."""
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    return running is not None and is_possible(forwarding.stage, Happening.EXTENDED)


def may_pause(last: ThreadMessage) -> bool:
    """The last word is the recipient's, no later than the date of the answer, and that date runs."""
    running = deadlines.find_running(last.forwarding, *RESPONSE_CLOCKS)
    if running is None or running.paused_since or last.kind not in TYPED:
        return False
    return last.side is Side.RECIPIENT and asked_on(last) <= running.due_on


def is_paused(forwarding: Forwarding) -> bool:
    """The date of the answer stands still."""
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    return running is not None and running.paused_since is not None


def asked_on(message: ThreadMessage) -> date:
    """The day at the recipient on which it was written; of a mail, on which it came."""
    moment = message.mail.arrived_at if message.mail else message.written_at
    return clock.local(moment, message.forwarding.recipient.zone).date()


def asks(message: ThreadMessage) -> Side | None:
    """The side that a question is put to; None for any other message."""
    return message.side.other if message.kind is MessageKind.QUESTION else None


@dataclass(frozen=True)
class Pending:
    """What waits in a thread: `asked` for an answer to the last question, a request for a decision of the sender."""

    asked: Side | None = None
    has_request: bool = False


NOTHING = Pending()


def pending(account: Account) -> dict[int, Pending]:
    """What waits in the open threads this person reads, by forwarding. One query."""
    newest = (
        select(func.max(ThreadMessage.id))
        .where(_IS_SHARED, _STANDS)
        .group_by(ThreadMessage.forwarding_id)
        .scalar_subquery()
    )
    is_question = ThreadMessage.id.in_(newest) & (ThreadMessage.kind == MessageKind.QUESTION)
    rows = db.session.execute(
        select(ThreadMessage.forwarding_id, ThreadMessage.side, ThreadMessage.kind)
        .join(ThreadMessage.forwarding)
        .where(Forwarding.stage.in_(OPEN_FOR_WORDS), or_(is_question, _IS_REQUEST), visible(account))
        .order_by(ThreadMessage.id)
    )
    found: dict[int, Pending] = {}
    for id, side, kind in rows:
        known = found.get(id, NOTHING)
        if kind is MessageKind.QUESTION:
            found[id] = Pending(side.other, known.has_request)
        else:
            found[id] = Pending(known.asked, True)
    return found


def waiting_for_the_sender(which: ColumnElement[bool]) -> Sequence[int]:
    """Ids of these open forwardings whose recipient has the last word with a question, or asked for more time.

    `which`: a condition on forwardings. One query.
    """
    later = aliased(ThreadMessage)
    is_last = ~(
        select(later.id)
        .where(
            later.forwarding_id == ThreadMessage.forwarding_id,
            later.id > ThreadMessage.id,
            later.kind != MessageKind.NOTE,
            later.withdrawn_at.is_(None),
        )
        .exists()
    )
    is_question = (ThreadMessage.kind == MessageKind.QUESTION) & (ThreadMessage.side == Side.RECIPIENT) & _STANDS
    return db.session.scalars(
        select(ThreadMessage.forwarding_id)
        .where(
            ThreadMessage.forwarding_id.in_(select(Forwarding.id).where(IS_OPEN, which)),
            or_(is_question & is_last, _IS_REQUEST),
        )
        .distinct()
    ).all()


def open_request(forwarding: Forwarding) -> ThreadMessage | None:
    """The request for more time that waits for the sender's decision."""
    wanted = select(ThreadMessage).where(ThreadMessage.forwarding_id == forwarding.id, _IS_REQUEST)
    return db.session.scalar(wanted.limit(1))


def last_shared(forwarding: Forwarding) -> ThreadMessage | None:
    """The last word between the two sides."""
    shared = (ThreadMessage.forwarding_id == forwarding.id) & _IS_SHARED & _STANDS
    return db.session.scalar(select(ThreadMessage).where(shared).order_by(ThreadMessage.id.desc()).limit(1))


def made_of(mail: InboundMail) -> list[ThreadMessage]:
    """The messages that this mail became."""
    wanted = select(ThreadMessage).where(ThreadMessage.mail_id == mail.id, _STANDS)
    return list(db.session.scalars(wanted.order_by(ThreadMessage.id)))


def get_visible(account: Account, id: int) -> ThreadMessage:
    """A message with the forwarding it is about, if this person reads it; else 404."""
    found = db.session.scalar(
        select(ThreadMessage)
        .join(ThreadMessage.forwarding)
        .where(ThreadMessage.id == id, visible(account))
        .options(joinedload(ThreadMessage.forwarding).joinedload(Forwarding.recipient))
    )
    return found or abort(404)


def get_visible_file(account: Account, message_id: int, file_id: int) -> StoredFile:
    """A file that came with a message, if this person reads it; else 404."""
    found = db.session.scalar(
        select(StoredFile)
        .join(ThreadFile, ThreadFile.file_id == StoredFile.id)
        .join(ThreadMessage, ThreadMessage.id == ThreadFile.message_id)
        .join(ThreadMessage.forwarding)
        .where(ThreadMessage.id == message_id, StoredFile.id == file_id, visible(account))
    )
    return found or abort(404)
