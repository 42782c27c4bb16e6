"""The page of the routing rules: read them in order, change them, try them."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.directory.picking import offered
from hub.directory.rules import written
from hub.extensions import db
from hub.routing import queries, service, wording
from hub.routing.forms import PlacesForm, QuestionForm, RuleForm
from hub.routing.models import RoutingRule
from hub.routing.rules import covering
from hub.routing.service import CannotChange
from hub.webkit.access import needs

blueprint = Blueprint("routing", __name__, url_prefix="/routing")


@blueprint.get("")
@needs("monitor")
def index() -> ResponseReturnValue:
    """All rules in order, each in a sentence; and what they say of a complaint somebody thinks of."""
    form, rules = QuestionForm(), queries.rules()
    return render_template(
        "routing/index.html",
        rules=[(rule, wording.sentence(rule), covering(rule, rules[:place])) for place, rule in enumerate(rules)],
        form=form,
        proposal=queries.propose(*form.question()) if form.asks() else None,
        history=queries.history(current_user.institution.zone),
        **_lists(form),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs("monitor")
def add() -> ResponseReturnValue:
    form = RuleForm()
    if form.validate_on_submit():
        rule = service.add(form.terms(), current_user.person)
        db.session.commit()
        return _done(_("Added as rule %(number)s.", number=rule.position))
    return _form(form)


@blueprint.route("/<int:id>", methods=["GET", "POST"])
@needs("monitor")
def edit(id: int) -> ResponseReturnValue:
    rule = _get(id)
    form = RuleForm(rule)
    if form.validate_on_submit():
        try:
            service.change(rule, form.terms(), current_user.person)
            db.session.commit()
            return _done(_("The rule is changed."))
        except CannotChange as problem:
            db.session.rollback()
            form.form_errors.append(str(problem))
    return _form(form, rule)


@blueprint.post("/<int:id>/delete")
@needs("monitor")
def delete(id: int) -> ResponseReturnValue:
    try:
        service.delete(_get(id), current_user.person)
        db.session.commit()
        return _done(_("The rule is deleted."))
    except CannotChange as problem:
        return _refused(problem)


@blueprint.post("/<int:id>/<any(up, down):way>")
@needs("monitor")
def move(id: int, way: str) -> ResponseReturnValue:
    try:
        service.move(_get(id), way == "up", current_user.person)
        db.session.commit()
        return _done(_("The order is changed."))
    except CannotChange as problem:
        return _refused(problem)


def _get(id: int) -> RoutingRule:
    return db.session.get(RoutingRule, id) or abort(404)


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for(".index"))


def _refused(problem: CannotChange) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(problem), "error")
    return redirect(url_for(".index"))


def _form(form: RuleForm, rule: RoutingRule | None = None) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    return render_template("routing/rule.html", form=form, rule=rule, **_lists(form)), status


def _lists(form: PlacesForm) -> dict[str, list[str]]:
    """What the fields of a form propose while somebody types."""
    return {"places": [written(place) for place in form.places], "offices": offered()}
