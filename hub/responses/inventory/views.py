"""The inventory on screen, as a workbook, and as a document that the worker prints."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.extensions import db
from hub.files import service as files
from hub.letters.stationery.service import Unprintable
from hub.responses.inventory import queries, tables
from hub.responses.inventory.queries import Search
from hub.responses.models import Response as Answer
from hub.responses.rules import AnswerOutcome
from hub.sheets.download import as_file
from hub.webkit import asked
from hub.webkit.access import signed_in
from hub.webkit.paging import after, page

MOST_IN_A_FILE, MOST_PRINTED = 20_000, 1_000
"""Reports. A list of a thousand has some sixty pages; whoever needs more has a workbook."""

blueprint = Blueprint("inventory", __name__, url_prefix="/inventory")


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    search = _search()
    found = page(queries.reports(current_user, search), Answer.id, after())
    return render_template(
        "inventory/index.html",
        page=found,
        search=search,
        outcomes=list(AnswerOutcome),
        lists=queries.lists_of(current_user),
    )


@blueprint.get("/export")
@signed_in
def export() -> ResponseReturnValue:
    found = queries.all_of(current_user, _search(), MOST_IN_A_FILE)
    if len(found) > MOST_IN_A_FILE:
        return _too_many(MOST_IN_A_FILE)
    rows = tables.rows(found, current_user.institution.zone)
    return as_file("inventaris-laporan-tindak-lanjut.xlsx", tables.HEADERS, rows)


@blueprint.post("/lists")
@signed_in
def make() -> ResponseReturnValue:
    search = _search()
    found = queries.all_of(current_user, search, MOST_PRINTED)
    if len(found) > MOST_PRINTED:
        return _too_many(MOST_PRINTED)
    try:
        tables.issue(current_user.institution, found, search, queries.owner(current_user))
        db.session.commit()
        flash(_("The list is being made. In a few seconds it can be opened below."), "success")
    except Unprintable as problem:
        db.session.rollback()
        flash(str(problem), "error")
    return redirect(url_for(".index", **asked.kept()))


@blueprint.get("/lists/<int:id>")
@signed_in
def printed(id: int) -> Response:
    """A list as PDF; 404 until the worker has made it."""
    file = queries.get_list(current_user, id).file
    return files.download(file) if file else abort(404)


def _search() -> Search:
    outcome = request.args.get("outcome", "")
    return Search(
        words=request.args.get("q", "").strip()[:300],
        since=asked.day("since"),
        until=asked.day("until"),
        outcome=AnswerOutcome(outcome) if outcome in set(AnswerOutcome) else None,
    )


def _too_many(most: int) -> ResponseReturnValue:
    flash(
        _("These are more than %(most)s reports. Narrow the days or the words, then take the parts.", most=most),
        "error",
    )
    return redirect(url_for(".index", **asked.kept()))
