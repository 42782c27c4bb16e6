"""Letters that the clock writes, those of a whole sweep at once: a fixed number of queries for each sender.

Two things are asked for each by itself: a draft that somebody had begun is finished, and for a complaint about a body
that it names it is looked up who may judge it.
"""

from collections import defaultdict
from collections.abc import Sequence

from hub.directory.models import Institution
from hub.extensions import db
from hub.forwardings.followups import addressing, queries, service, words
from hub.forwardings.followups.addressing import Wanted
from hub.forwardings.models import Forwarding
from hub.forwardings.service import CannotForward
from hub.letters import queries as letters_of
from hub.letters import service as letters
from hub.letters.models import Letter, LetterKind, LetterState
from hub.letters.service import Written
from hub.letters.stationery import service as stationery
from hub.letters.stationery.service import Unprintable

Outcome = Letter | str
"""The letter that waits for its signature, or the sentence that says why there is none."""


def put_to_sign(wanted: Sequence[Wanted]) -> list[Outcome]:
    """For each forwarding that is open and held, a letter of this kind from the facts of today, put to the signatory.

    A draft of this kind that somebody had begun is written anew and put to the signatory, not a second one.
    """
    under_way = _under_way(wanted)
    outcomes: dict[Wanted, Outcome] = {}
    new: defaultdict[Institution, list[tuple[Wanted, Institution]]] = defaultdict(list)
    for one, choice in zip(wanted, addressing.choices_of(wanted), strict=True):
        if choice.to is None:
            outcomes[one] = choice.why_not
        elif LetterState.TO_SIGN in under_way[one]:
            outcomes[one] = service.waits_already()
        elif LetterState.DRAFT in under_way[one]:
            outcomes[one] = _finished(*one)
        else:
            new[one[0].sender].append((one, choice.to))
    for sender, letters_to in new.items():
        outcomes |= _written(sender, letters_to)
    return [outcomes[one] for one in wanted]


def _under_way(wanted: Sequence[Wanted]) -> dict[Wanted, set[LetterState]]:
    """States of the letters of this kind that there are already."""
    states: defaultdict[tuple[str, LetterKind], set[LetterState]] = defaultdict(set)
    for one in letters_of.follow_ups(*(forwarding.stream for forwarding, _kind in wanted)):
        states[one.about, one.kind].add(one.state)
    return {(forwarding, kind): states[forwarding.stream, kind] for forwarding, kind in wanted}


def _finished(forwarding: Forwarding, kind: LetterKind) -> Outcome:
    """The draft that somebody had begun, by itself and as a person would."""
    try:
        with db.session.begin_nested():
            letter = service.draft(forwarding, kind, "", None)
            service.submit(letter, None)
            return letter
    except CannotForward as problem:
        return str(problem)


def _written(sender: Institution, addressed: Sequence[tuple[Wanted, Institution]]) -> dict[Wanted, Outcome]:
    """Those of one office, each with whom it goes to."""
    version = stationery.newest(sender)
    fates = queries.fates([forwarding for (forwarding, _kind), _to in addressed])
    written = []
    for (forwarding, kind), to in addressed:
        content = words.content(forwarding, kind, to, fates[forwarding.id], version)
        written.append(Written(kind, words.subject(forwarding, kind), content, forwarding.stream))
    wanted = [one for one, _to in addressed]
    try:
        return dict(zip(wanted, letters.write_all(sender, version, written), strict=True))
    except Unprintable as problem:
        return dict.fromkeys(wanted, str(problem))
