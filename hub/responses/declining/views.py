"""Declining a letter when signed in, and asking another office instead."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.directory.picking import offered
from hub.extensions import db
from hub.forwardings import cautions
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow, is_possible
from hub.forwardings.views import attempt, not_now
from hub.forwardings.voices import signed_in as signed_in_voice
from hub.letters.stationery import service as stationery
from hub.responses import queries
from hub.responses import service as responses
from hub.responses.declining import service
from hub.responses.declining.forms import DeclineForm, RerouteForm
from hub.responses.models import Response
from hub.webkit.access import needs

blueprint = Blueprint("declining", __name__)
blueprint.register_error_handler(NotNow, not_now)


@blueprint.route("/forwardings/<int:id>/decline", methods=["GET", "POST"])
@needs("respond")
def decline(id: int) -> ResponseReturnValue:
    forwarding = forwardings.get_visible(current_user, id)
    if not forwardings.is_recipient(current_user, forwarding):
        abort(403)
    form = DeclineForm(forwarding)
    if not form.is_submitted() and not is_possible(forwarding.stage, Happening.ANSWERED):
        raise NotNow(forwarding.stage, Happening.ANSWERED)
    if form.validate_on_submit():
        _keep(form, forwarding)
        flash(_("Your word has arrived at %(sender)s, who decides.", sender=forwarding.sender.name), "success")
        return redirect(url_for("desk.forwarding", id=id))
    if form.is_submitted():
        db.session.rollback()
        forwarding = forwardings.get_visible(current_user, id)
    status = 422 if form.is_submitted() else 200
    return render_template("declining/decline.html", form=form, forwarding=forwarding, offices=offered()), status


@blueprint.route("/responses/<int:id>/reroute", methods=["GET", "POST"])
@needs("review")
def reroute(id: int) -> ResponseReturnValue:
    response = _own_decline(id)
    form = RerouteForm(response, stationery.archive_classes(stationery.newest(current_user.institution)))
    if form.is_submitted():
        key = form.request_key.data
        successor = attempt(form, lambda: service.reroute(response, form.request(), current_user.person, key))
        if successor:
            flash(_("The letter to %(name)s waits for its signature.", name=successor.recipient.name), "success")
            return redirect(url_for("desk.forwarding", id=successor.id))
    elif not queries.is_to_review(response):
        raise NotNow(response.forwarding.stage, Happening.DECLINED)
    chosen = form.institution
    return render_template(
        "declining/reroute.html",
        form=form,
        response=response,
        offices=offered(),
        cautions=cautions.about(chosen, response.forwarding.network) if chosen else [],
    ), (422 if form.is_submitted() else 200)


def _keep(form: DeclineForm, forwarding: Forwarding) -> None:
    responses.decline(
        forwarding,
        form.reason.data or "",
        form.owner,
        signed_in_voice(current_user.person),
        form.request_key.data,
        form.letter_number.data or "",
        form.letter_date.data,
        form.stored(),
    )
    db.session.commit()


def _own_decline(id: int) -> Response:
    """A decline that came to the own office; 403 for who may not write letters."""
    response = queries.get_visible(current_user, id)
    if not response.is_decline:
        abort(404)
    if not forwardings.is_sender(current_user, response.forwarding) or not current_user.may("forward"):
        abort(403)
    return response
