"""How the network of focal points is doing, and what is still missing."""

from flask import abort
from flask.typing import ResponseReturnValue

from hub.upkeep.views.blueprint import blueprint
from hub.webkit.access import needs


@blueprint.get("/network")
@needs("administer", "monitor")
def network() -> ResponseReturnValue:
    abort(404)


@blueprint.get("/network/start")
@needs("administer")
def start() -> ResponseReturnValue:
    abort(404)
