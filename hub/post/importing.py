"""Files of the post: what it scanned (`resi,status,waktu,…`), and the numbers it gave (`nomor_surat,resi`).

Each unusable row is told; the others are taken in. The same file again changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import contains_eager

from hub import clock
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.letters.models import Letter, LetterState
from hub.letters.rules import number_key
from hub.post import rules, service
from hub.post.models import PostDispatch
from hub.post.rules import GONE, DayFault, PostState, ScanKind, Sighting
from hub.post.scans import AT_ONCE, Telling
from hub.post.service import NotPossible
from hub.post.status_words import STATUS_WORDS, kind_of, moment_of
from hub.sheets import reading, table
from hub.sheets.cells import Fault, Row, short
from hub.sheets.writing import FORMULA

SCAN_HEADERS, SCAN_OPTIONAL = ("resi", "status", "waktu"), ("kantor", "penerima", "keterangan")
NUMBER_HEADERS = ("nomor_surat", "resi")

_ON_PAPER = (LetterState.SIGNED, LetterState.VOID)
"""One that was withdrawn is void, and may be under way all the same."""
_IN_ONE_ENVELOPE = rules.NOTED_LATE
"""Two letters with one number, posted within this time, travel together; further apart the number was used again."""


@dataclass
class ImportReport:
    """Rows that said something new, rows that said what was known, and what is wrong with all others."""

    imported: int = 0
    unchanged: int = 0
    errors: list[Fault] = field(default_factory=list)


def import_file(content: bytes, office: Institution | None, by: Person | None = None) -> ImportReport:
    """Take in a file of the post, for the envelopes of one office; of the whole hub when it is None."""
    report = ImportReport()
    own = Letter.institution_id == office.id if office else true()
    try:
        is_about_numbers = "nomor_surat" in table.headers_of(content)
    except reading.Unreadable as problem:
        report.errors.append(Fault(problem.line, "", str(problem)))
        return report
    if is_about_numbers:
        _take_numbers(_rows(content, NUMBER_HEADERS, (), report.errors), own, by, report)
    else:
        _take_scans(_rows(content, SCAN_HEADERS, SCAN_OPTIONAL, report.errors), own, by, report)
    if not (report.imported or report.unchanged or report.errors):
        report.errors.append(Fault(1, "", _("The file has a header row and nothing below it.")))
    report.errors.sort(key=lambda one: one.line)
    return report


def _rows(content: bytes, headers: Sequence[str], optional: Sequence[str], faults: list[Fault]) -> list[Row]:
    """The rows of the right shape that hold no formula."""
    found: list[Row] = []
    misshapen: list[Fault] = []  # apart: of these, too many end the reading
    try:
        for row in table.rows(content, headers, optional, misshapen):
            _refuse_formulas(row)
            if row.faults:
                faults.extend(row.faults)
            else:
                found.append(row)
    except reading.Unreadable as problem:
        misshapen.append(Fault(problem.line, "", str(problem)))
    faults.extend(misshapen)
    return found


def _refuse_formulas(row: Row) -> None:
    """A dash alone means "nothing"; whatever else begins like a formula was not written by the post."""
    for key, column in row.columns.items():
        cell = row.cells[column.index].strip()
        if cell != "-" and FORMULA.match(cell):
            row.fault(key, _("“%(text)s” begins like a formula of a spreadsheet. Write plain text.", text=short(cell)))


# What the post scanned


def _take_scans(rows: Iterable[Row], own: ColumnElement[bool], by: Person | None, report: ImportReport) -> None:
    readable = [(row, rules.tidy_number(row.line_of("resi", 60))) for row in rows]
    holders = _by_tracking_number({number for _row, number in readable}, own)
    tellings: list[Telling] = []
    lines: list[int] = []
    for row, number in readable:
        told = _tellings(row, holders.get(number, ()), number)
        if row.faults:
            report.errors.extend(row.faults)
        else:
            tellings.extend(told)
            lines.extend([row.line] * len(told))
    news: dict[int, bool] = defaultdict(bool)
    for line, is_new in zip(lines, service.note_scans(tellings, by), strict=True):
        news[line] |= is_new
    report.imported = sum(news.values())
    report.unchanged = len(news) - report.imported


def _tellings(row: Row, holders: Sequence[PostDispatch], number: str) -> list[Telling]:
    """What a row tells, for each letter in the envelope; nothing when it has a fault."""
    status = row.line_of("status", 100)
    kind = _kind(row, status)
    if not number and not row.faults:  # an empty cell was told already
        row.fault("resi", _("This row has no tracking number."))
    elif number and not holders:
        row.fault("resi", _("No envelope has this tracking number. Enter it with its letter first."))
    zone = clock.ZONES[holders[0].letter.institution.zone] if holders else clock.ZONES["WIB"]
    text = row.line_of("waktu", 60)
    moment = moment_of(text, zone)
    if text and moment is None:
        row.fault(
            "waktu",
            _("“%(text)s” is no date with a time. Write it as 2026-03-14 09:30 or 14/03/2026 09:30.", text=short(text)),
        )
    receiver, words = _said(row, "penerima", 200), _said(row, "keterangan", 300)
    place = _said(row, "kantor", 200)
    if moment is None or not holders:
        return []
    faults = [rules.scan_fault(moment, one.posted_at or moment, clock.now()) for one in holders]
    if DayFault.FUTURE in faults:
        row.fault("waktu", _("This time lies in the future. Check the date."))
    elif None not in faults:
        row.fault("waktu", _("This time is before the letter was posted. Check the date and the number."))
    if row.faults:
        return []
    if kind is ScanKind.IN_TRANSIT:
        words = " · ".join(filter(None, (status, words)))[:300]
    seen = Sighting(moment, kind, receiver if kind is ScanKind.DELIVERED else "", words)
    inside = [one for one, fault in zip(holders, faults, strict=True) if fault is None]
    newest = max(one.posted_at or moment for one in inside)
    return [Telling(one, seen, place) for one in inside if newest - (one.posted_at or moment) < _IN_ONE_ENVELOPE]


def _kind(row: Row, text: str) -> ScanKind:
    kind = kind_of(text)
    if text and kind is None:
        known = ", ".join(word.capitalize() for word in STATUS_WORDS)
        row.fault("status", _("“%(text)s” is not known here. Write one of: %(words)s.", text=short(text), words=known))
    return kind or ScanKind.IN_TRANSIT


def _said(row: Row, key: str, limit: int) -> str:
    text = row.line_of(key, limit, required=False)
    return "" if text == "-" else text


def _by_tracking_number(numbers: set[str], own: ColumnElement[bool]) -> dict[str, list[PostDispatch]]:
    """Envelopes on their way or at their end, by their number."""
    found: dict[str, list[PostDispatch]] = defaultdict(list)
    for dispatch in _envelopes(numbers - {""}, PostDispatch.tracking_number.in_, own):
        if dispatch.state in GONE:
            found[dispatch.tracking_number].append(dispatch)
    return found


# Which numbers the post gave


def _take_numbers(rows: Iterable[Row], own: ColumnElement[bool], by: Person | None, report: ImportReport) -> None:
    readable = [(row, number_key(row.line_of("nomor_surat", 120)), row.line_of("resi", 60)) for row in rows]
    letters: dict[str, list[PostDispatch]] = defaultdict(list)
    for dispatch in _envelopes({key for _row, key, _text in readable} - {""}, Letter.number_key.in_, own):
        letters[dispatch.letter.number_key or ""].append(dispatch)
    for row, key, typed in readable:
        if not row.faults:
            _take_number(row, letters.get(key, []), typed, by, report)
        report.errors.extend(row.faults)


def _take_number(
    row: Row, envelopes: Sequence[PostDispatch], typed: str, by: Person | None, report: ImportReport
) -> None:
    number = rules.tidy_number(typed)
    printed = [one for one in envelopes if one.state is PostState.PRINTED]
    if not number:
        row.fault("resi", _("This row has no tracking number."))
    elif not envelopes:
        row.fault("nomor_surat", _("No letter that goes by post has this number."))
    elif len({one.letter_id for one in envelopes}) > 1:
        row.fault("nomor_surat", _("Letters of two offices have this number. Enter it on the page of the envelope."))
    elif any(one.tracking_number == number for one in envelopes):
        report.unchanged += 1
    elif len(printed) != 1:
        row.fault("nomor_surat", _not_to_post(envelopes, printed))
    else:
        try:
            service.mark_posted(printed[0], typed, by)
        except NotPossible as problem:
            row.fault("resi", problem.sentence)
        else:
            report.imported += 1


def _not_to_post(envelopes: Sequence[PostDispatch], printed: Sequence[PostDispatch]) -> str:
    if printed:
        return _("Two envelopes of this letter wait to be posted. Enter the number on the page of the envelope.")
    if any(one.state is PostState.TO_PRINT for one in envelopes):
        return _("This letter is not marked as printed yet.")
    return _("This letter does not wait to be posted any more.")


def _envelopes(
    keys: set[str], named: Callable[[Sequence[str]], ColumnElement[bool]], own: ColumnElement[bool]
) -> Iterable[PostDispatch]:
    """Envelopes of signed letters with one of these numbers, the newest last; as many queries as there are hundreds."""
    ordered = sorted(keys)
    for first in range(0, len(ordered), AT_ONCE):
        wanted = (
            select(PostDispatch)
            .join(PostDispatch.letter)
            .where(named(ordered[first : first + AT_ONCE]), own, Letter.state.in_(_ON_PAPER))
            .options(contains_eager(PostDispatch.letter))
            .order_by(PostDispatch.id)
        )
        yield from db.session.scalars(wanted).unique()
