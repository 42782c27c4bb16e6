"""The mail room: print, post, and note what the post brings back."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.extensions import db
from hub.files import service as files
from hub.files.models import StoredFile
from hub.post import queries, service
from hub.post.forms import DeliveredForm, PostedForm, ReturnedForm
from hub.post.models import PostDispatch
from hub.post.rules import PostState
from hub.webkit.access import needs
from hub.webkit.forms import Form
from hub.webkit.paging import after, page

blueprint = Blueprint("post", __name__, url_prefix="/post")

LISTS = (PostState.TO_PRINT, PostState.PRINTED, PostState.POSTED)


@blueprint.get("")
@needs("post")
def room() -> ResponseReturnValue:
    counts = queries.counts(current_user)
    first = next((state for state in LISTS if counts.get(state)), PostState.TO_PRINT)
    asked = request.args.get("list", "")
    chosen = PostState(asked) if asked in LISTS else first
    envelopes = queries.visible(current_user).where(PostDispatch.state == chosen)
    return render_template(
        "post/room.html",
        page=page(envelopes, PostDispatch.id, after()),
        counts={state: counts.get(state, 0) for state in LISTS},
        chosen=chosen,
        posted=PostedForm(formdata=None),
    )


@blueprint.get("/<int:id>")
@needs("post")
def show(id: int) -> ResponseReturnValue:
    return _page(queries.get_visible(current_user, id))


@blueprint.get("/<int:id>/letter")
@needs("post")
def letter(id: int) -> ResponseReturnValue:
    return _download(queries.get_visible(current_user, id).letter.file)


@blueprint.get("/<int:id>/slip")
@needs("post")
def slip(id: int) -> ResponseReturnValue:
    dispatch = queries.get_visible(current_user, id)
    return _download(dispatch.slip_file if dispatch.state == PostState.TO_PRINT else None)


@blueprint.post("/<int:id>/printed")
@needs("post")
def printed(id: int) -> ResponseReturnValue:
    dispatch = queries.get_visible(current_user, id)
    return _done(dispatch, lambda: service.mark_printed(dispatch, current_user.person), _("Marked as printed."))


@blueprint.post("/<int:id>/print-again")
@needs("post")
def print_again(id: int) -> ResponseReturnValue:
    dispatch = queries.get_visible(current_user, id)
    message = _("The slip is being made again; it will be here in a moment.")
    return _done(dispatch, lambda: service.print_again(dispatch, current_user.person), message)


@blueprint.post("/<int:id>/posted")
@needs("post")
def posted(id: int) -> ResponseReturnValue:
    dispatch, form = queries.get_visible(current_user, id), PostedForm()
    number = form.tracking_number.data
    if not (form.validate_on_submit() and number):
        return _page(dispatch, form)
    message = _("Noted: letter %(number)s is on its way.", number=dispatch.letter.number)
    return _done(dispatch, lambda: service.mark_posted(dispatch, number, current_user.person), message, form)


@blueprint.post("/<int:id>/delivered")
@needs("post")
def delivered(id: int) -> ResponseReturnValue:
    dispatch, form = queries.get_visible(current_user, id), DeliveredForm(prefix="delivered")
    on, to = form.on.data, form.to.data
    if not (form.validate_on_submit() and on and to):
        return _page(dispatch, form)
    message = _("Noted: letter %(number)s has arrived.", number=dispatch.letter.number)
    return _done(dispatch, lambda: service.mark_delivered(dispatch, on, to, current_user.person), message, form)


@blueprint.post("/<int:id>/returned")
@needs("post")
def returned(id: int) -> ResponseReturnValue:
    dispatch, form = queries.get_visible(current_user, id), ReturnedForm(prefix="returned")
    on, reason = form.on.data, form.reason.data
    if not (form.validate_on_submit() and on and reason):
        return _page(dispatch, form)
    message = _("Noted: letter %(number)s came back.", number=dispatch.letter.number)
    return _done(dispatch, lambda: service.mark_returned(dispatch, on, reason, current_user.person), message, form)


def _done(
    dispatch: PostDispatch, act: Callable[[], None], message: str, form: Form | None = None
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
        next(field for field in form if field.short_name in ("tracking_number", "on")).errors = [problem.sentence]
        return _page(dispatch, form)
    db.session.commit()
    flash(message, "success")
    return redirect(url_for(".room", list=before.value if before in LISTS else None))


def _page(dispatch: PostDispatch, filled: Form | None = None) -> ResponseReturnValue:
    forms = {
        "posted": filled if isinstance(filled, PostedForm) else PostedForm(formdata=None),
        "delivered": filled if isinstance(filled, DeliveredForm) else DeliveredForm(formdata=None, prefix="delivered"),
        "returned": filled if isinstance(filled, ReturnedForm) else ReturnedForm(formdata=None, prefix="returned"),
    }
    return render_template("post/show.html", dispatch=dispatch, filled=filled, **forms), 422 if filled else 200


def _download(file: StoredFile | None) -> ResponseReturnValue:
    if file is None:
        abort(404)
    return files.download(file)
