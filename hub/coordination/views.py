"""Writing into the thread of a forwarding, and more time: asking for it and deciding. Its page shows the thread."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.coordination import queries, service
from hub.coordination.forms import ExtensionForm, MessageForm, MoreTimeForm, NoteForm
from hub.coordination.models import ThreadMessage
from hub.coordination.rules import OPEN_FOR_WORDS, ExtensionDecision, MessageKind, Side
from hub.coordination.service import CannotExtend, CannotPause
from hub.extensions import db
from hub.files import service as files
from hub.forwardings import deadlines
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening, NotNow
from hub.forwardings.views import not_now
from hub.webkit.access import needs, signed_in

blueprint = Blueprint("coordination", __name__)
blueprint.register_error_handler(NotNow, not_now)


@blueprint.route("/forwardings/<int:id>/messages", methods=["GET", "POST"])
@needs("review", "forward", "respond")
def write(id: int) -> ResponseReturnValue:
    forwarding, side, form = *_for_writing(id), MessageForm()
    if form.validate_on_submit():
        kind, text = MessageKind(form.kind.data), form.text.data or ""
        files, key = form.stored(), form.request_key.data
        service.write(forwarding, side, kind, text, current_user.person, files, key, form.still_owes.data)
        db.session.commit()
        flash(_("Sent. The other side gets a mail and can reply to it."), "success")
        return _to(forwarding)
    if form.is_submitted():
        db.session.rollback()
        forwarding = forwardings.get_visible(current_user, id)
    status = 422 if form.is_submitted() else 200
    known = {"side": side, "may_still_owe": side is Side.SENDER and queries.is_paused(forwarding)}
    return render_template("coordination/write.html", form=form, forwarding=forwarding, **known), status


@blueprint.route("/forwardings/<int:id>/notes", methods=["GET", "POST"])
@needs("review", "forward", "respond")
def note(id: int) -> ResponseReturnValue:
    forwarding, side, form = *_for_writing(id), NoteForm()
    if form.validate_on_submit():
        service.note(forwarding, side, form.text.data or "", current_user.person, form.request_key.data)
        db.session.commit()
        flash(_("Noted. Only your own side reads it."), "success")
        return _to(forwarding)
    status = 422 if form.is_submitted() else 200
    return render_template("coordination/note.html", form=form, forwarding=forwarding, side=side), status


@blueprint.route("/forwardings/<int:id>/more-time", methods=["GET", "POST"])
@needs("respond")
def more_time(id: int) -> ResponseReturnValue:
    forwarding, form = forwardings.get_visible(current_user, id), MoreTimeForm()
    if not forwardings.is_recipient(current_user, forwarding):
        abort(403)
    if form.validate_on_submit():
        assert form.until.data is not None
        reason, key = form.reason.data or "", form.request_key.data
        try:
            service.ask_for_time(forwarding, form.until.data, reason, current_user.person, key)
            db.session.commit()
        except CannotExtend as problem:
            db.session.rollback()
            forwarding = forwardings.get_visible(current_user, id)
            form.until.errors = [str(problem)]
        else:
            flash(_("Your request is with the sender. Until it is decided, the present date holds."), "success")
            return _to(forwarding)
    status = 422 if form.is_submitted() else 200
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS) if queries.may_extend(forwarding) else None
    known = {"running": running, "request": queries.open_request(forwarding)}
    return render_template("coordination/more_time.html", form=form, forwarding=forwarding, **known), status


@blueprint.route("/messages/<int:id>/decide", methods=["GET", "POST"])
@needs("review")
def decide(id: int) -> ResponseReturnValue:
    request = _own_request(id)
    form = ExtensionForm(request.until)
    if form.validate_on_submit():
        is_granted = form.decision.data == ExtensionDecision.GRANTED
        try:
            service.decide(request, is_granted, form.until.data, form.note.data or "", current_user.person)
            db.session.commit()
        except CannotExtend as problem:
            db.session.rollback()
            request = _own_request(id)
            form.until.errors = [str(problem)]
        else:
            flash(_("The new date runs.") if is_granted else _("The date stays. The recipient gets a mail."), "success")
            return _to(request.forwarding)
    forwarding, status = request.forwarding, 422 if form.is_submitted() else 200
    if request.decision is None and not queries.may_extend(forwarding):
        raise NotNow(forwarding.stage, Happening.EXTENDED)
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    known = {"message": request, "forwarding": forwarding, "running": running}
    return render_template("coordination/decide.html", form=form, **known), status


@blueprint.post("/messages/<int:id>/pause")
@needs("review")
def pause(id: int) -> ResponseReturnValue:
    question = queries.get_visible(current_user, id)
    if not forwardings.is_sender(current_user, question.forwarding):
        abort(403)
    try:
        service.pause(question, current_user.person)
        db.session.commit()
        flash(_("The date stands still. It runs again once you have answered."), "success")
    except CannotPause as problem:
        db.session.rollback()
        flash(str(problem), "error")
    return _to(question.forwarding)


@blueprint.post("/forwardings/<int:id>/resume")
@needs("review")
def resume(id: int) -> ResponseReturnValue:
    forwarding = forwardings.get_visible(current_user, id)
    if not forwardings.is_sender(current_user, forwarding):
        abort(403)
    service.resume(forwarding, current_user.person)
    db.session.commit()
    flash(_("The date runs again. The recipient has been told which one it is."), "success")
    return _to(forwarding)


@blueprint.get("/messages/<int:id>/files/<int:file_id>")
@signed_in
def file(id: int, file_id: int) -> Response:
    return files.download(queries.get_visible_file(current_user, id, file_id))


def _for_writing(id: int) -> tuple[Forwarding, Side]:
    """A forwarding whose thread is open, and the side for which this person writes in it."""
    forwarding = forwardings.get_visible(current_user, id)
    side = queries.side_of(current_user, forwarding)
    if side is None:
        abort(403)
    if forwarding.stage not in OPEN_FOR_WORDS:
        raise NotNow(forwarding.stage, Happening.DISCUSSED)
    return forwarding, side


def _own_request(id: int) -> ThreadMessage:
    """A request for more time to the own office."""
    message = queries.get_visible(current_user, id)
    if not forwardings.is_sender(current_user, message.forwarding):
        abort(403)
    return message if message.kind is MessageKind.EXTENSION else abort(404)


def _to(forwarding: Forwarding) -> ResponseReturnValue:
    return redirect(url_for("desk.forwarding", id=forwarding.id, _anchor="thread"))
