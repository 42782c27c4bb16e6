"""What the sender and the signatory do with a forwarding, and the recipient's button when signed in."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.audit.rules import person
from hub.complaints import queries as complaints
from hub.directory.picking import offered
from hub.extensions import db
from hub.files import service as files
from hub.forwardings import cautions, queries, receipt, service
from hub.forwardings.forms import ForwardingForm, ReasonForm
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow, ProofChannel, Stage, is_possible
from hub.forwardings.service import CannotForward, OwnCase
from hub.letters import document, ways
from hub.letters.numbering import CannotSign
from hub.letters.stationery import service as stationery
from hub.webkit.access import needs, signed_in
from hub.webkit.headers import frameable
from hub.webkit.labels import label

blueprint = Blueprint("forwardings", __name__)


@blueprint.errorhandler(NotNow)
def not_now(problem: NotNow) -> ResponseReturnValue:
    """Someone else was faster, or the page was old: say where the forwarding stands instead."""
    db.session.rollback()
    stage = label("stage", problem.stage).text
    return render_template("errors/conflict.html", stage=stage), 409


@blueprint.route("/complaints/<int:complaint_id>/forward", methods=["GET", "POST"])
@needs("register")
def new(complaint_id: int) -> ResponseReturnValue:
    complaint = complaints.get_visible(current_user, complaint_id)
    if complaint.office_id != current_user.institution.id:
        abort(403)
    form = ForwardingForm(complaint, current_user.institution.network, archive_classes())
    if form.is_submitted():
        person, key = current_user.person, str(form.request_key.data)
        kept = attempt(form, lambda: service.draft_each(complaint, form.request(), form.further, person, key)[0])
        if kept and form.further:
            flash(_("%(number)s letters are drafted. Read each, then put it to sign.", number=len(form.further) + 1))
            return redirect(url_for("desk.index", q=complaint.reference))
        return _to(kept) if kept else _form(form)
    form.propose(request.args.get("purpose"))
    return _form(form)


@blueprint.route("/forwardings/<int:id>/edit", methods=["GET", "POST"])
@needs("forward")
def edit(id: int) -> ResponseReturnValue:
    forwarding = own(id, Happening.SUBMITTED)
    if forwarding.parent_id:
        return redirect(url_for("chain.edit", id=id))
    form = ForwardingForm(forwarding.complaint, forwarding.network, archive_classes(), forwarding)
    if form.is_submitted():
        kept = attempt(form, lambda: service.redraft(forwarding, form.request(), current_user.person))
        return _to(kept) if kept else _form(form, forwarding)
    if purpose := request.args.get("purpose"):
        form.propose(purpose)
    return _form(form, forwarding)


@blueprint.post("/forwardings/<int:id>/submit")
@needs("forward")
def submit(id: int) -> ResponseReturnValue:
    forwarding = own(id)
    try:
        service.submit(forwarding, current_user.person)
        db.session.commit()
        flash(_("The letter waits for its signature."), "success")
    except CannotForward as problem:
        db.session.rollback()
        flash(str(problem), "error")
    return _to(forwarding)


@blueprint.post("/forwardings/<int:id>/sign")
@needs("sign")
def sign(id: int) -> ResponseReturnValue:
    """Signs what was read: a page opened before the letter was changed and put to sign again signs nothing."""
    forwarding = own(id)
    if request.form.get("read") != str(forwarding.letter.submitted_at):
        flash(_("The letter was changed after you opened it. Please read it again."), "warning")
        return _to(forwarding)
    signature = ways.at_one_press(forwarding.sender)
    if signature is None:
        return redirect(url_for("signing.sign", id=forwarding.letter_id))
    try:
        service.sign(forwarding, current_user.person, signature)
        db.session.commit()
        flash(_("Signed as %(number)s. It leaves within minutes.", number=forwarding.letter.number), "success")
    except (CannotForward, CannotSign) as problem:
        db.session.rollback()
        flash(str(problem), "error")
    return _to(forwarding)


@blueprint.post("/forwardings/<int:id>/resend/<any(email, post):track>")
@needs("forward")
def resend(id: int, track: str) -> ResponseReturnValue:
    forwarding = own(id)
    try:
        service.resend(forwarding, track == "email", track == "post", current_user.person)
        db.session.commit()
        flash(_("The letter is on its way again."), "success")
    except CannotForward as problem:
        db.session.rollback()
        flash(str(problem), "error")
    return _to(forwarding)


@blueprint.route("/forwardings/<int:id>/withdraw", methods=["GET", "POST"])
@needs("forward")
def withdraw(id: int) -> ResponseReturnValue:
    forwarding, form = own(id, Happening.WITHDRAWN), ReasonForm()
    if form.validate_on_submit():
        service.withdraw(forwarding, current_user.person, form.reason.data or "")
        db.session.commit()
        flash(_("The forwarding is withdrawn."), "success")
        return _to(forwarding)
    consequence = _(
        "Nobody answers a withdrawn forwarding any more. What has not left yet does not leave, and a letter that has "
        "its number is declared void."
    )
    return _decision(form, forwarding, _("Withdraw"), consequence)


@blueprint.post("/forwardings/<int:id>/acknowledge")
@needs("respond")
def acknowledge(id: int) -> ResponseReturnValue:
    forwarding = queries.get_visible(current_user, id)
    if not queries.is_recipient(current_user, forwarding):
        abort(403)
    if forwarding.stage in (Stage.DRAFT, Stage.AWAITING_SIGNATURE):
        raise NotNow(forwarding.stage, Happening.ACKNOWLEDGED)
    one = current_user.person
    receipt.acknowledge(forwarding, ProofChannel.SIGN_IN, one.name, one.title, person(one.id))
    db.session.commit()
    flash(_("Receipt is confirmed. Thank you."), "success")
    return _to(forwarding)


@blueprint.get("/forwardings/<int:id>/preview")
@signed_in
@frameable
def preview(id: int) -> str:
    """The letter as it is printed, for the frame on its page."""
    return document.html(queries.get_visible(current_user, id).letter)


@blueprint.get("/forwardings/<int:id>/letter.pdf")
@signed_in
def letter(id: int) -> Response:
    """The signed bytes; 404 until the worker has made them."""
    file = queries.get_visible(current_user, id).letter.file
    return files.download(file) if file else abort(404)


def own(id: int, decision: Happening | None = None) -> Forwarding:
    """A forwarding of this person's own office, on which `decision` is possible now."""
    forwarding = queries.get_visible(current_user, id)
    if not queries.is_sender(current_user, forwarding):
        abort(403)
    if decision and not is_possible(forwarding.stage, decision):
        raise NotNow(forwarding.stage, decision)
    return forwarding


def archive_classes() -> list[str]:
    """Lines of the archive classes that letters of this person's office can have."""
    return stationery.archive_classes(stationery.newest(current_user.institution))


def _to(forwarding: Forwarding) -> ResponseReturnValue:
    return redirect(url_for("desk.forwarding", id=forwarding.id))


def attempt(form: ForwardingForm, save: Callable[[], Forwarding]) -> Forwarding | None:
    """What was saved; None, with the reason on the form, when it was refused."""
    if request.form.get("take"):
        form.take_proposal()
    if not form.validate():
        return None
    try:
        forwarding = save()
        db.session.commit()
        return forwarding
    except OwnCase as problem:
        db.session.rollback()
        form.refuse(problem)
    except CannotForward as problem:
        db.session.rollback()
        form.form_errors.append(str(problem))
    return None


def _form(form: ForwardingForm, forwarding: Forwarding | None = None) -> ResponseReturnValue:
    chosen = form.institution or form.proposal.recipient
    network = current_user.institution.network
    return render_template(
        "forwardings/form.html",
        form=form,
        complaint=form.complaint,
        forwarding=forwarding,
        offices=offered(),
        cautions=cautions.about(chosen, network, form.complaint) if chosen else [],
    ), (422 if form.is_submitted() else 200)


def _decision(form: ReasonForm, forwarding: Forwarding, act: str, consequence: str) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    return render_template(
        "forwardings/decision.html", form=form, forwarding=forwarding, act=act, consequence=consequence
    ), status
