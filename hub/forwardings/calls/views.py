"""Logging a call, reading its evidence, and taking back a confirmation that was a mistake."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub import clock
from hub.directory import queries as directory
from hub.extensions import db
from hub.files import service as files
from hub.forwardings.calls import queries, service
from hub.forwardings.calls.forms import CallForm
from hub.forwardings.calls.rules import LOGGED_AT, CallOutcome, CallWay
from hub.forwardings.forms import ReasonForm
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow
from hub.forwardings.views import not_now, own
from hub.webkit import asked
from hub.webkit.access import needs, signed_in

blueprint = Blueprint("calls", __name__)
blueprint.register_error_handler(NotNow, not_now)


@blueprint.route("/forwardings/<int:id>/calls/new", methods=["GET", "POST"])
@needs("forward")
def new(id: int) -> ResponseReturnValue:
    forwarding = own(id)
    if forwarding.stage not in LOGGED_AT:
        raise NotNow(forwarding.stage, Happening.CALLED)
    form = CallForm(forwarding, **_known(forwarding))
    if form.validate_on_submit():
        was_received = forwarding.received_at is not None
        call = service.log(forwarding, form.told(), current_user.person, form.request_key.data, form.stored())
        db.session.commit()
        flash(_said(call.outcome, was_received), "success")
        return redirect(url_for("desk.forwarding", id=id))
    status = 422 if form.is_submitted() else 200
    return render_template("calls/new.html", form=form, forwarding=forwarding), status


@blueprint.route("/calls/<int:id>/mistake", methods=["GET", "POST"])
@needs("forward")
def withdraw(id: int) -> ResponseReturnValue:
    call, form = queries.get_own(current_user, id), ReasonForm()
    if not call.is_proof:
        abort(404)
    if form.validate_on_submit():
        service.withdraw(call, current_user.person, form.reason.data or "")
        db.session.commit()
        flash(_("Taken back: the letter stands as if nobody had confirmed it in this call."), "success")
        return redirect(url_for("desk.forwarding", id=call.forwarding_id))
    return render_template("calls/mistake.html", form=form, call=call), 422 if form.is_submitted() else 200


@blueprint.get("/calls/<int:id>/files/<int:file_id>")
@signed_in
def file(id: int, file_id: int) -> Response:
    return files.download(queries.get_file(current_user, id, file_id))


def _known(forwarding: Forwarding) -> dict[str, str]:
    """What the button on the page of the letter says already: by which way, and whom."""
    way, whom = request.args.get("way", ""), asked.key("whom")
    known = {"way": way} if way in set(CallWay) else {}
    if whom is None:
        return known
    office = forwarding.recipient
    there = directory.contacts([office.id], forwarding.network, clock.today(office.zone))[office.id]
    people = [one for one in (there.pic, *there.deputies) if one and one.id == whom]
    return {**known, "name": people[0].name, "position": people[0].title} if people else known


def _said(outcome: CallOutcome, was_received: bool) -> str:
    """Only the first proof of receipt starts anything; a second request has no limit by a word on the telephone."""
    if outcome is CallOutcome.CONFIRMED and was_received:
        return _("Noted: they confirm receipt. It was proven before, and no date begins or moves.")
    if outcome is CallOutcome.CONFIRMED:
        return _("Noted: receipt is proven by this call. The clock of the answer runs from today.")
    if outcome is CallOutcome.NEVER_GOT_IT:
        return _("Noted. Send the letter again, by email or by post: the buttons are below.")
    return _("Noted in the history. It proves nothing yet, and the dates stay.")
