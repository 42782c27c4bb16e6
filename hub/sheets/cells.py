"""One row of an import file under check."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask_babel import gettext as _

from hub.sheets.text import clean_line, clean_text

Word = TypeVar("Word")


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell: line in the file where its row begins, header as in the file, and what to do."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class Column:
    """Where a column stands and how its header is spelt in the file."""

    index: int
    header: str


class Row:
    """A faulty cell is noted in `faults` and answered with a stand-in, so that all faults of a row are found.

    A column that the file does not have reads as empty.
    """

    def __init__(self, line: int, cells: Sequence[str], columns: Mapping[str, Column]) -> None:
        self.line, self.cells, self.columns = line, cells, columns
        self.faults: list[Fault] = []

    def fault(self, key: str, message: str) -> None:
        self.faults.append(Fault(self.line, self.header(key), message))

    def header(self, key: str) -> str:
        """How the file spells the header of a column."""
        return self.columns[key].header if key in self.columns else key

    def line_of(self, key: str, limit: int = 300, required: bool = True) -> str:
        """Cleaned single-line text."""
        return self._fitting(key, clean_line(self._raw(key)), limit, required)

    def text_of(self, key: str, limit: int, required: bool = True) -> str:
        """Cleaned text of several lines."""
        return self._fitting(key, clean_text(self._raw(key)), limit, required)

    def word_of(self, key: str, words: Mapping[str, Word], stand_in: Word) -> Word:
        """What the word in this cell means."""
        text = clean_line(self._raw(key))
        if text.casefold() in words:
            return words[text.casefold()]
        choices = ", ".join(_first_words(words))
        if text:
            sentence = _(
                "“%(text)s” is not known here. Write one of: %(words)s.",
                text=short(text),
                words=choices,
            )
        else:
            sentence = _("This cell is empty. Write one of: %(words)s.", words=choices)
        self.fault(key, sentence)
        return stand_in

    def _raw(self, key: str) -> str:
        return self.cells[self.columns[key].index] if key in self.columns else ""

    def _fitting(self, key: str, text: str, limit: int, required: bool) -> str:
        if required and not text:
            self.fault(key, _("This cell is empty. Fill it in."))
        if len(text) > limit:
            sentence = _(
                "This text has %(count)s characters; at most %(limit)s fit. Shorten it.",
                count=len(text),
                limit=limit,
            )
            self.fault(key, sentence)
        return text


def _first_words(words: Mapping[str, Word]) -> Iterable[str]:
    """The first word of each meaning; the others are understood, not proposed."""
    meanings: dict[Word, str] = {}
    for word, meaning in words.items():
        meanings.setdefault(meaning, word)
    return meanings.values()


def short(text: str) -> str:
    """`text` cut so that a sentence can quote it."""
    return text if len(text) <= 60 else f"{text[:59]}…"
