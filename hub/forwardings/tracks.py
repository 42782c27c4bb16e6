"""The two tracks of a forwarding: queueing its letter on them, and noticing what became of it.

Mail and post say what happened to a message; here the forwarding draws its conclusions.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime

import structlog
from sqlalchemy import select

from hub import clock
from hub.audit import queries as audit
from hub.audit.rules import SYSTEM
from hub.database import all_or_each
from hub.directory import queries as directory
from hub.directory.models import Institution, Network
from hub.extensions import db
from hub.forwardings import correspondence, deadlines, queries, receipt, second_request
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import (
    AWAITING_ACKNOWLEDGEMENT,
    DISPATCH_CLOCKS,
    ClockKey,
    Happening,
    NotNow,
    ProofChannel,
    Stage,
)
from hub.forwardings.stages import advance, lock_all
from hub.letters.models import Letter
from hub.mail import service as mail
from hub.mail.models import IS_NEWS, EmailDispatch, EmailPurpose, EmailState
from hub.post import models as post_models
from hub.post import service as post
from hub.post.models import PostDispatch
from hub.post.rules import PostState
from hub.workdays.rules import DueDate

log = structlog.get_logger()

Dispatch = EmailDispatch | PostDispatch
_AT_ONCE = 50
"""Dispatches noticed in one go."""
_LATER_SCAN = "Data pos yang kemudian diketahui menyatakan lain."
"""Stands as the reason in the history, for both offices."""


def email_addressees(institution: Institution, network: Network) -> tuple[tuple[str, str], ...]:
    """(name, address) of those who get the letter by mail: the PIC, else deputies, else the office mailbox."""
    day = clock.today(institution.zone)
    return directory.contacts([institution.id], network, day)[institution.id].addressees


def mailable(offices: Iterable[tuple[Institution, Network]]) -> set[tuple[int, Network]]:
    """Those at which somebody gets letters of that network by mail. A query for each network and each date there."""
    asked: defaultdict[tuple[Network, date], set[int]] = defaultdict(set)
    for office, network in offices:
        asked[network, clock.today(office.zone)].add(office.id)
    return {
        (id, network)
        for (network, day), ids in asked.items()
        for id, known in directory.contacts(ids, network, day).items()
        if known.addressees
    }


def queue(forwarding: Forwarding, by_email: bool, by_post: bool) -> None:
    """Queue the signed letter on each chosen track, and start the clocks of the way out."""
    if by_email:
        for name, address in email_addressees(forwarding.recipient, forwarding.network):
            queue_email(forwarding, EmailPurpose.LETTER, name, address, correspondence.forwarding_mail(forwarding))
        deadlines.start(forwarding, ClockKey.DISPATCH_MAIL)
    if by_post:
        address = f"{forwarding.recipient.name}\n{forwarding.recipient.postal_address}"
        post.queue(forwarding.stream, forwarding.letter, forwarding.recipient, address)
        deadlines.start(forwarding, ClockKey.DISPATCH_POST)


def queue_email(
    forwarding: Forwarding,
    purpose: EmailPurpose,
    name: str,
    address: str,
    message: correspondence.Message,
    letter: Letter | None = None,
    to: Institution | None = None,
) -> EmailDispatch:
    """One message about this forwarding, with its letter attached, or a `letter` that follows it up.

    The confirming link is behind its button. `to`: the office it goes to, where that is not the recipient. A message
    of the coordination thread carries no letter; to the sender's own people the recipient writes it.
    """
    is_coordination = purpose is EmailPurpose.COORDINATION
    writer = forwarding.recipient if is_coordination and to is forwarding.sender else forwarding.sender
    return mail.queue(
        about=forwarding.stream,
        purpose=purpose,
        institution_id=to.id if to else forwarding.recipient_id,
        to_name=name,
        to_address=address,
        subject=message.subject,
        paragraphs=list(message.paragraphs),
        signature=correspondence.office_signature(writer),
        action=message.action,
        letter=None if is_coordination else letter or forwarding.letter,
    )


def remind_all(reminders: Iterable[tuple[Forwarding, Iterable[tuple[str, str]], correspondence.Message]]) -> None:
    """Queue each of these messages to the recipient, with its letter: the reminders of a whole sweep at once."""
    mail.queue_all([one for reminder in reminders for one in _written(*reminder)])


def _written(
    forwarding: Forwarding, to: Iterable[tuple[str, str]], message: correspondence.Message
) -> Iterator[EmailDispatch]:
    for name, address in to:
        with suppress(mail.UnusableAddress):
            yield mail.written(
                about=forwarding.stream,
                purpose=EmailPurpose.REMINDER,
                institution_id=forwarding.recipient_id,
                to_name=name,
                to_address=address,
                subject=message.subject,
                paragraphs=message.paragraphs,
                signature=correspondence.office_signature(forwarding.sender),
                action=message.action,
                letter=forwarding.letter,
            )


def notify(forwarding: Forwarding, message: correspondence.Message) -> int:
    """Tell the recipient's PIC something about this forwarding by mail. Returns how many mails that is: 0 without an
    address that can be used, and then somebody has to write or call."""
    to = email_addressees(forwarding.recipient, forwarding.network)
    return queue_to(forwarding, EmailPurpose.NOTICE, to, message)


def hand_on(forwarding: Forwarding, to: Iterable[tuple[str, str]], estimate: Callable[[ClockKey], DueDate]) -> int:
    """Mail the letter to who took the office over. Returns how many mails that is.

    A letter that never left goes out as if for the first time. `estimate` gives the provisional date of a clock that
    does not run yet.
    """
    if forwarding.stage is Stage.READY:
        return queue_to(forwarding, EmailPurpose.LETTER, to, correspondence.forwarding_mail(forwarding))
    confirm_by = None
    if forwarding.stage in AWAITING_ACKNOWLEDGEMENT:
        running = deadlines.find_running(forwarding, ClockKey.ACKNOWLEDGE)
        confirm_by = running.due_on if running else estimate(ClockKey.ACKNOWLEDGE).due
    message = correspondence.handover_mail(forwarding, confirm_by, correspondence.answer_by(forwarding, estimate))
    return queue_to(forwarding, EmailPurpose.HANDOVER, to, message)


def send_on(forwarding: Forwarding, unsent: EmailDispatch, to: Iterable[tuple[str, str]]) -> int:
    """Say to others what `unsent` was to say. Returns how many mails that is."""
    paragraphs = tuple(unsent.paragraphs.split("\n\n"))
    message = correspondence.Message(unsent.subject, paragraphs, unsent.action)
    return queue_to(forwarding, unsent.purpose, to, message, unsent.letter)


def queue_to(
    forwarding: Forwarding,
    purpose: EmailPurpose,
    to: Iterable[tuple[str, str]],
    message: correspondence.Message,
    letter: Letter | None = None,
    office: Institution | None = None,
) -> int:
    """Queue the message to each. Returns how many mails that is.

    An address that no mail can be sent to is left out: without any, the letter shows as not delivered.
    """
    queued = 0
    for name, address in to:
        with suppress(mail.UnusableAddress):
            queue_email(forwarding, purpose, name, address, message, letter, office)
            queued += 1
    return queued


def keep_here(forwarding: Forwarding) -> None:
    """What has not left yet does not leave. Links that left say how the matter stands, and open again if it does."""
    mail.cancel_queued(forwarding.stream)
    post.cancel_queued(forwarding.stream)


def call_back(forwarding: Forwarding) -> None:
    """The same, and links that left open nothing any more."""
    keep_here(forwarding)
    mail.revoke_links(forwarding.stream)


def call_back_letter(letter: Letter) -> None:
    """The same for one letter of several about a forwarding."""
    mail.take_back(db.session.scalars(select(EmailDispatch).where(EmailDispatch.letter_id == letter.id)))
    post.cancel_queued(letter.about, letter.id)


def notice_dispatches() -> int:
    """Pull what changed on the tracks since the last time. Returns how many changes were noticed.

    One dispatch that cannot be noticed is told and tried again next time; it never stops the others.
    """
    news: list[Dispatch] = [
        *db.session.scalars(select(EmailDispatch).where(IS_NEWS).order_by(EmailDispatch.id)),
        *db.session.scalars(select(PostDispatch).where(post_models.IS_NEWS).order_by(PostDispatch.id)),
    ]
    news.sort(key=lambda one: (len(one.about), one.about))  # rows are locked in one order, as by everybody
    failed: list[Dispatch] = []

    def tell(dispatch: Dispatch, problem: Exception) -> None:
        log.error("dispatch_not_noticed", table=dispatch.__tablename__, id=dispatch.id, exc_info=problem)
        failed.append(dispatch)

    for first in range(0, len(news), _AT_ONCE):
        handful = news[first : first + _AT_ONCE]
        _held = lock_all(queries.ids_of(one.about for one in handful)), _read_again(handful)
        all_or_each(db.session, handful, _notice, tell)
    return len(news) - len(failed)


def _read_again(handful: Sequence[Dispatch]) -> list[Dispatch]:
    """Under a lock: a state that changes meanwhile must stay news. After the forwardings, as in every use case."""
    read: list[Dispatch] = []
    tables: tuple[type[Dispatch], ...] = (EmailDispatch, PostDispatch)
    for table in tables:
        if ids := [one.id for one in handful if isinstance(one, table)]:
            again = select(table).where(table.id.in_(ids)).order_by(table.id).with_for_update(of=table)
            read.extend(db.session.scalars(again.execution_options(populate_existing=True)))
    return read


def _notice(dispatch: Dispatch) -> None:
    if dispatch.noticed_at is not None:
        return
    forwarding = queries.by_stream(dispatch.about)
    dispatch.noticed_at = clock.now()
    if forwarding is None:
        return
    if isinstance(dispatch, EmailDispatch):
        _notice_email(forwarding, dispatch)
    else:
        _notice_post(forwarding, dispatch)


def _notice_email(forwarding: Forwarding, dispatch: EmailDispatch) -> None:
    if dispatch.purpose in (EmailPurpose.COPY, EmailPurpose.COORDINATION):
        return
    if dispatch.state in (EmailState.FAILED, EmailState.BOUNCED):
        advance(forwarding, Happening.NOT_SENT, SYSTEM, {"email": dispatch.id}, dispatch.ended_at)
        receipt.follow_the_tracks(forwarding)
    elif dispatch.handed_over_at:
        if dispatch.purpose is EmailPurpose.LETTER:
            _left(forwarding, dispatch.handed_over_at, {"email": dispatch.id})
        if forwarding.stage is Stage.SENT and deadlines.find_running(forwarding, ClockKey.ACKNOWLEDGE) is None:
            receipt.follow_the_tracks(forwarding)


def _notice_post(forwarding: Forwarding, dispatch: PostDispatch) -> None:
    """An envelope to the recipient holds the letter, itself or as a copy with a later one. Others say nothing of it."""
    if dispatch.institution_id != forwarding.recipient_id:
        return
    zone = forwarding.sender.zone
    told = {
        (event.kind, clock.local(event.occurred_at, zone).date())
        for event in audit.of_stream(forwarding.stream)
        if event.details.get("post") == dispatch.id
    }
    details = {"post": dispatch.id}
    if dispatch.posted_at and Happening.DISPATCHED not in {kind for kind, _ in told}:
        _left(forwarding, dispatch.posted_at, details)
    _conclude_delivery(forwarding, dispatch)
    happening, day = _bad_end(dispatch)
    if happening and day and (happening, day) not in told:
        advance(forwarding, happening, SYSTEM, details, clock.noon(day, zone))
    receipt.follow_the_tracks(forwarding)


def _conclude_delivery(forwarding: Forwarding, dispatch: PostDispatch) -> None:
    """A delivery with name and date proves receipt. A proof that rests on what turned out untrue is withdrawn."""
    zone = forwarding.recipient.zone
    is_proof = dispatch.state is PostState.DELIVERED and dispatch.delivered_to != ""
    day = dispatch.delivered_on if is_proof else None
    standing = receipt.standing_proof(forwarding, ProofChannel.POST, dispatch.id)
    if standing and (standing.name, clock.local(standing.occurred_at, zone).date()) == (dispatch.delivered_to, day):
        return
    if standing and not _withdrawn(forwarding, standing):
        return
    if day is None:
        return
    moment = clock.noon(day, zone)
    proof = receipt.prove(
        forwarding, ProofChannel.POST, dispatch.delivered_to, forwarding.recipient.name, dispatch.id, moment
    )
    advance(forwarding, Happening.DELIVERED, SYSTEM, {"post": dispatch.id, "proof": proof.id}, moment)
    second_request.note_receipt(forwarding, proof, SYSTEM)


def _withdrawn(forwarding: Forwarding, proof: Proof) -> bool:
    """False, and the proof is kept, when a later decision of the sender rests on it."""
    try:
        with db.session.begin_nested():
            receipt.withdraw(forwarding, proof, SYSTEM, _LATER_SCAN)
    except NotNow:
        log.warning("proof_kept", forwarding=forwarding.id, proof=proof.id)
        return False
    return True


def _bad_end(dispatch: PostDispatch) -> tuple[Happening | None, date | None]:
    if dispatch.state is PostState.RETURNED:
        return Happening.RETURNED_BY_POST, dispatch.returned_on
    if dispatch.state is PostState.PRESUMED_LOST:
        return Happening.PRESUMED_LOST, dispatch.presumed_lost_on
    return None, None


def _left(forwarding: Forwarding, moment: datetime, details: dict[str, int]) -> None:
    advance(forwarding, Happening.DISPATCHED, SYSTEM, details, moment)
    deadlines.end(forwarding, DISPATCH_CLOCKS)
