"""Who has not responded, institution by institution, in a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, lazyload

from hub import clock
from hub.accounts.models import Account
from hub.accounts.rules import Capability
from hub.directory.contacts import Contacts
from hub.directory.models import Institution, Network
from hub.directory.rules import written
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.calls import queries as calls
from hub.forwardings.calls.models import Call
from hub.forwardings.models import IS_LAPSED, Deadline, Forwarding
from hub.forwardings.rules import AWAITING_ACKNOWLEDGEMENT, OWING_AN_ANSWER
from hub.letters.models import Letter
from hub.responses.models import IS_AWAITED, IS_WAITING, AnnouncedReply, MailedReply
from hub.silence import asking, causes, history, ladders
from hub.silence.advice import Advice, mending
from hub.silence.asking import Line, Matter
from hub.silence.ladder import Step
from hub.silence.queries import Case, Taken, cases
from hub.silence.recipients.entries import Entry, of_case, of_lapsed
from hub.silence.rules import Cause, Grade
from hub.workdays import queries as workdays

LAPSED_FOR = timedelta(days=366)
"""How long a letter that was recorded as not answered stays on the list: until the yearly report has named it."""
Place = tuple[int, Network]


@dataclass(frozen=True)
class Chosen:
    """What is looked at; None is everything."""

    province: str | None = None
    network: Network | None = None


@dataclass(frozen=True)
class Group:
    """An institution in one network, with its letters, the longest open first.

    `lapsed`: how many of twelve months are recorded as not answered, whether they are among these or not.
    """

    office: Institution
    network: Network
    contacts: Contacts
    cause: Cause
    lines: tuple[Line, ...]
    entries: Sequence[Entry]
    lapsed: int = 0

    @property
    def is_awaited(self) -> bool:
        return any(one.grade for one in self.entries)

    @property
    def advice(self) -> Advice | None:
        """What makes it reachable, while something is awaited from there."""
        return mending(self.cause) if self.is_awaited else None


@dataclass(frozen=True)
class Listing:
    """`silent`, `unproven` and `recorded` are what is shown; everything is counted over all of them.

    `institutions` and `letters` are the silent ones, as the overview counts them: from who is recorded as not
    answering nothing is awaited any more.
    """

    silent: list[Group]
    unproven: list[Group]
    recorded: list[Group]
    institutions: int
    letters: int
    unproven_letters: int
    recorded_letters: int
    groups: int
    unproven_groups: int
    recorded_groups: int


def watched(account: Account) -> ColumnElement[bool]:
    """A monitor watches the whole network; who forwards letters, those of the own office."""
    seen = forwardings.visible(account)
    return seen if account.may(Capability.MONITOR) else and_(seen, Forwarding.sender_id == account.institution.id)


def listing(account: Account, chosen: Chosen, groups: int, lapsed: int) -> Listing:
    """At most so many `groups` of each list, and of the letters recorded as not answered at most `lapsed` in each."""
    wanted = and_(watched(account), *_chosen(chosen))
    late = cases(and_(wanted, _is_late()))
    silent = _by_place(case for case in late if case.is_silent)
    unproven = _by_place(case for case in late if case.verdict.grade is Grade.RECEIPT_UNPROVEN)
    ended = _ended(wanted)
    shown, doubted, named = (list(places)[:groups] for places in (silent, unproven, ended))
    old = _lapsed(wanted, named, lapsed) if named else {}
    known = _Known.about({*shown, *doubted, *named}, [*_all(silent, shown), *_all(unproven, doubted)], old)
    return Listing(
        silent=[known.waiting(place, silent[place], ended.get(place, 0)) for place in shown],
        unproven=[known.waiting(place, unproven[place]) for place in doubted],
        recorded=[known.recorded(place, ended[place]) for place in named],
        institutions=len({office for office, _ in silent}),
        letters=sum(map(len, silent.values())),
        unproven_letters=sum(map(len, unproven.values())),
        recorded_letters=sum(ended.values()),
        groups=len(silent),
        unproven_groups=len(unproven),
        recorded_groups=len(ended),
    )


def _chosen(chosen: Chosen) -> Iterable[ColumnElement[bool]]:
    if chosen.network:
        yield Forwarding.network == chosen.network
    if chosen.province:
        there = func.substr(Institution.region_code, 1, 2) == chosen.province
        yield Forwarding.recipient_id.in_(select(Institution.id).where(there))


def _is_late() -> ColumnElement[bool]:
    """A date has passed, wherever in the country: there alone somebody can be silent."""
    passed = exists().where(
        Deadline.forwarding_id == Forwarding.id, Deadline.ended_at.is_(None), Deadline.due_on < clock.today("WIT")
    )
    return and_(Forwarding.stage.in_({*AWAITING_ACKNOWLEDGEMENT, *OWING_AN_ANSWER}), passed)


def _by_place(found: Iterable[Case]) -> dict[Place, list[Case]]:
    """The place that is late for the longest comes first, as do its letters."""
    grouped: defaultdict[Place, list[Case]] = defaultdict(list)
    for case in sorted(found, key=lambda one: (one.verdict.since or date.max, one.id)):
        grouped[case.recipient_id, case.network].append(case)
    return dict(grouped)


def _all(grouped: dict[Place, list[Case]], places: Iterable[Place]) -> Iterable[Case]:
    return (case for place in places for case in grouped.get(place, []))


IS_SPOKEN_FOR = or_(
    exists().where(MailedReply.forwarding_id == Forwarding.id, IS_WAITING),
    exists().where(AnnouncedReply.forwarding_id == Forwarding.id, IS_AWAITED),
)
"""A late word of the recipient waits here to be read, or its answer is on the way: nobody is named meanwhile."""


def _is_lapsed(wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(wanted, IS_LAPSED, Forwarding.stage_since >= clock.now() - LAPSED_FOR, ~IS_SPOKEN_FOR)


def _ended(wanted: ColumnElement[bool]) -> dict[Place, int]:
    """How many letters of twelve months are recorded as not answered, at each place that has one, the latest first."""
    place = (Forwarding.recipient_id, Forwarding.network)
    latest_first = (func.max(Forwarding.stage_since).desc(), *place)
    counted = select(*place, func.count()).where(_is_lapsed(wanted)).group_by(*place)
    rows = db.session.execute(counted.order_by(*latest_first))
    return {(office, network): count for office, network, count in rows}


def _lapsed(wanted: ColumnElement[bool], places: Collection[Place], most: int) -> dict[Place, list[RowMapping]]:
    """The newest of them at each place."""
    sender, newest_first = aliased(Institution), (Forwarding.stage_since.desc(), Forwarding.id.desc())
    place = func.row_number().over(partition_by=(Forwarding.recipient_id, Forwarding.network), order_by=newest_first)
    ranked = (
        select(Forwarding.id, place.label("place"))
        .where(_is_lapsed(wanted), Forwarding.recipient_id.in_({office for office, _ in places}))
        .subquery()
    )
    rows = db.session.execute(
        select(
            Forwarding.id,
            Forwarding.recipient_id,
            Forwarding.network,
            Forwarding.sender_id,
            Forwarding.stage_since,
            Letter.number,
            Letter.dated,
            sender.name.label("sender"),
        )
        .join(ranked, ranked.c.id == Forwarding.id)
        .join(Forwarding.letter)
        .join(sender, Forwarding.sender)
        .where(ranked.c.place <= most)
        .order_by(*newest_first)
    ).mappings()
    grouped: defaultdict[Place, list[RowMapping]] = defaultdict(list)
    for row in rows:
        grouped[row["recipient_id"], row["network"]].append(row)
    return dict(grouped)


@dataclass(frozen=True)
class _Known:
    """What is known around the letters that are shown."""

    offices: dict[int, Institution]
    reach: causes.Reach
    calls: dict[int, Call]
    lapsed: dict[Place, list[RowMapping]]
    taken: dict[int, dict[Step, Taken]]
    rungs: ladders.Ladders
    calendars: workdays.Calendars

    @classmethod
    def about(
        cls, places: Collection[Place], shown: Collection[Case], lapsed: dict[Place, list[RowMapping]]
    ) -> "_Known":
        wanted = select(Institution).where(Institution.id.in_({id for id, _ in places}))
        offices = db.session.scalars(wanted.options(lazyload(Institution.region)))
        ended = {row["id"] for rows in lapsed.values() for row in rows}
        return cls(
            offices={one.id: one for one in offices},
            reach=causes.reach_of(places),
            calls=calls.latest({case.id for case in shown} | ended),
            lapsed=lapsed,
            taken=history.of_answers(ended) if ended else {},
            rungs=ladders.Ladders(),
            calendars=workdays.calendars(),
        )

    def waiting(self, place: Place, open_ones: Sequence[Case], lapsed: int = 0) -> Group:
        """From there something is awaited."""
        calendar = self.calendars.of(self.offices[place[0]].region_code)
        entries = [of_case(one, self.rungs, calendar, self.calls.get(one.id)) for one in open_ones]
        return self._group(place, entries, lapsed)

    def recorded(self, place: Place, lapsed: int) -> Group:
        """From there nothing is awaited any more."""
        office = self.offices[place[0]]
        calendar = self.calendars.of(office.region_code)
        entries = [
            of_lapsed(row, self.taken.get(row["id"], {}), office.zone, calendar, self.calls.get(row["id"]))
            for row in self.lapsed.get(place, [])
        ]
        return self._group(place, entries, lapsed)

    def _group(self, place: Place, entries: Sequence[Entry], lapsed: int) -> Group:
        office, known = self.offices[place[0]], self.reach[place[1]][place[0]]
        text = _message(office, entries[0]) if entries else ""
        lines = tuple(asking.lines(office, known, text))
        return Group(office, place[1], known, causes.cause_of(known), lines, entries, lapsed)


def _message(office: Institution, entry: Entry) -> str:
    """About the letter that is open longest."""
    matter = Matter(written(office), entry.sender, entry.number, entry.dated, entry.due_on)
    return asking.message(entry.grade or Grade.UNANSWERED, matter)
