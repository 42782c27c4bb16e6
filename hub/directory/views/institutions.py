"""Pages of the directory: every institution, who stands above it, and whom to write to."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub import clock
from hub.audit.rules import Actor, person
from hub.directory import queries, service
from hub.directory.forms import AppointmentForm, EndForm, OfficeForm
from hub.directory.models import AppointmentRole, Institution, Network
from hub.directory.views.blueprint import blueprint
from hub.extensions import db
from hub.webkit.access import needs, signed_in


@blueprint.get("/directory")
@signed_in
def index() -> ResponseReturnValue:
    query = request.args.get("q", "").strip()[:100]
    listing = queries.listing(query, request.args.get("after", ""))
    return render_template("directory/index.html", query=query, listing=listing)


@blueprint.get("/directory/<code>")
@signed_in
def show(code: str) -> ResponseReturnValue:
    return _page(_institution(code))


@blueprint.post("/directory/<code>/people")
@needs("administer")
def appoint(code: str) -> ResponseReturnValue:
    institution, form = _institution(code), AppointmentForm()
    if not form.validate_on_submit():
        return _page(institution, appointment_form=form)
    try:
        _appoint(institution, form)
    except service.Refused as refusal:
        _say(form, refusal)
        return _page(institution, appointment_form=form)
    db.session.commit()
    flash(_("The appointment is recorded."), "success")
    return _back_to(institution)


@blueprint.post("/directory/<code>/office")
@needs("administer")
def change_office(code: str) -> ResponseReturnValue:
    institution, form = _institution(code), OfficeForm()
    if not form.validate_on_submit():
        return _page(institution, office_form=form)
    changes = {field.name: field.data or "" for field in (form.email, form.phone, form.postal_address, form.seat)}
    service.change_office(institution, changes, _actor())
    db.session.commit()
    flash(_("The office is updated."), "success")
    return _back_to(institution)


@blueprint.post("/directory/<code>/appointments/<int:id>/end")
@needs("administer")
def end_term(code: str, id: int) -> ResponseReturnValue:
    institution, form = _institution(code), EndForm()
    appointment = next((one for one in queries.appointments_of(institution) if one.id == id), None) or abort(404)
    if not form.validate_on_submit() or form.last_day.data is None:
        return _page(institution, end_form=form)
    try:
        service.end_term(appointment, form.last_day.data, _actor())
    except service.Refused as refusal:
        _say(form, refusal)
        return _page(institution, end_form=form)
    db.session.commit()
    flash(_("The term is ended. Appoint the successor from the day after."), "success")
    return _back_to(institution)


def _appoint(institution: Institution, form: AppointmentForm) -> None:
    somebody = service.add_person(
        institution, form.name.data or "", form.title.data or "", form.email.data or "", form.phone.data or "", _actor()
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
        _actor(),
    )


def _institution(code: str) -> Institution:
    return queries.find(code) or abort(404)


def _actor() -> Actor:
    return person(current_user.person_id)


def _say(form: AppointmentForm | EndForm, refusal: service.Refused) -> None:
    """Put a refusal beside its field. What was tried before it is undone; what was typed stays in the form."""
    db.session.rollback()
    form[refusal.field].errors = [refusal.sentence]


def _back_to(institution: Institution) -> ResponseReturnValue:
    return redirect(url_for("directory.show", code=institution.code))


def _page(
    institution: Institution,
    appointment_form: AppointmentForm | None = None,
    office_form: OfficeForm | None = None,
    end_form: EndForm | None = None,
) -> ResponseReturnValue:
    today = clock.today(institution.zone)
    refused = next((form for form in (appointment_form, office_form, end_form) if form), None)
    forms: dict[str, object] = {}
    if current_user.may("administer"):
        forms = {
            "appointment_form": appointment_form or AppointmentForm(formdata=None, valid_from=today),
            "office_form": office_form or OfficeForm(formdata=None, obj=institution),
            "end_form": end_form or EndForm(formdata=None, last_day=today),
        }
    page = render_template(
        "directory/show.html",
        institution=institution,
        appointments=queries.appointments_of(institution),
        today=today,
        networks=Network,
        refused=refused,
        **forms,
    )
    return page, 422 if refused else 200
