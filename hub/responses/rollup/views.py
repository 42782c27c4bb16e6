"""Answering with what came back from offices below."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow, is_possible
from hub.forwardings.views import not_now
from hub.responses.rollup import queries, service
from hub.responses.rollup.forms import RollUpForm
from hub.webkit.access import needs

blueprint = Blueprint("rollup", __name__)
blueprint.register_error_handler(NotNow, not_now)


@blueprint.route("/forwardings/<int:id>/answer/from-below", methods=["GET", "POST"])
@needs("respond")
def answer(id: int) -> ResponseReturnValue:
    forwarding = _own(id)
    form = RollUpForm(queries.offers(forwarding), forwarding.recipient.zone)
    if not form.is_submitted():
        if not (form.offered and is_possible(forwarding.stage, Happening.ANSWERED)):
            raise NotNow(forwarding.stage, Happening.ANSWERED)
        form.prefill(request.args.getlist("use", type=int))
    elif form.validate():
        service.answer_with(forwarding, form.answer(), current_user.person, form.request_key.data)
        db.session.commit()
        flash(_("Your answer has arrived at %(sender)s.", sender=forwarding.sender.name), "success")
        return redirect(url_for("desk.forwarding", id=id))
    else:
        db.session.rollback()
        forwarding = _own(id)
    status = 422 if form.is_submitted() else 200
    return render_template("responses/from_below.html", form=form, forwarding=forwarding), status


def _own(id: int) -> Forwarding:
    """A letter to this person's own office, which is also the one that asked the offices below."""
    forwarding = forwardings.get_visible(current_user, id)
    is_own = forwarding.recipient_id == current_user.institution.id
    if not is_own or not forwardings.is_recipient(current_user, forwarding):
        abort(403)
    return forwarding
