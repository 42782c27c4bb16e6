"""How the network of focal points is doing, and the first steps of a hub that knows nobody yet."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hub import clock
from hub.directory.models import Network
from hub.upkeep import first_run, queries
from hub.upkeep.rules import Concern
from hub.upkeep.views.blueprint import blueprint
from hub.webkit.access import needs

ROWS = 5
"""Shown of each list, until all of one is asked for."""


@blueprint.get("/network")
@needs("administer", "monitor")
def network() -> ResponseReturnValue:
    """An administrator sees both networks, a monitor the own one."""
    networks = tuple(Network) if current_user.may("administer") else (current_user.institution.network,)
    day = clock.today(current_user.institution.zone)
    return render_template(
        "upkeep/network.html",
        health=queries.health(day, networks),
        proposals=queries.proposals(day, networks),
        networks=networks,
        concerns=Concern,
        rows=ROWS,
        whole=request.args.get("all", ""),
    )


@blueprint.get("/network/start")
@needs("administer")
def start() -> ResponseReturnValue:
    """What to enter first, what it is good for, and how far it has come."""
    steps = first_run.steps(clock.today(current_user.institution.zone))
    return render_template(
        "upkeep/start.html",
        ahead=[step for step in steps if not step.is_done],
        done=[step for step in steps if step.is_done],
    )
