"""All letters of the own office that wait: read them, and sign several at once."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from hub.desk.signing import queries
from hub.desk.signing.views.blueprint import blueprint, refuse_unread, refused
from hub.forwardings import signing
from hub.letters import ways
from hub.letters.models import Letter
from hub.letters.service import Signature
from hub.webkit.access import needs


@dataclass(frozen=True)
class Refusal:
    """A letter of several that was not signed, and why."""

    subject: str
    sentence: str


@blueprint.get("/to-sign")
@needs("sign", "post")
def index() -> ResponseReturnValue:
    return _queue()


@blueprint.post("/to-sign")
@needs("sign")
def approve() -> ResponseReturnValue:
    """Sign each ticked letter by itself: one that is refused does not stop the others."""
    signature = ways.at_one_press(current_user.institution)
    ticked = request.form.getlist("letter", type=int)
    if signature is None or not ticked:
        flash(_("Tick the letters you have read and approve."), "warning")
        return redirect(url_for(".index"))
    refusals = []
    for id in ticked:
        letter = queries.own_letter(current_user, id)
        subject = letter.subject
        if sentence := refused(lambda letter=letter: _approve(letter, signature)):  # type: ignore[misc]
            refusals.append(Refusal(subject, sentence))
    if signed := len(ticked) - len(refusals):
        flash(
            ngettext(
                "%(num)s letter is signed; it leaves within minutes.",
                "%(num)s letters are signed; they leave within minutes.",
                signed,
            ),
            "success",
        )
    return _queue(refusals)


def _queue(refusals: list[Refusal] | None = None) -> ResponseReturnValue:
    office = current_user.institution
    return render_template(
        "signing/index.html",
        waiting=queries.queue(office),
        refusals=refusals or [],
        at_once=ways.at_one_press(office) if current_user.may("sign") else None,
    )


def _approve(letter: Letter, signature: Signature) -> None:
    refuse_unread(letter, request.form.get(f"read-{letter.id}"))
    signing.sign(letter, current_user.person, signature)
