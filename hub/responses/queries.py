"""Reading answers, under the visibility rule of their forwarding."""

from collections.abc import Iterable
from datetime import datetime

from flask import abort
from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from hub.accounts.models import Account
from hub.accounts.rules import Capability
from hub.audit import queries as audit
from hub.database import LARGEST_KEY
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import OPEN_STAGES, Happening, Stage, is_possible
from hub.letters.models import Letter
from hub.mail.inbox.models import InboundMail
from hub.mail.models import EmailDispatch
from hub.responses.models import (
    IS_AWAITED,
    IS_WAITING,
    AnnouncedReply,
    MailedReply,
    Response,
    ResponseFile,
    ResponseKind,
)

MOST_WAITING = 100
MOST_REPORTS = 50
MOST_OTHERS = 50


def of(forwarding: Forwarding) -> list[Response]:
    """All answers to a forwarding with authors and files, newest first; one that belonged elsewhere is no answer."""
    return list(
        db.session.scalars(
            select(Response)
            .where(Response.forwarding_id == forwarding.id, Response.withdrawn_at.is_(None))
            .options(
                joinedload(Response.author),
                joinedload(Response.incoming),
                joinedload(Response.proposed_owner),
                joinedload(Response.receipt).lazyload(Letter.institution),
                selectinload(Response.files),
                selectinload(Response.reports),
            )
            .order_by(Response.id.desc())
        )
    )


def to_review(responses: list[Response]) -> Response | None:
    """The final answer that waits for the sender's review, if any. `responses` newest first."""
    waiting = (one for one in responses if one.kind is ResponseKind.FINAL and one.review is None)
    return next(waiting, None)


def is_to_review(response: Response) -> bool:
    """True for the newest answer, as long as nobody has reviewed it."""
    return to_review(of(response.forwarding)) is response


def get_visible(account: Account, id: int) -> Response:
    """The answer, if this person may see its forwarding; else 404."""
    found = db.session.scalar(
        select(Response)
        .join(Response.forwarding)
        .where(Response.id == id, Response.withdrawn_at.is_(None), forwardings.visible(account))
        .options(contains_eager(Response.forwarding).joinedload(Forwarding.sender))
    )
    return found or abort(404)


def get_visible_file(account: Account, response_id: int, file_id: int) -> StoredFile:
    """A file of an answer, if this person may see the forwarding; else 404."""
    found = db.session.scalar(
        select(StoredFile)
        .join(ResponseFile, ResponseFile.file_id == StoredFile.id)
        .join(Response, Response.id == ResponseFile.response_id)
        .join(Response.forwarding)
        .where(
            Response.id == response_id,
            Response.withdrawn_at.is_(None),
            StoredFile.id == file_id,
            forwardings.visible(account),
        )
    )
    return found or abort(404)


def may_open_reports(account: Account, forwarding: Forwarding) -> bool:
    """The rule of who opens the examination reports (LHP) that came with answers to a forwarding.

    Whoever reviews answers at the office that sent it, and PIC and deputy of the office that answers: not a monitor of
    another office, not an office that reads along, not a signatory as such.
    """
    reviews = forwardings.is_sender(account, forwarding) and account.may(Capability.REVIEW)
    return reviews or forwardings.is_recipient(account, forwarding)


def get_report(account: Account, response_id: int, file_id: int) -> tuple[Response, StoredFile]:
    """An answer and an examination report of it. 404 for whom the answer is not visible, 403 for who only sees it."""
    response = get_visible(account, response_id)
    report = next((one for one in response.reports if one.id == file_id), None)
    if report is None:
        abort(404)
    if not may_open_reports(account, response.forwarding):
        abort(403)
    return response, report


def other_letters(account: Account, forwarding: Forwarding) -> Select[Forwarding]:
    """Letters between the same two offices that this person sees beside this one, the newest first."""
    return (
        select(Forwarding)
        .where(
            forwardings.visible(account),
            Forwarding.id != forwarding.id,
            Forwarding.network == forwarding.network,
            Forwarding.sender_id == forwarding.sender_id,
            Forwarding.recipient_id == forwarding.recipient_id,
        )
        .options(joinedload(Forwarding.letter), joinedload(Forwarding.complaint))
        .order_by(Forwarding.id.desc())
    )


def awaiting_too(account: Account, forwarding: Forwarding) -> list[Forwarding]:
    """Those of them that await an answer as well, the newest MOST_OTHERS."""
    awaiting = Forwarding.stage.in_([one for one in Stage if is_possible(one, Happening.ANSWERED)])
    return list(db.session.scalars(other_letters(account, forwarding).where(awaiting).limit(MOST_OTHERS)))


def get_others(account: Account, forwarding: Forwarding, ids: Iterable[int]) -> list[Forwarding]:
    """Those of them with these ids; 404 when one is none of them."""
    wanted = set(ids)
    if any(id > LARGEST_KEY for id in wanted):
        abort(404)
    found = list(db.session.scalars(other_letters(account, forwarding).where(Forwarding.id.in_(wanted))))
    return found if len(found) == len(wanted) else abort(404)


def came_in(forwarding: Forwarding, dispatches: Iterable[EmailDispatch]) -> tuple[list[MailedReply], list[InboundMail]]:
    """Replies filed with a forwarding, and what else came in about its messages: reports, automatic answers, receipts.

    Both newest first, in one query.
    """
    filed = (MailedReply.forwarding_id == forwarding.id) & MailedReply.withdrawn_at.is_(None)
    reported = InboundMail.dispatch_id.in_([dispatch.id for dispatch in dispatches])
    reports = select(InboundMail.id).where(reported).order_by(InboundMail.id.desc()).limit(MOST_REPORTS)
    wanted = union(select(MailedReply.mail_id).where(filed), reports.subquery().select())
    found = db.session.execute(
        select(InboundMail, MailedReply)
        .outerjoin(MailedReply, (MailedReply.mail_id == InboundMail.id) & filed)
        .where(InboundMail.id.in_(wanted))
        .order_by(InboundMail.id.desc())
    ).all()
    rows: list[tuple[InboundMail, MailedReply | None]] = [(mail, reply) for mail, reply in found]
    replies = [reply for _, reply in rows if reply is not None]
    return sorted(replies, key=lambda one: one.id, reverse=True), [mail for mail, reply in rows if reply is None]


def reply_of(forwarding: Forwarding, mail: InboundMail) -> MailedReply | None:
    """What this mail was to this letter, also when it was taken back. One that nobody noticed yet was nothing."""
    if mail.noticed_at is None:
        return None
    wanted = select(MailedReply).where(MailedReply.forwarding_id == forwarding.id, MailedReply.mail_id == mail.id)
    with db.session.no_autoflush:
        return db.session.scalar(wanted)


def replies_from(mail: InboundMail) -> list[MailedReply]:
    """Where this mail is filed."""
    filed = (MailedReply.mail_id == mail.id) & MailedReply.withdrawn_at.is_(None)
    letter = joinedload(MailedReply.forwarding).options(
        joinedload(Forwarding.letter), joinedload(Forwarding.recipient), joinedload(Forwarding.complaint)
    )
    return list(db.session.scalars(select(MailedReply).where(filed).options(letter).order_by(MailedReply.id)))


def waiting_of(forwarding: Forwarding) -> list[MailedReply]:
    """Those of them of which the sender has not said yet what they are."""
    return list(db.session.scalars(select(MailedReply).where(IS_WAITING, MailedReply.forwarding_id == forwarding.id)))


def awaited(forwarding: Forwarding) -> list[AnnouncedReply]:
    """Answers on their way that neither came nor were given up, the first announced first."""
    mine = select(AnnouncedReply).where(IS_AWAITED, AnnouncedReply.forwarding_id == forwarding.id)
    return list(db.session.scalars(mine.order_by(AnnouncedReply.id)))


def announced_for(forwarding: Forwarding) -> list[AnnouncedReply]:
    """All that was said to be on its way, newest first, mistakes included; with the answers that came."""
    mine = select(AnnouncedReply).where(AnnouncedReply.forwarding_id == forwarding.id)
    return list(
        db.session.scalars(mine.options(joinedload(AnnouncedReply.response)).order_by(AnnouncedReply.id.desc()))
    )


def get_own_announcement(account: Account, id: int) -> AnnouncedReply:
    """An answer announced for a forwarding of the own office; else 404."""
    found = db.session.scalar(
        select(AnnouncedReply)
        .join(AnnouncedReply.forwarding)
        .where(AnnouncedReply.id == id, forwardings.visible(account), Forwarding.sender_id == account.institution.id)
        .options(contains_eager(AnnouncedReply.forwarding))
    )
    return found or abort(404)


def under_review_since(forwarding: Forwarding) -> list[datetime]:
    """Since when each thing waits for the sender: replies nobody has read, and the final answer.

    One that came by mail waits since the mail was filed, any other since it was entered.
    """
    since = [one.filed_at for one in waiting_of(forwarding)]
    final = audit.last_of(forwarding.stream, Happening.ANSWERED) if forwarding.stage is Stage.ANSWERED else None
    if final:
        by_mail = select(MailedReply.filed_at).where(MailedReply.response_id == final.details["response"])
        since.append(db.session.scalar(by_mail) or final.recorded_at)
    return since


def number_waiting_after_the_end(account: Account) -> int:
    """Replies to letters of the own office that have ended: no other list names them, and one may answer another."""
    return (
        db.session.scalar(
            select(func.count(MailedReply.id))
            .join(MailedReply.forwarding)
            .where(
                IS_WAITING,
                forwardings.visible(account),
                Forwarding.sender_id == account.institution.id,
                Forwarding.stage.not_in(OPEN_STAGES),
            )
        )
        or 0
    )


def waiting_for(account: Account) -> list[MailedReply]:
    """Replies that the own office has to look at, the oldest MOST_WAITING."""
    return list(
        db.session.scalars(
            select(MailedReply)
            .join(MailedReply.forwarding)
            .where(IS_WAITING, forwardings.visible(account), Forwarding.sender_id == account.institution.id)
            .options(
                contains_eager(MailedReply.forwarding).options(
                    joinedload(Forwarding.letter), joinedload(Forwarding.recipient), joinedload(Forwarding.complaint)
                ),
                joinedload(MailedReply.mail),
            )
            .order_by(MailedReply.id)
            .limit(MOST_WAITING)
        )
    )


def get_own_reply(account: Account, id: int) -> MailedReply:
    """A reply filed with a forwarding of the own office; else 404."""
    found = db.session.scalar(
        select(MailedReply)
        .join(MailedReply.forwarding)
        .where(MailedReply.id == id, forwardings.visible(account), Forwarding.sender_id == account.institution.id)
        .options(
            contains_eager(MailedReply.forwarding).options(
                joinedload(Forwarding.letter), joinedload(Forwarding.recipient), joinedload(Forwarding.complaint)
            ),
            joinedload(MailedReply.mail).selectinload(InboundMail.files),
        )
    )
    return found or abort(404)


def get_file_of_reply(account: Account, reply_id: int, file_id: int) -> StoredFile:
    """A file that came with a reply, or the mail itself, for the office that wrote the letter; else 404."""
    reply = get_own_reply(account, reply_id)
    reports = reply.response.reports if reply.response else []
    known = {file.id: file for file in (*reply.mail.files, reply.mail.raw) if file not in reports}
    return known.get(file_id) or abort(404)
