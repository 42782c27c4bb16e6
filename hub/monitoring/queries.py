"""The country at a glance, in a fixed number of queries."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

from sqlalchemy import func, select

from hub.accounts.models import Account
from hub.directory import offices
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import OPEN_STAGES, Stage
from hub.monitoring.tally import Filter, Tally, Tile, tally
from hub.silence.advice import Advice, about
from hub.silence.causes import causes
from hub.silence.queries import Case, cases
from hub.silence.rules import Cause


@dataclass(frozen=True)
class Silent:
    """An institution that has the letter, was reminded twice, and still owes; with the cause and what to do now."""

    case: Case
    cause: Cause

    @property
    def advice(self) -> Advice | None:
        return about(self.cause, self.case.verdict, self.case.purpose, self.case.taken())


@dataclass(frozen=True)
class Overview:
    """`all`: the whole network; `shown`: what the filter keeps, with those that need attention first.

    `ended`: closed, declined, withdrawn, lapsed.
    """

    all: Tally
    here: Tally
    shown: list[Case]
    silent: list[Silent]
    ended: Counter[Stage]
    tiles: list[Tile]


def overview(account: Account, chosen: Filter) -> Overview:
    """All open forwardings of this monitor's network, counted and filtered."""
    known = cases(forwardings.visible(account))
    place = Filter(chosen.province, chosen.network)
    here = [case for case in known if place.keeps(case)]
    shown = sorted((case for case in here if chosen.keeps(case)), key=_urgency)
    silent = [case for case in shown if case.is_silent]
    why = causes(silent)
    return Overview(
        all=tally(known),
        here=tally(here),
        shown=shown,
        silent=[Silent(case, why[case.id]) for case in silent],
        ended=_ended(account),
        tiles=_tiles([case for case in known if Filter(network=chosen.network, grade=chosen.grade).keeps(case)]),
    )


@cache
def provinces() -> dict[str, str]:
    """Names of the 38 provinces by code, from the bundled table."""
    return {str(row["code"]): str(row["name"]) for row in offices.regions() if row["kind"] == "provinsi"}


@cache
def _places() -> list[dict[str, str]]:
    return offices.table("province_tiles")


def _urgency(case: Case) -> tuple[bool, str, int]:
    since = case.verdict.since
    return (since is None, since.isoformat() if since else "", case.id)


def _tiles(known: list[Case]) -> list[Tile]:
    opened = Counter(case.province_code for case in known)
    attention = Counter(case.province_code for case in known if case.verdict.grade)
    found = []
    for one in _places():
        code = one["code"]
        found.append(Tile(code, one["short"], int(one["column"]), int(one["row"]), opened[code], attention[code]))
    return found


def _ended(account: Account) -> Counter[Stage]:
    rows = db.session.execute(
        select(Forwarding.stage, func.count())
        .where(forwardings.visible(account), Forwarding.stage.not_in(OPEN_STAGES))
        .group_by(Forwarding.stage)
    )
    return Counter(dict(rows.all()))
