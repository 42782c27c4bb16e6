"""Answering a forwarding, and reviewing the answer."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub import clock
from hub.coordination.rules import OPEN_FOR_WORDS
from hub.extensions import db
from hub.files import service as files
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ANSWERED_IN_PERSON, Happening, NotNow, is_possible
from hub.forwardings.service import CannotForward
from hub.forwardings.views import not_now
from hub.forwardings.voices import signed_in as signed_in_voice
from hub.mail.models import EmailPurpose
from hub.mail.reading.numbers import first_other
from hub.responses import queries, replies, service
from hub.responses.forms import AnswerForm, IncompleteForm, ReopenForm, ReplyForm, TakeBackForm
from hub.responses.models import MailedReply, ResponseKind
from hub.responses.models import Response as Answer
from hub.webkit.access import needs, signed_in
from hub.webkit.labels import label

blueprint = Blueprint("responses", __name__)
blueprint.register_error_handler(NotNow, not_now)


@blueprint.route("/forwardings/<int:id>/answer/<any(interim, final):kind>", methods=["GET", "POST"])
@needs("respond")
def answer(id: int, kind: str) -> ResponseReturnValue:
    forwarding = forwardings.get_visible(current_user, id)
    if not forwardings.is_recipient(current_user, forwarding):
        abort(403)
    form = AnswerForm(ResponseKind(kind), forwarding.recipient.zone)
    if not form.is_submitted() and not is_possible(forwarding.stage, Happening.ANSWERED):
        raise NotNow(forwarding.stage, Happening.ANSWERED)
    if form.validate_on_submit() and _received(form, forwarding):
        flash(_("Your answer has arrived at %(sender)s.", sender=forwarding.sender.name), "success")
        return _to(forwarding)
    form.offer(queries.awaiting_too(current_user, forwarding))
    status = 422 if form.is_submitted() else 200
    return render_template("responses/answer.html", form=form, forwarding=forwarding, kind=kind), status


@blueprint.post("/responses/<int:id>/accept")
@needs("review")
def accept(id: int) -> ResponseReturnValue:
    response = _own(id)
    service.accept(response, current_user.person)
    db.session.commit()
    if response.is_decline:
        flash(_("Noted: not competent. The complaint waits to be forwarded to another office."), "success")
    else:
        flash(_("The answer is accepted and the forwarding closed."), "success")
    return _to(response.forwarding)


@blueprint.route("/responses/<int:id>/incomplete", methods=["GET", "POST"])
@needs("review")
def incomplete(id: int) -> ResponseReturnValue:
    response = _own(id)
    if not queries.is_to_review(response):
        raise NotNow(response.forwarding.stage, Happening.FOUND_INCOMPLETE)
    form = IncompleteForm(response)
    if form.validate_on_submit():
        service.return_incomplete(response, current_user.person, form.missing.data or "", form.named)
        db.session.commit()
        flash(_("The recipient is told why, and has a new date."), "success")
        return _to(response.forwarding)
    status = 422 if form.is_submitted() else 200
    return render_template("responses/incomplete.html", form=form, response=response), status


@blueprint.route("/forwardings/<int:id>/reopen", methods=["GET", "POST"])
@needs("review")
def reopen(id: int) -> ResponseReturnValue:
    """What was closed or declined is asked again."""
    forwarding = forwardings.get_visible(current_user, id)
    if not forwardings.is_sender(current_user, forwarding):
        abort(403)
    if not is_possible(forwarding.stage, Happening.REOPENED):
        raise NotNow(forwarding.stage, Happening.REOPENED)
    form = ReopenForm(forwarding)
    if form.validate_on_submit() and _reopened(form, forwarding):
        return _to(forwarding)
    status = 422 if form.is_submitted() else 200
    return render_template("responses/reopen.html", form=form, forwarding=forwarding), status


@blueprint.get("/responses/<int:id>/files/<int:file_id>")
@signed_in
def file(id: int, file_id: int) -> Response:
    return files.download(queries.get_visible_file(current_user, id, file_id))


@blueprint.post("/responses/<int:id>/reports/<int:file_id>")
@signed_in
def report(id: int, file_id: int) -> Response:
    """An examination report; each opening is on record."""
    response, found = queries.get_report(current_user, id, file_id)
    service.open_report(response, found, current_user.person)
    db.session.commit()
    return files.download(found)


@blueprint.route("/responses/<int:id>/withdraw", methods=["GET", "POST"])
@needs("review")
def withdraw(id: int) -> ResponseReturnValue:
    """An answer that the recipient gave here was a mistake; what came by mail or on paper is taken out there."""
    response, form = _own(id), TakeBackForm()
    if response.channel not in ANSWERED_IN_PERSON:
        abort(404)
    if form.validate_on_submit():
        service.withdraw(response, current_user.person, form.reason.data or "")
        db.session.commit()
        flash(_("Taken back: the letter stands as if this answer had not come. The recipient is told."), "success")
        return _to(response.forwarding)
    status = 422 if form.is_submitted() else 200
    return render_template("responses/withdraw.html", form=form, response=response), status


@blueprint.get("/responses/<int:id>/receipt.pdf")
@signed_in
def receipt(id: int) -> Response:
    """The receipt of the answer; 404 until the worker has made it."""
    found = queries.get_visible(current_user, id).receipt
    return files.download(found.file) if found and found.file else abort(404)


@blueprint.route("/replies/<int:id>", methods=["GET", "POST"])
@needs("review")
def reply(id: int) -> ResponseReturnValue:
    found = queries.get_own_reply(current_user, id)
    form = ReplyForm(found.forwarding.recipient.zone, found.mail.files, data=_proposed(found))
    if form.validate_on_submit():
        decision = form.what
        told = (form.letter_number.data or "", form.letter_date.data, form.found, form.found_reports)
        replies.decide(found, decision, current_user.person, *told)
        db.session.commit()
        flash(_("Noted: %(what)s.", what=label("decision", decision).text), "success")
        return _to(found.forwarding)
    status = 422 if form.is_submitted() else 200
    known = {
        "may_answer": is_possible(found.forwarding.stage, Happening.ANSWERED),
        "may_discuss": found.forwarding.stage in OPEN_FOR_WORDS,
        "is_discussed": found.mail.dispatch is not None and found.mail.dispatch.purpose is EmailPurpose.COORDINATION,
    }
    return render_template("responses/reply.html", reply=found, form=form, **known), status


@blueprint.get("/replies/<int:id>/files/<int:file_id>")
@needs("review")
def reply_file(id: int, file_id: int) -> Response:
    return files.download(queries.get_file_of_reply(current_user, id, file_id))


def _received(form: AnswerForm, forwarding: Forwarding) -> bool:
    """The answer is kept with this letter and those ticked beside it; False, with the reason on the form, with none."""
    others = queries.get_others(current_user, forwarding, form.also.data or [])
    voice = signed_in_voice(current_user.person)
    try:
        service.receive_for_all([forwarding, *others], form.answer(), voice, form.request_key.data)
        db.session.commit()
    except NotNow:
        if not others:
            raise
        db.session.rollback()
        form.form_errors.append(
            _(
                "One of the letters awaits no answer any more. Nothing was sent: look at the ticks, and choose the "
                "files again."
            )
        )
        return False
    return True


def _proposed(reply: MailedReply) -> dict[str, object]:
    """The number of the answering letter as the mail names it, and the day the mail came."""
    number = first_other(f"{reply.mail.words}\n{reply.mail.subject}", reply.forwarding.letter.number or "")
    day = clock.local(reply.mail.arrived_at, reply.forwarding.recipient.zone).date()
    return {"letter_number": number, "letter_date": day}


def _reopened(form: ReopenForm, forwarding: Forwarding) -> bool:
    """False, with the reason on the form, while another office is asked instead."""
    try:
        service.reopen(forwarding, current_user.person, form.reason.data or "", form.named)
    except CannotForward as problem:
        db.session.rollback()
        form.form_errors.append(str(problem))
        return False
    db.session.commit()
    flash(_("The forwarding is open again, and the recipient is told until when."), "success")
    return True


def _own(id: int) -> Answer:
    response = queries.get_visible(current_user, id)
    if not forwardings.is_sender(current_user, response.forwarding):
        abort(403)
    return response


def _to(forwarding: Forwarding) -> ResponseReturnValue:
    return redirect(url_for("desk.forwarding", id=forwarding.id))
