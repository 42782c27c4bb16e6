"""Reading envelopes: of a matter, of a mail room, behind the code on a slip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from hub import clock
from hub.accounts.models import Account
from hub.extensions import db
from hub.letters.models import Letter, LetterState
from hub.post.models import PostDispatch, PostScan, PrintJob
from hub.post.rules import ON_THE_WAY, PostState
from hub.webkit import links, tokens

_LATELY = timedelta(days=180)
"""A letter posted longer ago is answered or escalated, whatever became of the envelope."""


def of(about: str) -> Sequence[PostDispatch]:
    """Every envelope of this matter, oldest first."""
    return db.session.scalars(select(PostDispatch).where(PostDispatch.about == about).order_by(PostDispatch.id)).all()


def by_link_token(token: str) -> PostDispatch | None:
    """The envelope whose slip carries this token; its `link_state` tells whether the code still works."""
    id = tokens.claimed_id(token)
    dispatch = db.session.get(PostDispatch, id) if id else None
    if dispatch is None or not dispatch.has_slip or not links.is_genuine(token, "slip", dispatch.id, dispatch.nonce):
        return None
    return dispatch


def visible(account: Account) -> Select[PostDispatch]:
    """Envelopes with signed letters of the account's own institution: all that its mail room may see."""
    return (
        select(PostDispatch)
        .join(PostDispatch.letter)
        .where(_is_signed_by_office_of(account))
        .options(contains_eager(PostDispatch.letter), joinedload(PostDispatch.institution))
    )


def get_visible(account: Account, id: int) -> PostDispatch:
    """The envelope, or 404: one of another institution does not exist for this account."""
    dispatch: PostDispatch = db.first_or_404(visible(account).where(PostDispatch.id == id))
    return dispatch


def get_scan(account: Account, id: int, scan_id: int) -> PostScan:
    """A scan of an envelope, or 404 like the envelope."""
    dispatch = get_visible(account, id)
    scan: PostScan = db.first_or_404(
        select(PostScan)
        .where(PostScan.id == scan_id, PostScan.dispatch_id == dispatch.id)
        .options(joinedload(PostScan.proof), joinedload(PostScan.recorded_by))
    )
    return scan


def scans_of(dispatch: PostDispatch) -> Sequence[PostScan]:
    """All that was told of it, the newest first, also what was withdrawn."""
    told = select(PostScan).where(PostScan.dispatch_id == dispatch.id).order_by(PostScan.at.desc(), PostScan.id.desc())
    return db.session.scalars(told.options(joinedload(PostScan.proof), joinedload(PostScan.recorded_by))).all()


def _needs_clearing_up() -> ColumnElement[bool]:
    """Came back, is presumed lost, or was delivered to nobody knows whom; and no newer envelope left for the same."""
    newer = aliased(PostDispatch)
    replaced = exists().where(
        newer.about == PostDispatch.about,
        newer.institution_id == PostDispatch.institution_id,
        newer.id > PostDispatch.id,
        newer.state != PostState.CANCELLED,
    )
    ended_badly = PostDispatch.state.in_((PostState.RETURNED, PostState.PRESUMED_LOST))
    unsigned = (PostDispatch.state == PostState.DELIVERED) & (PostDispatch.delivered_to == "")
    return and_(or_(ended_badly, unsigned), PostDispatch.posted_at > clock.now() - _LATELY, ~replaced)


def lists() -> Mapping[str, ColumnElement[bool]]:
    """The lists of the mail room by their name in addresses, and what is in each."""
    return {
        "to_print": PostDispatch.state == PostState.TO_PRINT,
        "printed": PostDispatch.state == PostState.PRINTED,
        "on_the_way": PostDispatch.state.in_(ON_THE_WAY),
        "to_clear_up": _needs_clearing_up(),
    }


def list_counts(account: Account) -> dict[str, int]:
    """How many envelopes are in each list. One query."""
    sums = (func.sum(case((one, 1), else_=0)).label(name) for name, one in lists().items())
    mine = select(*sums).select_from(PostDispatch).join(PostDispatch.letter).where(_is_signed_by_office_of(account))
    return {name: count or 0 for name, count in db.session.execute(mine).mappings().one().items()}


# Prints


def open_prints(account: Account) -> Sequence[PrintJob]:
    """Prints of the own office that are being made or lie ready, the newest first."""
    is_open = PrintJob.made_at.is_(None) | PrintJob.file_id.is_not(None)
    mine = select(PrintJob).where(PrintJob.institution_id == account.institution.id, is_open)
    return db.session.scalars(mine.order_by(PrintJob.id.desc())).all()


def get_print(account: Account, id: int) -> PrintJob:
    """A print of the own office, or 404."""
    job: PrintJob = db.first_or_404(
        select(PrintJob)
        .where(PrintJob.id == id, PrintJob.institution_id == account.institution.id)
        .options(joinedload(PrintJob.file))
    )
    return job


def in_print(job: PrintJob) -> Sequence[PostDispatch]:
    """What is in a print, in the order of its pages."""
    inside = select(PostDispatch).join(PostDispatch.letter).where(PostDispatch.print_job_id == job.id)
    eager = (contains_eager(PostDispatch.letter), joinedload(PostDispatch.institution))
    return db.session.scalars(inside.order_by(PostDispatch.id).options(*eager)).all()


# Posting one after the other


@dataclass(frozen=True)
class Place:
    """A printed envelope among all that wait to be posted: the `number`-th of `total`."""

    dispatch: PostDispatch
    number: int
    total: int


def to_post(account: Account, wanted: int | None, after: int | None = None) -> Place | None:
    """The envelope to post now: the wanted one, else the first behind `after`, else the first. None when none waits."""
    printed = PostDispatch.state == PostState.PRINTED
    waiting = visible(account).where(printed)
    choices = [waiting.where(PostDispatch.id == wanted)] if wanted else []
    choices += [waiting.where(PostDispatch.id > after)] if after else []
    choices.append(waiting)
    ordered = (db.session.scalar(one.order_by(PostDispatch.id).limit(1)) for one in choices)
    found = next((one for one in ordered if one), None)
    if found is None:
        return None
    up_to_it = func.sum(case((PostDispatch.id <= found.id, 1), else_=0))
    mine = select(up_to_it, func.count()).select_from(PostDispatch).join(PostDispatch.letter)
    number, total = db.session.execute(mine.where(_is_signed_by_office_of(account), printed)).one()
    return Place(found, number, total)


def _is_signed_by_office_of(account: Account) -> ColumnElement[bool]:
    """One declared void included: its envelope may be under way, and what becomes of it is still to be told."""
    was_signed = Letter.state.in_((LetterState.SIGNED, LetterState.VOID))
    return and_(Letter.institution_id == account.institution.id, was_signed)
