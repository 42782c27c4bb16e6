"""Writing, signing and reading a letter that follows up a forwarding."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.audit.rules import person
from hub.extensions import db
from hub.files import service as files
from hub.forwardings import queries, receipt, second_request
from hub.forwardings.followups import addressing, service
from hub.forwardings.followups.forms import FollowUpForm
from hub.forwardings.followups.rules import OPEN_FOR
from hub.forwardings.followups.words import note_of
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow, ProofChannel, is_possible
from hub.forwardings.service import CannotForward
from hub.forwardings.views import not_now
from hub.letters import document
from hub.letters.models import FOLLOW_UPS, Letter, LetterKind, LetterState
from hub.letters.service import NotInThisState
from hub.webkit.access import needs, signed_in
from hub.webkit.headers import frameable

blueprint = Blueprint("followups", __name__, url_prefix="/forwardings/<int:id>/letters")
blueprint.register_error_handler(NotNow, not_now)


@blueprint.errorhandler(NotInThisState)
def meanwhile_changed(problem: NotInThisState) -> ResponseReturnValue:
    """Somebody was faster: show the letter as it is now."""
    db.session.rollback()
    flash(_("Somebody has changed this letter in the meantime. This is how it stands now."), "warning")
    return _to(problem.letter)


@blueprint.route("/new", methods=["GET", "POST"])
@needs("forward")
def new(id: int) -> ResponseReturnValue:
    return _write(_own(id))


@blueprint.route("/<int:letter_id>/edit", methods=["GET", "POST"])
@needs("forward")
def edit(id: int, letter_id: int) -> ResponseReturnValue:
    forwarding = _own(id)
    letter = _letter(forwarding, letter_id)
    if letter.state is not LetterState.DRAFT:
        raise NotInThisState(letter, LetterState.DRAFT)
    return _write(forwarding, letter)


@blueprint.get("/<int:letter_id>")
@signed_in
def show(id: int, letter_id: int) -> ResponseReturnValue:
    forwarding = queries.get_visible(current_user, id)
    letter = _letter(forwarding, letter_id)
    is_sender = queries.is_sender(current_user, forwarding)
    is_asked = queries.is_recipient(current_user, forwarding) and is_possible(forwarding.stage, Happening.ANSWERED)
    return render_template(
        "followups/show.html",
        forwarding=forwarding,
        letter=letter,
        is_sender=is_sender,
        is_needed=forwarding.stage in OPEN_FOR,
        may_tell=is_asked,
        may_confirm=is_asked and second_request.awaited(forwarding, letter.id) is not None,
    )


@blueprint.post("/<int:letter_id>/submit")
@needs("forward")
def submit(id: int, letter_id: int) -> ResponseReturnValue:
    letter = _letter(_own(id), letter_id)
    return _done(letter, lambda: service.submit(letter, current_user.person), _("The letter waits for its signature."))


@blueprint.post("/<int:letter_id>/confirm")
@needs("respond")
def confirm(id: int, letter_id: int) -> ResponseReturnValue:
    """The recipient has the second request: its limit runs from today."""
    forwarding = queries.get_visible(current_user, id)
    letter = _letter(forwarding, letter_id)
    if not queries.is_recipient(current_user, forwarding):
        abort(403)
    if second_request.awaited(forwarding, letter.id) is None:
        raise NotNow(forwarding.stage, Happening.ACKNOWLEDGED)
    who = current_user.person
    receipt.acknowledge(forwarding, ProofChannel.SIGN_IN, who.name, who.title, person(who.id), letter.id)
    db.session.commit()
    flash(_("Receipt is confirmed. Thank you."), "success")
    return _to(letter)


@blueprint.get("/<int:letter_id>/preview")
@signed_in
@frameable
def preview(id: int, letter_id: int) -> str:
    """The letter as it is printed, for the frame on its page."""
    return document.html(_letter(queries.get_visible(current_user, id), letter_id))


@blueprint.get("/<int:letter_id>/letter.pdf")
@signed_in
def pdf(id: int, letter_id: int) -> Response:
    """The signed bytes; 404 until the worker has made them."""
    file = _letter(queries.get_visible(current_user, id), letter_id).file
    return files.download(file) if file else abort(404)


def _own(id: int) -> Forwarding:
    forwarding = queries.get_visible(current_user, id)
    return forwarding if queries.is_sender(current_user, forwarding) else abort(403)


def _letter(forwarding: Forwarding, letter_id: int) -> Letter:
    letter = db.session.get(Letter, letter_id)
    if letter is None or letter.about != forwarding.stream or letter.kind not in FOLLOW_UPS:
        abort(404)
    return letter if service.may_read(current_user, forwarding, letter) else abort(404)


def _write(forwarding: Forwarding, letter: Letter | None = None) -> ResponseReturnValue:
    choices = addressing.choices(forwarding)
    if not choices:
        raise NotNow(forwarding.stage, Happening.URGED)
    known = {"kind": letter.kind.value, "note": note_of(document.content_of(letter))} if letter else _asked()
    form = FollowUpForm(choices, data=known)
    if form.validate_on_submit():
        try:
            kind = LetterKind(form.kind.data)
            written = service.draft(forwarding, kind, form.note.data or "", current_user.person, letter)
            db.session.commit()
            return _to(written)
        except CannotForward as problem:
            db.session.rollback()
            form.form_errors.append(str(problem))
    page = render_template("followups/write.html", forwarding=forwarding, letter=letter, form=form, choices=choices)
    return page, 422 if form.is_submitted() else 200


def _asked() -> dict[str, str]:
    """The kind that the button named."""
    kind = request.args.get("kind", "")
    return {"kind": kind} if kind in set(LetterKind) else {}


def _done(letter: Letter, act: Callable[[], None], told: str) -> ResponseReturnValue:
    try:
        act()
        db.session.commit()
        flash(told, "success")
    except CannotForward as problem:
        db.session.rollback()
        flash(str(problem), "error")
    return _to(letter)


def _to(letter: Letter) -> ResponseReturnValue:
    return redirect(url_for("followups.show", id=letter.about.partition(":")[2], letter_id=letter.id))
