"""The guided page that hands an office over to a new PIC: what is decided, what will happen, and then the act."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from hub import clock
from hub.audit.rules import Actor, person
from hub.database import LARGEST_KEY
from hub.directory import queries as directory
from hub.directory.models import Institution, Network, ReachCheck
from hub.directory.service import Refused
from hub.extensions import db
from hub.files.models import StoredFile
from hub.files.service import UnacceptableFile, store
from hub.upkeep import handover, reach
from hub.upkeep.forms import HandoverForm
from hub.upkeep.handover import Handed
from hub.upkeep.views.blueprint import blueprint
from hub.webkit.access import needs
from hub.webkit.filters import day


@dataclass(frozen=True)
class _Desk:
    """The office and network the page is about, and the proposal of the present PIC it began with."""

    institution: Institution
    network: Network
    proposal: ReachCheck | None

    @property
    def scan_key(self) -> str:
        """Where the session keeps the uploaded scan between the two steps; a signed cookie, so no id can be forged."""
        return f"decree_scan:{self.institution.code}:{self.network}"


@blueprint.route("/directory/<code>/handover/<network>", methods=["GET", "POST"])
@needs("administer")
def hand_over(code: str, network: str) -> ResponseReturnValue:
    desk = _desk(code, network)
    form = _form(desk)
    if request.method == "GET":
        session.pop(desk.scan_key, None)
        return _ask(desk, form)
    scan, fits = _scan(desk, form), form.validate()
    if request.form.get("step") == "edit":
        return _ask(desk, form, scan)
    if not fits:
        return _ask(desk, form, scan, 422)
    return _act(desk, form, scan) if request.form.get("step") == "hand_over" else _check(desk, form, scan)


def _desk(code: str, network: str) -> _Desk:
    institution = directory.find(code) or abort(404)
    if network not in tuple(Network):
        abort(404)
    asked = request.args.get("proposal", 0, int)
    check = db.session.get(ReachCheck, asked) if abs(asked) <= LARGEST_KEY else None
    named = check if check and check.successor_email and check.appointment.institution_id == institution.id else None
    return _Desk(institution, Network(network), named)


def _form(desk: _Desk) -> HandoverForm:
    """With the successor that the present PIC named, when the page was opened from a reach check."""
    present = handover.leaving(desk.institution, desk.network)
    people = [one for one in directory.people_of(desk.institution) if present is None or one.id != present.person_id]
    values: dict[str, object] = {
        "seen": present.id if present else "",
        "valid_from": clock.today(desk.institution.zone),
        "successor": None if people else HandoverForm.NEW,
    }
    if desk.proposal:
        known = next((one for one in people if one.email == desk.proposal.successor_email), None)
        values["successor"] = str(known.id) if known else HandoverForm.NEW
        if known is None:
            values |= {key: getattr(desk.proposal, f"successor_{key}") for key in ("name", "title", "email", "phone")}
    return HandoverForm(people, **values)


def _scan(desk: _Desk, form: HandoverForm) -> StoredFile | None:
    """The scan sent now or with an earlier step. Kept at once: a mistake elsewhere makes nobody choose it again."""
    upload = form.decree_file.data
    if upload and upload.filename:
        try:
            session[desk.scan_key] = store(upload.filename, upload.read()).id
            db.session.commit()
        except UnacceptableFile as problem:
            form.scan_problem = problem.sentence
    kept = session.get(desk.scan_key)
    return db.session.get(StoredFile, kept) if kept else None


def _act(desk: _Desk, form: HandoverForm, scan: StoredFile | None) -> ResponseReturnValue:
    try:
        handed = handover.hand_over(
            desk.institution, desk.network, form.succession(scan), form.appointment_seen, _actor()
        )
        if desk.proposal:
            reach.decide(desk.proposal, _actor())
        db.session.commit()
    except Refused as refusal:
        return _refused(desk, form, scan, refusal)
    session.pop(desk.scan_key, None)
    flash(_told(handed), "success")
    return redirect(url_for("directory.show", code=desk.institution.code))


def _check(desk: _Desk, form: HandoverForm, scan: StoredFile | None) -> ResponseReturnValue:
    try:
        handover.rehearse(desk.institution, desk.network, form.succession(scan), form.appointment_seen, _actor())
    except Refused as refusal:
        return _refused(desk, form, scan, refusal)
    return render_template(
        "upkeep/handover_check.html",
        desk=desk,
        form=form,
        scan=scan,
        plan=handover.plan(desk.institution, desk.network),
        is_later=form.valid_from.data and form.valid_from.data > clock.today(desk.institution.zone),
        has_account=form.person is not None and handover.can_sign_in(form.person),
    )


def _refused(desk: _Desk, form: HandoverForm, scan: StoredFile | None, refusal: Refused) -> ResponseReturnValue:
    """What was tried is undone; what was typed stays, with the sentence beside its field."""
    db.session.rollback()
    name = refusal.field if refusal.field in form else "valid_from"
    form[name].errors = [refusal.sentence]
    return _ask(desk, form, scan, 422)


def _ask(desk: _Desk, form: HandoverForm, scan: StoredFile | None = None, status: int = 200) -> ResponseReturnValue:
    present = handover.leaving(desk.institution, desk.network)
    page = render_template("upkeep/handover.html", desk=desk, form=form, scan=scan, present=present)
    return page, status


def _told(handed: Handed) -> str:
    if handed.moved is None:
        first = handed.appointment.valid_from
        return _(
            "The handover is recorded. %(name)s is PIC from %(day)s.",
            name=handed.appointment.person.name,
            day=day(first),
        )
    if not handed.moved.letters:
        return _("%(name)s is PIC now. No letter was open.", name=handed.appointment.person.name)
    return ngettext(
        "%(name)s is PIC now. %(num)s letter was handed on.",
        "%(name)s is PIC now. %(num)s letters were handed on.",
        len(handed.moved.letters),
        name=handed.appointment.person.name,
    )


def _actor() -> Actor:
    return person(current_user.person_id)
