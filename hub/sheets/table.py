"""A table whose first row names its columns: its rows under their headers, and the faults of its shape."""

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext as _

from hub.sheets import reading
from hub.sheets.cells import Column, Fault, Row
from hub.sheets.text import clean_line

MAX_FAULTS = 1000
"""More than anybody mends one by one; a hostile file holds millions."""


def rows(content: bytes, headers: Sequence[str], optional: Sequence[str], faults: list[Fault]) -> Iterator[Row]:
    """The rows whose cells stand under the headers; what is wrong with the others is added to `faults`.

    A column of `optional` may be absent: it then reads as empty. Raises Unreadable where reading must stop.
    """
    found = reading.rows(content)
    line, names = next(found, (1, []))
    columns = _columns(names)
    missing = _missing(line, columns, headers, optional)
    faults.extend(missing)
    for line, cells in () if missing else found:
        if len(faults) > MAX_FAULTS:
            sentence = _(
                "More than %(limit)s faults: the file was read up to here only. Mend these first.", limit=MAX_FAULTS
            )
            raise reading.Unreadable(line, sentence)
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()
        if len(cells) == len(names):
            yield Row(line, cells, columns)
        else:
            faults.append(_misfit(line, cells, names))


def headers_of(content: bytes) -> dict[str, str]:
    """Each column of a file by its name here, with its header as the file spells it. Raises Unreadable."""
    _line, names = next(reading.rows(content), (1, []))
    return {key: column.header for key, column in _columns(names).items() if key}


def _columns(names: Sequence[str]) -> Mapping[str, Column]:
    """Each column by its name here, whatever its capitals, spaces and place."""
    columns: dict[str, Column] = {}
    for index, cell in enumerate(names):
        header = clean_line(cell)
        columns.setdefault(
            "_".join(header.casefold().replace("_", " ").replace("-", " ").split()),
            Column(index, header),
        )
    return columns


def _missing(line: int, columns: Mapping[str, Column], headers: Sequence[str], optional: Sequence[str]) -> list[Fault]:
    missing = [key for key in headers if key not in columns]
    if missing and not columns.keys() & {*headers, *optional}:
        sentence = _(
            "The first row must hold the headers: %(headers)s.",
            headers=", ".join((*headers, *optional)),
        )
        return [Fault(line, "", sentence)]
    return [Fault(line, key, _("This column is missing. Add it to the header row.")) for key in missing]


def _misfit(line: int, cells: Sequence[str], names: Sequence[str]) -> Fault:
    sentence = _(
        "This row has %(found)s cells, the header has %(expected)s. Put a text that holds the separator "
        "between quotation marks.",
        found=len(cells),
        expected=len(names),
    )
    return Fault(line, names[min(len(cells), len(names) - 1)].strip("\ufeff "), sentence)
