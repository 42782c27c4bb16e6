"""Letters that follow up a forwarding: what they tell of the first one, and until when the sender owes a signature."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from hub import clock
from hub.audit import queries as audit
from hub.audit.queries import Saying
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings.followups.rules import OPEN_FOR
from hub.forwardings.followups.words import Fate
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.queries import ids_of, proofs_of
from hub.forwardings.rules import ClockKey, Happening, standing
from hub.letters.models import FOLLOW_UPS, IS_TO_SIGN, Letter


@dataclass(frozen=True)
class Unsigned:
    """A follow-up letter that nobody has signed in time. `due_on` is a date in the zone of its sender."""

    letter: int
    forwarding: int
    kind: str
    sender: str
    due_on: date


def fates(forwardings: Collection[Forwarding]) -> dict[int, Fate]:
    """What became of the first letter of each, by forwarding. Two queries."""
    events, proofs = audit.of_streams([one.stream for one in forwardings]), proofs_of(forwardings)
    return {one.id: _fate(one, events[one.stream], proofs[one.id]) for one in forwardings}


def _fate(forwarding: Forwarding, events: Sequence[Saying], proofs: Sequence[Proof]) -> Fate:
    left = next((one.occurred_at for one in events if one.kind == Happening.DISPATCHED), forwarding.stage_since)
    ways = [word for word, is_used in (("email", forwarding.by_email), ("pos", forwarding.by_post)) if is_used]
    return Fate(
        left_on=clock.local(left, forwarding.sender.zone).date(),
        left_by=" dan ".join(ways),
        proof=proofs[0] if proofs else None,
        has_interim=Happening.INTERIM_RECEIVED in standing((Happening(one.kind), one.details) for one in events),
    )


def sign_by(letters: Sequence[Letter]) -> dict[int, date]:
    """Until when each of these is to be signed, by letter: counted from the day it was put to sign.

    The date is not kept: it follows calendar and limit for as long as the letter waits. One that is not needed any
    more, because the answer came or the matter ended, has none: nobody owes it. At most three queries.
    """
    waiting = [one for one in letters if one.kind in FOLLOW_UPS and one.submitted_at]
    if not waiting:
        return {}
    ids = {one.id: next(iter(ids_of([one.about])), 0) for one in waiting}
    is_open = Forwarding.id.in_(ids.values()) & Forwarding.stage.in_(OPEN_FOR)
    rows = db.session.execute(select(Forwarding.id, Forwarding.network).where(is_open))
    networks = {row.id: row.network for row in rows}
    return {
        one.id: deadlines.provisional(ClockKey.SIGN, one.institution, networks[ids[one.id]], one.submitted_at).due
        for one in waiting
        if ids[one.id] in networks
    }


def unsigned(at: datetime, institution_id: int | None = None) -> list[Unsigned]:
    """Follow-up letters that wait too long at that moment, of every office unless told; the longest first."""
    wanted = select(Letter).where(IS_TO_SIGN, Letter.kind.in_(FOLLOW_UPS))
    if institution_id is not None:
        wanted = wanted.where(Letter.institution_id == institution_id)
    waiting = db.session.scalars(wanted).all()  # in no order: SQLite would read every letter for one
    due = sign_by(waiting)
    found = [
        Unsigned(one.id, ids_of([one.about])[0], one.kind, one.institution.name, due[one.id])
        for one in waiting
        if one.id in due and clock.local(at, one.institution.zone).date() > due[one.id]
    ]
    return sorted(found, key=lambda one: (one.due_on, one.letter))
