"""Everything on the screen can be read in Indonesian."""

import io
import re
import tomllib
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from hub.config import ROOT

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None}


def extracted() -> Iterator[str | tuple[str, ...]]:
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(one["pattern"], one["method"]) for one in mappings]
    options = {one["pattern"]: {key: str(value) for key, value in one.items()} for one in mappings}
    for _, _, message, *_ in extract_from_dir(ROOT, methods, options, KEYWORDS):
        yield message


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    po = ROOT / "hub/translations/id/LC_MESSAGES/messages.po"
    return read_po(io.BytesIO(po.read_bytes()), locale="id", abort_invalid=True)


def test_every_sentence_has_an_indonesian_one(catalogue):
    missing = {str(one) for one in set(extracted()) if not _texts(catalogue.get(_first(one)))}
    assert not missing


def test_no_sentence_lost_a_placeholder(catalogue):
    differing = {
        str(message.id)
        for message in catalogue
        if message.id and any(_placeholders(text) != _wanted(message) for text in _texts(message))
    }
    assert not differing


def test_nothing_stays_in_the_catalogue_that_no_page_says(catalogue):
    said = {_first(one) for one in extracted()}
    assert not {_first(message.id) for message in catalogue if message.id} - said


def test_indonesian_has_one_plural_form(catalogue):
    assert catalogue.num_plurals == 1


def _first(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def _texts(message: Message | None) -> list[str]:
    string = message.string if message else ""
    return [one for one in ([string] if isinstance(string, str) else string) if one]


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _wanted(message: Message) -> set[str]:
    """Indonesian has one plural form: its placeholders are those of the English plural."""
    return _placeholders(message.id if isinstance(message.id, str) else message.id[-1])
