"""The institution somebody picked from a list. A name shared by a regency and a city is never guessed."""

import re
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from hub.directory.models import Institution
from hub.directory.queries import pickable
from hub.directory.rules import written
from hub.extensions import db

_NAME_AND_CODE = re.compile(r"(.+?)\s*\(([^()]+)\)", re.DOTALL)
MOST = 2000
"""Offices offered in a list; a hub begins with 583."""


class NotPicked(ValueError):
    """The text names no institution. The message tells what to write."""


def offered() -> list[str]:
    """Every institution as a list offers it."""
    return [written(one) for one in pickable("", limit=MOST)]


def picked(text: str) -> Institution:
    """The institution meant by a code, or by name and code as `written` puts them. Raises NotPicked."""
    return all_picked([text])[0]


def all_picked(texts: Sequence[str]) -> list[Institution]:
    """The same for several, in one query; none of `texts` may be empty."""
    wanted = [_taken_apart(text) for text in texts]
    found = select(Institution).where(Institution.code.in_({code for _, code in wanted}))
    by_code = {one.code: one for one in db.session.scalars(found)}
    return [_checked(text, name, by_code.get(code)) for text, (name, code) in zip(texts, wanted, strict=True)]


def _taken_apart(text: str) -> tuple[str, str]:
    both = _NAME_AND_CODE.fullmatch(text.strip())
    return (both[1], both[2].strip()) if both else ("", text.strip())


def _checked(text: str, name: str, found: Institution | None) -> Institution:
    if found is None:
        raise NotPicked(_("Pick one office from the list, with its code: a name alone can mean a regency and a city."))
    if name and name.casefold() != found.name.casefold():
        raise NotPicked(
            _("The code in “%(text)s” belongs to %(office)s. Pick it from the list.", text=text, office=written(found))
        )
    return found
