"""The overview for those who watch a whole network."""

from enum import StrEnum
from typing import TypeVar, cast

from flask import Blueprint, Flask, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hub.directory.models import Network
from hub.forwardings.rules import OPEN_STAGES, PASSED_BY, Stage
from hub.monitoring import delivery as health
from hub.monitoring import queries
from hub.monitoring.digest import service as digest
from hub.monitoring.tally import Filter
from hub.silence.rules import Grade
from hub.webkit import setup
from hub.webkit.access import needs

blueprint = Blueprint("monitoring", __name__, url_prefix="/monitoring")

ROWS = 20
Member = TypeVar("Member", bound=StrEnum)


@blueprint.record_once
def _raise_alarms(state: BlueprintSetupState) -> None:
    setup.watch(cast(Flask, state.app), digest.DIGEST, digest.is_told)


@blueprint.get("")
@needs("monitor")
def overview() -> ResponseReturnValue:
    province = request.args.get("province")
    chosen = Filter(
        province=province if province in queries.provinces() else None,
        network=_member(Network, request.args.get("network")),
        grade=_member(Grade, request.args.get("grade")),
    )
    return render_template(
        "monitoring/overview.html",
        view=queries.overview(current_user, chosen),
        chosen=chosen,
        provinces=queries.provinces(),
        networks=list(Network),
        grades=list(Grade),
        stages=[*OPEN_STAGES, Stage.CLOSED, *PASSED_BY],
        rows=ROWS,
    )


def _member(enum: type[Member], value: str | None) -> Member | None:
    """The member called `value`; a mangled filter filters nothing."""
    return enum(value) if value in set(enum) else None


@blueprint.get("/delivery")
@needs("monitor", "register", "administer")
def delivery() -> ResponseReturnValue:
    return render_template("monitoring/delivery.html", mail=health.delivery(current_user))
