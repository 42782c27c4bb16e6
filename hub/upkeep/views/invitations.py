"""Pages of the invitation: sending one, and the link that sets the first password."""

from typing import NoReturn

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.accounts import sessions
from hub.accounts.forms import FirstPasswordForm
from hub.accounts.models import Account
from hub.accounts.service import WeakPassword
from hub.audit.rules import person as by_person
from hub.directory import queries as directory
from hub.directory.models import Institution, Person
from hub.directory.service import Refused
from hub.extensions import db
from hub.mail.service import UnusableAddress
from hub.upkeep import invitations
from hub.upkeep.invitations import Invitation
from hub.upkeep.views.blueprint import blueprint
from hub.webkit.access import needs, public
from hub.webkit.tokens import LinkState


@blueprint.post("/directory/<code>/people/<int:person_id>/invite")
@needs("administer")
def invite(code: str, person_id: int) -> ResponseReturnValue:
    institution, somebody = someone_at(code, person_id)
    try:
        dispatch = invitations.invite(somebody, by_person(current_user.person_id))
        db.session.commit()
    except (Refused, UnusableAddress) as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
    else:
        flash(
            _(
                "The invitation goes to %(address)s. Its link opens for %(days)s days, and only once.",
                address=dispatch.to_address,
                days=invitations.LIFE.days,
            ),
            "success",
        )
    return redirect(url_for("directory.show", code=institution.code))


@blueprint.route("/i/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> ResponseReturnValue:
    """Looking changes nothing, however often a mail scanner does it; only the button sets the password."""
    invitation = _open(token)
    form = FirstPasswordForm()
    account = _accepted(invitation, form) if form.validate_on_submit() else None
    if account is None:
        page = render_template("upkeep/invitation.html", invitation=invitation, form=form)
        return page, 422 if form.is_submitted() else 200
    db.session.commit()
    sessions.begin(account)
    flash(
        _(
            "Welcome, %(name)s. From now on you sign in with %(address)s. Below is your work list.",
            name=account.person.name,
            address=account.person.email,
        ),
        "success",
    )
    return redirect(url_for("desk.home"))


def someone_at(code: str, person_id: int) -> tuple[Institution, Person]:
    """The institution and one of its people; 404 when they do not belong together."""
    institution, somebody = directory.find(code), db.session.get(Person, person_id)
    if institution is None or somebody is None:
        abort(404)
    if institution.id not in {somebody.institution_id, *(one.institution_id for one in somebody.appointments)}:
        abort(404)
    return institution, somebody


def _open(token: str) -> Invitation:
    invitation = invitations.find(token)
    if invitation is None or invitation.state is not LinkState.GOOD:
        _closed(invitation)
    return invitation


def _accepted(invitation: Invitation, form: FirstPasswordForm) -> Account | None:
    try:
        return invitations.accept(invitation.dispatch, form.new.data or "")
    except WeakPassword:
        db.session.rollback()
        form.new.errors = [_("This password is too easy to guess. Choose a longer one.")]
    except invitations.Closed:  # somebody else was quicker
        db.session.rollback()
        _closed(invitation)
    return None


def _closed(invitation: Invitation | None) -> NoReturn:
    page = render_template("upkeep/invitation_closed.html", invitation=invitation)
    abort(make_response(page, 410 if invitation else 404))
