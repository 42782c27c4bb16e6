"""Every limit in one table and the page that changes one; every ladder, and the page that changes one."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.audit.rules import person
from hub.directory.models import Network
from hub.extensions import db
from hub.routing.rules import Purpose
from hub.silence import ladders
from hub.silence.ladder import Owed, may_approve
from hub.silence.policy.forms import ClockForm, LadderForm
from hub.webkit.access import needs, signed_in
from hub.workdays import queries as workdays
from hub.workdays import service
from hub.workdays.models import Clock

_LADDER = "/ladders/<any(handling, clarification):purpose>/<any(acknowledgement, answer, second_answer):owed>"

blueprint = Blueprint("policy", __name__)


@blueprint.get("/clocks")
@signed_in
def clocks() -> ResponseReturnValue:
    return render_template("policy/clocks.html", clocks=workdays.clocks())


@blueprint.route("/clocks/<key>", methods=["GET", "POST"])
@needs("administer")
def clock(key: str) -> ResponseReturnValue:
    """The limit of all networks, or with `network` the one of that network, which begins as a copy."""
    found, network = _asked(key)
    form = ClockForm(found)
    if form.validate_on_submit():
        service.set_clock(key, network, form.limit(), person(current_user.person.id))
        db.session.commit()
        flash(_("Kept. It holds for what starts from now on; running dates stay."), "success")
        return redirect(url_for(".clocks"))
    status = 422 if form.is_submitted() else 200
    return render_template("policy/clock.html", form=form, clock=found, network=network, networks=list(Network)), status


@blueprint.post("/clocks/<key>/drop")
@needs("administer")
def drop_clock(key: str) -> ResponseReturnValue:
    """The limit of one network is given up: that of all networks holds there again."""
    _clock, network = _asked(key)
    service.drop_clock(key, network, person(current_user.person.id))
    db.session.commit()
    flash(_("The limit of all networks holds there again."), "success")
    return redirect(url_for(".clocks"))


@blueprint.get("/ladders")
@signed_in
def all_ladders() -> ResponseReturnValue:
    return render_template("policy/ladders.html", ladders=ladders.by_ladder(), networks=list(Network))


@blueprint.route(_LADDER, methods=["GET", "POST"])
@needs("administer")
def ladder(purpose: str, owed: str) -> ResponseReturnValue:
    """The ladder of all networks, or with `network` the one of that network, which begins as a copy."""
    network, of_what = _network(), (Purpose(purpose), Owed(owed))
    known = ladders.by_ladder()
    rungs = known.get((network, *of_what)) or known.get((ladders.ALL, *of_what)) or abort(404)
    form = LadderForm(rungs, *of_what)
    if form.validate_on_submit():
        ladders.change(network, *of_what, form.rungs(), person(current_user.person.id))
        db.session.commit()
        flash(_("Kept. It holds from the next sweep on; no step is taken twice."), "success")
        return redirect(url_for(".all_ladders"))
    status = 422 if form.is_submitted() else 200
    is_own = bool(network) and (network, *of_what) in known
    return render_template(
        "policy/ladder.html", form=form, network=network, is_own=is_own, which=of_what, may_approve=may_approve
    ), status


@blueprint.post(f"{_LADDER}/drop")
@needs("administer")
def drop_ladder(purpose: str, owed: str) -> ResponseReturnValue:
    """The ladder of one network is given up: that of all networks holds there again."""
    network = _network() or abort(404)
    ladders.change(network, Purpose(purpose), Owed(owed), [], person(current_user.person.id))
    db.session.commit()
    flash(_("The ladder of all networks holds there again."), "success")
    return redirect(url_for(".all_ladders"))


def _network() -> str:
    network = request.args.get("network", "")
    return network if not network or network in set(Network) else abort(404)


def _asked(key: str) -> tuple[Clock, str]:
    network = _network()
    try:
        return workdays.clock(key, network), network
    except LookupError:
        abort(404)
