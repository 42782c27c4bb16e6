"""The one region a text means. A name shared by a regency and a city is never guessed."""

import re
from collections.abc import Sequence

from flask_babel import gettext as _

from hub.directory.models import Region
from hub.directory.rules import match_region, written
from hub.sheets.cells import short

_NAME_AND_CODE = re.compile(r"(.+?)\s*\((\d\d(?:\.\d\d)?)\)")


class NotARegion(ValueError):
    """The text names no region, or more than one. The message tells which it may be and what to write."""


def region_named(text: str, regions: Sequence[Region]) -> Region:
    """The region meant by a code, a full name, or both as `written` puts them. Raises NotARegion."""
    both = _NAME_AND_CODE.fullmatch(text)
    name = both[1] if both else text
    match = match_region(name, regions)
    candidates = [match.region] if match.region else list(match.candidates)
    if both:
        candidates = [region for region in candidates if region.code == both[2]]
    if len(candidates) == 1 and (match.region or both):
        return candidates[0]
    if not candidates:
        raise NotARegion(
            _(
                "“%(text)s” is not a region. Write its code (35.13) or its full name (Kabupaten Probolinggo).",
                text=short(text),
            )
        )
    raise NotARegion(
        _(
            "“%(text)s” can mean %(regions)s. Write the code or the full name of the right one.",
            text=short(text),
            regions=", ".join(written(region) for region in candidates),
        )
    )
