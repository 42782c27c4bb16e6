"""Pages of the intake: list, form, file, one complaint, and the look at an identity."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from hub.accounts.rules import HANDLING_LETTERS, Capability
from hub.complaints import queries, service
from hub.complaints.forms import BodyForm, ComplaintForm, IdentityForm, ImportForm
from hub.complaints.identity import Identity
from hub.complaints.importing import HEADERS
from hub.complaints.models import Complaint
from hub.complaints.rules import CHANNELS
from hub.directory.picking import offered
from hub.directory.rules import written
from hub.extensions import db
from hub.sheets.text import clean_line
from hub.webkit.access import needs
from hub.webkit.paging import Page, after, page

blueprint = Blueprint("complaints", __name__, url_prefix="/complaints")

READERS = (*HANDLING_LETTERS, Capability.MONITOR)


@blueprint.get("")
@needs(*READERS)
def index() -> ResponseReturnValue:
    words = clean_line(request.args.get("q", ""))
    found: Page[Complaint] = page(queries.listed(current_user, words), Complaint.id, after())
    return render_template("complaints/index.html", page=found, words=words)


@blueprint.route("/new", methods=["GET", "POST"])
@needs("register")
def new() -> ResponseReturnValue:
    form = ComplaintForm(current_user.institution)
    if form.validate_on_submit():
        try:
            complaint = service.register(
                current_user.institution, form.intake(), current_user.person, form.request_key.data or None
            )
            db.session.commit()
            flash(_("Registered as %(reference)s.", reference=complaint.reference), "success")
            return redirect(url_for(".show", id=complaint.id))
        except service.AlreadyRegistered as double:
            sentence = _("This number was registered already, as %(reference)s.", reference=double.complaint.reference)
            form.tracking_id.errors = [sentence]
    status = 422 if form.is_submitted() else 200
    places = [written(place) for place in form.places]
    return render_template(
        "complaints/new.html", form=form, channels=CHANNELS, places=places, offices=offered()
    ), status


@blueprint.route("/import", methods=["GET", "POST"])
@needs("register")
def import_() -> ResponseReturnValue:
    form, report = ImportForm(), None
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        content = form.file.data.read()
        report = service.import_file(content, current_user.institution, current_user.person, form.partial.data)
        db.session.commit()
        if not report.errors:
            sentence = ngettext("%(num)s complaint registered.", "%(num)s complaints registered.", report.imported)
            flash(sentence, "success")
            return redirect(url_for(".index"))
        status = 200 if report.imported else 422
    return render_template("complaints/import.html", form=form, report=report, headers=HEADERS), status


@blueprint.get("/<int:id>")
@needs(*READERS)
def show(id: int) -> ResponseReturnValue:
    return _page(queries.get_visible(current_user, id), IdentityForm())


@blueprint.route("/<int:id>/complained-of", methods=["GET", "POST"])
@needs("register")
def complained_of(id: int) -> ResponseReturnValue:
    """Files of other channels do not say whom a complaint is about; whoever reads it does."""
    complaint = queries.get_visible(current_user, id)
    if complaint.office_id != current_user.institution.id:
        abort(403)
    named = complaint.complained_of_office
    form = BodyForm(
        data={
            "complained_of": complaint.complained_of.value,
            "complained_of_office": written(named) if named else "",
        }
    )
    if form.validate_on_submit():
        service.change_body(complaint, *form.answer(), current_user.person)
        db.session.commit()
        flash(_("Kept. The recipient is proposed by it from now on."), "success")
        return redirect(url_for(".show", id=complaint.id))
    status = 422 if form.is_submitted() else 200
    return render_template("complaints/body.html", form=form, complaint=complaint, offices=offered()), status


@blueprint.post("/<int:id>/identity")
@needs("register")
def identity(id: int) -> ResponseReturnValue:
    """Name and contact on this one answer only. Asking again needs a reason again."""
    complaint = queries.get_visible(current_user, id)
    form = IdentityForm()
    if not form.validate_on_submit():
        return _page(complaint, form), 422
    shown = service.show_identity(complaint, current_user.person, form.reason.data or "")
    db.session.commit()
    response = make_response(_page(complaint, form, shown))
    response.cache_control.no_store = True
    return response


def _page(complaint: Complaint, form: IdentityForm, shown: Identity | None = None) -> str:
    return render_template(
        "complaints/show.html",
        complaint=complaint,
        form=form,
        shown=shown,
        may_see_identity=queries.may_see_identity(current_user, complaint),
        history=queries.history(complaint),
    )
