"""Telling that an answer is on its way, and what its addressee does when it does not come."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.audit.rules import person
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.forms import ReasonForm
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow, ProofChannel, is_possible
from hub.forwardings.views import not_now
from hub.forwardings.voices import Voice, signed_in
from hub.responses import announcements, queries
from hub.responses.underway.forms import CopyForm, NotedAnnouncementForm, OwnAnnouncementForm
from hub.webkit.access import needs

blueprint = Blueprint("underway", __name__)
blueprint.register_error_handler(NotNow, not_now)


@blueprint.route("/forwardings/<int:id>/under-way", methods=["GET", "POST"])
@needs("respond", "review")
def announce(id: int) -> ResponseReturnValue:
    """The recipient tells it; or staff of the sender note what they were told, by phone for example."""
    forwarding = forwardings.get_visible(current_user, id)
    if forwardings.is_recipient(current_user, forwarding) and current_user.may("respond"):
        form = OwnAnnouncementForm(forwarding)
    elif forwardings.is_sender(current_user, forwarding) and current_user.may("review"):
        form = NotedAnnouncementForm(forwarding)
    else:
        abort(403)
    if form.validate_on_submit():
        announcements.announce(forwarding, form.told(), _voice(form), form.request_key.data, _note(form))
        db.session.commit()
        flash(_("Noted: the answer is on its way. Nobody is reminded while it is awaited."), "success")
        if form.doubt:
            flash(form.doubt, "warning")
        return _to(forwarding)
    if not form.is_submitted() and not is_possible(forwarding.stage, Happening.ANSWERED):
        raise NotNow(forwarding.stage, Happening.ANSWERED)
    page = render_template("underway/announce.html", form=form, forwarding=forwarding)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/announced/<int:id>/not-found", methods=["GET", "POST"])
@needs("review")
def give_up(id: int) -> ResponseReturnValue:
    announced = queries.get_own_announcement(current_user, id)
    form = CopyForm(announced.forwarding)
    if form.validate_on_submit():
        assert form.due_on.data is not None
        announcements.give_up(announced, current_user.person, form.note.data or "", form.due_on.data)
        db.session.commit()
        flash(_("The recipient is asked for a copy and has a new date."), "success")
        return _to(announced.forwarding)
    page = render_template("underway/not_found.html", form=form, announced=announced)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/announced/<int:id>/mistake", methods=["GET", "POST"])
@needs("review")
def withdraw(id: int) -> ResponseReturnValue:
    announced, form = queries.get_own_announcement(current_user, id), ReasonForm()
    if form.validate_on_submit():
        announcements.withdraw(announced, current_user.person, form.reason.data or "")
        db.session.commit()
        flash(_("Taken back: the letter stands as if no answer had been announced."), "success")
        return _to(announced.forwarding)
    page = render_template("underway/mistake.html", form=form, announced=announced)
    return page, 422 if form.is_submitted() else 200


def _voice(form: OwnAnnouncementForm) -> Voice:
    if isinstance(form, NotedAnnouncementForm):
        actor = person(current_user.person.id)
        return Voice(ProofChannel.DESK, form.name.data or "", form.position.data or "", actor)
    return signed_in(current_user.person)


def _note(form: OwnAnnouncementForm) -> str:
    return (form.note.data or "") if isinstance(form, NotedAnnouncementForm) else ""


def _to(forwarding: Forwarding) -> ResponseReturnValue:
    return redirect(url_for("desk.forwarding", id=forwarding.id))
