"""Entering a new institution, and changing what is known of one."""

from collections.abc import Callable

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hub.directory import picking, queries, rules, service
from hub.directory.forms import NewOfficeForm, OfficeForm
from hub.directory.models import Institution
from hub.directory.rules import Refused
from hub.directory.views.blueprint import blueprint
from hub.directory.views.shared import actor, back_to, institution_or_404, say
from hub.extensions import db
from hub.webkit.access import needs


@blueprint.route("/directory/new", methods=["GET", "POST"])
@needs("administer")
def new() -> ResponseReturnValue:
    form = NewOfficeForm()

    def opened() -> Institution:
        values = {**form.values(), "code": form.code.data, "kind": form.kind.data, "supervisor": form.supervising()}
        return service.open_institution(values, actor())

    return _kept(form, None, opened, _("The institution is entered. Appoint its PIC next."))


@blueprint.route("/directory/<code>/edit", methods=["GET", "POST"])
@needs("administer")
def edit(code: str) -> ResponseReturnValue:
    institution = institution_or_404(code)
    form = OfficeForm(institution)

    def changed() -> Institution:
        service.change_office(institution, form.values(), actor())
        service.change_supervisor(institution, form.supervising(), actor())
        return institution

    return _kept(form, institution, changed, _("The office is updated."))


def _kept(
    form: OfficeForm, institution: Institution | None, change: Callable[[], Institution], said: str
) -> ResponseReturnValue:
    """Make the change of a good form and lead to the office; else show the form with what is wrong."""
    if form.validate_on_submit():
        try:
            changed = change()
        except Refused as refusal:
            say(form, refusal)
        else:
            db.session.commit()
            flash(said, "success")
            return back_to(changed)
    page = render_template(
        "directory/edit.html",
        form=form,
        institution=institution,
        regions=[rules.written(region) for region in queries.regions()],
        offices=picking.offered(),
    )
    return page, 422 if form.errors else 200
