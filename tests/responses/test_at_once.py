"""Two people act on one letter at the same moment: one is first, the other is told, and nothing is left half done."""

import threading
from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy import select

from hub.directory.models import Person
from hub.extensions import db
from hub.files import service as files
from hub.files.models import StoredFile
from hub.forwardings import service as forwarding_service
from hub.forwardings import voices
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import NotNow, ProofChannel, Stage
from hub.monitoring import verification
from hub.responses import queries, service
from hub.responses.models import Response, ResponseKind
from tests.story import Story
from tests.world import World

ROUNDS = 12
PDF = b"%%PDF-1.7\n%%%%EOF %d"


def together(app: Flask, *acts: Callable[[], None]) -> list[str]:
    """Do these at the same moment, each in a thread and transaction of its own: "done" or "refused" for each."""
    db.session.rollback()
    start, told = threading.Barrier(len(acts)), ["failed"] * len(acts)

    def run(place: int, act: Callable[[], None]) -> None:
        with app.app_context():
            start.wait()
            try:
                act()
                db.session.commit()
                told[place] = "done"
            except NotNow:
                db.session.rollback()
                told[place] = "refused"
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return told


def answering(forwarding_id: int, number: str, **more: object) -> Callable[[], None]:
    """A final answer by a link, with a file of its own, or in a voice and with a key that are told."""

    def act() -> None:
        scan = files.store(f"{number}.pdf", PDF % int(number))
        voice = voices.through_link(ProofChannel.LINK, 1, "Wening Larasati", "Irban II")
        answer = service.Answer(ResponseKind.FINAL, number, date(2026, 1, 5), "Sudah diperbaiki.", [scan])
        service.receive(db.session.get_one(Forwarding, forwarding_id), answer, voice, **more)  # type: ignore[arg-type]

    return act


def test_an_answer_and_a_withdrawal_at_once_end_in_one_of_two_states(app: Flask, story: Story, world: World) -> None:
    clerk = world.registrar.person.id
    for at in range(ROUNDS):
        forwarding = story.sent() if at % 3 == 0 else story.acknowledged()
        id, number = forwarding.id, str(forwarding.id)

        def withdraw(id: int = id) -> None:
            by = db.session.get_one(Person, clerk)
            forwarding_service.withdraw(db.session.get_one(Forwarding, id), by, "Ganda dengan surat lain.")

        acts = [answering(id, number), withdraw]
        told = together(app, *(acts if at % 2 else acts[::-1]))
        answered, withdrawn = told if at % 2 else told[::-1]
        db.session.expire_all()
        found = queries.of(forwarding)
        kept = db.session.scalars(select(StoredFile.name).where(StoredFile.name == f"{number}.pdf")).all()
        running = {one.clock.value for one in forwarding.deadlines if one.ended_at is None}
        end = (answered, withdrawn, forwarding.stage, len(found), len(kept), running)
        assert end in (
            ("done", "refused", Stage.ANSWERED, 1, 1, {"review"}),
            ("refused", "done", Stage.WITHDRAWN, 0, 0, set()),
        )
    assert list(verification.findings()) == []


def test_of_two_final_answers_at_once_one_is_under_review_and_nothing_is_left_of_the_other(
    app: Flask, story: Story
) -> None:
    for at in range(6):
        forwarding = story.acknowledged()
        numbers = (str(1000 + 2 * at), str(1001 + 2 * at))
        told = together(app, *(answering(forwarding.id, one) for one in numbers))
        assert sorted(told) == ["done", "refused"]
        first = numbers[told.index("done")]
        db.session.expire_all()
        [response] = queries.of(forwarding)
        assert (response.letter_number, [one.name for one in response.files]) == (first, [f"{first}.pdf"])
        assert queries.to_review([response]) is response
        named = [f"{one}.pdf" for one in numbers]
        assert db.session.scalars(select(StoredFile.name).where(StoredFile.name.in_(named))).all() == [f"{first}.pdf"]
    assert list(verification.findings()) == []


def test_the_same_form_twice_at_once_is_one_answer(app: Flask, story: Story) -> None:
    forwarding = story.acknowledged()
    key = "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a44"
    told = together(app, *(answering(forwarding.id, "7", request_key=key) for _ in range(2)))
    assert told == ["done", "done"]
    assert len(db.session.scalars(select(Response)).all()) == 1


def test_two_answers_to_the_same_letters_in_other_order_end_in_one_of_them(app: Flask, story: Story) -> None:
    """Rows are held in one order, so that nobody waits for somebody who waits."""
    ids = [story.acknowledged().id for _ in range(3)]

    def all_of(order: list[int], number: str) -> Callable[[], None]:
        def act() -> None:
            letters = [db.session.get_one(Forwarding, id) for id in order]
            answer = service.Answer(ResponseKind.FINAL, number, date(2026, 1, 5), "Sudah diperbaiki.")
            voice = voices.through_link(ProofChannel.LINK, 1, "Wening Larasati", "Irban II")
            service.receive_for_all(letters, answer, voice)

        return act

    told = together(app, all_of(ids, "1"), all_of(ids[::-1], "2"))
    assert sorted(told) == ["done", "refused"]
    numbers = db.session.scalars(select(Response.letter_number)).all()
    assert len(numbers) == 3
    assert len(set(numbers)) == 1
