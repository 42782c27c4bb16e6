"""The holding pen: mail that came in and waits for a person, and replies that wait for a word of the sender."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.audit.rules import person
from hub.coordination import queries as coordination
from hub.directory.models import Person
from hub.directory.rules import Refused
from hub.exchange.inbox import queries, service
from hub.exchange.inbox.forms import FileForm, UploadForm
from hub.extensions import db
from hub.files import service as files
from hub.forwardings import queries as forwardings
from hub.forwardings.rules import NotNow
from hub.forwardings.views import not_now
from hub.mail.inbox import queries as mailbox
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import Filing, InboundMail
from hub.mail.reading.classify import MailKind
from hub.mail.reading.parsing import LARGEST
from hub.responses import queries as responses
from hub.responses.forms import TakeBackForm
from hub.webkit.access import needs
from hub.webkit.paging import after, page

blueprint = Blueprint("inbox", __name__)
blueprint.register_error_handler(NotNow, not_now)


@blueprint.errorhandler(service.DealtWith)
def dealt_with(_problem: service.DealtWith) -> ResponseReturnValue:
    db.session.rollback()
    flash(_("A colleague has dealt with this mail in the meantime. Here is how it stands."), "danger")
    return redirect(url_for("inbox.show", id=(request.view_args or {})["id"]))


@blueprint.get("/inbox")
@needs("register")
def index() -> ResponseReturnValue:
    found = page(queries.held(current_user), InboundMail.id, after())
    return render_template(
        "inbox/index.html",
        page=found,
        replies=responses.waiting_for(current_user),
        mailbox=mailbox.mailbox(),
        form=UploadForm(),
    )


@blueprint.get("/inbox/all")
@needs("register")
def everything() -> ResponseReturnValue:
    asked = request.args.get("kind", "")
    kind = MailKind(asked) if asked in set(MailKind) else None
    found = page(queries.everything(current_user, kind), InboundMail.id, after())
    return render_template("inbox/all.html", page=found, kind=kind, kinds=list(MailKind))


@blueprint.post("/inbox/upload")
@needs("register")
def upload() -> ResponseReturnValue:
    form = UploadForm()
    content = form.mail.data.read(LARGEST + 1) if form.validate_on_submit() else b""
    if not content.strip():
        flash(_("Choose the file that your mail program saved; it must not be empty."), "danger")
        return redirect(url_for("inbox.index"))
    office = current_user.institution
    inbox.keep_upload(content, person(current_user.person.id), office.network, office.id)
    db.session.commit()
    flash(_("The mail is kept. In a few seconds it is filed with its letter, or waits here."), "success")
    return redirect(url_for("inbox.index"))


@blueprint.route("/inbox/<int:id>", methods=["GET", "POST"])
@needs("register")
def show(id: int) -> ResponseReturnValue:
    mail = queries.get_visible(current_user, id)
    guesses = queries.guesses(current_user, mail) if mail.filing is Filing.HELD else []
    form = FileForm(current_user, guesses)
    if form.validate_on_submit():
        try:
            service.file(queries.take(current_user, id), form.letters, current_user.person, form.is_contact.data)
        except Refused as refusal:
            db.session.rollback()
            form.is_contact.errors = [refusal.sentence]
        else:
            db.session.commit()
            flash(_("Filed. It acknowledges the letter, and waits for your word on what it is."), "success")
            return redirect(url_for("desk.forwarding", id=form.letters[0].id))
    status = 422 if form.is_submitted() else 200
    mail = queries.get_visible(current_user, id)
    filed = responses.replies_from(mail)
    about = forwardings.by_stream(mail.dispatch.about) if mail.dispatch else None
    said = coordination.made_of(mail)
    shown = {"mail": mail, "guesses": guesses, "form": form, "filed": filed, "about": about, "said": said}
    return render_template("inbox/show.html", **shown), status


@blueprint.post("/inbox/<int:id>/junk")
@needs("register")
def junk(id: int) -> ResponseReturnValue:
    return _do(service.mark_junk, id, _("Marked as junk. The mail itself is kept."))


@blueprint.post("/inbox/<int:id>/settle")
@needs("register")
def settle(id: int) -> ResponseReturnValue:
    return _do(service.settle, id, _("Settled. The mail itself is kept."))


@blueprint.post("/inbox/<int:id>/believe")
@needs("register")
def believe(id: int) -> ResponseReturnValue:
    return _do(service.believe, id, _("Noted: the mail did not arrive. The letter shows what to do next."))


@blueprint.post("/inbox/<int:id>/reopen")
@needs("register")
def reopen(id: int) -> ResponseReturnValue:
    service.reopen(queries.take(current_user, id), current_user.person)
    db.session.commit()
    flash(_("Say now which letter this mail answers."), "success")
    return redirect(url_for("inbox.show", id=id))


@blueprint.post("/inbox/<int:id>/share")
@needs("register")
def share(id: int) -> ResponseReturnValue:
    return _do(service.share, id, _("The registrars of all offices of your network see this mail now."))


@blueprint.post("/inbox/<int:id>/pass-on")
@needs("register")
def pass_on(id: int) -> ResponseReturnValue:
    return _do(service.pass_on, id, _("Passed on to the registrars of the other network."))


@blueprint.get("/inbox/<int:id>/files/<int:file_id>")
@needs("register")
def file(id: int, file_id: int) -> Response:
    return files.download(queries.get_file(current_user, id, file_id))


@blueprint.route("/replies/<int:id>/take-back", methods=["GET", "POST"])
@needs("register")
def take_back(id: int) -> ResponseReturnValue:
    reply, form = responses.get_own_reply(current_user, id), TakeBackForm()
    if form.validate_on_submit():
        queries.take(current_user, reply.mail_id)
        service.take_back(reply, current_user.person, form.reason.data or "")
        db.session.commit()
        flash(_("Taken back: the letter stands as if this mail had not come. File it where it belongs."), "success")
        return redirect(url_for("inbox.index"))
    status = 422 if form.is_submitted() else 200
    return render_template("inbox/take_back.html", reply=reply, form=form), status


def _do(decide: Callable[[InboundMail, Person], None], id: int, sentence: str) -> ResponseReturnValue:
    decide(queries.take(current_user, id), current_user.person)
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("inbox.index"))
