"""The list of who has not responded, the same as a file, and the page of one institution."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hub.directory import queries as directory
from hub.directory.models import Network
from hub.sheets.download import as_file
from hub.silence.recipients import offices, queries, tables
from hub.silence.recipients.queries import Chosen
from hub.webkit.access import needs

GROUPS_ON_A_PAGE, LAPSED_OF_EACH = 50, 10
MOST_IN_A_FILE = 20_000
"""Institutions, and letters of each that are recorded as not answered: more than the country has."""

blueprint = Blueprint("silence", __name__, url_prefix="/silence")


@blueprint.get("")
@needs("monitor", "forward")
def index() -> ResponseReturnValue:
    chosen = _chosen()
    return render_template(
        "silence/index.html",
        found=queries.listing(current_user, chosen, GROUPS_ON_A_PAGE, LAPSED_OF_EACH),
        chosen=chosen,
        provinces=directory.provinces(),
        networks=list(Network),
    )


@blueprint.get("/export.<any(xlsx, csv):format>")
@needs("monitor", "forward")
def export(format: str) -> Response:
    found = queries.listing(current_user, _chosen(), MOST_IN_A_FILE, MOST_IN_A_FILE)
    return as_file(f"belum-merespons.{format}", tables.HEADERS, tables.rows(found))


@blueprint.get("/offices/<code>")
@needs("monitor", "forward")
def office(code: str) -> ResponseReturnValue:
    institution = directory.find(code) or abort(404)
    return render_template("silence/office.html", view=offices.page_of(current_user, institution))


def _chosen() -> Chosen:
    """A mangled filter filters nothing."""
    province, network = request.args.get("province", ""), request.args.get("network", "")
    return Chosen(
        province if len(province) == 2 and province.isdigit() else None,
        Network(network) if network in set(Network) else None,
    )
