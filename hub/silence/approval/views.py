"""The button of a monitor: that no answer came is recorded."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub import clock
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.rules import NotNow
from hub.forwardings.service import CannotForward
from hub.forwardings.views import not_now
from hub.silence import steps
from hub.webkit.access import needs
from hub.webkit.labels import label

blueprint = Blueprint("approval", __name__)
blueprint.register_error_handler(NotNow, not_now)


@blueprint.post("/forwardings/<int:id>/record")
@needs("monitor")
def record(id: int) -> ResponseReturnValue:
    forwarding = forwardings.get_visible(current_user, id)
    if forwarding.network is not current_user.institution.network:
        abort(403)
    try:
        steps.record_now(forwarding, current_user.person, clock.now())
        db.session.commit()
        flash(_("Kept: %(record)s.", record=label("lapsed", forwarding.purpose).text), "success")
    except CannotForward as problem:
        db.session.rollback()
        flash(str(problem), "error")
    return redirect(url_for("desk.forwarding", id=id))
