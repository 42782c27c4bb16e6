"""Prints of the mail room as one PDF each. For the worker only; each print is a unit of work of its own."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog
from pypdf import PageObject, PdfReader, PdfWriter
from sqlalchemy import Select, exists, or_, select

from hub import clock
from hub.database import read_only
from hub.extensions import db
from hub.files import service as files
from hub.files.models import StoredFile
from hub.letters import queries as letters
from hub.letters.pdf import CannotPrint, render
from hub.post import addressing, slips
from hub.post.addressing import Entry
from hub.post.models import PostDispatch, PrintJob
from hub.post.queries import in_print
from hub.post.rules import PRINT_LIFE, PostState
from hub.post.service import release

log = structlog.get_logger()


@dataclass(frozen=True)
class PrintReport:
    """Prints made and deleted; ids of those that could not be made or deleted."""

    made: int
    deleted: int
    broken: tuple[int, ...]


def make_and_tidy() -> PrintReport:
    """Make the prints that are asked for; delete the files of those that are on paper, or older than a day."""
    wanted = select(PrintJob.id).where(PrintJob.made_at.is_(None))
    still_needed = exists().where(PostDispatch.print_job_id == PrintJob.id, PostDispatch.state == PostState.TO_PRINT)
    is_old = StoredFile.created_at < clock.now() - PRINT_LIFE
    done = select(PrintJob.id).join(PrintJob.file).where(or_(~still_needed, is_old))
    made, not_made = _each(wanted, _make)
    deleted, not_deleted = _each(done, _delete)
    return PrintReport(made, deleted, not_made + not_deleted)


def _each(ids: Select[int], act: Callable[[int], None]) -> tuple[int, tuple[int, ...]]:
    with read_only():
        found = db.session.scalars(ids.order_by(PrintJob.id)).all()
        db.session.rollback()
    broken: list[int] = []
    for id in found:
        try:
            act(id)
        except Exception:  # whatever it is, the next print must be tried
            db.session.rollback()
            log.exception("print_not_done", print=id)
            broken.append(id)
    return len(found) - len(broken), tuple(broken)


def _make(id: int) -> None:
    """Rendering takes seconds: nobody's writing waits for it."""
    with read_only():
        job = db.session.get_one(PrintJob, id)
        inside = [one for one in in_print(job) if one.state is PostState.TO_PRINT]
        bound = _bound_or_nothing(job, inside)
        db.session.rollback()
    job = _locked(id)
    if job.made_at is not None:
        return
    job.made_at, job.error = clock.now(), ", ".join(bound.left_out)[:500]
    if bound.content:
        job.file = files.store_made(f"cetak-{id}.pdf", bound.content, "application/pdf")
    for left in db.session.scalars(select(PostDispatch).where(PostDispatch.id.in_(bound.left_out_ids))):
        left.print_job_id = None
    db.session.commit()


def _delete(id: int) -> None:
    job = _locked(id)
    old, job.file = job.file, None
    db.session.flush()
    if old is not None:
        files.discard(old)
    release(job)
    db.session.commit()


def _locked(id: int) -> PrintJob:
    job = db.session.get_one(PrintJob, id)
    db.session.refresh(job, ["made_at", "file_id"], with_for_update=True)
    return job


@dataclass
class _Bound:
    """A print as it goes to the printer; `left_out` are the numbers of letters that could not be put in."""

    content: bytes = b""
    left_out: list[str] = field(default_factory=list)
    left_out_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Packed:
    """What goes into one envelope, each beginning on a sheet of its own: the letter, what it encloses, its slip."""

    dispatch: PostDispatch
    papers: tuple[PdfReader, ...]

    @property
    def letter(self) -> PdfReader:
        return self.papers[0]


def _bound_or_nothing(job: PrintJob, dispatches: Sequence[PostDispatch]) -> _Bound:
    """A print that cannot be made is told with all its letters, and not tried again by itself."""
    try:
        return _bound(job, dispatches)
    except Exception:
        log.exception("print_not_made", print=job.id)
        return _without(dispatches)


def _without(broken: Sequence[PostDispatch]) -> _Bound:
    return _Bound(b"", [one.letter.number or str(one.letter_id) for one in broken], [one.id for one in broken])


def _bound(job: PrintJob, dispatches: Sequence[PostDispatch]) -> _Bound:
    """List, each letter with its slip behind it, then what goes round them. A broken letter is left out and told."""
    packed: list[_Packed] = []
    broken: list[PostDispatch] = []
    for dispatch in dispatches:
        try:
            packed.append(_pack(dispatch))
        except Exception:
            log.exception("letter_not_in_print", print=job.id, post=dispatch.id)
            broken.append(dispatch)
    bound = _without(broken)
    if packed:
        bound.content = _merged(job, packed, broken)
    return bound


def _pack(dispatch: PostDispatch) -> _Packed:
    if dispatch.letter.file is None:
        raise CannotPrint("the letter has no PDF")
    enclosed = (one.file for one in letters.enclosed_in(dispatch.letter))
    papers = [PdfReader(io.BytesIO(files.read(file))) for file in (dispatch.letter.file, *enclosed) if file]
    for paper in papers:
        _refuse_broken(paper)
    if dispatch.has_slip:
        slip = render(slips.html(dispatch, linked=False), identifier=f"slip-{dispatch.id}")
        papers.append(PdfReader(io.BytesIO(slip)))
    return _Packed(dispatch, tuple(papers))


def _refuse_broken(letter: PdfReader) -> None:
    """Raises whatever a broken PDF raises, before it can spoil the whole print."""
    trial = PdfWriter()
    trial.append(letter, import_outline=False)
    if not trial.pages:
        raise CannotPrint("the letter has no pages")
    trial.write(io.BytesIO())


def _merged(job: PrintJob, packed: Sequence[_Packed], broken: Sequence[PostDispatch]) -> bytes:
    cover = _cover(job, packed, broken, pages_before=2)
    if len(cover.pages) > 2:  # longer than one sheet: all others move behind it
        cover = _cover(job, packed, broken, pages_before=len(cover.pages) + len(cover.pages) % 2)
    writer = PdfWriter()
    _append(writer, cover)
    for one in packed:
        for paper in one.papers:
            _append(writer, paper)
    around, expected = addressing.surrounds([one.dispatch for one in packed], job.institution, job.addressing)
    sheets = PdfReader(io.BytesIO(render(around, identifier=f"around-{job.id}")))
    if len(sheets.pages) != expected:
        raise CannotPrint(f"labels or envelopes of print {job.id} took {len(sheets.pages)} pages instead of {expected}")
    for sheet in sheets.pages:
        writer.add_page(sheet)
        _pad(writer, sheet)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _cover(job: PrintJob, packed: Sequence[_Packed], broken: Sequence[PostDispatch], pages_before: int) -> PdfReader:
    entries, page = [], pages_before
    for one in packed:
        *before, last_paper = (len(paper.pages) for paper in one.papers)
        last = page + sum(length + length % 2 for length in before) + last_paper
        entries.append(Entry(one.dispatch, len(one.letter.pages), page + 1, last))
        page = last + last_paper % 2
    html = addressing.cover(job, entries, broken)
    return PdfReader(io.BytesIO(render(html, identifier=f"print-{job.id}")))


def _append(writer: PdfWriter, document: PdfReader) -> None:
    """Its pages and, if their number is odd, an empty one: printed on both sides, nothing lands on another's back."""
    writer.append(document, import_outline=False)
    if len(document.pages) % 2:
        _pad(writer, document.pages[-1])


def _pad(writer: PdfWriter, like: PageObject) -> None:
    writer.add_blank_page(float(like.mediabox.width), float(like.mediabox.height))
