"""Every limit in one table, and the page that changes one."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.audit.rules import person
from hub.directory.models import Network
from hub.extensions import db
from hub.silence.clocks.forms import ClockForm
from hub.webkit.access import needs, signed_in
from hub.workdays import queries as workdays
from hub.workdays import service
from hub.workdays.models import Clock

blueprint = Blueprint("clocks", __name__, url_prefix="/clocks")


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    return render_template("clocks/index.html", clocks=workdays.clocks())


@blueprint.route("/<key>", methods=["GET", "POST"])
@needs("administer")
def edit(key: str) -> ResponseReturnValue:
    """The limit of all networks, or with `network` the one of that network, which begins as a copy."""
    clock, network = _asked(key)
    form = ClockForm(clock)
    if form.validate_on_submit():
        service.set_clock(key, network, form.limit(), person(current_user.person.id))
        db.session.commit()
        flash(_("Kept. It holds for what starts from now on; running dates stay."), "success")
        return redirect(url_for(".index"))
    status = 422 if form.is_submitted() else 200
    return render_template("clocks/edit.html", form=form, clock=clock, network=network, networks=list(Network)), status


@blueprint.post("/<key>/drop")
@needs("administer")
def drop(key: str) -> ResponseReturnValue:
    """The limit of one network is given up: that of all networks holds there again."""
    _clock, network = _asked(key)
    service.drop_clock(key, network, person(current_user.person.id))
    db.session.commit()
    flash(_("The limit of all networks holds there again."), "success")
    return redirect(url_for(".index"))


def _asked(key: str) -> tuple[Clock, str]:
    network = request.args.get("network", "")
    if network and network not in set(Network):
        abort(404)
    try:
        return workdays.clock(key, network), network
    except LookupError:
        abort(404)
