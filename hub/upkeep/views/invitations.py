"""Pages of the invitation: sending one, and the link that sets the first password."""

from flask import abort
from flask.typing import ResponseReturnValue

from hub.upkeep.views.blueprint import blueprint
from hub.webkit.access import needs, public


@blueprint.post("/directory/<code>/people/<int:person_id>/invite")
@needs("administer")
def invite(code: str, person_id: int) -> ResponseReturnValue:
    abort(404)


@blueprint.route("/i/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> ResponseReturnValue:
    abort(404)
