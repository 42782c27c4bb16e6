"""Taking the directory in and out by file."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hub import clock
from hub.directory.sheets import exporting
from hub.directory.sheets.forms import ImportForm
from hub.directory.sheets.importing import import_file
from hub.directory.sheets.tables import REQUIRED, Outcome, Table, optional
from hub.directory.views.blueprint import blueprint
from hub.directory.views.shared import actor
from hub.extensions import db
from hub.sheets.download import FORMATS, as_file
from hub.webkit.access import needs

MAX_SHOWN = 500
"""Rows on one page; a file may have thousands."""

_NAMES = {Table.INSTITUTIONS: "instansi", Table.APPOINTMENTS: "pic"}


@blueprint.route("/directory/import", methods=["GET", "POST"])
@needs("administer")
def import_() -> ResponseReturnValue:
    form, report = ImportForm(), None
    if form.validate_on_submit():
        wanted = request.form.get("do")
        report = import_file(
            form.content, actor(), dry_run=wanted not in ("import", "partial"), partial=wanted == "partial"
        )
        db.session.commit()
        if report.filed:
            form.kept.data = form.kept_name.data = ""
        if report.filed and not report.errors:
            counts = {"opened": report.opened, "changed": report.changed, "unchanged": report.unchanged}
            flash(_("Imported: %(opened)s new, %(changed)s changed, %(unchanged)s unchanged.", **counts), "success")
            return redirect(url_for("directory.index"))
    told = [row for row in report.rows if row.outcome is not Outcome.UNCHANGED] if report else []
    told.sort(key=lambda row: row.outcome is not Outcome.FAULTY)
    page = render_template(
        "directory/import.html",
        form=form,
        report=report,
        told=told[:MAX_SHOWN],
        more=max(0, len(told) - MAX_SHOWN),
        tables=[(one, REQUIRED[one], optional(one)) for one in Table],
    )
    return page, 422 if form.errors or (report and report.errors and not report.filed) else 200


@blueprint.get("/directory/export")
@needs("administer")
def export() -> ResponseReturnValue:
    which, format_ = request.args.get("what", Table.INSTITUTIONS), request.args.get("format", "xlsx")
    if which not in tuple(Table) or format_ not in FORMATS:
        abort(404)
    table = Table(which)
    return as_file(f"{_NAMES[table]}-{clock.today('WIB').isoformat()}.{format_}", *exporting.table(table))
