"""Passing a letter on to an office below."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hub.forwardings import cautions, deadlines
from hub.forwardings import queries as forwardings
from hub.forwardings.chain import queries, service
from hub.forwardings.chain.forms import PassOnForm
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening, NotNow, is_possible
from hub.forwardings.service import CannotForward
from hub.forwardings.views import archive_classes, attempt, not_now, own
from hub.webkit.access import needs

blueprint = Blueprint("chain", __name__)
blueprint.register_error_handler(NotNow, not_now)


@blueprint.route("/forwardings/<int:id>/pass-on", methods=["GET", "POST"])
@needs("forward")
def pass_on(id: int) -> ResponseReturnValue:
    parent = _received(id)
    form = PassOnForm(parent, archive_classes())
    if form.is_submitted():
        child = attempt(
            form, lambda: service.pass_on(parent, form.request(), current_user.person, form.request_key.data)
        )
        return _to(child.id) if child else _form(form)
    try:
        form.answer_by.data = service.proposed_date(parent)
    except CannotForward as problem:
        flash(str(problem), "warning")
        return _to(id)
    return _form(form)


@blueprint.route("/forwardings/<int:id>/passed-on", methods=["GET", "POST"])
@needs("forward")
def edit(id: int) -> ResponseReturnValue:
    child = own(id, Happening.SUBMITTED)
    if child.parent is None:
        abort(404)
    form = PassOnForm(child.parent, archive_classes(), child)
    if form.is_submitted() and attempt(form, lambda: service.redraft(child, form.request(), current_user.person)):
        return _to(id)
    return _form(form, child)


def _received(id: int) -> Forwarding:
    """A letter to this person's own office, which owes an answer to it."""
    parent = forwardings.get_visible(current_user, id)
    if not forwardings.is_recipient(current_user, parent) or parent.recipient_id != current_user.institution.id:
        abort(403)
    if not is_possible(parent.stage, Happening.FORWARDED_ON):
        raise NotNow(parent.stage, Happening.FORWARDED_ON)
    return parent


def _to(id: int) -> ResponseReturnValue:
    return redirect(url_for("desk.forwarding", id=id))


def _form(form: PassOnForm, child: Forwarding | None = None) -> ResponseReturnValue:
    chosen, running = form.institution, deadlines.find_running(form.parent, *RESPONSE_CLOCKS)
    return render_template(
        "chain/form.html",
        form=form,
        parent=form.parent,
        child=child,
        own_date=running.due_on if running else None,
        offices=queries.offered_below(form.parent.recipient),
        cautions=cautions.about(chosen, form.parent.network) if chosen else [],
    ), (422 if form.is_submitted() else 200)
