"""What the address of a page asks for. A mangled value asks for nothing."""

from datetime import date
from typing import Any

from flask import request


def kept() -> dict[str, Any]:
    """The filters of this page, for links that keep them. What would change the address itself is left out."""
    return {name: value for name, value in request.args.items() if not name.startswith("_")}


def day(name: str) -> date | None:
    """A day of the years in which there are letters; None for anything else."""
    try:
        asked = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return asked if 1990 <= asked.year < 2200 else None
