"""Asking on demand who is still the PIC, and declining a successor that was named."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub import clock
from hub.audit.rules import person
from hub.directory.models import Appointment, AppointmentRole, ReachAnswer, ReachCheck
from hub.extensions import db
from hub.forwardings.forms import ReasonForm
from hub.mail.service import UnusableAddress
from hub.upkeep import reach
from hub.upkeep.views.blueprint import blueprint
from hub.webkit.access import needs
from hub.webkit.views import local_path


@blueprint.post("/directory/<code>/appointments/<int:id>/ask")
@needs("administer", "monitor")
def ask(code: str, id: int) -> ResponseReturnValue:
    appointment = _present_pic(code, id)
    if problem := reach.obstacle(appointment):
        flash(problem, "warning")
    else:
        _ask(appointment)
    return redirect(local_path(request.form.get("next", "")) or url_for("directory.show", code=code))


@blueprint.route("/network/proposals/<int:id>/decline", methods=["GET", "POST"])
@needs("administer")
def decline(id: int) -> ResponseReturnValue:
    check, form = db.session.get(ReachCheck, id), ReasonForm()
    if check is None or check.answer is not ReachAnswer.SUCCESSOR or check.decided_at:
        abort(404)
    if form.validate_on_submit():
        reach.decide(check, person(current_user.person_id), approved=False, note=form.reason.data or "")
        db.session.commit()
        flash(_("The proposal is declined; %(name)s is told.", name=check.appointment.person.name), "success")
        return redirect(url_for("upkeep.network"))
    return render_template("upkeep/decline.html", check=check, form=form), 422 if form.is_submitted() else 200


def _present_pic(code: str, id: int) -> Appointment:
    """404 unless this is a PIC in force; a monitor asks in the own network only."""
    appointment = db.session.get(Appointment, id)
    if appointment is None or appointment.institution.code != code or appointment.role is not AppointmentRole.PIC:
        abort(404)
    if not appointment.is_in_force(clock.today(appointment.institution.zone)):
        abort(404)
    if not current_user.may("administer") and appointment.network is not current_user.institution.network:
        abort(403)
    return appointment


def _ask(appointment: Appointment) -> None:
    try:
        reach.ask(appointment, person(current_user.person_id))
        db.session.commit()
        flash(_("%(name)s is asked by email.", name=appointment.person.name), "success")
    except UnusableAddress as problem:
        db.session.rollback()
        flash(str(problem), "error")
