"""The blueprint of the public pages, and what holds for each: no session, the strictest policy, no guessing."""

from typing import NoReturn, cast

from flask import Blueprint, Flask, abort, current_app, make_response, render_template, request

from hub import clock
from hub.exchange import outage, queries, rules
from hub.exchange.queries import Closed, OpenLink
from hub.extensions import csrf
from hub.webkit import headers, setup

blueprint = Blueprint("exchange", __name__)
blueprint.after_request(headers.public)
csrf.exempt(blueprint)
blueprint.record_once(lambda state: setup.warn(cast(Flask, state.app), outage.sentences))


@blueprint.before_request
def _only_our_own_forms() -> None:
    own = (request.host_url.rstrip("/"), current_app.extensions["settings"].base_url)
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if request.method == "POST" and rules.comes_from_elsewhere(site, origin, own):
        abort(403)


def open_letter(token: str) -> OpenLink:
    """The letter behind a link or slip; else the request ends with a page that says why it does not open."""
    found = queries.open_link(token)
    if not isinstance(found, OpenLink):
        refuse(found, "letter", queries.office_of(token))
    return found


def refuse(state: Closed, about: str, office: str = "") -> NoReturn:
    """End the request: the link about a "letter" or a "question" opens nothing, and why. `office` it went to."""
    if state is Closed.UNKNOWN:
        count_miss()
    page = render_template("exchange/closed.html", state=state, about=about, office=office)
    abort(make_response(page, 404 if state is Closed.UNKNOWN else 410))


def count_miss() -> None:
    """One more unknown link or code from this address; too many end in 429."""
    misses = current_app.extensions.setdefault("exchange_misses", rules.Misses())
    if misses.are_too_many(request.remote_addr or "", clock.now()):
        abort(429)
