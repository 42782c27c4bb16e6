"""The working calendar: a year at a glance, and the way to change it."""

from typing import cast

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub import clock
from hub.audit.rules import person
from hub.directory.models import Institution, Region
from hub.directory.queries import regions
from hub.directory.rules import written
from hub.extensions import db
from hub.silence import heartbeat
from hub.silence.calendar import alarm, queries
from hub.silence.calendar.forms import ChangeForm
from hub.silence.calendar.lines import FIRST_YEAR, LAST_YEAR
from hub.silence.calendar.rules import months, working_days
from hub.webkit import setup
from hub.webkit.access import needs, signed_in
from hub.workdays import queries as workdays
from hub.workdays import service
from hub.workdays.service import CalendarChanged

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")


@blueprint.record_once
def _raise_alarms(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    setup.warn(app, heartbeat.sentences)
    setup.warn(app, alarm.sentences)
    setup.watch(app, heartbeat.SWEEP, heartbeat.is_beating)
    setup.watch(app, "sweep_cases", heartbeat.sees_to_all)


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    year, region = _year(), _region()
    code = region.code if region else None
    picture = months(year, queries.named(year, code))
    return render_template(
        "calendar/index.html",
        year=year,
        region=region,
        places=[written(one) for one in regions()],
        months=picture,
        working_days=working_days(picture),
        days=workdays.days_off(year, code),
        is_decreed=workdays.is_decreed(year),
        versions=workdays.versions(),
    )


@blueprint.route("/change", methods=["GET", "POST"])
@needs("administer")
def change() -> ResponseReturnValue:
    """Twice the same form: first it shows what would move, then it saves exactly that."""
    year = _year()
    form = ChangeForm([*workdays.days_off(year), *workdays.regional_days_off(year)])
    preview, status = None, 200
    if form.validate_on_submit():
        if request.form.get("do") == "save":
            if form.checked.data == form.seal():
                return _saved(form, year)
            form.form_errors.append(_("The days are others than those you checked. Look again at what would move."))
            status = 409
        preview, form.checked.data = queries.preview(form.added, form.without.data or []), form.seal()
    elif form.is_submitted():
        status = 422
    return render_template("calendar/change.html", form=form, year=year, preview=preview), status


def _saved(form: ChangeForm, year: int) -> ResponseReturnValue:
    seen = form.seen.data or ""
    try:
        version = service.change(
            form.added,
            form.without.data or [],
            form.source.data or "",
            form.note.data or "",
            int(seen) if seen.isdecimal() else 0,
            person(current_user.person.id),
        )
    except CalendarChanged:
        db.session.rollback()
        form.form_errors.append(_("A colleague has changed the calendar meanwhile. Check again what would move."))
        form.seen.data = str(workdays.newest_version())
        return render_template("calendar/change.html", form=form, year=year, preview=None), 409
    db.session.commit()
    flash(_("Version %(version)s is in force. Open dates follow within minutes.", version=version.id), "success")
    return redirect(url_for(".index", year=year))


def _year() -> int:
    asked = request.args.get("year", type=int)
    return asked if asked and FIRST_YEAR <= asked <= LAST_YEAR else clock.today(current_user.institution.zone).year


def _region() -> Region | None:
    """The region whose own days are shown too: asked for by code or by name and code; else that of the own office."""
    asked = request.args.get("region")
    if asked is None:
        office: Institution = current_user.institution
        return office.region
    code = asked.rpartition("(")[2].rstrip(") ") if "(" in asked else asked.strip()
    return db.session.get(Region, code)
