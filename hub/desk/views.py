"""The work list, the list of forwardings, and the page of one."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hub.desk import queries
from hub.desk.rules import Task
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.webkit.access import signed_in
from hub.webkit.paging import after, page

blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
@signed_in
def home() -> ResponseReturnValue:
    return render_template("desk/home.html", work=queries.work_list(current_user), tasks=list(Task))


@blueprint.get("/forwardings")
@signed_in
def index() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()
    found = page(forwardings.listed(current_user, words), Forwarding.id, after())
    return render_template("desk/index.html", page=found, words=words)


@blueprint.get("/forwardings/<int:id>")
@signed_in
def forwarding(id: int) -> ResponseReturnValue:
    return render_template("desk/forwarding.html", page=queries.forwarding_page(current_user, id))
