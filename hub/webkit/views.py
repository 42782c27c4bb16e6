"""Is the hub alive, and in which language does it speak."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
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
    """The process and its database answer."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return {"status": "unavailable", "failing": ["database"]}, 503
    return {"status": "ok"}


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
