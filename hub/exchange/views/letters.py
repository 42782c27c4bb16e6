"""The page behind the link of a letter or the code of its slip, and the check of a verification code."""

import hashlib

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from hub import clock, config
from hub.audit.rules import Actor, ActorKind
from hub.exchange import queries
from hub.exchange.forms import AcknowledgeForm, FileForm, VerifyForm
from hub.exchange.queries import OpenLink
from hub.exchange.views.blueprint import blueprint, count_miss, open_letter
from hub.extensions import db
from hub.forwardings import receipt
from hub.forwardings.rules import Happening, ProofChannel, is_possible
from hub.letters import queries as letters
from hub.letters.models import Letter, LetterState
from hub.mail.models import EmailDispatch
from hub.upkeep import faults
from hub.webkit.access import public

_ROUND_A_FILE = 10_000
"""Bytes of a form beside its file."""


@blueprint.get("/a/<token>")
@public
def letter(token: str) -> ResponseReturnValue:
    """Show which letter it is and a button. Mail scanners open this too: it changes nothing, however often."""
    link = open_letter(token)
    asked = queries.to_confirm(link)
    return _unconfirmed(link, asked, AcknowledgeForm(formdata=None)) if asked else _confirmed(link)


@blueprint.post("/a/<token>")
@public
def acknowledge(token: str) -> ResponseReturnValue:
    """Record who has the letter. Again changes nothing and shows the first record."""
    link = open_letter(token)
    form = AcknowledgeForm()
    if not form.validate():
        return _unconfirmed(link, queries.to_confirm(link) or link.forwarding.letter, form), 422
    actor = Actor(ActorKind.LINK, link.dispatch_id)
    name, office = form.name.data or "", form.office.data or ""
    is_news = not receipt.is_proven_by(link.forwarding, link.channel, link.dispatch_id)
    receipt.acknowledge(link.forwarding, link.channel, name, office, actor, link.dispatch_id)
    if is_news and link.channel is ProofChannel.LINK:  # a link used again may have travelled on
        faults.heard_from(db.session.get_one(EmailDispatch, link.dispatch_id))
    db.session.commit()
    return _confirmed(link)


@blueprint.get("/v/")
@public
def ask_code() -> ResponseReturnValue:
    """A form for the code at the foot of a letter, and its answer."""
    if typed := request.args.get("code", "").strip():
        return _verified(typed)
    return render_template("exchange/ask_code.html", form=VerifyForm(request.args), tried="")


@blueprint.get("/v/<code>")
@public
def verify(code: str) -> ResponseReturnValue:
    """Is this letter genuine: number, date and sender, never what it says."""
    return _verified(code)


@blueprint.post("/v/<code>")
@public
def compare(code: str) -> ResponseReturnValue:
    """Is this file the very one that was signed? Its bytes are compared and nothing of them is kept.

    One that differs counts as a miss, so that nobody tries files by the hundred.
    """
    letter = _known(code)
    if letter is None or letter.file is None:
        return _verified(code)
    request.max_content_length = config.MAX_FILE_BYTES + _ROUND_A_FILE
    try:
        form = FileForm()
        content = form.file.data.read() if form.validate() else b""
    except RequestEntityTooLarge:
        form = FileForm(formdata=None)
        form.file.errors = [_("This file is larger than 10 MB: no letter of the hub is.")]
        return render_template("exchange/genuine.html", letter=letter, form=form, is_same=None), 413
    if not content:
        form.file.errors = form.file.errors or [_("This file is empty. Choose it again.")]
        return render_template("exchange/genuine.html", letter=letter, form=form, is_same=None), 422
    is_same = hashlib.sha256(content).hexdigest() == letter.file.sha256
    if not is_same:
        count_miss()
    return render_template("exchange/genuine.html", letter=letter, form=FileForm(formdata=None), is_same=is_same)


def _unconfirmed(link: OpenLink, asked: Letter, form: AcknowledgeForm) -> str:
    return render_template(
        "exchange/letter.html",
        forwarding=link.forwarding,
        letter=asked,
        form=form,
        is_awaited=is_possible(link.forwarding.stage, Happening.ANSWERED),
        underway=queries.under_way(link.forwarding),
    )


def _confirmed(link: OpenLink) -> str:
    return render_template(
        "exchange/confirmed.html",
        forwarding=link.forwarding,
        proof=queries.confirmation(link),
        is_awaited=is_possible(link.forwarding.stage, Happening.ANSWERED),
        answer_due=queries.answer_due(link.forwarding),
        today=clock.today(link.forwarding.recipient.zone),
        underway=queries.under_way(link.forwarding),
    )


def _verified(typed: str) -> ResponseReturnValue:
    letter = _known(typed)
    if letter is None:
        count_miss()
        return render_template("exchange/ask_code.html", form=VerifyForm(data={"code": typed}), tried=typed), 404
    return render_template("exchange/genuine.html", letter=letter, form=FileForm(formdata=None), is_same=None)


def _known(typed: str) -> Letter | None:
    """A letter that was signed, or declared void since it had its number, or a document the hub issued."""
    letter = letters.by_verification_code(typed)
    out_of_house = (LetterState.SIGNED, LetterState.VOID, LetterState.ISSUED)
    return letter if letter is not None and letter.state in out_of_house else None
