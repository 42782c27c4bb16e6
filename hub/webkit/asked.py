"""What the address of a page asks for. A mangled value asks for nothing."""

from datetime import date
from typing import Any

from flask import request

from hub.database import LARGEST_KEY


def kept() -> dict[str, Any]:
    """The filters of this page, for links that keep them. What would change the address itself is left out."""
    own = {"endpoint", "values"}  # of url_for itself
    return {name: value for name, value in request.args.items() if not name.startswith("_") and name not in own}


def key(name: str) -> int | None:
    """The key of a row, from the address or the form; None for a number that no key can be."""
    asked = request.values.get(name, type=int)
    return asked if asked is not None and 0 < asked <= LARGEST_KEY else None


def day(name: str) -> date | None:
    """A day of the years in which there are letters; None for anything else."""
    try:
        asked = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return asked if 1990 <= asked.year < 2200 else None
