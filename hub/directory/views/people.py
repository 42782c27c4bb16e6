"""Changing what is known of a person."""

from flask import abort, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hub import clock
from hub.directory import queries, service
from hub.directory.forms import PersonForm
from hub.directory.rules import Refused
from hub.directory.views.blueprint import blueprint
from hub.directory.views.shared import actor, back_to, institution_or_404, say
from hub.extensions import db
from hub.webkit.access import needs


@blueprint.route("/directory/<code>/people/<int:person_id>", methods=["GET", "POST"])
@needs("administer")
def edit_person(code: str, person_id: int) -> ResponseReturnValue:
    institution = institution_or_404(code)
    person = next((one for one in queries.people_of(institution) if one.id == person_id), None) or abort(404)
    form = PersonForm(obj=person)
    if form.validate_on_submit():
        try:
            service.change_person(person, {key: form[key].data or "" for key in service.PERSON_COLUMNS}, actor())
        except Refused as refusal:
            say(form, refusal)
        else:
            db.session.commit()
            flash(_("The contact is updated."), "success")
            return back_to(institution)
    page = render_template(
        "directory/person.html",
        form=form,
        institution=institution,
        person=person,
        faults=[fault for fault in queries.open_faults(institution.id) if fault.person_id == person.id],
        leave=queries.planned_absences(person, clock.today(institution.zone)),
    )
    return page, 422 if form.errors else 200
