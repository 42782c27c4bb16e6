"""Which regencies and cities an Ombudsman office watches over."""

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from hub.directory import queries, service
from hub.directory.forms import CoverageForm
from hub.directory.models import Institution, InstitutionKind
from hub.directory.rules import Refused
from hub.directory.views.blueprint import blueprint
from hub.directory.views.shared import actor, back_to, institution_or_404
from hub.extensions import db
from hub.webkit.access import needs


@blueprint.route("/directory/<code>/coverage", methods=["GET", "POST"])
@needs("administer")
def coverage(code: str) -> ResponseReturnValue:
    """Boxes by province. A ticked province adds all of its regencies and cities."""
    office, form = institution_or_404(code), CoverageForm()
    if office.kind != InstitutionKind.OMBUDSMAN_OFFICE:
        abort(404)
    provinces = queries.provinces_covered(office)
    if not form.validate_on_submit():
        return _page(office, provinces, form)
    whole = set(request.form.getlist("province"))
    chosen = {one.region.code for place in provinces if place.region.code in whole for one in place.places}
    try:
        service.cover(office, chosen | set(request.form.getlist("region")), actor())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors = [refusal.sentence]
        return _page(office, provinces, form)
    db.session.commit()
    _tell(office)
    return back_to(office)


def _tell(office: Institution) -> None:
    count = len(queries.covered_by(office))
    flash(
        ngettext("%(num)s regency or city is covered.", "%(num)s regencies and cities are covered.", count), "success"
    )
    alone = queries.uncovered()
    if alone:
        named = ", ".join(region.name for region in alone[:5])
        if len(alone) > 5:
            named = _("%(regions)s and %(count)s more", regions=named, count=len(alone) - 5)
        flash(_("No Ombudsman office covers: %(regions)s.", regions=named), "warning")


def _page(office: Institution, provinces: list[queries.ProvinceCovered], form: CoverageForm) -> ResponseReturnValue:
    page = render_template("directory/coverage.html", institution=office, provinces=provinces, form=form)
    return page, 422 if form.errors else 200
