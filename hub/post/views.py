"""The mail room: print, post, and note what the post brings back."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from hub.extensions import db
from hub.files import service as files
from hub.files.models import StoredFile
from hub.post import importing, queries, rules, service
from hub.post.forms import ImportForm, PostedForm, PrintForm, ReceiverForm, ScannedForm, SeenForm
from hub.post.models import PostDispatch
from hub.post.rules import Addressing, ScanKind
from hub.webkit import asked
from hub.webkit.access import needs
from hub.webkit.forms import Form
from hub.webkit.paging import after, page

blueprint = Blueprint("post", __name__, url_prefix="/post")


@blueprint.get("")
@needs("post")
def room() -> ResponseReturnValue:
    counts, conditions = queries.list_counts(current_user), queries.lists()
    asked = request.args.get("list", "")
    chosen = asked if asked in conditions else next((name for name in counts if counts[name]), "to_print")
    envelopes = queries.visible(current_user).where(conditions[chosen])
    return render_template(
        "post/room.html",
        page=page(envelopes, PostDispatch.id, after()),
        counts=counts,
        chosen=chosen,
        prints=queries.open_prints(current_user) if chosen == "to_print" else (),
        printing=PrintForm(formdata=None),
    )


@blueprint.get("/<int:id>")
@needs("post")
def show(id: int) -> ResponseReturnValue:
    return _page(queries.get_visible(current_user, id))


@blueprint.get("/<int:id>/letter")
@needs("post")
def letter(id: int) -> ResponseReturnValue:
    return _download(queries.get_visible(current_user, id).letter.file)


# Printing


@blueprint.post("/print")
@needs("post")
def print_all() -> ResponseReturnValue:
    return _ask_for_print(None)


@blueprint.post("/<int:id>/print")
@needs("post")
def print_one(id: int) -> ResponseReturnValue:
    return _ask_for_print(queries.get_visible(current_user, id))


@blueprint.get("/print/<int:id>")
@needs("post")
def print_job(id: int) -> ResponseReturnValue:
    job = queries.get_print(current_user, id)
    return render_template("post/print.html", job=job, dispatches=queries.in_print(job))


@blueprint.get("/print/<int:id>/file")
@needs("post")
def print_file(id: int) -> ResponseReturnValue:
    return _download(queries.get_print(current_user, id).file)


@blueprint.post("/print/<int:id>/printed")
@needs("post")
def printed(id: int) -> ResponseReturnValue:
    count = service.mark_all_printed(queries.get_print(current_user, id), current_user.person)
    db.session.commit()
    sentence = ngettext("%(num)s letter is marked as printed.", "%(num)s letters are marked as printed.", count)
    flash(sentence, "success")
    return redirect(url_for(".room", list="printed"))


@blueprint.post("/<int:id>/print-again")
@needs("post")
def print_again(id: int) -> ResponseReturnValue:
    dispatch = queries.get_visible(current_user, id)
    message = _("It waits for the printer again.")
    return _done(dispatch, lambda: service.print_again(dispatch, current_user.person), message)


def _ask_for_print(only: PostDispatch | None) -> ResponseReturnValue:
    form = PrintForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        addressing = Addressing(form.addressing.data)
        job = service.ask_for_print(current_user.institution, addressing, current_user.person, only)
    except service.NotPossible as problem:
        db.session.rollback()
        flash(problem.sentence, "warning")
        return redirect(url_for(".room", list="to_print"))
    db.session.commit()
    return redirect(url_for(".print_job", id=job.id))


# Posting


@blueprint.post("/<int:id>/posted")
@needs("post")
def posted(id: int) -> ResponseReturnValue:
    dispatch, form = queries.get_visible(current_user, id), PostedForm()
    number = form.tracking_number.data
    if not (form.validate_on_submit() and number):
        return _page(dispatch, form)
    message = _("Noted: letter %(number)s is on its way.", number=dispatch.letter.number)
    is_meant = _is_double_meant(number)
    enter = service.correct_number if request.form.get("correct") else service.mark_posted
    return _done(dispatch, lambda: enter(dispatch, number, current_user.person, is_meant), message, form)


@blueprint.route("/scan", methods=["GET", "POST"])
@needs("post")
def scan() -> ResponseReturnValue:
    """One envelope after the other: Enter saves the number of the one shown; the code of another one shows that."""
    wanted = asked.key("envelope")
    place = queries.to_post(current_user, wanted, asked.key("after"))
    form = ScannedForm()
    scanned = _without_rejected(form.scanned.data or "")
    if request.method == "GET" or place is None:
        return render_template("post/scan.html", place=place, form=ScannedForm(formdata=None), double=""), 200
    if not (form.validate_on_submit() and scanned):
        return _scan_page(place, form)
    if rules.is_meant_as_code(scanned) or rules.coded_envelope(scanned):
        return _choose(place, form, scanned)
    if wanted != place.dispatch.id:
        form.scanned.errors = [_("This envelope was posted meanwhile. Now it is the turn of the one shown here.")]
        return _scan_page(place, form)
    return _scan_number(place, form, scanned)


def _choose(place: queries.Place, form: ScannedForm, scanned: str) -> ResponseReturnValue:
    id = rules.coded_envelope(scanned)
    chosen = queries.to_post(current_user, id)
    if id is not None and chosen is not None and chosen.dispatch.id == id:
        return redirect(url_for(".scan", envelope=id))
    form.scanned.errors = [
        _("This code was misread. Scan it again.")
        if id is None
        else _("The envelope with this code does not wait to be posted: it is not marked as printed, or has left.")
    ]
    return _scan_page(place, form)


def _scan_number(place: queries.Place, form: ScannedForm, scanned: str) -> ResponseReturnValue:
    dispatch, double = place.dispatch, ""
    try:
        service.mark_posted(dispatch, scanned, current_user.person, _is_double_meant(scanned))
    except service.NotPossible as problem:
        db.session.rollback()
        form.scanned.errors = [problem.sentence]
        double = rules.tidy_number(scanned) if isinstance(problem, service.NumberInUse) else ""
        form.scanned.data = rules.tidy_number(scanned)
        return _scan_page(queries.to_post(current_user, dispatch.id) or place, form, double)
    db.session.commit()
    told = {"tracking": dispatch.tracking_number, "number": dispatch.letter.number}
    flash(_("%(tracking)s is saved for letter %(number)s.", **told), "success")
    return redirect(url_for(".scan", after=dispatch.id))


def _without_rejected(scanned: str) -> str:
    """A scanner types behind, or before, what was refused and still stands in the field."""
    rejected = request.form.get("rejected", "")
    if rejected and scanned != rejected:
        return scanned.removeprefix(rejected) if scanned.startswith(rejected) else scanned.removesuffix(rejected)
    return scanned


def _scan_page(place: queries.Place, form: ScannedForm, double: str = "") -> ResponseReturnValue:
    return render_template("post/scan.html", place=place, form=form, double=double), 422


def _is_double_meant(number: str) -> bool:
    """Confirmed with a second press, for this very number."""
    return request.form.get("same_number", "") == rules.tidy_number(number)


# What was seen of it


@blueprint.post("/<int:id>/seen")
@needs("post")
def seen(id: int) -> ResponseReturnValue:
    dispatch, form = queries.get_visible(current_user, id), SeenForm(prefix="seen")
    on = form.on.data
    if not (form.validate_on_submit() and on):
        return _page(dispatch, form)

    def note() -> None:
        service.note_by_hand(
            dispatch,
            ScanKind(form.kind.data),
            on,
            current_user.person,
            at=form.at.data,
            receiver=form.receiver.data or "",
            words=form.words.data or "",
            place=form.place.data or "",
            proof=form.kept_proof(),
        )

    return _done(dispatch, note, _("Noted."), form, stay=True)


@blueprint.post("/<int:id>/receiver")
@needs("post")
def receiver(id: int) -> ResponseReturnValue:
    dispatch, form = queries.get_visible(current_user, id), ReceiverForm(prefix="receiver")
    name = form.receiver.data
    if not (form.validate_on_submit() and name):
        return _page(dispatch, form)
    message = _("Noted: this delivery proves that the letter was received.")
    return _done(dispatch, lambda: service.name_receiver(dispatch, name, current_user.person), message, form, stay=True)


@blueprint.post("/<int:id>/scans/<int:scan_id>/withdraw")
@needs("post")
def withdraw(id: int, scan_id: int) -> ResponseReturnValue:
    found = queries.get_scan(current_user, id, scan_id)
    message = _("Withdrawn. The envelope is where the other entries say.")
    return _done(
        queries.get_visible(current_user, id),
        lambda: service.withdraw_scan(found, current_user.person),
        message,
        stay=True,
    )


@blueprint.get("/<int:id>/scans/<int:scan_id>/proof")
@needs("post")
def proof(id: int, scan_id: int) -> ResponseReturnValue:
    return _download(queries.get_scan(current_user, id, scan_id).proof)


@blueprint.route("/import", methods=["GET", "POST"])
@needs("post")
def import_() -> ResponseReturnValue:
    form, report = ImportForm(), None
    if form.validate_on_submit():
        report = importing.import_file(form.file.data.read(), current_user.institution, current_user.person)
        db.session.commit()
    status = 422 if form.errors or (report and report.errors) else 200
    return render_template("post/import.html", form=form, report=report), status


def _done(
    dispatch: PostDispatch, act: Callable[[], None], message: str, form: Form | None = None, stay: bool = False
) -> ResponseReturnValue:
    """Do it, say so, and back to the list it was in; when it cannot be, the page says why beside what was typed."""
    before = dispatch.state
    try:
        act()
    except service.NotPossible as problem:
        db.session.rollback()
        if form is None:
            flash(problem.sentence, "warning")
            return redirect(url_for(".show", id=dispatch.id))
        next(field for field in form if field.short_name in ("tracking_number", "on", "receiver")).errors = [
            problem.sentence
        ]
        double = rules.tidy_number(request.form["tracking_number"]) if isinstance(problem, service.NumberInUse) else ""
        return _page(dispatch, form, double)
    db.session.commit()
    flash(message, "success")
    if stay:
        return redirect(url_for(".show", id=dispatch.id))
    return redirect(url_for(".room", list=before.value if before.value in queries.lists() else None))


def _page(dispatch: PostDispatch, filled: Form | None = None, double: str = "") -> ResponseReturnValue:
    scans = queries.scans_of(dispatch)
    standing = [one for one in scans if one.withdrawn_at is None]
    without = {one.id: rules.fold(other.sighting for other in standing if other is not one).state for one in standing}
    return render_template(
        "post/show.html",
        dispatch=dispatch,
        filled=filled,
        scans=scans,
        without=without,
        double=double,
        zone=current_user.institution.zone,
        is_gone=dispatch.state in rules.GONE,
        printing=PrintForm(formdata=None),
        posted=filled if isinstance(filled, PostedForm) else PostedForm(formdata=None),
        seen=filled if isinstance(filled, SeenForm) else SeenForm(formdata=None, prefix="seen"),
        receiver=filled if isinstance(filled, ReceiverForm) else ReceiverForm(formdata=None, prefix="receiver"),
    ), 422 if filled else 200


def _download(file: StoredFile | None) -> ResponseReturnValue:
    if file is None:
        abort(404)
    return files.download(file)
