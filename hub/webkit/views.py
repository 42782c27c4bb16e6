"""Is the hub alive, and in which language does it speak."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hub.extensions import db
from hub.webkit import access, locale

blueprint = Blueprint("webkit", __name__)


@blueprint.get("/health/live")
@access.public
def live() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/health/ready")
@access.public
def ready() -> ResponseReturnValue:
    """The process and its database answer, and whatever is watched does its work. For supervision, not for routing:

    pages are served all the same while the worker stands still.
    """
    try:
        db.session.execute(text("SELECT 1"))
        failing = [name for name, is_well in current_app.extensions["watched"].items() if not is_well()]
    except SQLAlchemyError:
        failing = ["database"]
    return ({"status": "unavailable", "failing": failing}, 503) if failing else {"status": "ok"}


@blueprint.post("/language")
@access.public
def language() -> ResponseReturnValue:
    """Keep the chosen language, and go back to the page it was chosen on."""
    locale.keep(request.form.get("locale", ""))
    db.session.commit()
    return redirect(local_path(request.form.get("next", "")) or "/")


def local_path(address: str) -> str:
    """`address` when it is a path of this site, else "": a form field must not lead people elsewhere."""
    try:
        parts = urlsplit(address)
    except ValueError:  # for example an open bracket
        return ""
    if parts.scheme or parts.netloc or not address.startswith("/") or address.startswith(("//", "/\\")):
        return ""
    return address.rstrip("?")
