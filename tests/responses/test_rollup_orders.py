"""Whatever happens in a chain, in whatever order: the summary is right, and nothing is lost."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from flask import Flask
from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hub import clock
from hub.audit.models import Event
from hub.directory.queries import by_code
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import receipt, service, voices
from hub.forwardings.chain import queries
from hub.forwardings.chain import service as chain
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, NotNow, ProofChannel, Stage
from hub.forwardings.service import CannotForward
from hub.monitoring import verification
from hub.responses import service as reviewing
from hub.responses.models import Response, ResponseFile, ResponseKind, ResponseReport, Review
from hub.responses.rollup import queries as offered
from hub.responses.rollup import service as rollup
from hub.responses.service import Answer
from tests.chains import FRIDAY, asked, leaves, somebody_at
from tests.story import Story
from tests.world import World, load

MOST_LETTERS = 7
ACTS = ("pass_on", "send", "confirm", "interim", "final", "incomplete", "accept", "use", "withdraw")
_WEIGHTED = (*ACTS, "pass_on", "pass_on", "send", "send", "confirm", "confirm", "final", "final", "use")
steps = st.lists(
    st.tuples(st.sampled_from(_WEIGHTED), st.integers(0, 99), st.integers(0, 99), st.integers(0, 40)),
    min_size=12,
    max_size=24,
)


class Play:
    """One chain from its first letter on, with the province. Nothing is committed."""

    def __init__(self, world: World, root: Forwarding) -> None:
        self.world, self.root, self.number = world, root, 0
        self.offices = [by_code(code) for code in ("35.13", "35.14", "35.15", "35.16", "35.17", "35.18", "35.19")]

    def letters(self) -> list[Forwarding]:
        mine = (Forwarding.id == self.root.id) | (Forwarding.root_id == self.root.id)
        return list(db.session.scalars(select(Forwarding).where(mine).order_by(Forwarding.id)))

    def act(self, name: str, which: int, how: int) -> set[int]:
        """Do it to one of the letters, if it can be done now. Returns the letters whose stage it may move."""
        letters = self.letters()
        one = letters[which % len(letters)]
        try:
            with db.session.begin_nested():
                return {one.id, *getattr(self, name)(one, how)}
        except (NotNow, CannotForward):
            return set()

    def pass_on(self, above: Forwarding, how: int) -> list[int]:
        if len(self.letters()) >= MOST_LETTERS or above.answer_by and above.answer_by < date(2026, 3, 27):
            return []
        day = (above.answer_by or date(2026, 4, 10)) - timedelta(days=3)
        with suppress(CannotForward):
            day = chain.proposed_date(above)
        to = self.offices[how % len(self.offices)]
        child = chain.pass_on(above, asked(to, day), somebody_at(above.recipient))
        if how % 4:
            leaves(child, somebody_at(child.sender))
        if how % 4 > 1:
            self.confirm(child, how)
        return [child.id]

    def send(self, one: Forwarding, how: int) -> list[int]:
        leaves(one, somebody_at(one.sender))
        return []

    def confirm(self, one: Forwarding, how: int) -> list[int]:
        if one.stage in (Stage.SENT, Stage.RECEIVED):
            who = somebody_at(one.recipient)
            receipt.acknowledge(one, ProofChannel.SIGN_IN, who.name, "", voices.signed_in(who).actor)
        return []

    def interim(self, one: Forwarding, how: int) -> list[int]:
        return self._answer(one, ResponseKind.INTERIM, how)

    def final(self, one: Forwarding, how: int) -> list[int]:
        return self._answer(one, ResponseKind.FINAL, how)

    def _answer(self, one: Forwarding, kind: ResponseKind, how: int) -> list[int]:
        files, reports = [self._file() for _ in range(how % 3)], [self._file() for _ in range(how % 2)]
        answer = Answer(kind, "700/1", date(2026, 3, 13), "Ditindaklanjuti.", files, reports=reports)
        reviewing.receive(one, answer, voices.signed_in(somebody_at(one.recipient)))
        return []

    def incomplete(self, one: Forwarding, how: int) -> list[int]:
        for response in self._under_review(one):
            reviewing.return_incomplete(response, somebody_at(one.sender), "Foto belum ada.")
        return []

    def accept(self, one: Forwarding, how: int) -> list[int]:
        for response in self._under_review(one):
            reviewing.accept(response, somebody_at(one.sender))
        return []

    def use(self, one: Forwarding, how: int) -> list[int]:
        used = [answer for place, answer in enumerate(offered.offers(one)) if (how >> place) % 2 == 0]
        if not used:
            return []
        ticked = [file for answer in used for file in answer.files if (how + file.id) % 3]
        reports = [file for answer in used for file in answer.reports]
        answer = Answer(
            ResponseKind.FINAL, "700/2", date(2026, 3, 13), "Gabungan.", ticked, reports=reports, sources=used
        )
        response = rollup.answer_with(one, answer, somebody_at(one.recipient))
        db.session.flush()
        db.session.expire(response)
        assert ({*response.files}, {*response.reports}) == ({*ticked}, {*reports})
        assert {*response.sources} == {*used}
        assert all(source.forwarding.stage is Stage.CLOSED for source in used)
        return [source.forwarding_id for source in used]

    def withdraw(self, one: Forwarding, how: int) -> list[int]:
        service.withdraw(one, somebody_at(one.sender), "Tidak diperlukan lagi.")
        return []

    def _under_review(self, one: Forwarding) -> list[Response]:
        waiting = select(Response).where(Response.forwarding_id == one.id, Response.review.is_(None))
        return list(db.session.scalars(waiting.where(Response.kind == ResponseKind.FINAL)))

    def _file(self) -> StoredFile:
        self.number += 1
        file = StoredFile(
            name=f"{self.number}.pdf",
            media_type="application/pdf",
            size=1,
            sha256=f"{self.number:064}",
            created_at=clock.now(),
        )
        db.session.add(file)
        db.session.flush()
        return file


def kept() -> set[tuple[Any, ...]]:
    """All that may never be lost: events, files, and which answer each file came with."""
    rows = (
        select(Event.stream, Event.seq, Event.hash),
        select(StoredFile.id, StoredFile.sha256),
        select(ResponseFile.response_id, ResponseFile.file_id),
        select(ResponseReport.file_id, ResponseReport.response_id, ResponseReport.file_id),
    )
    return {(place, *row) for place, wanted in enumerate(rows) for row in db.session.execute(wanted)}


def who_has(one: Forwarding, letters: list[Forwarding]) -> set[str]:
    """From the rows alone, from below to above: who holds what was asked in this letter."""
    if one.stage is Stage.SENT:
        return {"on the way"}
    if one.stage not in (Stage.RECEIVED, Stage.ACKNOWLEDGED):
        return set()
    out = (Stage.SENT, Stage.RECEIVED, Stage.ACKNOWLEDGED)
    below = [who_has(child, letters) for child in letters if child.parent_id == one.id and child.stage in out]
    return set().union(*below) if below else {one.recipient.name}


def check_summary(world: World, letters: list[Forwarding]) -> None:
    for one in letters:
        shown = queries.chain_of(world.monitor, one)
        mine = one.stage in (Stage.DRAFT, Stage.AWAITING_SIGNATURE, Stage.READY, Stage.ANSWERED)
        expected = {one.sender.name} if mine else who_has(one, letters)
        assert {office.name if office else "on the way" for office in shown.holders} == expected
        children = [child for child in letters if child.parent_id == one.id]
        asked_of = [child for child in children if child.letter.signed_at and child.stage is not Stage.WITHDRAWN]
        final = select(Response.forwarding_id).where(
            Response.kind == ResponseKind.FINAL, Response.review.is_distinct_from(Review.INCOMPLETE)
        )
        have_answered = {*db.session.scalars(final)}
        progress = queries.Progress(sum(child.id in have_answered for child in asked_of), len(asked_of))
        assert shown.here.progress == progress
        assert queries.progress_of([one.id]).get(one.id, queries.Progress(0, 0)) == progress
        running = select(Deadline.due_on).where(
            Deadline.forwarding_id == one.id, Deadline.clock.in_(RESPONSE_CLOCKS), Deadline.ended_at.is_(None)
        )
        assert shown.here.due_on == (db.session.scalar(running) or one.answer_by)
        assert {node.id for node in shown.here.nodes} == {child.id for child in children if child.letter.signed_at}


def play(world: World, root: Forwarding, acts: list[tuple[str, int, int, int]]) -> None:
    with freeze_time(FRIDAY) as frozen:
        game = Play(world, root)
        for name, which, how, hours in acts:
            frozen.tick(timedelta(hours=hours))
            before, record = {one.id: one.stage for one in game.letters()}, kept()
            moved = game.act(name, which, how)
            db.session.flush()
            letters = game.letters()
            assert {one.id for one in letters if before.get(one.id, one.stage) is not one.stage} <= moved
            assert record <= kept()
            check_summary(world, letters)
            assert list(verification.findings()) == []


def root_of(story: Story, world: World) -> Forwarding:
    from tests.chains import received

    with freeze_time(FRIDAY):
        return received(story, world)


def test_roll_up_is_right_under_every_order_of_events(app: Flask, story: Story, world: World) -> None:
    root = root_of(story, world)
    many = 20 if db.engine.dialect.name == "sqlite" else 4

    @settings(
        max_examples=many,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # a shorter example would take minutes to find
        suppress_health_check=list(HealthCheck),
    )
    @given(acts=steps)
    def whatever_happens(acts: list[tuple[str, int, int, int]]) -> None:
        try:
            play(load(), db.session.get_one(Forwarding, root.id), acts)
        finally:
            db.session.rollback()

    whatever_happens()
