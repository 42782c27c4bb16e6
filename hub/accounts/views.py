"""Pages to sign in, sign out and change one's password."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from hub.accounts import attempts, service, sessions
from hub.accounts.forms import PasswordForm, SignInForm
from hub.accounts.models import Account
from hub.extensions import db
from hub.webkit.access import public, signed_in
from hub.webkit.views import local_path

blueprint = Blueprint("accounts", __name__)


@blueprint.record_once
def _protect_sessions(state: BlueprintSetupState) -> None:
    """A session that turns up from another browser or network address is not believed."""
    state.app.config.setdefault("SESSION_PROTECTION", "strong")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    destination = local_path(request.args.get("next", "")) or url_for("desk.home")
    if current_user.is_authenticated:
        return redirect(destination)
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, 422 if form.is_submitted() else 200)
    try:
        account = service.authenticate(form.email.data or "", form.password.data or "")
    except service.TooManyAttempts:
        form.form_errors.append(_("Too many attempts for this address. Wait fifteen minutes, then try again."))
        return _sign_in_page(form, 429)
    db.session.commit()
    if account is None:
        form.form_errors.append(_("Address and password do not belong together. Check both and try again."))
        return _sign_in_page(form, 422)
    sessions.begin(account)
    return redirect(destination)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    service.sign_out(current_user)
    db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit() and _change_password(form):
        db.session.commit()
        sessions.begin(db.session.get_one(Account, current_user.id))
        flash(_("Your password is changed. Other devices must sign in again."), "success")
        return redirect(url_for("desk.home"))
    return render_template("accounts/password.html", form=form), 422 if form.is_submitted() else 200


def _change_password(form: PasswordForm) -> bool:
    try:
        changed = service.change_password(current_user, form.current.data or "", form.new.data or "")
    except service.WeakPassword:
        form.new.errors = [_("This password is too easy to guess. Choose a longer one.")]
        return False
    if not changed:
        form.current.errors = [_("This is not your present password.")]
    return changed


def _sign_in_page(form: SignInForm, code: int) -> ResponseReturnValue:
    headers = {"Retry-After": str(int(attempts.WINDOW.total_seconds()))} if code == 429 else {}
    return render_template("accounts/sign_in.html", form=form), code, headers
