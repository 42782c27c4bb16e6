"""Receipt slips (tanda terima) as PDF. For the worker only; each slip is a unit of work of its own."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import Select, or_, select

from hub import clock
from hub.database import read_only
from hub.extensions import db
from hub.files import service as files
from hub.files.models import StoredFile
from hub.letters.document import letterhead, page, qr
from hub.letters.models import Letter
from hub.post import short_codes
from hub.post.models import PostDispatch
from hub.post.rules import SLIP_LIFE, PostState
from hub.post.service import slip_address

log = structlog.get_logger()


@dataclass(frozen=True)
class SlipReport:
    """Slips made and deleted; ids of envelopes whose slip could not be made or deleted."""

    made: int
    deleted: int
    broken: tuple[int, ...]


def make_and_tidy() -> SlipReport:
    """Make the slips that are wanted and whose letter has its PDF; delete those printed, or older than a day."""
    wanted = (
        select(PostDispatch.id)
        .join(PostDispatch.letter)
        .where(PostDispatch.slip_wanted, PostDispatch.state == PostState.TO_PRINT, Letter.file_id.is_not(None))
    )
    old = (
        select(PostDispatch.id)
        .join(PostDispatch.slip_file)
        .where(or_(PostDispatch.state != PostState.TO_PRINT, StoredFile.created_at < clock.now() - SLIP_LIFE))
    )
    made, not_made = _each(wanted, _make)
    deleted, not_deleted = _each(old, _delete)
    return SlipReport(made, deleted, not_made + not_deleted)


def html(dispatch: PostDispatch, *, linked: bool = True) -> str:
    """The slip as a page."""
    address = slip_address(dispatch)
    return page(
        "post/slip.html",
        linked,
        dispatch=dispatch,
        letter=dispatch.letter,
        institution=dispatch.letter.institution,
        head=letterhead(dispatch.letter.institution.name),
        address=address,
        qr=qr(address),
        short_code=short_codes.of(dispatch),
    )


def _each(ids: Select[int], act: Callable[[int], None]) -> tuple[int, tuple[int, ...]]:
    with read_only():
        found = db.session.scalars(ids.order_by(PostDispatch.id)).all()
        db.session.rollback()
    broken: list[int] = []
    for id in found:
        try:
            act(id)
        except Exception:  # whatever it is, the next envelope must be tried
            db.session.rollback()
            log.exception("slip_not_done", post=id)
            broken.append(id)
    return len(found) - len(broken), tuple(broken)


def _make(id: int) -> None:
    from hub.letters import pdf

    with read_only():
        slip = html(db.session.get_one(PostDispatch, id), linked=False)
        db.session.rollback()
    content = pdf.render(slip, identifier=f"slip-{id}")
    dispatch = _locked(id)
    if dispatch.slip_wanted and dispatch.state == PostState.TO_PRINT:
        dispatch.slip_file = files.store_made(f"tanda-terima-{id}.pdf", content, "application/pdf")
        dispatch.slip_wanted = False
    db.session.commit()


def _delete(id: int) -> None:
    dispatch = _locked(id)
    slip, dispatch.slip_file = dispatch.slip_file, None
    db.session.flush()
    if slip is not None:
        files.discard(slip)
    db.session.commit()


def _locked(id: int) -> PostDispatch:
    dispatch = db.session.get_one(PostDispatch, id)
    db.session.refresh(dispatch, ["state", "slip_wanted", "slip_file_id"], with_for_update=True)
    return dispatch
