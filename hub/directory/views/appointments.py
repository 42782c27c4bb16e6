"""Appointing PIC and deputies, ending their terms, and the decrees behind them."""

from flask import abort, flash, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hub import clock
from hub.directory import service
from hub.directory.forms import AppointmentForm, EndForm
from hub.directory.models import AppointmentRole, Institution, Network
from hub.directory.rules import Refused
from hub.directory.views.blueprint import blueprint
from hub.directory.views.institutions import page_of
from hub.directory.views.shared import actor, appointment_or_404, back_to, institution_or_404, say
from hub.extensions import db
from hub.files.models import StoredFile
from hub.files.service import download
from hub.webkit.access import needs


@blueprint.route("/directory/<code>/people", methods=["GET", "POST"])
@needs("administer")
def appoint(code: str) -> ResponseReturnValue:
    """The form opens for the network and role of the address (`?network=ombudsman&role=deputy`)."""
    institution = institution_or_404(code)
    asked = {key: request.args[key] for key in ("network", "role") if key in request.args}
    form = AppointmentForm(data={"valid_from": clock.today(institution.zone), **asked})
    fits = form.validate_on_submit()
    scan = _scan(institution, form)
    if fits:
        try:
            _appoint(institution, form, scan)
        except Refused as refusal:
            say(form, refusal)
        else:
            db.session.commit()
            session.pop(_scan_key(institution), None)
            flash(_("The appointment is recorded."), "success")
            return back_to(institution)
    page = render_template("directory/appoint.html", form=form, institution=institution, scan=scan)
    return page, 422 if form.errors else 200


@blueprint.post("/directory/<code>/appointments/<int:id>/end")
@needs("administer")
def end_term(code: str, id: int) -> ResponseReturnValue:
    institution, form = institution_or_404(code), EndForm()
    appointment = appointment_or_404(institution, id)
    if not form.validate_on_submit() or form.last_day.data is None:
        return page_of(institution, refused=form)
    try:
        service.end_term(appointment, form.last_day.data, actor())
    except Refused as refusal:
        say(form, refusal)
        return page_of(institution, refused=form)
    db.session.commit()
    flash(_("The term is ended. Appoint the successor from the day after."), "success")
    return back_to(institution)


@blueprint.get("/directory/<code>/appointments/<int:id>/decree")
@needs("administer", "monitor", "register", "sign")
def decree(code: str, id: int) -> ResponseReturnValue:
    """The scan of the decree, for those who keep the directory or write the letters."""
    appointment = appointment_or_404(institution_or_404(code), id)
    return download(appointment.decree_file) if appointment.decree_file else abort(404)


def _scan_key(institution: Institution) -> str:
    return f"decree_scan:{institution.code}"


def _scan(institution: Institution, form: AppointmentForm) -> StoredFile | None:
    """The scan sent now or with an earlier try. Kept at once: a mistake elsewhere makes nobody choose it again."""
    if request.method == "GET":
        session.pop(_scan_key(institution), None)
    if stored := form.decree_file():
        session[_scan_key(institution)] = stored.id
        db.session.commit()
    kept = session.get(_scan_key(institution))
    return db.session.get(StoredFile, kept) if kept else None


def _appoint(institution: Institution, form: AppointmentForm, scan: StoredFile | None) -> None:
    somebody = service.add_person(
        institution,
        form.name.data or "",
        form.title.data or "",
        form.email.data or "",
        form.phone.data or "",
        actor(),
        form.employee_number.data or "",
    )
    assert form.valid_from.data is not None
    service.appoint(
        somebody,
        institution,
        Network(form.network.data),
        AppointmentRole(form.role.data),
        form.decree_number.data or "",
        form.valid_from.data,
        form.valid_until.data,
        actor(),
        scan,
    )
