"""One row of a table of institutions: what it wants, and what is wrong with it by itself."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from hub.config import MAX_FILE_BYTES
from hub.directory import addresses, service
from hub.directory.columns import fitting
from hub.directory.models import Institution, InstitutionKind, Region
from hub.directory.picking import NotPicked
from hub.directory.rules import Refused
from hub.directory.sheets.tables import EMPTY, HEADERS, Change, Outcome, Table, Told, changes, words
from hub.sheets.cells import Row, short
from hub.sheets.writing import bare

KINDS = tuple(kind.value for kind in InstitutionKind)
MAILBOXES = ("email", "second_email")
_OPENING = ("name", "kind", "head_title", "seat")
"""What a new institution cannot do without."""

_ALIKE = {
    InstitutionKind.REGIONAL_OFFICE,
    InstitutionKind.MINISTRY,
    InstitutionKind.LAW_ENFORCER,
    InstitutionKind.OTHER,
}
"""Kinds that the hub treats alike. On the others hang a network, a region's letters, the routing of complaints."""

_SHORTENED = re.compile(r"\d\d[.,]\d")
Place = Callable[[str], Region]


@dataclass(frozen=True)
class Known:
    """The directory as it is. `held`: each institution as the table spells it, by code."""

    offices: Mapping[str, Institution]
    held: Mapping[str, Mapping[str, str]]
    regions: Sequence[Region]
    homes: Mapping[str, str]
    """Code of the office where the person with an address works."""


@dataclass
class OfficeRow:
    """What one row wants. `held` is empty when it opens an institution; `wished` holds the filled cells alone."""

    row: Row
    code: str
    held: Mapping[str, str]
    wished: dict[str, str]

    @property
    def changes(self) -> tuple[Change, ...]:
        return changes(self.held, self.wished)

    @property
    def told(self) -> Told:
        changed = () if self.row.faults else self.changes
        outcome = Outcome.UNCHANGED
        if self.row.faults:
            outcome = Outcome.FAULTY
        elif not self.held:
            outcome = Outcome.OPENED
        elif changed:
            outcome = Outcome.CHANGED
        name = self.wished.get("name") or self.held.get("name", "")
        return Told(self.row.line, self.code, name, outcome, changed, tuple(self.row.faults))


def read(row: Row, codes: Mapping[str, str], known: Known, place: Place) -> OfficeRow:
    """One row by itself. `codes`: those on record by their small letters."""
    text = bare(row.line_of("code"))
    code = codes.get(text.casefold(), text)
    held = known.held.get(code, {})
    one = OfficeRow(row, code, held, {})
    for key in HEADERS[Table.INSTITUTIONS][1:]:
        cell = row.text_of if key == "letterhead" else row.line_of
        text = bare(cell(key, MAX_FILE_BYTES, required=False))
        if not text or text == held.get(key):
            continue
        try:
            one.wished[key] = _kept(key, "" if text == EMPTY else text, place)
        except (Refused, NotPicked) as problem:
            row.fault(key, str(problem))
    if code and not held:
        _complete(one)
    elif one.wished.get("kind", held.get("kind")) != held.get("kind"):
        _refuse_another_kind(one)
    return one


def _kept(key: str, text: str, place: Place) -> str:
    """The text as the directory keeps it. Raises Refused or NotPicked."""
    if key == "kind":
        return _kind(text)
    if key == "region_code":
        return place(text).code if text else ""
    if key == "supervisor_code":
        return text
    if key == "zone":
        text = text.upper()
    if key in MAILBOXES:
        return fitting(Institution, key, addresses.spelled(text, key)) if text else ""
    return str(service.checked({key: text}, None)[key])


def _kind(text: str) -> str:
    known = words("institution_kind", KINDS)
    if text.casefold() not in known:
        sentence = _("“%(text)s” is not known here. Write one of: %(words)s.", text=short(text), words=", ".join(KINDS))
        raise Refused("kind", sentence)
    return known[text.casefold()]


def _complete(one: OfficeRow) -> None:
    """Fill in what can be made, and tell what a new institution lacks."""
    row = one.row
    faulty = {fault.column for fault in row.faults}
    lacking = [key for key in _OPENING if not one.wished.get(key) and row.header(key) not in faulty]
    if _SHORTENED.fullmatch(one.code):
        sentence = _(
            "A spreadsheet has shortened “%(text)s”. Format the column as text and export again.", text=one.code
        )
        row.fault("code", sentence)
    elif len(lacking) == len(_OPENING):
        sentence = _(
            "There is no institution with the code “%(code)s”. Correct it, or give %(columns)s to open one.",
            code=short(one.code),
            columns=", ".join(_OPENING),
        )
        row.fault("code", sentence)
    else:
        for key in lacking:
            row.fault(key, _("This cell is empty. A new institution needs it."))
        try:
            service.checked_code(one.code)
        except Refused as problem:
            row.fault("code", problem.sentence)
    if not row.faults:
        given = {key: one.wished.get(key, "") for key in service.OFFICE_COLUMNS}
        one.wished |= {key: text for key, text in service.completed(given, one.code).items() if text}


def _refuse_another_kind(one: OfficeRow) -> None:
    pair = {InstitutionKind(one.held["kind"]), InstitutionKind(one.wished["kind"])}
    if not pair <= _ALIKE:
        sentence = _(
            "%(office)s stays what it is: %(kind)s. Leave the cell empty, or open another institution.",
            office=one.held["name"],
            kind=one.held["kind"],
        )
        one.row.fault("kind", sentence)
