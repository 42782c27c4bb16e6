"""Every word on screen is there in Indonesian."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from hub.config import ROOT

CATALOGUE = Path(ROOT, "hub", "translations", "id", "LC_MESSAGES", "messages.po")
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="id")


def in_the_code() -> set[str]:
    found: set[str] = set()
    for folder, methods in (("hub", [("**.py", "python")]), ("templates", [("**.html", "jinja2")])):
        for _, _, message, _, _ in extract_from_dir(Path(ROOT, folder), methods, keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found


def said(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_string_of_the_code_is_in_the_catalogue(catalogue):
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue}
    assert sorted(in_the_code() - known) == []


def test_every_string_is_translated_and_nothing_is_guessed(catalogue):
    assert [message.id for message in catalogue if message.id and not all(said(message))] == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_translations_keep_the_placeholders(catalogue):
    for message in catalogue:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        for text in said(message):
            if message.id and text:
                assert set(PLACEHOLDER.findall(text)) == wanted, message.id
