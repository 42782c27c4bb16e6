"""The two tables of the directory that people upload and download, and how their rows are told about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from flask_babel import force_locale

from hub.sheets.cells import Fault
from hub.webkit.labels import LABELS


class Table(StrEnum):
    INSTITUTIONS = "institutions"
    APPOINTMENTS = "appointments"


HEADERS = {
    Table.INSTITUTIONS: (
        "code",
        "name",
        "kind",
        "region_code",
        "supervisor_code",
        "line_addressee",
        "head_title",
        "seat",
        "zone",
        "email",
        "second_email",
        "phone",
        "whatsapp",
        "website",
        "letterhead",
        "postal_address",
        "number_template",
    ),
    Table.APPOINTMENTS: (
        "code",
        "network",
        "role",
        "name",
        "title",
        "email",
        "phone",
        "decree_number",
        "valid_from",
        "valid_until",
    ),
}
REQUIRED = {
    Table.INSTITUTIONS: ("code",),
    Table.APPOINTMENTS: ("code", "network", "role", "name", "email", "valid_from"),
}
"""Columns a file cannot do without. An absent column, like an empty cell, leaves what is on record."""

EMPTY = "-"
"""The cell that empties what is on record."""


class Outcome(StrEnum):
    """What an import does with a row."""

    OPENED = "opened"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass(frozen=True)
class Change:
    """One value, before and after, as the table spells it. `column` is its name here."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Told:
    """What happens to one row of a file, or would."""

    line: int
    code: str
    name: str
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()


def recognised(keys: Collection[str]) -> Table:
    """Which table a file with these columns is. A list of people never passes for one of institutions."""
    only_there = set(HEADERS[Table.APPOINTMENTS]) - set(HEADERS[Table.INSTITUTIONS])
    return Table.APPOINTMENTS if only_there & set(keys) else Table.INSTITUTIONS


def optional(table: Table) -> tuple[str, ...]:
    return tuple(key for key in HEADERS[table] if key not in REQUIRED[table])


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """What differs, in the order of `after`."""
    return tuple(Change(key, before.get(key, ""), new) for key, new in after.items() if before.get(key, "") != new)


@cache
def words(group: str, values: tuple[str, ...]) -> Mapping[str, str]:
    """Each of `values` by itself, by its Indonesian and by its English label, in small letters."""
    found = {value: value for value in values}
    for locale in ("id", "en"):
        with force_locale(locale):
            found.update({str(LABELS[group][value].text).casefold(): value for value in values})
    return found
