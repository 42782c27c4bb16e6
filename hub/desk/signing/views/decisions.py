"""Letters that are not signed, or no longer in force: back to draft, or void."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.desk.signing import queries
from hub.desk.signing.forms import ReturnForm, VoidForm
from hub.desk.signing.views.blueprint import blueprint, refused, too_late
from hub.forwardings import signing
from hub.letters.models import Letter, LetterKind, LetterState
from hub.webkit.access import needs


@blueprint.route("/<int:id>/return", methods=["GET", "POST"])
@needs("sign")
def return_letter(id: int) -> ResponseReturnValue:
    letter, form = queries.own_letter(current_user, id), ReturnForm()
    if letter.state is not LetterState.TO_SIGN:
        return too_late(letter)
    done = _("The letter is a draft again; its author sees your note.")
    act, consequence = _("Return to draft"), _("The letter is not signed. Its author sees your note.")
    return _decided(
        letter,
        form,
        act,
        consequence,
        done,
        lambda: signing.return_to_draft(letter, current_user.person, form.reason.data or ""),
    )


@blueprint.route("/<int:id>/void", methods=["GET", "POST"])
@needs("sign", "forward")
def void(id: int) -> ResponseReturnValue:
    letter, form = queries.own_letter(current_user, id), VoidForm()
    if letter.state not in (LetterState.TO_SIGN, LetterState.SIGNED):
        return too_late(letter)
    act, done = _("Declare void"), _("The letter is void.")
    consequence = _(
        "Letter %(number)s will never be in force: nothing of it leaves, whoever checks its code is told, and its "
        "number is not used again.",
        number=letter.number or "-",
    )
    if letter.kind is LetterKind.FORWARDING:
        done = _("The letter is void. A new draft with the same text is here.")
        becomes = _("The forwarding becomes a draft with the same text, which gets a new number when it is signed.")
        consequence = f"{consequence} {becomes}"
    return _decided(
        letter, form, act, consequence, done, lambda: signing.void(letter, current_user.person, form.reason.data or "")
    )


def _decided(
    letter: Letter,
    form: ReturnForm | VoidForm,
    act: str,
    consequence: str,
    done: str,
    decide: Callable[[], None],
) -> ResponseReturnValue:
    forwarding = queries.subject_of(letter)
    if form.validate_on_submit():
        if not (sentence := refused(decide)):
            flash(done, "success")
            return redirect(url_for("desk.forwarding", id=forwarding.id))
        form.reason.errors = [sentence]
    status = 422 if form.is_submitted() else 200
    shown = {"form": form, "forwarding": forwarding, "act": act, "consequence": consequence}
    return render_template("forwardings/decision.html", **shown), status
