"""The blueprint, and what all its pages answer when somebody else was faster."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hub.exchange.agenda.service import DealtWith
from hub.extensions import db
from hub.forwardings.rules import NotNow
from hub.forwardings.views import not_now

READERS = ("register", "sign", "post")
"""Whoever handles letters for the whole office reads its registers; a PIC alone speaks for it in one network."""

blueprint = Blueprint("agenda", __name__, url_prefix="/agenda")
blueprint.register_error_handler(NotNow, not_now)


@blueprint.errorhandler(DealtWith)
def dealt_with(_problem: DealtWith) -> ResponseReturnValue:
    db.session.rollback()
    flash(_("A colleague has dealt with this letter in the meantime. Here is how it stands."), "danger")
    return redirect(url_for("agenda.show", id=(request.view_args or {})["id"]))
