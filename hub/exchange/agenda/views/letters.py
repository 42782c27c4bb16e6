"""A letter that came in: registered, filed with its matter, corrected, handed on."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.directory import queries as directory
from hub.directory.picking import offered
from hub.exchange.agenda import queries, service
from hub.exchange.agenda.forms import DisposeForm, LaterScanForm, LetterForm, MatchForm
from hub.exchange.agenda.views.blueprint import READERS, blueprint
from hub.extensions import db
from hub.files import service as files
from hub.letters import incoming
from hub.letters.models import IncomingLetter
from hub.responses import papers
from hub.responses import queries as responses
from hub.responses.forms import TakeBackForm
from hub.webkit import asked
from hub.webkit.access import needs
from hub.webkit.labels import label


@blueprint.route("/in/new", methods=["GET", "POST"])
@needs("register")
def new() -> ResponseReturnValue:
    announced = asked.key("announced")
    known = responses.get_own_announcement(current_user, announced) if announced else None
    form = LetterForm(current_user.institution, announced=known)
    if form.validate_on_submit():
        letter = incoming.register(
            current_user.institution, form.told(), current_user.person, form.request_key.data, form.file
        )
        db.session.commit()
        flash(_("Registered. Write this on the letter: agenda %(number)s.", number=letter.agenda_number), "success")
        return redirect(url_for(".show", id=letter.id, refers=form.refers_to.data or None))
    return _entry(form)


@blueprint.route("/in/<int:id>/correct", methods=["GET", "POST"])
@needs("register")
def correct(id: int) -> ResponseReturnValue:
    letter = queries.get_own(current_user, id)
    form = LetterForm(current_user.institution, letter)
    if form.validate_on_submit():
        letter = queries.take(current_user, id)
        if form.file:
            service.add_scan(letter, form.file, current_user.person)
        service.correct(letter, form.told(), current_user.person)
        db.session.commit()
        flash(_("Corrected."), "success")
        return redirect(url_for(".show", id=id, refers=form.refers_to.data or None))
    return _entry(form, id)


@blueprint.get("/in/<int:id>")
@needs(*READERS)
def show(id: int) -> ResponseReturnValue:
    return _page(queries.get_own(current_user, id))


@blueprint.post("/in/<int:id>/file")
@needs("register")
def file(id: int) -> ResponseReturnValue:
    letter = queries.take(current_user, id)
    if letter.about:
        raise service.DealtWith
    form = MatchForm(_guesses(letter))
    if not form.validate_on_submit():
        return _page(letter, match=form)
    chosen, what = form.chosen, form.what
    try:
        service.file(letter, chosen, what, form.signed_by.data or "", current_user.person, form.found)
    except service.CannotFile as problem:
        db.session.rollback()
        form.form_errors.append(str(problem))
        return _page(queries.get_own(current_user, id), match=form)
    db.session.commit()
    flash(_("Noted: %(what)s.", what=label("decision", what).text), "success")
    if len(chosen) > 1:
        return redirect(url_for(".show", id=id))
    return redirect(url_for("desk.forwarding", id=chosen[0].id))


@blueprint.route("/in/<int:id>/take-out", methods=["GET", "POST"])
@needs("register")
def take_out(id: int) -> ResponseReturnValue:
    letter, form = queries.get_own(current_user, id), TakeBackForm()
    if form.validate_on_submit():
        service.take_out(queries.take(current_user, id), current_user.person, form.reason.data or "")
        db.session.commit()
        flash(
            _("Taken out: the forwarding stands as if this letter had not come. File it where it belongs."), "success"
        )
        return redirect(url_for(".show", id=id))
    matters = papers.matters_of(letter)
    if not matters:
        return redirect(url_for(".show", id=id))
    status = 422 if form.is_submitted() else 200
    return render_template("agenda/take_out.html", letter=letter, matters=matters, form=form), status


@blueprint.route("/in/<int:id>/scan", methods=["GET", "POST"])
@needs(*READERS)
def scan(id: int) -> ResponseReturnValue:
    """The scan; or, sent here, one that comes later than its letter."""
    letter = queries.get_own(current_user, id)
    if request.method == "GET":
        return files.download(letter.scan) if letter.scan else abort(404)
    if not current_user.may("register"):
        abort(403)
    form = LaterScanForm()
    if not form.validate_on_submit() or form.file is None:
        return _page(letter, scan=form)
    service.add_scan(queries.take(current_user, id), form.file, current_user.person)
    db.session.commit()
    flash(_("The scan is kept."), "success")
    return redirect(url_for(".show", id=id))


@blueprint.route("/in/<int:id>/dispose", methods=["GET", "POST"])
@needs("register", "sign")
def dispose(id: int) -> ResponseReturnValue:
    letter, form = queries.get_own(current_user, id), DisposeForm()
    if form.validate_on_submit():
        incoming.dispose(letter, form.to.data or "", form.chosen, form.note.data or "", current_user.person)
        db.session.commit()
        flash(_("Kept. The sheet can be printed now."), "success")
        return redirect(url_for(".show", id=id))
    status = 422 if form.is_submitted() else 200
    return render_template("agenda/dispose.html", letter=letter, form=form), status


def _guesses(letter: IncomingLetter) -> list[queries.Guess]:
    if letter.about or not current_user.may("register"):
        return []
    return queries.guesses(current_user, letter, request.args.get("refers", "")[:120])


def _entry(form: LetterForm, id: int | None = None) -> ResponseReturnValue:
    if form.is_submitted():
        db.session.rollback()  # a scan that was taken before the fault was found
    letter = queries.get_own(current_user, id) if id else None
    page = render_template("agenda/entry.html", form=form, letter=letter, offices=offered())
    return page, 422 if form.is_submitted() else 200


def _page(
    letter: IncomingLetter, match: MatchForm | None = None, scan: LaterScanForm | None = None
) -> ResponseReturnValue:
    guesses = _guesses(letter)
    page = render_template(
        "agenda/show.html",
        letter=letter,
        matters=papers.matters_of(letter) if letter.about else [],
        answers=papers.answers_on(letter) if letter.about else [],
        namesakes=queries.same_number(letter),
        guesses=guesses,
        refers=request.args.get("refers", ""),
        match=match or MatchForm(guesses),
        scan_form=scan or LaterScanForm(),
        history=[
            {
                "at": event.occurred_at,
                "zone": current_user.institution.zone,
                "who": who.name if who else label("actor", event.actor_kind).text,
                "label": label("agenda_event", event.kind),
                "proof": event.details.get("reason", ""),
            }
            for event, who in directory.recorded(letter.stream)
        ],
    )
    return page, 422 if match or scan else 200
