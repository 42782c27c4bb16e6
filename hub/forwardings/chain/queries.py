"""A chain as one page shows it: three queries for all its letters, and one for the calendar, however many there are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from hub import clock
from hub.accounts.models import Account
from hub.audit.models import Event
from hub.directory.models import Institution, InstitutionKind
from hub.directory.picking import offered
from hub.directory.rules import written
from hub.extensions import db
from hub.forwardings.chain import rules
from hub.forwardings.chain.rules import Link, Span
from hub.forwardings.models import Deadline, Forwarding, paused_since
from hub.forwardings.queries import visible
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening, Stage
from hub.letters.models import Letter
from hub.workdays import queries as workdays
from hub.workdays.rules import working_days_between

MOST_UNFOLDED = 12
"""Letters in a chain that are listed at once; a longer list is unfolded by the reader."""


@dataclass(frozen=True)
class Office:
    """As far as a chain names it."""

    id: int
    name: str
    region_code: str | None
    zone: str


@dataclass(frozen=True)
class Progress:
    """Of the letters passed on that still count, how many were answered."""

    answered: int
    asked: int


@dataclass
class Node:
    """One letter of a chain: a summary, without any text. `is_visible`: this person may open its page.

    `due_on`: until when its answer is due, the running date, else the one its letter names.
    """

    id: int
    parent_id: int | None
    number: str | None
    is_signed: bool
    stage: Stage
    due_on: date | None
    sender: Office
    recipient: Office
    is_visible: bool
    is_own: bool
    nodes: list["Node"] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        """A draft is nobody's business but its sender's."""
        return self.is_signed or (self.is_own and self.stage is not Stage.WITHDRAWN)

    @property
    def progress(self) -> Progress:
        asked = [one for one in self.nodes if one.is_signed and one.stage not in _NOT_ASKED]
        return Progress(sum(one.stage in rules.ANSWERED for one in asked), len(asked))


@dataclass(frozen=True)
class Share:
    """How long an office held the letter until now; `office` is None for the time on the way."""

    office: Office | None
    working_days: int


@dataclass(frozen=True)
class Chain:
    """A letter in its chain: those above it, the first one first, and it with all below.

    What others at its side do is left out. `holders`: who has it now; None stands for the way to the next office.
    `shares`: the longest first.
    """

    above: list[Node]
    here: Node
    size: int
    holders: list[Office | None]
    shares: list[Share]

    @property
    def is_long(self) -> bool:
        return self.size > MOST_UNFOLDED

    @property
    def stranded(self) -> list[Node]:
        """Letters of the own office still under way though the one above has ended: it should take them back."""
        pairs = [(self.above[-1], self.here)] if self.above else []
        pairs += [(self.here, one) for one in self.here.nodes]
        return [one for over, one in pairs if one.is_own and rules.is_stranded(one.stage, over.stage)]


def offices_above(forwarding: Forwarding) -> set[int]:
    """Senders and recipients of this letter and of all above it. One query."""
    root_id = forwarding.root_id or forwarding.id
    wanted = or_(Forwarding.root_id == root_id, Forwarding.id == root_id)
    columns = (Forwarding.id, Forwarding.parent_id, Forwarding.sender_id, Forwarding.recipient_id)
    known = {row.id: row for row in db.session.execute(select(*columns).where(wanted))}
    found, id = set[int](), forwarding.id
    while row := known.get(id):
        found |= {row.sender_id, row.recipient_id}
        id = row.parent_id
    return found


def offered_below(office: Institution) -> list[str]:
    """Every institution as a list offers it: first those this office stands above, and the offices of its region."""
    local = (Institution.kind == InstitutionKind.REGIONAL_OFFICE) & (Institution.region_code == office.region_code)
    below = select(Institution).where(or_(Institution.supervisor_id == office.id, local)).order_by(Institution.code)
    first = [written(one) for one in db.session.scalars(below)]
    known = {*first, written(office)}
    return [*first, *(one for one in offered() if one not in known)]


def progress_of(ids: Collection[int]) -> dict[int, Progress]:
    """Of those of these forwardings that were passed on: how many of the letters below were answered.

    At most one query.
    """
    if not ids:
        return {}
    asked = Letter.signed_at.is_not(None) & Forwarding.stage.not_in(_NOT_ASKED)
    rows = db.session.execute(
        select(
            Forwarding.parent_id,
            func.sum(case((Forwarding.stage.in_(rules.ANSWERED), 1), else_=0)),
            func.count(),
        )
        .join(Forwarding.letter)
        .where(Forwarding.parent_id.in_(ids), asked)
        .group_by(Forwarding.parent_id)
    )
    return {id: Progress(answered, asked) for id, answered, asked in rows if id is not None}


def chain_of(account: Account, forwarding: Forwarding) -> Chain:
    """The chain around a forwarding that this person sees."""
    nodes = _nodes(account, forwarding.root_id or forwarding.id)
    here, above, below = nodes[forwarding.id], _above(nodes, forwarding.id), _with_all_below(nodes[forwarding.id])
    for id, due_on in _running({one.id for one in (*above, *below)}):
        nodes[id].due_on = due_on
    links = _links(below)
    offices = {one.id: one for node in below for one in (node.sender, node.recipient)}
    return Chain(
        above=above,
        here=here,
        size=len(below),
        holders=[offices.get(id) for id in rules.holders(links, here.id)],
        shares=_shares(rules.held(links, here.id, clock.now()), offices, here.sender),
    )


_NOT_ASKED = (Stage.WITHDRAWN, Stage.DECLINED)
_SENDER, _RECIPIENT = aliased(Institution), aliased(Institution)


def _nodes(account: Account, root_id: int) -> dict[int, Node]:
    """Every letter of the chain by id, each with those right below it."""
    rows = db.session.execute(
        select(
            Forwarding.id,
            Forwarding.parent_id,
            Letter.number,
            Letter.signed_at.is_not(None),
            Forwarding.stage,
            Forwarding.answer_by,
            *_columns(_SENDER),
            *_columns(_RECIPIENT),
            visible(account),
        )
        .join(Forwarding.letter)
        .join(_SENDER, _SENDER.id == Forwarding.sender_id)
        .join(_RECIPIENT, _RECIPIENT.id == Forwarding.recipient_id)
        .where(or_(Forwarding.root_id == root_id, Forwarding.id == root_id))
        .order_by(Forwarding.id)
    )
    nodes = {}
    for id, parent_id, number, is_signed, stage, answer_by, *offices, is_visible in rows:
        sender, recipient = Office(*offices[:4]), Office(*offices[4:])
        is_own = is_visible and sender.id == account.institution.id
        node = Node(id, parent_id, number, is_signed, stage, answer_by, sender, recipient, bool(is_visible), is_own)
        nodes[id] = node
        if parent_id in nodes and node.is_shown:
            nodes[parent_id].nodes.append(node)
    return nodes


def _columns(office: Any) -> tuple[Any, ...]:
    return office.id, office.name, office.region_code, office.zone


def _above(nodes: Mapping[int, Node], id: int) -> list[Node]:
    found: list[Node] = []
    while (id := nodes[id].parent_id or 0) in nodes:
        found.insert(0, nodes[id])
    return found


def _with_all_below(here: Node) -> list[Node]:
    found = [here]
    for node in found:
        found.extend(node.nodes)
    return found


def _running(ids: Collection[int]) -> Iterable[tuple[int, date]]:
    """The running date of the answer of each; one that stands still is none."""
    is_running = Deadline.ended_at.is_(None) & Deadline.clock.in_(RESPONSE_CLOCKS)
    wanted = select(Deadline.forwarding_id, Deadline.due_on, Deadline.paused)
    rows = db.session.execute(wanted.where(is_running, Deadline.forwarding_id.in_(ids)))
    return ((id, due_on) for id, due_on, paused in rows if not paused_since(paused))


def _links(nodes: Sequence[Node]) -> list[Link]:
    """The letters with the stages they went through, from their events."""
    streams = [f"forwarding:{one.id}" for one in nodes]
    events = db.session.execute(
        select(Event.stream, Event.kind, Event.details, Event.occurred_at)
        .where(Event.stream.in_(streams))
        .order_by(Event.stream, Event.seq)
    )
    histories = {
        stream: rules.changes((Happening(kind), details, at) for _, kind, details, at in told)
        for stream, told in groupby(events, key=lambda event: str(event[0]))
    }
    return [
        Link(one.id, one.parent_id, one.sender.id, one.recipient.id, histories.get(stream, []))
        for one, stream in zip(nodes, streams, strict=True)
    ]


def _shares(held: Mapping[int, Sequence[Span]], offices: Mapping[int, Office], sender: Office) -> list[Share]:
    """Working days where the office is, if there were any; those on the way are counted where the sender is."""
    found = [
        Share(office, sum(_working_days(span, office or sender) for span in spans))
        for office, spans in ((offices.get(id), spans) for id, spans in held.items())
    ]
    counted = (one for one in found if one.working_days)
    return sorted(counted, key=lambda one: (-one.working_days, one.office.name if one.office else ""))


def _working_days(span: Span, office: Office) -> int:
    start, end = (clock.local(moment, office.zone).date() for moment in span)
    return working_days_between(start, end, workdays.calendar_for(office.region_code))
