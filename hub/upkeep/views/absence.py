"""Pages of leave: one's own, and somebody else's by an administrator."""

from flask import abort
from flask.typing import ResponseReturnValue

from hub.upkeep.views.blueprint import blueprint
from hub.webkit.access import needs


@blueprint.route("/absence", methods=["GET", "POST"])
@needs("respond")
def own_absence() -> ResponseReturnValue:
    abort(404)


@blueprint.route("/directory/<code>/people/<int:person_id>/absence", methods=["GET", "POST"])
@needs("administer")
def absence(code: str, person_id: int) -> ResponseReturnValue:
    abort(404)
