"""Pages to search the directory, and to see all about one institution."""

from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hub import clock
from hub.directory import chronicle, queries
from hub.directory.forms import EndForm
from hub.directory.models import Institution, InstitutionKind, Network
from hub.directory.queries import Missing, Only
from hub.directory.views.blueprint import blueprint
from hub.directory.views.shared import institution_or_404
from hub.webkit.access import signed_in

_STAFF = ("administer", "monitor", "register")
"""Those who write to institutions or keep the directory: they see what came back, and who changed what."""


@blueprint.get("/directory")
@signed_in
def index() -> ResponseReturnValue:
    query, today = request.args.get("q", "").strip()[:100], clock.today("WIB")
    only = Only(
        day=today,
        kind=_one_of(InstitutionKind, request.args.get("kind")),
        province=request.args.get("province", "")[:2],
        missing=_one_of(Missing, request.args.get("missing")),
        under=request.args.get("under", "")[:16],
    )
    listing = queries.listing(query, request.args.get("after", ""), only=only)
    ids = [one.id for one in listing.items]
    return render_template(
        "directory/index.html",
        query=query,
        only=only,
        above=queries.find(only.under) if only.under else None,
        listing=listing,
        contacts={network: queries.contacts(ids, network, today) for network in Network},
        provinces=queries.provinces(),
        kinds=InstitutionKind,
        missing=Missing,
        networks=Network,
    )


@blueprint.get("/directory/<code>")
@signed_in
def show(code: str) -> ResponseReturnValue:
    return page_of(institution_or_404(code))


def page_of(institution: Institution, refused: EndForm | None = None) -> ResponseReturnValue:
    """The page of an institution, with the form for ending a term when that was refused."""
    today = clock.today(institution.zone)
    appointments = queries.appointments_of(institution)
    on = _day_asked()
    page = render_template(
        "directory/show.html",
        institution=institution,
        today=today,
        networks=Network,
        contacts={network: queries.contacts([institution.id], network, today)[institution.id] for network in Network},
        appointments=appointments,
        away=queries.absences_of([one.person_id for one in appointments], today),
        on=on,
        then={network: queries.pic_on(institution, network, on) for network in Network} if on else {},
        **_territory(institution),
        supervised=queries.supervised(institution),
        **_for_staff(institution),
        **_for_administrators(institution, today, refused),
    )
    return page, 422 if refused else 200


def _territory(institution: Institution) -> dict[str, Any]:
    if institution.kind == InstitutionKind.OMBUDSMAN_OFFICE:
        return {"covered": queries.covered_by(institution)}
    return {"covering": queries.covering(institution.region_code) if institution.region_code else []}


def _for_staff(institution: Institution) -> dict[str, Any]:
    if not (any(current_user.may(one) for one in _STAFF) or current_user.institution.id == institution.id):
        return {"faults": [], "history": []}
    return {"faults": queries.open_faults(institution.id), "history": chronicle.entries(institution)}


def _for_administrators(institution: Institution, today: date, refused: EndForm | None) -> dict[str, Any]:
    if not current_user.may("administer"):
        return {}
    ending = refused or EndForm(formdata=None, last_day=today)
    return {"end_form": ending, "refused": refused, "people": queries.people_of(institution)}


def _day_asked() -> date | None:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None


def _one_of(choices: Any, value: str | None) -> Any:
    return choices(value) if value in tuple(choices) else None
