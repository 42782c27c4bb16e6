"""The code on a receipt slip, typed together with the number of the letter."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hub.accounts import attempts
from hub.exchange.forms import SlipCodeForm
from hub.exchange.views.blueprint import blueprint, count_miss
from hub.extensions import db
from hub.letters.rules import number_key
from hub.post import service as post
from hub.post import short_codes
from hub.webkit.access import public

FROM_ONE_ADDRESS, FOR_ONE_NUMBER = 10, 50
"""Failed tries in fifteen minutes. hub.post.short_codes says what is left to guess; the second is wider, so that nobody
closes a letter to its recipient with a handful of wrong codes. The full address on the slip opens it all the same."""


@blueprint.get("/a/")
@public
def ask_slip() -> ResponseReturnValue:
    """A form for what is printed on the slip."""
    return render_template("exchange/ask_slip.html", form=SlipCodeForm(formdata=None))


@blueprint.post("/a/")
@public
def open_slip() -> ResponseReturnValue:
    """On to the page of this slip. What is wrong is told in one sentence, which does not say which part it was."""
    form = SlipCodeForm()
    if not form.validate():
        return render_template("exchange/ask_slip.html", form=form), 422
    number = form.number.data or ""
    subjects = {f"slip from {request.remote_addr}": FROM_ONE_ADDRESS, f"slip of {number_key(number)}": FOR_ONE_NUMBER}
    if any(attempts.are_too_many(subject, allowed) for subject, allowed in subjects.items()):
        form.form_errors.append(_("Too many attempts. Wait fifteen minutes, or type the whole address on the slip."))
        return render_template("exchange/ask_slip.html", form=form), 429
    dispatch = short_codes.find(number, form.code.data or "")
    if dispatch is None:
        attempts.note(*subjects)
        db.session.commit()
        count_miss()
        form.form_errors.append(
            _("Number and code do not belong together. Compare both with the slip, sign by sign, and try again.")
        )
        return render_template("exchange/ask_slip.html", form=form), 404
    token = post.slip_address(dispatch).rpartition("/")[2]
    return redirect(url_for(".letter", token=token), 303)
