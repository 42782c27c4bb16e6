"""The work list, the list of forwardings, and the page of one."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub import clock
from hub.audit.models import Event
from hub.complaints.models import Complaint
from hub.coordination.forms import MessageForm, NoteForm
from hub.coordination.rules import MessageKind
from hub.desk import queries
from hub.desk.queries import ForwardingPage
from hub.directory.models import Person
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import Happening, ProofChannel, Stage
from hub.webkit.access import needs, signed_in
from hub.webkit.filters import day
from hub.webkit.labels import Label, label
from hub.webkit.paging import after, page

blueprint = Blueprint("desk", __name__)

SHOWN_PER_TASK = 10
_LINE = (Stage.SENT, Stage.RECEIVED, Stage.ACKNOWLEDGED, Stage.ANSWERED, Stage.CLOSED)
_BEFORE = (Stage.DRAFT, Stage.AWAITING_SIGNATURE, Stage.READY)


def line_of(stage: Stage) -> tuple[Stage, ...]:
    """The dots on the page of a forwarding: its way from the day it leaves, after the step before, to its own end."""
    if stage is Stage.DECLINED:
        return (*_LINE[:-1], stage)
    return (stage, *_LINE) if stage in _BEFORE else _LINE


@blueprint.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """With `task` all that wait for that one; a mangled one shows the usual page."""
    today = clock.today(current_user.institution.zone)
    network = queries.upkeep_of(today) if current_user.may("administer") else None
    work, asked = queries.work_list(current_user), request.args.get("task", "")
    only = next((task for task, _errands in work.by_task if task == asked), None)
    return render_template("desk/home.html", work=work, shown=SHOWN_PER_TASK, only=only, network=network)


@blueprint.get("/forwardings")
@signed_in
def index() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()
    found = page(forwardings.listed(current_user, words), Forwarding.id, after())
    return render_template("desk/index.html", page=found, words=words)


@blueprint.get("/unforwarded")
@needs("register")
def unforwarded() -> ResponseReturnValue:
    found = page(queries.unforwarded(current_user), Complaint.id, after())
    return render_template("desk/unforwarded.html", page=found)


@blueprint.get("/forwardings/<int:id>")
@signed_in
def forwarding(id: int) -> ResponseReturnValue:
    found = queries.forwarding_page(current_user, id)
    zone = current_user.institution.zone
    kind = MessageKind.CLARIFICATION if found.thread and found.thread.is_asked else MessageKind.QUESTION
    return render_template(
        "desk/forwarding.html",
        page=found,
        message_form=MessageForm(data={"kind": kind.value}),
        note_form=NoteForm(),
        line=line_of(found.forwarding.stage),
        timeline_entries=[_entry(one, who, zone, found) for one, who in found.history],
    )


def _word(event: Event) -> Label:
    """The record that no answer came has the words of what was asked."""
    purpose = event.details.get("purpose") if event.kind == Happening.LAPSED else None
    return label("lapsed", purpose) if purpose else label("happening", event.kind)


def _entry(event: Event, who: Person | None, zone: str, found: ForwardingPage) -> dict[str, object]:
    """One line of the history. What an event says beyond its kind is on the page already, or only for the record."""
    return {
        "at": event.occurred_at,
        "zone": zone,
        "who": _who(event, who, found.proofs),
        "label": _word(event),
        "proof": _told_in(event, found.may_read_reasons),
    }


def _who(event: Event, who: Person | None, proofs: Sequence[Proof]) -> str:
    """Who did it. Of what was told to the sender: by which way, who told it as far as that stands, and who noted it."""
    if who is None:
        return str(label("actor", event.actor_kind).text)
    name = f"{who.name}, {who.institution.name}"
    channel, is_call = event.details.get("channel"), "call" in event.details
    if channel not in (ProofChannel.DESK, ProofChannel.PAPER):
        return name
    by = (one for one in proofs if one.id == event.details.get("proof"))
    told = [", ".join(part for part in dict.fromkeys((one.name, one.office)) if part) for one in by]
    heading = label("call_way", event.details["way"]).text if is_call else label("proof", channel).text
    return _("%(told)s; logged by %(name)s", told=": ".join([str(heading), *told]), name=name)


def _told_in(event: Event, with_reason: bool) -> str:
    """A reason for who may read it. What came of asking is for everybody: the recipient knows it best.

    So are the days of a pause that is over: later dates hide them.
    """
    if event.kind == Happening.CALLED:
        ways = (("call_way", "way"), ("call_outcome", "outcome"))
        return ": ".join(str(label(group, event.details[name]).text) for group, name in ways)
    if event.kind == Happening.RESUMED:
        since, until, due = (day(date.fromisoformat(event.details[name])) for name in ("since", "until", "new"))
        return _("Paused from %(since)s to %(until)s. The answer is due on %(day)s.", since=since, until=until, day=due)
    return str(event.details.get("reason", "")) if with_reason else ""
