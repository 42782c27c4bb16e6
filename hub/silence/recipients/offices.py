"""What is open at one institution, what it owes, and how it usually responds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, String, and_, cast, func, literal, select

from hub import clock
from hub.accounts.models import Account
from hub.audit.models import Event
from hub.directory import queries as directory
from hub.directory.contacts import Contacts
from hub.directory.models import Appointment, ContactFault, Institution, Network
from hub.extensions import db
from hub.forwardings.models import IS_LAPSED, Forwarding, Proof
from hub.forwardings.rules import (
    AWAITING_ACKNOWLEDGEMENT,
    ENDED_BY_REVIEW,
    OWING_AN_ANSWER,
    Happening,
    ProofChannel,
    Stage,
)
from hub.letters.models import Letter
from hub.responses.models import Response, ResponseKind, Review
from hub.silence import advice
from hub.silence.queries import Case, cases
from hub.silence.recipients.queries import IS_SPOKEN_FOR, watched
from hub.silence.recipients.rules import Figure, Wait, figure
from hub.workdays import queries as workdays
from hub.workdays.rules import Calendar, working_days_between

YEAR = timedelta(days=365)
_UNDER_WAY = (Stage.READY, *AWAITING_ACKNOWLEDGEMENT, Stage.ACKNOWLEDGED, Stage.ANSWERED)


@dataclass(frozen=True)
class Habits:
    """Letters of twelve months. `unproven`: of those not confirmed, how many nothing proves receipt of.

    An acknowledgement is counted from the day the letter left; an answer, like its due date, from the first proof of
    receipt, so a letter that may never have arrived delays no answer. `lapsed`: id and number of those that are
    recorded as not answered, the latest first.
    """

    acknowledgement: Figure
    answer: Figure
    unproven: int
    lapsed: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class OfficePage:
    """`open`: late ones first. `terms`: appointments that are in force, or begin later."""

    office: Institution
    today: date
    open: Sequence[Case]
    habits: Habits
    contacts: Mapping[Network, Contacts]
    terms: Sequence[Appointment]
    faults: Sequence[ContactFault]

    @property
    def late(self) -> int:
        """Letters for which it is this institution's turn, after the date."""
        return sum(map(self.is_late, self.open))

    def is_late(self, case: Case) -> bool:
        return advice.accuses(case.verdict)

    @property
    def silent(self) -> int:
        """Of those, letters about which it was reminded twice."""
        return sum(case.is_silent for case in self.open)

    @property
    def to_acknowledge(self) -> int:
        return sum(case.stage in AWAITING_ACKNOWLEDGEMENT for case in self.open)

    @property
    def to_answer(self) -> int:
        return sum(case.stage in OWING_AN_ANSWER for case in self.open)


def page_of(account: Account, office: Institution) -> OfficePage:
    """Only letters that this person watches are counted and shown."""
    here, today = and_(watched(account), Forwarding.recipient_id == office.id), clock.today(office.zone)
    terms = directory.appointments_of(office)
    return OfficePage(
        office=office,
        today=today,
        open=sorted(cases(and_(here, Forwarding.stage.in_(_UNDER_WAY))), key=_urgency),
        habits=_habits(here, office.zone, workdays.calendar_for(office.region_code)),
        contacts={network: directory.contacts([office.id], network, today)[office.id] for network in Network},
        terms=[one for one in terms if one.valid_until is None or one.valid_until >= today],
        faults=directory.open_faults(office.id),
    )


def _urgency(case: Case) -> tuple[date, date, int]:
    return (case.verdict.since or date.max, case.next_due or date.max, case.id)


def _habits(here: ColumnElement[bool], zone: str, calendar: Calendar) -> Habits:
    """Three queries: letters of the year, who confirmed them, and what answers came."""
    letters = _letters(here)
    ids = [row["id"] for row in letters]
    confirmed, answered = _confirmed(ids), _answered(ids)

    def wait(row: RowMapping, since: datetime, came: datetime | None) -> Wait:
        ended = row["stage_since"] if row["stage"] in ENDED_BY_REVIEW else clock.now()
        first_day, last_day = (clock.local(one, zone).date() for one in (since, came or ended))
        return Wait(max(0, working_days_between(first_day, last_day, calendar)), came is not None)

    received = [row for row in letters if row["received_at"]]
    lapsed = sorted((row for row in letters if row["stage"] is Stage.LAPSED), key=lambda row: row["stage_since"])
    return Habits(
        acknowledgement=figure([wait(row, row["left_at"], confirmed.get(row["id"])) for row in letters]),
        answer=figure([wait(row, row["received_at"], answered.get(row["id"])) for row in received]),
        unproven=len(letters) - len(received),
        lapsed=[(row["id"], row["number"]) for row in reversed(lapsed)],
    )


def _letters(here: ColumnElement[bool]) -> Sequence[RowMapping]:
    """Those that left, of twelve months, with the moment; a letter that was taken back owed nothing.

    One recorded as not answered whose late answer nobody has read says nothing yet.
    """
    told = (Forwarding.id, Letter.number, Forwarding.stage, Forwarding.stage_since, Forwarding.received_at)
    return (
        db.session.execute(
            select(*told, func.min(Event.occurred_at).label("left_at"))
            .join(Forwarding.letter)
            .join(Event, Event.stream == literal("forwarding:") + cast(Forwarding.id, String))
            .where(
                here,
                Letter.signed_at >= clock.now() - YEAR,
                Forwarding.stage != Stage.WITHDRAWN,
                ~(IS_LAPSED & IS_SPOKEN_FOR),
                Event.kind.in_((Happening.DISPATCHED, Happening.DELIVERED)),
            )
            .group_by(*told)
        )
        .mappings()
        .all()
    )


def _confirmed(ids: Sequence[int]) -> dict[int, datetime]:
    """When somebody there first confirmed each of these letters. A delivered envelope confirms nothing."""
    rows = db.session.execute(
        select(Proof.forwarding_id, func.min(Proof.occurred_at))
        .where(Proof.forwarding_id.in_(ids), Proof.channel != ProofChannel.POST, Proof.withdrawn_at.is_(None))
        .group_by(Proof.forwarding_id)
    )
    return dict(rows.all())


def _answered(ids: Sequence[int]) -> dict[int, datetime]:
    """When the first final answer to each of these letters came that was not found incomplete."""
    rows = db.session.execute(
        select(Response.forwarding_id, func.min(Response.arrived_at))
        .where(
            Response.forwarding_id.in_(ids),
            Response.kind == ResponseKind.FINAL,
            Response.withdrawn_at.is_(None),
            Response.review.is_distinct_from(Review.INCOMPLETE),
        )
        .group_by(Response.forwarding_id)
    )
    return dict(rows.all())
