"""What is withdrawn has never been: a history with one mistake in it, and its twin in which that never happened.

Both are told by the hub's own use cases, step by step at the same moments, on a letter each. The mistake is withdrawn,
and then nothing may tell the two apart; or a decision of the sender rests on it, and nothing changes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from hub import clock
from hub.audit.rules import person
from hub.extensions import db
from hub.forwardings import receipt, tracks, voices
from hub.forwardings import service as forwardings
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.queries import proofs
from hub.forwardings.rules import NotNow, ProofChannel
from hub.letters import incoming
from hub.letters.incoming import Received
from hub.mail import queries as mails
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import ArrivedBy, FoundBy
from hub.mail.models import EmailState
from hub.monitoring import verification
from hub.post import queries as post
from hub.post import scans
from hub.post import service as mail_room
from hub.responses import announcements, papers, queries, replies
from hub.responses import service as responses
from hub.responses.announcements import Told
from hub.responses.models import ON_PAPER, Decision, ResponseKind
from hub.responses.rules import ReplyWay
from hub.silence import service as silence
from hub.silence.queries import cases
from tests.databases import SQLite
from tests.story import Story
from tests.world import World

FRIDAY = datetime(2026, 3, 13, 2, tzinfo=UTC)
_SERIAL = count(1)
Undo = Callable[[], None]


class LeftOut(Exception):
    """The step says nothing here: what it is about is not there, or was told before."""


@dataclass
class Tale:
    """The history of one letter. `told`: what each step brought, by the number of the step."""

    forwarding: Forwarding
    world: World
    told: dict[int, Any] = field(default_factory=dict)
    undo: dict[int, Undo] = field(default_factory=dict)

    @property
    def registrar(self) -> Any:
        return self.world.registrar.person

    @property
    def pic(self) -> Any:
        return self.world.regency_pic.person

    def step_of(self, thing: Any) -> int:
        return next(step for step, one in self.told.items() if one is thing)

    # Facts that can be a mistake: each says how it is withdrawn

    def confirmed(self, step: int, channel: ProofChannel) -> Undo:
        dispatch = {
            ProofChannel.LINK: lambda: mails.of(self.forwarding.stream)[0].id,
            ProofChannel.SLIP: lambda: post.of(self.forwarding.stream)[0].id,
        }.get(channel, lambda: None)()
        known = proofs(self.forwarding)
        proof = receipt.acknowledge(
            self.forwarding, channel, "Rina", "Irban I", person(self.pic.id), dispatch_id=dispatch
        )
        if proof in known:
            raise LeftOut
        return lambda: self._withdraw(proof)

    def delivered(self, step: int) -> Undo:
        envelope = post.of(self.forwarding.stream)[0]
        if envelope.posted_at is None or envelope.delivered_on is not None:
            raise LeftOut
        mail_room.mark_delivered(envelope, clock.today("WIB"), "Satpam kantor")
        tracks.notice_dispatches()
        return lambda: self._withdraw_scan(envelope)

    def replied(self, step: int) -> Undo:
        mail = inbox.keep(f"Subject: {next(_SERIAL)}\n\nSudah.\n".encode(), ArrivedBy.PIPE)
        mail.sender_address, mail.words = "rina@kantor.example", "Sudah."
        reply = replies.take(self.forwarding, mail, FoundBy.PERSON, self.registrar)
        self.told[step] = reply
        return lambda: replies.withdraw(reply, self.registrar, "Milik surat lain.")

    def paper(self, step: int, decision: Decision) -> Undo:
        told = Received(clock.today("WIB"), "Inspektorat", "Jawaban", number=f"700/{step}/2026")
        letter = incoming.register(self.forwarding.sender, told, self.registrar)
        papers.take(self.forwarding, letter, decision, "Wening", self.registrar)
        self.told[step] = next(iter(papers.answers_on(letter)), None)
        return lambda: papers.withdraw(self.forwarding, letter, self.registrar, "Milik surat lain.")

    def answered(self, step: int, kind: ResponseKind, number: int) -> Undo:
        answer = responses.Answer(kind, f"800/{number}/2026", clock.today("WIB"), "Sudah diperbaiki.")
        response = responses.receive(self.forwarding, answer, voices.signed_in(self.pic))
        self.told[step] = response
        return lambda: responses.withdraw(response, self.registrar, "Keliru.")

    def announced(self, step: int, number: int, days_ago: int) -> Undo:
        letter_number = f"800/{number}/2026"
        if letter_number in {one.letter_number for one in queries.announced_for(self.forwarding)}:
            raise LeftOut
        day = max(clock.today("WIB") - timedelta(days=days_ago), FRIDAY.date())
        told = Told(letter_number, FRIDAY.date(), ReplyWay.POST, day)
        announced = announcements.announce(self.forwarding, told, voices.signed_in(self.pic))
        self.told[step] = announced
        return lambda: announcements.withdraw(announced, self.registrar, "Keliru.")

    # What happens otherwise, and what the sender decides: `on` is the step that brought what it is about

    def taken_by_server(self, step: int) -> None:
        email = mails.of(self.forwarding.stream)[0]
        if email.state is not EmailState.QUEUED:
            raise LeftOut
        email.state, email.handed_over_at = EmailState.HANDED_OVER, clock.now()
        db.session.flush()
        tracks.notice_dispatches()

    def posted(self, step: int) -> None:
        envelope = post.of(self.forwarding.stream)[0]
        if envelope.posted_at is not None or envelope.state == "cancelled":
            raise LeftOut
        mail_room.mark_printed(envelope)
        mail_room.mark_posted(envelope, f"PX{next(_SERIAL):010}")
        tracks.notice_dispatches()

    def waiting(self) -> Any:
        return next(iter(queries.waiting_of(self.forwarding)), None)

    def under_review(self) -> Any:
        return queries.to_review(queries.of(self.forwarding))

    def awaited(self) -> Any:
        return next(iter(queries.awaited(self.forwarding)), None)

    def decided(self, on: int, step: int, decision: Decision) -> None:
        reply = self.told[on]
        replies.decide(reply, decision, self.registrar, f"900/{step}/2026")
        self.told[step] = reply.response

    def found_incomplete(self, on: int, step: int) -> None:
        responses.return_incomplete(self.told[on], self.registrar, "Foto belum ada.")

    def accepted(self, on: int, step: int) -> None:
        responses.accept(self.told[on], self.registrar)

    def given_up(self, on: int, step: int, days: int) -> None:
        due_on = clock.today("WIB") + timedelta(days=days)
        announcements.give_up(self.told[on], self.registrar, "Tidak ada di agenda.", due_on)

    def called_off(self, step: int) -> None:
        forwardings.withdraw(self.forwarding, self.registrar, "Salah sasaran.")

    # What can be seen of it all

    def state(self) -> dict[str, Any]:
        letter = self.forwarding
        db.session.flush()
        found = cases(Forwarding.id == letter.id)
        return {
            "stage": letter.stage,
            "since": letter.stage_since,
            "received_at": letter.received_at,
            "clocks": sorted((one.clock, one.started_on, one.due_on) for one in letter.deadlines if not one.ended_at),
            "awaited": sorted(self.step_of(one) for one in queries.awaited(letter)),
            "arrived": sorted(
                (self.step_of(one), self.step_of(one.response))
                for one in queries.announced_for(letter)
                if one.response and not one.withdrawn_at
            ),
            "answers": sorted((self.step_of(one), one.review or "") for one in queries.of(letter)),
            "waiting": sorted(self.step_of(one) for one in queries.waiting_of(letter)),
            "proofs": sorted((one.channel, one.occurred_at) for one in proofs(letter)),
            "verdict": found[0].verdict if found else None,
            "facts": found[0].facts if found else None,
        }

    def _withdraw(self, proof: Proof) -> None:
        receipt.withdraw(self.forwarding, proof, person(self.registrar.id), "Keliru.")

    def _withdraw_scan(self, envelope: Any) -> None:
        [scan] = [one for one in scans.of([envelope])[envelope.id].values() if one.kind == "delivered"]
        mail_room.withdraw_scan(scan, self.registrar)
        db.session.flush()
        tracks.notice_dispatches()


NUMBERS, DECIDED = st.integers(1, 2), st.sampled_from(Decision)
FACTS = st.one_of(
    st.tuples(st.just("confirmed"), st.sampled_from([ProofChannel.LINK, ProofChannel.SLIP, ProofChannel.SIGN_IN])),
    st.tuples(st.just("delivered")),
    st.tuples(st.just("replied")),
    st.tuples(st.just("paper"), st.sampled_from(ON_PAPER)),
    st.tuples(st.just("answered"), st.sampled_from(ResponseKind), NUMBERS),
    st.tuples(st.just("announced"), NUMBERS, st.integers(0, 12)),
)
OTHERS = st.one_of(
    st.tuples(st.just("taken_by_server")),
    st.tuples(st.just("posted")),
    st.tuples(st.just("decided"), DECIDED),
    st.tuples(st.just("found_incomplete")),
    st.tuples(st.just("given_up"), st.integers(3, 20)),
    st.tuples(st.just("swept")),
    st.tuples(st.sampled_from(["accepted", "called_off"])),
)
ABOUT = {
    "decided": "waiting",
    "found_incomplete": "under_review",
    "accepted": "under_review",
    "given_up": "awaited",
}
HISTORIES = st.lists(
    st.tuples(st.sampled_from([1, 26, 24 * 4, 24 * 20]), st.one_of(FACTS, FACTS, OTHERS)), min_size=1, max_size=9
)


def test_what_is_withdrawn_has_never_been(story: Story, world: World, database: Any) -> None:
    with clock.travelling(FRIDAY):
        told, twin = story.signed().id, story.signed().id

    @settings(
        max_examples=100 if isinstance(database, SQLite) else 12,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(HISTORIES, st.data())
    def holds(history: list[tuple[int, tuple[Any, ...]]], data: st.DataObject) -> None:
        try:
            _compare(
                Tale(db.session.get_one(Forwarding, told), world),
                Tale(db.session.get_one(Forwarding, twin), world),
                history,
                data,
            )
        finally:
            db.session.rollback()

    holds()


def _compare(tale: Tale, twin: Tale, history: list[tuple[int, tuple[Any, ...]]], data: st.DataObject) -> None:
    facts = [step for step, (_, told) in enumerate(history) if hasattr(Tale, told[0]) and told[0] not in _NO_MISTAKE]
    if not facts:
        return
    mistake = data.draw(st.sampled_from(facts), label="the mistake")
    moment, rests_on_it = FRIDAY, False
    for step, (hours, (what, *how)) in enumerate(history):
        moment += timedelta(hours=hours)
        with clock.travelling(moment):
            rests_on_it |= _happen(tale, twin, step, what, how, mistake)
    with clock.travelling(moment + timedelta(days=1)):
        if mistake not in tale.undo:
            return
        before = tale.state() if rests_on_it else None
        try:
            with db.session.begin_nested():
                tale.undo[mistake]()
        except NotNow:
            note("refused")
            assert rests_on_it
            assert tale.state() == before
        else:
            assert not rests_on_it
            assert tale.state() == twin.state()
        assert list(verification.findings()) == []


_NO_MISTAKE = (*ABOUT, "taken_by_server", "posted", "called_off")


def _happen(tale: Tale, twin: Tale, step: int, what: str, how: list[Any], mistake: int) -> bool:
    """Tell a step in both, the mistake in one. True when a decision rests on it: the twin has no ground for that."""
    if what == "swept":
        silence.sweep(clock.now())
        return False
    if about := ABOUT.get(what):
        ground = getattr(tale, about)()
        if ground is None:
            return False
        how = [on := tale.step_of(ground), *how]
        is_of_the_mistake = on not in twin.told
        how.insert(1, step)
    else:
        is_of_the_mistake = step == mistake
        how = [step, *how]
    try:
        with db.session.begin_nested():
            undo = getattr(tale, what)(*how)
    except (NotNow, LeftOut):
        tale.told.pop(step, None)
        return False
    if undo:
        tale.undo[step] = undo
    if is_of_the_mistake:
        return what in DECISIONS_OF_RECORD
    try:
        with db.session.begin_nested():
            getattr(twin, what)(*how)
    except NotNow:
        twin.told.pop(step, None)
        return True
    return False


DECISIONS_OF_RECORD = ("found_incomplete", "accepted", "given_up")
"""A word about what a reply by mail is goes with the reply; these stand in the record of the letter."""
