"""Days off as people write or import them: one a line, "tanggal; nama; jenis; wilayah"."""

from datetime import date

from flask_babel import gettext as _

from hub.directory.models import Region
from hub.directory.picking import NotPicked, region_named
from hub.directory.queries import regions
from hub.sheets import reading, table
from hub.sheets.cells import Fault, Row, short
from hub.sheets.text import parse_day
from hub.workdays.rules import DayKind, NamedDay

HEADERS = ("tanggal", "nama", "jenis", "wilayah")
EXAMPLE = "2026-08-17; Proklamasi Kemerdekaan; libur"
_OPTIONAL = ("jenis", "wilayah")
_KINDS = {
    "": DayKind.HOLIDAY,
    "libur": DayKind.HOLIDAY,
    "libur nasional": DayKind.HOLIDAY,
    "cuti bersama": DayKind.JOINT_LEAVE,
    "cuti": DayKind.JOINT_LEAVE,
}
_WORDS = {DayKind.HOLIDAY: "libur", DayKind.JOINT_LEAVE: "cuti bersama"}
_ESTIMATED = "(perkiraan)"
_LONGEST_NAME = 120
FIRST_YEAR, LAST_YEAR = 2020, 2100


def from_text(text: str) -> tuple[list[NamedDay], list[Fault]]:
    """The days that were typed, and what is wrong with each of the other lines."""
    lines = [line.rstrip("; \t") for line in text.splitlines()]
    padded = [line + ";" * (len(HEADERS) - 1 - line.count(";")) for line in lines]
    days, faults = from_file("\n".join([";".join(HEADERS), *padded]).encode())
    return days, [Fault(fault.line - 1, fault.column, fault.message) for fault in faults]


def from_file(content: bytes) -> tuple[list[NamedDay], list[Fault]]:
    """The same of a CSV or XLSX file with these HEADERS; "jenis" and "wilayah" may be absent."""
    days: list[NamedDay] = []
    faults: list[Fault] = []
    places = regions()
    try:
        for row in table.rows(content, HEADERS, _OPTIONAL, faults):
            day = _day(row, places)
            faults.extend(row.faults)
            if day and day in days:
                faults.append(Fault(row.line, "", _("This day is there twice. Delete one of the two.")))
            elif day:
                days.append(day)
    except reading.Unreadable as problem:
        faults.append(Fault(problem.line, "", str(problem)))
    return days, faults


def written(days: list[NamedDay]) -> str:
    """The days as `from_text` reads them."""
    return "\n".join(_line(one) for one in days)


def _day(row: Row, places: list[Region]) -> NamedDay | None:
    day, name = _date(row), row.line_of("nama", _LONGEST_NAME)
    kind = row.word_of("jenis", _KINDS, DayKind.HOLIDAY)
    region_code = _region(row, places)
    if row.faults or day is None:
        return None
    is_estimated = name.endswith(_ESTIMATED)
    return NamedDay(day, name.removesuffix(_ESTIMATED).strip(), kind, region_code, is_estimated)


def _date(row: Row) -> date | None:
    text = row.line_of("tanggal")
    day = parse_day(text)
    if day is None and text:
        row.fault(
            "tanggal", _("“%(text)s” is not a date. Write it as 31/12/2023 or 31 Desember 2023.", text=short(text))
        )
    elif day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        row.fault("tanggal", _("Check the year of this date."))
    return day


def _region(row: Row, places: list[Region]) -> str | None:
    text = row.line_of("wilayah", required=False)
    try:
        return region_named(text, places).code if text else None
    except NotPicked as problem:
        row.fault("wilayah", str(problem))
        return None


def _line(one: NamedDay) -> str:
    name = f"{one.name} {_ESTIMATED}" if one.is_estimated else one.name
    return "; ".join((one.day.isoformat(), name, _WORDS[one.kind], one.region_code or "")).rstrip("; ")
