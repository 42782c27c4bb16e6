"""Asking on demand who is still the PIC, and deciding about successors that were named."""

from flask import abort
from flask.typing import ResponseReturnValue

from hub.upkeep.views.blueprint import blueprint
from hub.webkit.access import needs


@blueprint.post("/directory/<code>/appointments/<int:id>/ask")
@needs("administer", "monitor")
def ask(code: str, id: int) -> ResponseReturnValue:
    abort(404)
