"""The page on which an office says by its link that it is not competent (bukan wewenang)."""

from flask import render_template
from flask.typing import ResponseReturnValue

from hub.directory.picking import named
from hub.exchange.forms import DeclineByLinkForm
from hub.exchange.queries import OpenLink
from hub.exchange.views.blueprint import blueprint, open_letter
from hub.extensions import db
from hub.forwardings import receipt, voices
from hub.forwardings.rules import Happening, NotNow, ProofChannel, is_possible
from hub.mail.models import EmailDispatch
from hub.responses import queries, service
from hub.upkeep import faults
from hub.webkit.access import public


@blueprint.get("/a/<token>/decline")
@public
def decline(token: str) -> ResponseReturnValue:
    link = open_letter(token)
    if not is_possible(link.forwarding.stage, Happening.ANSWERED):
        return _declined(link)
    return render_template("exchange/decline.html", forwarding=link.forwarding, form=DeclineByLinkForm(formdata=None))


@blueprint.post("/a/<token>/decline")
@public
def keep_decline(token: str) -> ResponseReturnValue:
    """Keep it for the sender's review. The same form again shows the first record."""
    link, form = open_letter(token), DeclineByLinkForm()
    if not form.validate():
        return render_template("exchange/decline.html", forwarding=link.forwarding, form=form), 422
    try:
        _keep(form, link)
        db.session.commit()
    except NotNow:
        db.session.rollback()
    return _declined(link)


def _keep(form: DeclineByLinkForm, link: OpenLink) -> None:
    """An office that the directory does not know by these words is kept with the reason."""
    proposed, reason = form.proposed.data or "", form.reason.data or ""
    owner = named(proposed) if proposed else None
    if owner is not None and owner.id == link.forwarding.recipient_id:
        owner, proposed = None, ""
    if proposed and owner is None:
        reason = f"{reason}\nInstansi yang diusulkan: {proposed}"
    is_news = not receipt.is_proven_by(link.forwarding, link.channel, link.dispatch_id)
    voice = voices.through_link(link.channel, link.dispatch_id, form.name.data or "", form.office.data or "")
    service.decline(link.forwarding, reason, owner, voice)
    if is_news and link.channel is ProofChannel.LINK:  # a link used again may have travelled on
        faults.heard_from(db.session.get_one(EmailDispatch, link.dispatch_id))


def _declined(link: OpenLink) -> ResponseReturnValue:
    """The record of it; where the letter was answered otherwise, that."""
    last = queries.to_review(queries.of(link.forwarding))
    decline = last if last is not None and last.is_decline else None
    page = render_template("exchange/declined.html", forwarding=link.forwarding, decline=decline)
    return page, (200 if decline else 409)
