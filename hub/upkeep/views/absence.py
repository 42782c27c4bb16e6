"""Pages of leave: one's own, and somebody else's by an administrator."""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub import clock
from hub.audit.rules import person as by_person
from hub.directory import service as directory
from hub.directory.models import Person
from hub.extensions import db
from hub.upkeep import absences
from hub.upkeep.forms import AbsenceForm
from hub.upkeep.views.blueprint import blueprint
from hub.upkeep.views.invitations import someone_at
from hub.webkit.access import needs


@blueprint.route("/absence", methods=["GET", "POST"])
@needs("respond")
def own_absence() -> ResponseReturnValue:
    return _leave_of(current_user.person)


@blueprint.route("/directory/<code>/people/<int:person_id>/absence", methods=["GET", "POST"])
@needs("administer")
def absence(code: str, person_id: int) -> ResponseReturnValue:
    return _leave_of(someone_at(code, person_id)[1])


def _leave_of(person: Person) -> ResponseReturnValue:
    if ended := request.form.get("end", type=int):
        return _end(person, ended)
    form = AbsenceForm()
    if form.validate_on_submit() and _planned(person, form):
        return redirect(request.path)
    today = clock.today(person.institution.zone)
    page = render_template(
        "upkeep/absence.html",
        person=person,
        is_own=person.id == current_user.person_id,
        leaves=absences.planned(person, today),
        stand_ins=absences.stand_ins(person, today),
        form=form,
        today=today,
    )
    return page, 422 if form.is_submitted() else 200


def _planned(person: Person, form: AbsenceForm) -> bool:
    assert form.first_day.data is not None
    assert form.last_day.data is not None
    try:
        directory.plan_absence(person, form.first_day.data, form.last_day.data, by_person(current_user.person_id))
    except directory.Refused as refusal:
        db.session.rollback()
        form[refusal.field].errors = [refusal.sentence]
        return False
    db.session.commit()
    flash(_("The leave is recorded. Letters come back to the usual address by themselves afterwards."), "success")
    return True


def _end(person: Person, absence_id: int) -> ResponseReturnValue:
    """Back since today: a leave that has begun ends yesterday, one still to come is cancelled."""
    today = clock.today(person.institution.zone)
    known = {leave.absence.id: leave.absence for leave in absences.planned(person, today)}
    found = known.get(absence_id) or abort(404)
    directory.end_absence(found, today - timedelta(days=1), by_person(current_user.person_id))
    db.session.commit()
    flash(_("Letters come to the usual address again."), "success")
    return redirect(request.path)
