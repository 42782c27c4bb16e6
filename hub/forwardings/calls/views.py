"""Logging a call, reading its evidence, and taking back a confirmation that was a mistake."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub import clock
from hub.directory import queries as directory
from hub.extensions import db
from hub.files import service as files
from hub.forwardings import queries as forwardings
from hub.forwardings.calls import queries, service
from hub.forwardings.calls.forms import CallForm
from hub.forwardings.calls.models import Call
from hub.forwardings.calls.rules import CONFIRMED_AT, LOGGED_AT, CallOutcome, CallWay
from hub.forwardings.followups.rules import OPEN_FOR
from hub.forwardings.forms import ReasonForm
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ENTERED_HERE, Happening, NotNow, is_possible
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
        flash(_said(call, was_received), "success")
        return redirect(url_for("desk.forwarding", id=id))
    status = 422 if form.is_submitted() else 200
    may_note = current_user.may("review") and forwarding.stage in CONFIRMED_AT
    page = render_template("calls/new.html", form=form, forwarding=forwarding, may_note=may_note)
    return page, status


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


def _said(call: Call, was_received: bool) -> str:
    """Only the first proof of receipt starts anything; a second request has no limit by a word on the telephone."""
    if call.outcome is CallOutcome.CONFIRMED and was_received:
        return _("Noted: they confirm receipt. It was proven before, and no date begins or moves.")
    if call.outcome is CallOutcome.CONFIRMED:
        return _("Noted: receipt is proven by this call. The clock of the answer runs from today.")
    if call.outcome is CallOutcome.NEVER_GOT_IT:
        return _not_there(call.forwarding)
    return _("Noted in the history. It proves nothing yet, and the dates stay.")


def _not_there(forwarding: Forwarding) -> str:
    """What can be done, on the page of the letter, about one that is said not to have arrived."""
    if is_possible(forwarding.stage, Happening.RESENT):
        return _("Noted. Send the letter again, by email or by post: the buttons are below.")
    if forwarding.stage not in OPEN_FOR:
        return _("Noted in the history. Receipt stays on record, and no date of this letter runs any more.")
    told = _(
        "Noted: receipt is disputed, yet it is on record, so the same letter is not sent twice. Write a reminder with "
        "“Write a letter” below: a copy of this letter goes along."
    )
    way_back = _("If the proof is wrong, it can be taken back: “Proof of receipt” below says where.")
    may_be_wrong = any(one.channel in ENTERED_HERE for one in forwardings.proofs(forwarding))
    return f"{told} {way_back}" if may_be_wrong else told
