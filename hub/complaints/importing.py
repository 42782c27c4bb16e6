"""Checking an import file: what may be registered, and every fault of the rest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from flask_babel import format_date
from flask_babel import gettext as _

from hub.complaints import rules
from hub.complaints.rules import Classification, ComplainedOf, IdentityMode, Intake
from hub.directory.models import Region
from hub.directory.picking import NotPicked, region_named
from hub.sheets import reading, table
from hub.sheets.cells import Fault, Row, short
from hub.sheets.text import parse_day

HEADERS = (
    "tracking_id",
    "kanal",
    "tanggal",
    "nama_pelapor",
    "kontak",
    "identitas",
    "wilayah",
    "judul",
    "isi",
    "klasifikasi",
    "berkadar_pengawasan",
)
OPTIONAL = ("terlapor",)


@dataclass(frozen=True)
class Accepted:
    """A row without a fault of its own. `column` names its tracking number as the file does."""

    line: int
    column: str
    intake: Intake


@dataclass
class Checked:
    accepted: list[Accepted] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check(content: bytes, regions: Iterable[Region], today: date) -> Checked:
    """Reads the whole file and checks each row by itself and against the rows above it."""
    checked, known = Checked(), tuple(regions)
    region = cache(lambda text: region_named(text, known))  # a file names few regions, each many times
    first_lines: dict[tuple[str, str], int] = {}
    try:
        for row in table.rows(content, HEADERS, OPTIONAL, checked.faults):
            intake = _intake(row, region, today)
            number = (intake.channel.casefold(), intake.tracking_id or "")
            first = first_lines.setdefault(number, row.line)
            if number[1] and first != row.line:
                row.fault(
                    "tracking_id",
                    _(
                        "Line %(line)s has the same number. Delete one of the two.",
                        line=first,
                    ),
                )
            if not row.faults:
                checked.accepted.append(Accepted(row.line, row.columns["tracking_id"].header, intake))
            checked.faults.extend(row.faults)
    except reading.Unreadable as problem:
        checked.faults.append(Fault(problem.line, "", str(problem)))
    if not checked.accepted and not checked.faults:
        checked.faults.append(Fault(1, "", _("The file has a header row and no complaints below it.")))
    return checked


def _intake(row: Row, region: Callable[[str], Region], today: date) -> Intake:
    mode = row.word_of("identitas", rules.IDENTITY_WORDS, IdentityMode.CONCEALED)
    name = row.line_of("nama_pelapor", rules.MAX_LINE["name"], required=False)
    if not name and mode is not IdentityMode.ANONYMOUS:
        row.fault(
            "nama_pelapor",
            _("The name is empty. Write it, or “anonim” in the column identitas."),
        )
    return Intake(
        channel=rules.same_channel(row.line_of("kanal", rules.MAX_LINE["channel"])),
        tracking_id=_tracking_id(row),
        received_on=_day(row, today),
        region_code=_region_code(row, region),
        subject=row.line_of("judul", rules.MAX_LINE["subject"]),
        body=row.text_of("isi", rules.MAX_BODY),
        classification=row.word_of("klasifikasi", rules.CLASSIFICATION_WORDS, Classification.COMPLAINT),
        is_supervisory=row.word_of("berkadar_pengawasan", rules.FLAG_WORDS, False),
        identity_mode=mode,
        name=name,
        contact=row.line_of("kontak", rules.MAX_LINE["contact"], required=False),
        complained_of=row.word_of(
            "terlapor", {**rules.COMPLAINED_OF_WORDS, "": ComplainedOf.OFFICE}, ComplainedOf.OFFICE
        ),
    )


def _tracking_id(row: Row) -> str:
    text = row.line_of("tracking_id", rules.MAX_LINE["tracking_id"])
    if rules.is_mangled_number(text):
        sentence = _(
            "A spreadsheet has shortened “%(text)s”. Format the column as text and export again.",
            text=text,
        )
        row.fault("tracking_id", sentence)
    return text


def _day(row: Row, today: date) -> date:
    text = row.line_of("tanggal")
    day = parse_day(text)
    if day is None and text:
        row.fault(
            "tanggal",
            _(
                "“%(text)s” is not a date. Write it as 31/12/2023 or 31 Desember 2023.",
                text=short(text),
            ),
        )
    elif day is not None and (problem := day_problem(day, today)):
        row.fault("tanggal", problem)
    return day or today


def day_problem(day: date, today: date) -> str:
    """What is wrong with a date of receipt; empty when it is possible."""
    problem = ""
    written = format_date(day, "long")
    if day > today:
        problem = _("%(day)s lies in the future. Write the day on which the complaint arrived.", day=written)
    elif day < rules.EARLIEST:
        problem = _("%(day)s is too long ago. Check the year.", day=written)
    return problem


def _region_code(row: Row, region: Callable[[str], Region]) -> str:
    text = row.line_of("wilayah")
    try:
        return region(text).code if text else ""
    except NotPicked as problem:
        row.fault("wilayah", str(problem))
        return ""
