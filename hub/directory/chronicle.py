"""What was changed at an institution, when and by whom; and the same in the words of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from hub.audit.models import Event
from hub.audit.rules import ActorKind
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.webkit.filters import short_day
from hub.webkit.labels import DONE, ENDED, LATE, WAITING, Label, label

_WORDS: dict[str, Label] = {
    "institution_opened": Label(_l("Institution entered"), "building", DONE),
    "office_changed": Label(_l("Office changed"), "pencil", WAITING),
    "supervisor_changed": Label(_l("Supervisor changed"), "up", WAITING),
    "coverage_changed": Label(_l("Coverage changed"), "list", WAITING),
    "person_added": Label(_l("Person entered"), "person", WAITING),
    "person_changed": Label(_l("Person changed"), "pencil", WAITING),
    "person_invited": Label(_l("Invitation sent"), "key", WAITING),
    "invitation_accepted": Label(_l("Invitation accepted"), "check-circle", DONE),
    "address_confirmed": Label(_l("Address shown to be read"), "check-circle", DONE),
    "appointed": Label(_l("Appointed"), "person", DONE),
    "appointment_corrected": Label(_l("Appointment corrected"), "pencil", WAITING),
    "term_ended": Label(_l("End of the term set"), "calendar", ENDED),
    "absence_planned": Label(_l("Leave recorded"), "calendar", WAITING),
    "absence_changed": Label(_l("Leave changed"), "calendar", WAITING),
    "absence_cancelled": Label(_l("Leave cancelled"), "undo", ENDED),
    "contact_found_dead": Label(_l("Contact found dead"), "envelope-x", LATE),
    "stationery_changed": Label(_l("Stationery changed"), "pencil", WAITING),
    "contact_mended": Label(_l("Contact works again, or was replaced"), "check", DONE),
}
_OTHER = Label(_l("Another change"), "dot", ENDED)

COLUMNS: dict[str, LazyString] = {
    "name": _l("Name"),
    "title": _l("Title"),
    "email": _l("Email address"),
    "second_email": _l("Second mailbox"),
    "phone": _l("Phone"),
    "whatsapp": _l("WhatsApp"),
    "website": _l("Website"),
    "employee_number": _l("Employee number (NIP)"),
    "head_title": _l("Title of its head"),
    "line_addressee": _l("Answers to"),
    "region_code": _l("Region"),
    "zone": _l("Time zone"),
    "seat": _l("Seat"),
    "postal_address": _l("Postal address"),
    "letterhead": _l("Head of its letters"),
    "number_template": _l("Pattern of letter numbers"),
    "supervisor": _l("Supervised by"),
    "kind": _l("Kind"),
    "decree_number": _l("Number of the decree"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the history: what, when, by whom; `proof` holds the details."""

    label: Label
    at: datetime
    zone: str
    who: str
    proof: str


def recorded(stream: str, limit: int | None = None) -> list[tuple[Event, Person | None]]:
    """What happened in a stream, the latest first, and who did it (None: no person did)."""
    by = (Event.actor_kind == ActorKind.PERSON) & (Person.id == Event.actor_id)
    rows = select(Event, Person).outerjoin(Person, by).where(Event.stream == stream)
    return [(event, person) for event, person in db.session.execute(rows.order_by(Event.seq.desc()).limit(limit))]


def history(institution: Institution, limit: int = 100) -> list[tuple[Event, Person | None]]:
    """Every change at an institution, the latest first, and who made it."""
    return recorded(institution.stream, limit)


def entries(institution: Institution, limit: int = 50) -> list[Entry]:
    """The latest changes at an institution, told. Two queries, however many."""
    events = history(institution, limit)
    names = _names([event for event, _person in events])
    return [
        Entry(
            label=_WORDS.get(event.kind, _OTHER),
            at=event.occurred_at,
            zone=institution.zone,
            who=person.name if person else str(label("actor", event.actor_kind).text),
            proof=_told(event.details, names, person),
        )
        for event, person in events
    ]


def _names(events: Sequence[Event]) -> dict[int, str]:
    ids = {event.details["person"] for event in events if event.details.get("person")}
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def _told(details: dict[str, Any], names: dict[int, str], by: Person | None) -> str:
    about = details.get("person", 0)
    parts = [names.get(about, "") if by is None or by.id != about else ""]
    if "network" in details and "role" in details:
        parts += [str(label("role", details["role"]).text), str(label("network", details["network"]).text)]
    parts.append(_term(details.get("from"), details.get("until")))
    for column, (before, after) in details.get("changes", {}).items():
        parts.append(f"{COLUMNS.get(column, column)}: {_shown(before)} → {_shown(after)}")
    if details.get("added"):
        count = len(details["added"])
        parts.append(ngettext("%(num)s region added", "%(num)s regions added", count))
    if details.get("removed"):
        count = len(details["removed"])
        parts.append(ngettext("%(num)s region removed", "%(num)s regions removed", count))
    if "kind" in details and "fault" in details:
        parts.append(str(label("fault", details["kind"]).text))
    return " · ".join(part for part in parts if part)


def _term(first: str | None, last: str | None) -> str:
    if first and last:
        return f"{_day(first)} – {_day(last)}"
    if first:
        return _("from %(day)s", day=_day(first))
    return _("until %(day)s", day=_day(last)) if last else ""


def _day(text: str) -> str:
    return short_day(date.fromisoformat(text))


def _shown(value: str | None) -> str:
    return str(value).replace("\n", " / ") if value else _("(empty)")
