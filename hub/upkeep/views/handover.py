"""The guided page that hands an office over to a new PIC."""

from flask import abort
from flask.typing import ResponseReturnValue

from hub.upkeep.views.blueprint import blueprint
from hub.webkit.access import needs


@blueprint.route("/directory/<code>/handover/<network>", methods=["GET", "POST"])
@needs("administer")
def hand_over(code: str, network: str) -> ResponseReturnValue:
    abort(404)
