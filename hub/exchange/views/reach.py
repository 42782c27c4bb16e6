"""The page behind the three buttons of a reach check."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hub.audit.rules import Actor, ActorKind
from hub.directory.models import ReachAnswer
from hub.exchange import queries
from hub.exchange.forms import NoSuccessorForm, SuccessorForm
from hub.exchange.queries import OpenQuestion
from hub.exchange.views.blueprint import blueprint, refuse
from hub.extensions import db
from hub.upkeep import reach
from hub.webkit.access import public

_BUTTONS = {"2": ReachAnswer.SUCCESSOR, "3": ReachAnswer.WRONG_OFFICE}
"""What the buttons after the first ask for; the page without a choice leads with the first."""


@blueprint.get("/r/<token>")
@public
def question(token: str) -> ResponseReturnValue:
    """Who is asked, for which office, and the three answers. Looking changes nothing: mail scanners look too."""
    opened = _open(token)
    if opened.check.answer and (opened.check.decided_at or "again" not in request.args):
        return _answered(opened)
    return _asked(opened, _BUTTONS.get(request.args.get("choice", ""), ReachAnswer.STILL), SuccessorForm(formdata=None))


@blueprint.post("/r/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    """Record the answer. Another one replaces it until an administrator has decided about a successor."""
    opened = _open(token)
    if opened.check.decided_at:
        return _answered(opened)
    given = next((one for one in ReachAnswer if one == request.form.get("answer")), None)
    if given is None:
        return _asked(opened, ReachAnswer.STILL, NoSuccessorForm(formdata=None)), 422
    form = SuccessorForm() if given is ReachAnswer.SUCCESSOR else NoSuccessorForm()
    if not form.validate():
        return _asked(opened, given, form), 422
    successor = form.successor() if isinstance(form, SuccessorForm) else None
    reach.answer(opened.check, given, successor, Actor(ActorKind.LINK, opened.dispatch_id))
    db.session.commit()
    return _answered(opened)


def _open(token: str) -> OpenQuestion:
    found = queries.open_question(token)
    if not isinstance(found, OpenQuestion):
        refuse(found, "question")
    return found


def _asked(opened: OpenQuestion, choice: ReachAnswer, form: SuccessorForm | NoSuccessorForm) -> str:
    return render_template("exchange/question.html", opened=opened, check=opened.check, choice=choice, form=form)


def _answered(opened: OpenQuestion) -> str:
    return render_template("exchange/answered.html", opened=opened, check=opened.check)
