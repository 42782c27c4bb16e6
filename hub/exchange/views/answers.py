"""Answering a letter by its link or slip, without an account."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.exchange import queries
from hub.exchange.forms import LinkAnswerForm
from hub.exchange.queries import NotAnswerable, OpenLink
from hub.exchange.views.blueprint import blueprint, open_letter
from hub.extensions import db
from hub.forwardings import receipt, voices
from hub.forwardings.rules import NotNow, ProofChannel
from hub.mail.models import EmailDispatch
from hub.responses import service
from hub.responses.models import ResponseKind
from hub.upkeep import faults
from hub.webkit.access import public


@blueprint.route("/a/<token>/answer/<any(interim, final):kind>", methods=["GET", "POST"])
@public
def answer_letter(token: str, kind: str) -> ResponseReturnValue:
    """The form of an answer. The same form sent twice is one answer, and both show that it arrived."""
    link = open_letter(token)
    form = LinkAnswerForm(ResponseKind(kind), link.forwarding.recipient.zone)
    if why := queries.not_answerable(link.forwarding):
        return _refused(link, form, why)
    if form.validate_on_submit():
        try:
            _receive(link, form)
        except NotNow:  # somebody was faster
            db.session.rollback()
            link = open_letter(token)
            return _refused(link, form, queries.not_answerable(link.forwarding) or NotAnswerable.UNDER_REVIEW)
        db.session.commit()
        return redirect(url_for(".answer_arrived", token=token), 303)
    if not form.is_submitted() and (known := receipt.standing_proof(link.forwarding, link.channel, link.dispatch_id)):
        form.name.data, form.office.data = known.name, known.office
    status = 422 if form.is_submitted() else 200
    return render_template("exchange/answer.html", forwarding=link.forwarding, form=form, kind=kind), status


@blueprint.get("/a/<token>/answered")
@public
def answer_arrived(token: str) -> ResponseReturnValue:
    """That the answer arrived, where and when. For the files of an answer one signs in."""
    link = open_letter(token)
    last = queries.last_answer(link.forwarding)
    if last is None:
        return redirect(url_for(".letter", token=token))
    return render_template("exchange/answer_arrived.html", forwarding=link.forwarding, response=last)


def _receive(link: OpenLink, form: LinkAnswerForm) -> None:
    voice = voices.through_link(link.channel, link.dispatch_id, form.name.data or "", form.office.data or "")
    is_news = queries.is_first_sign(link)
    service.receive(link.forwarding, form.answer(), voice, form.request_key.data)
    if is_news and link.channel is ProofChannel.LINK:  # a link used again may have travelled on
        faults.heard_from(db.session.get_one(EmailDispatch, link.dispatch_id))


def _refused(link: OpenLink, form: LinkAnswerForm, why: NotAnswerable) -> ResponseReturnValue:
    if form.is_submitted() and queries.is_here(link.forwarding, form.request_key.data):
        return redirect(url_for(".answer_arrived", token=(request.view_args or {})["token"]), 303)
    status = 429 if why is NotAnswerable.TOO_MANY else 409
    return render_template("exchange/not_answerable.html", forwarding=link.forwarding, why=why, form=form), status
