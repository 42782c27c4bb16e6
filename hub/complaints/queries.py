"""Reading complaints. Everything that a page shows goes through `visible`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, false, or_, select

from hub.accounts.models import Account
from hub.accounts.rules import HANDLING_LETTERS, Capability
from hub.complaints.models import Complaint
from hub.directory import queries as directory
from hub.extensions import db

CHUNK = 1000
"""Values in one IN list; SQLite allows 32,766 variables in a statement, PostgreSQL 65,535."""


@dataclass(frozen=True)
class Entry:
    """One line of a complaint's history."""

    at: datetime
    zone: str
    who: str
    label: str
    proof: str = ""


def visible(account: Account) -> ColumnElement[bool]:
    """Monitors see their whole network, people who handle letters their own office's complaints, others none."""
    if account.may(Capability.MONITOR):
        return Complaint.network == account.institution.network
    if account.is_staff and any(account.may(capability) for capability in HANDLING_LETTERS):
        return Complaint.office_id == account.person.institution_id
    return false()


def get_visible(account: Account, id: int) -> Complaint:
    """The complaint, or 404 whether it is absent or not for this person."""
    complaint = db.session.scalar(select(Complaint).where(Complaint.id == id, visible(account)))
    return complaint or abort(404)


def may_see_identity(account: Account, complaint: Complaint) -> bool:
    """True for who registers in the owning office, or watches over its network."""
    if not account.may(Capability.REGISTER):
        return False
    is_own = complaint.office_id == account.person.institution_id
    return is_own or (account.may(Capability.MONITOR) and complaint.network == account.institution.network)


def listed(account: Account, words: str = "") -> Select[Complaint]:
    """Visible complaints, to be paged by Complaint.id; `words` must occur in reference, tracking id or subject."""
    statement = select(Complaint).where(visible(account))
    if words:
        columns = (Complaint.reference, Complaint.tracking_id, Complaint.subject)
        statement = statement.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    return statement


def registered(office_id: int, tracking_ids: Iterable[str]) -> dict[tuple[str, str], Complaint]:
    """Complaints of an office that carry one of `tracking_ids`, by channel and tracking id."""
    wanted = sorted(set(tracking_ids))
    found: dict[tuple[str, str], Complaint] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = db.session.scalars(
            select(Complaint).where(
                Complaint.office_id == office_id,
                Complaint.tracking_id.in_(wanted[start : start + CHUNK]),
            )
        )
        found.update({(row.channel.casefold(), row.tracking_id or ""): row for row in rows})
    return found


def history(complaint: Complaint) -> list[Entry]:
    """What happened to a complaint, newest first: its registration, and who looked at the identity and why."""
    words = {
        "registered": _("Complaint registered"),
        "identity_shown": _("Identity shown"),
        "complained_of_changed": _("Body complained of changed"),
    }
    return [
        Entry(
            event.occurred_at,
            complaint.office.zone,
            person.name if person else "",
            words.get(event.kind, event.kind),
            event.details.get("reason", ""),
        )
        for event, person in directory.recorded(complaint.stream)
    ]
