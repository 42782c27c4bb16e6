"""`/demo/mail`: the mails that the demonstration caught, to read and to click. Registered only with HUB_DEMO=1."""

import io
from datetime import timedelta
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hub import clock
from hub.demo import catcher, caught, gate, replies, words
from hub.demo.caught import CaughtMail
from hub.demo.people import ACCOUNTS, PASSWORD
from hub.extensions import db
from hub.letters.rules import date_words
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import ArrivedBy
from hub.webkit.access import public

blueprint = Blueprint("demo", __name__, url_prefix="/demo")

_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-top-navigation-by-user-activation"
)
"""A mail brings its own style attributes; it is shown in a frame that can run nothing and reach nothing."""


@blueprint.before_request
def _only_in_the_demonstration() -> None:
    if not gate.is_demo():
        abort(404)


@blueprint.app_context_processor
def _accounts() -> dict[str, object]:
    """The page to sign in shows them."""
    return {"demo_accounts": ACCOUNTS, "demo_password": PASSWORD} if gate.is_demo() else {}


@blueprint.get("/mail")
@public
def mails() -> ResponseReturnValue:
    """Caught mails, newest first."""
    shown, older = caught.newest(folder(), request.args.get("before", ""))
    return render_template("demo/mails.html", mails=shown, older=older)


@blueprint.get("/mail/<id>")
@public
def mail(id: str) -> ResponseReturnValue:
    return render_template("demo/mail.html", mail=_find(id))


@blueprint.get("/mail/<id>/page")
@public
def page(id: str) -> Response:
    """The HTML part by itself, for the frame on the mail's page. Its links open in the whole window."""
    response = make_response(f'<base target="_top">{_find(id).html}')
    response.headers["Content-Security-Policy"] = _MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@blueprint.get("/mail/<id>/files/<int:place>")
@public
def attachment(id: str, place: int) -> Response:
    """An attached file, as it was sent."""
    files = _find(id).attachments
    if place >= len(files):
        abort(404)
    name, media_type, content = files[place]
    return send_file(io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)


@blueprint.post("/mail/<id>/answer")
@public
def answer(id: str) -> ResponseReturnValue:
    """Play the recipient: reply, be away, or let the mail come back. The worker reads what comes in."""
    mail, how = _find(id).message, request.form.get("how", "")
    owner = (mail["To"].addresses[0].display_name, mail["To"].addresses[0].addr_spec)
    to, subject, answers = str(mail["Reply-To"] or mail["From"]), str(mail["Subject"]), str(mail["Message-ID"])
    if how == "away":
        until = date_words(clock.today("WIB") + timedelta(days=4))
        raw = replies.away(owner, to, subject, words.AWAY.format(until=until), answers)
    elif how == "returned":
        raw = replies.returned(to, owner[1])
    else:
        said = request.form.get("words", "").strip() or words.REPLIES[0]
        raw = replies.reply(owner, to, subject, said, answers, _find(id).text)
    inbox.keep(raw, ArrivedBy.PIPE)
    db.session.commit()
    flash(_("It came back to the hub. In a few seconds the worker has read and filed it."), "success")
    return redirect(url_for("demo.mail", id=id))


def folder() -> Path:
    """Where the catcher keeps mails; `DEMO_MAIL_FOLDER` in the application's configuration moves it."""
    default = catcher.default_folder(current_app.extensions["settings"])
    return Path(current_app.config.get("DEMO_MAIL_FOLDER", default))


def _find(id: str) -> CaughtMail:
    return caught.find(folder(), id) or abort(404)
