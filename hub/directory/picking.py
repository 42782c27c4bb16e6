"""The office or region somebody means. A name shared by a regency and a city is never guessed."""

import re
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select

from hub.directory.models import Institution, Region
from hub.directory.queries import pickable
from hub.directory.rules import match_region, written
from hub.extensions import db
from hub.sheets.cells import short

_NAME_AND_CODE = re.compile(r"(.+?)\s*\(([^()]+)\)", re.DOTALL)
_REGION_AND_CODE = re.compile(r"(.+?)\s*\((\d\d(?:\.\d\d)?)\)")
MOST = 2000
"""Offices offered in a list; a hub begins with 583."""


class NotPicked(ValueError):
    """The text names no institution or region, or may name several. The message tells which, and what to write."""


def offered() -> list[str]:
    """Every institution as a list offers it."""
    return [written(one) for one in pickable("", limit=MOST)]


def picked(text: str) -> Institution:
    """The institution meant by a code, or by name and code as `written` puts them. Raises NotPicked."""
    return all_picked([text])[0]


def named(text: str) -> Institution | None:
    """The one institution with exactly this code or full name; None where the words leave any doubt."""
    try:
        return picked(text)
    except NotPicked:
        same = select(Institution).where(func.lower(Institution.name) == " ".join(text.split()).lower()).limit(2)
        found = db.session.scalars(same).all()
        return found[0] if len(found) == 1 else None


def all_picked(texts: Sequence[str]) -> list[Institution]:
    """The same for several, in one query; none of `texts` may be empty."""
    wanted = [_taken_apart(text) for text in texts]
    found = select(Institution).where(Institution.code.in_({code for _, code in wanted}))
    by_code = {one.code: one for one in db.session.scalars(found)}
    return [_checked(text, name, by_code.get(code)) for text, (name, code) in zip(texts, wanted, strict=True)]


def region_named(text: str, regions: Sequence[Region]) -> Region:
    """The region meant by a code, a full name, or both as `written` puts them. Raises NotPicked."""
    both = _REGION_AND_CODE.fullmatch(text)
    name = both[1] if both else text
    match = match_region(name, regions)
    candidates = [match.region] if match.region else list(match.candidates)
    if both:
        candidates = [region for region in candidates if region.code == both[2]]
    if len(candidates) == 1 and (match.region or both):
        return candidates[0]
    if not candidates:
        raise NotPicked(
            _(
                "“%(text)s” is not a region. Write its code (35.13) or its full name (Kabupaten Probolinggo).",
                text=short(text),
            )
        )
    raise NotPicked(
        _(
            "“%(text)s” can mean %(regions)s. Write the code or the full name of the right one.",
            text=short(text),
            regions=", ".join(written(region) for region in candidates),
        )
    )


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
