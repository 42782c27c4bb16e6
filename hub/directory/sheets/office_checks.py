"""Checking a table of institutions against the directory and against itself: what each row would do, and its faults."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from flask_babel import gettext as _

from hub.directory import rules
from hub.directory.picking import region_named
from hub.directory.sheets.office_rows import MAILBOXES, Known, OfficeRow, read
from hub.sheets.cells import Row, short


def check(rows: Iterable[Row], known: Known) -> list[OfficeRow]:
    """Every row with all its faults. Nothing is written."""
    codes = {code.casefold(): code for code in known.held}
    place = cache(lambda text: region_named(text, known.regions))
    first_lines: dict[str, int] = {}
    found = []
    for row in rows:
        one = read(row, codes, known, place)
        first = first_lines.setdefault(one.code.casefold(), row.line)
        if one.code and first != row.line:
            row.fault("code", _("Line %(line)s has the same code. Delete one of the two.", line=first))
        found.append(one)
    codes |= {one.code.casefold(): one.code for one in found if not one.held}
    for one in found:
        above = one.wished.get("supervisor_code", "")
        if above:
            one.wished["supervisor_code"] = codes.get(above.casefold(), above)
    while _collisions([one for one in found if not one.row.faults], found, known):
        continue  # a row left out can make another impossible
    return found


def _collisions(good: Sequence[OfficeRow], every: Sequence[OfficeRow], known: Known) -> bool:
    """Note what the good rows would do to each other and to the directory. True when a fault was found."""
    wished = {one.code: one.wished for one in good}
    above: dict[str, str] = {code: held["supervisor_code"] for code, held in known.held.items()}
    above |= {code: wish.get("supervisor_code", above.get(code, "")) for code, wish in wished.items()}
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for code in above:
        for key in MAILBOXES:
            owners[wished.get(code, {}).get(key, known.held.get(code, {}).get(key, "")).lower()].add(code)
    left_out = {one.code: one.row.line for one in every if one.row.faults}
    names = {code: held["name"] for code, held in known.held.items()} | {
        one.code: one.wished["name"] for one in good if "name" in one.wished
    }
    for one in good:
        _check_supervisor(one, above, left_out, names)
        for key in MAILBOXES:
            _check_mailbox(one, key, owners, known.homes, names)
    return any(one.row.faults for one in good)


def _check_supervisor(
    one: OfficeRow, above: Mapping[str, str], left_out: Mapping[str, int], names: Mapping[str, str]
) -> None:
    supervisor = one.wished.get("supervisor_code")
    if not supervisor:
        return
    if supervisor not in above and supervisor in left_out:
        sentence = _("Line %(line)s, which opens it, has a fault. Mend that one first.", line=left_out[supervisor])
    elif supervisor not in above:
        sentence = _(
            "There is no institution with the code “%(code)s”, neither in the directory nor in this file. Correct it.",
            code=short(supervisor),
        )
    elif rules.closes_a_circle(one.code, supervisor, lambda code: above.get(code) or None):
        sentence = _(
            "%(supervisor)s is itself supervised by %(office)s, so neither would stand above the other. "
            "Choose an office above both.",
            supervisor=names[supervisor],
            office=names[one.code],
        )
    else:
        return
    one.row.fault("supervisor_code", sentence)


def _check_mailbox(
    one: OfficeRow,
    key: str,
    owners: Mapping[str, set[str]],
    homes: Mapping[str, str],
    names: Mapping[str, str],
) -> None:
    address = one.wished.get(key)
    if not address:
        return
    home = homes.get(address, one.code)
    others = owners[address] - {one.code}
    if home != one.code:
        sentence = _(
            "This is the address of somebody at %(office)s. Enter the mailbox of this office.", office=names[home]
        )
        one.row.fault(key, sentence)
    elif others:
        sentence = _(
            "This is the mailbox of %(office)s. Each address has one owner: enter another.", office=names[min(others)]
        )
        one.row.fault(key, sentence)
