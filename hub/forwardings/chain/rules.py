"""Dates in a chain, who holds a letter now, and how long each office had it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hub.forwardings.rules import Happening, Stage, next_stage, which_stand
from hub.workdays.rules import Calendar, is_working_day, working_days_between

DAYS_AHEAD = 2
"""Working days between the proposed date of a letter passed on and the date of the letter above it."""
SHORTEST_TIME = 3
"""Working days that whoever gets a letter passed on has at the least."""

OPEN_BELOW = (Stage.SENT, Stage.RECEIVED, Stage.ACKNOWLEDGED)
"""The letter has left, and its answer has not come: whoever passed it on waits."""
HAS_IT = (Stage.RECEIVED, Stage.ACKNOWLEDGED)
ANSWERED = (Stage.ANSWERED, Stage.CLOSED)
ENDED_ABOVE = (Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN)
"""Nobody asks any more for what a letter below was to bring."""
_WITHDRAWABLE = (Stage.DRAFT, Stage.AWAITING_SIGNATURE, Stage.READY, *OPEN_BELOW)
_WITH_SENDER = (Stage.DRAFT, Stage.AWAITING_SIGNATURE, Stage.READY, Stage.ANSWERED)

ON_THE_WAY = 0
"""In place of an office: the letter has left, and nobody has shown yet that it arrived."""


def latest_date(above: date, calendar: Calendar, ahead: int = 1) -> date:
    """The working day that lies `ahead` working days before the date of the letter above."""
    day = above
    while ahead:
        day -= timedelta(days=1)
        ahead -= is_working_day(day, calendar)
    return day


def is_stranded(stage: Stage, above: Stage | None) -> bool:
    """True for a letter still under way when nobody asks any more for what it was to bring: its sender withdraws it."""
    return above in ENDED_ABOVE and stage in _WITHDRAWABLE


def leaves_time(day: date, today: date, calendar: Calendar) -> bool:
    return working_days_between(today, day, calendar) >= SHORTEST_TIME


Change = tuple[datetime, Stage]
"""From when on a forwarding stood at a stage."""


def changes(history: Iterable[tuple[Happening, Mapping[str, Any], datetime]]) -> list[Change]:
    """The stages a forwarding went through, from its history in the order it was learnt.

    What turned out to be a mistake does not count. A fact that is learnt late moves nothing that came before it.
    """
    told = list(history)
    found: list[Change] = []
    stage, moment = Stage.DRAFT, None
    stands = which_stand([(happening, details) for happening, details, _ in told])
    for (happening, _, at), counts in zip(told, stands, strict=True):
        if not counts:
            continue
        moment = at if moment is None else max(moment, at)
        new = next_stage(stage, happening)
        if not found or new is not stage:
            found.append((moment, new))
        stage = new
    return found


@dataclass(frozen=True)
class Link:
    """One letter of a chain as these rules see it. `changes` in order of time."""

    id: int
    parent_id: int | None
    sender_id: int
    recipient_id: int
    changes: Sequence[Change]

    @property
    def stage(self) -> Stage:
        return self.changes[-1][1] if self.changes else Stage.DRAFT


Span = tuple[datetime, datetime]
"""From a moment on, until just before another."""


def holders(links: Sequence[Link], top: int) -> list[int]:
    """Who holds the letter `top`, or what became of it below, now: offices by id, ON_THE_WAY first.

    It is with its sender until it leaves and while an answer is reviewed, with its recipient from receipt to answer,
    and while the recipient waits for offices below, with them. Nobody holds it after its end.
    """
    below, found = _below(links), set()
    waiting = [link for link in links if link.id == top]
    if waiting and waiting[0].stage in _WITH_SENDER:
        return [waiting[0].sender_id]
    while waiting:
        link = waiting.pop()
        if link.stage is Stage.SENT:
            found.add(ON_THE_WAY)
        if link.stage in HAS_IT:
            out = [one for one in below.get(link.id, ()) if one.stage in OPEN_BELOW]
            waiting.extend(out)
            found.update(() if out else (link.recipient_id,))
    return sorted(found)


def held(links: Sequence[Link], top: int, now: datetime) -> dict[int, list[Span]]:
    """When each of them held it until now, in order and without overlaps, by the rule of `holders`."""
    below, found = _below(links), dict[int, list[Span]]()
    waiting: list[tuple[Link, list[Span] | None]] = [(link, None) for link in links if link.id == top]
    while waiting:
        link, within = waiting.pop()
        if within is None:
            within = [(link.changes[0][0], now)] if link.changes else []
            found.setdefault(link.sender_id, []).extend(_spans(link, _WITH_SENDER, now))
        found.setdefault(ON_THE_WAY, []).extend(_common(_spans(link, (Stage.SENT,), now), within))
        here = _common(_spans(link, HAS_IT, now), within)
        out = [(one, _common(_spans(one, OPEN_BELOW, now), here)) for one in below.get(link.id, ())]
        waiting.extend(out)
        rest = _without(here, _joined(span for _, spans in out for span in spans))
        found.setdefault(link.recipient_id, []).extend(rest)
    return {office: _joined(spans) for office, spans in found.items() if spans}


def _below(links: Iterable[Link]) -> dict[int | None, list[Link]]:
    found: dict[int | None, list[Link]] = {}
    for link in links:
        found.setdefault(link.parent_id, []).append(link)
    return found


def _spans(link: Link, stages: Sequence[Stage], now: datetime) -> list[Span]:
    ends = [*(moment for moment, _ in link.changes[1:]), now]
    return _joined((start, end) for (start, stage), end in zip(link.changes, ends, strict=True) if stage in stages)


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _common(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """What both cover."""
    return _joined((max(a, c), min(b, d)) for a, b in one for c, d in other)


def _without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What of `spans` is not `taken`; each in order and without overlaps."""
    found = []
    for start, end in spans:
        rest = start
        for gone_from, gone_until in taken:
            if gone_from < end and gone_until > rest:
                found.append((rest, gone_from))
                rest = gone_until
        found.append((rest, end))
    return _joined(found)
