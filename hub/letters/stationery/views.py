"""The page where an office decides how its letters look, with a letter that shows it."""

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.directory import queries as directory
from hub.directory.models import Institution
from hub.extensions import db
from hub.letters import document, samples
from hub.letters.models import LetterKind
from hub.letters.stationery import rules, service
from hub.letters.stationery.forms import KINDS, StationeryForm
from hub.letters.stationery.service import Terms
from hub.webkit.access import needs
from hub.webkit.headers import frameable

blueprint = Blueprint("stationery", __name__, url_prefix="/letters/stationery")


@blueprint.get("")
@needs("post", "register", "administer")
def own() -> ResponseReturnValue:
    return redirect(url_for("stationery.edit", code=current_user.institution.code))


@blueprint.route("/<code>", methods=["GET", "POST"])
@needs("post", "register", "administer")
def edit(code: str) -> ResponseReturnValue:
    institution = _kept_here(code)
    known = service.versions(institution)
    form = StationeryForm(service.terms_of(known[0] if known else None))
    if form.validate_on_submit():
        version = service.keep(institution, form.terms(form.stored_emblem()), current_user.person)
        db.session.commit()
        told = _("Version %(number)s counts from now on. Letters submitted before keep theirs.", number=version.version)
        flash(told, "success")
        return redirect(url_for("stationery.edit", code=code))
    page = render_template("stationery/edit.html", form=form, institution=institution, versions=known, kinds=KINDS)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/<code>/preview", methods=["GET", "POST"])
@needs("post", "register", "administer")
@frameable
def preview(code: str) -> ResponseReturnValue:
    """An invented letter on this stationery: as it is kept, or as the form has it. Nothing is written."""
    institution = _kept_here(code)
    kept = service.terms_of(service.newest(institution))
    form = StationeryForm(kept)
    if request.method == "GET":
        return _sample(institution, kept)
    if not form.validate():
        return render_template("stationery/not_yet.html", form=form), 422
    emblem = None if form.without_emblem.data else kept.emblem
    return _sample(institution, form.terms(emblem), form.image)


def _sample(institution: Institution, terms: Terms, image: bytes = b"") -> str:
    kind = request.args.get("kind", LetterKind.FORWARDING.value)
    if kind not in KINDS:
        abort(404)
    _subject, usual = samples.content(LetterKind(kind))
    dressed = service.dress(replace(usual, signatory=_("Name of the signatory"), contact=""), institution, terms)
    opening, closing = (
        rules.chosen(terms.texts, kind, part, "2026-000123", "9 Maret 2026") for part in ("opening", "closing")
    )
    shown = replace(dressed, opening=opening or dressed.opening, closing=closing or dressed.closing)
    return document.html(samples.letter(LetterKind(kind), terms.paper, shown), emblem=image)


def _kept_here(code: str) -> Institution:
    """The own office, or any for who keeps the directory; 404 for all others."""
    institution = directory.find(code) or abort(404)
    is_own = institution.id == current_user.institution.id
    keeps_letters = current_user.may("post") or current_user.may("register")
    return institution if current_user.may("administer") or (is_own and keeps_letters) else abort(404)
