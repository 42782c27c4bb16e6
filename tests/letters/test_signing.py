import threading

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub.audit import queries as audit
from hub.directory.models import Person
from hub.extensions import db
from hub.letters import queries, service
from hub.letters.models import Letter, LetterKind, LetterState
from tests.letters.test_rules import CONTENT


def drafted(institution, subject="Penerusan pengaduan: jalan berlubang"):
    return service.draft(institution, LetterKind.FORWARDING, subject, CONTENT, None)


def to_sign(institution):
    letter = drafted(institution)
    service.submit(letter)
    return letter


def test_a_letter_gets_number_and_date_when_it_is_signed_and_not_before(world):
    with freeze_time("2026-03-13 02:00"):
        letter = to_sign(world.ksn)
        assert (letter.number, letter.dated) == (None, None)
        service.sign(letter, world.signatory.person)
    assert letter.number == "B-1/Kemensetneg/D-4/Dumas/DM.05/03/2026"
    assert letter.state is LetterState.SIGNED
    kinds = [event.kind for event in audit.of_stream(f"letter:{letter.id}")]
    assert kinds == ["drafted", "submitted", "signed"]


def test_the_date_is_the_one_in_the_zone_of_the_institution(world):
    """17:30 UTC on 31 December is New Year's morning in Jakarta: the first number of the new year."""
    with freeze_time("2026-12-31 16:30"):
        old = to_sign(world.ksn)
        service.sign(old, world.signatory.person)
    with freeze_time("2026-12-31 17:30"):
        new = to_sign(world.ksn)
        service.sign(new, world.signatory.person)
    assert (old.number, new.number) == (
        "B-1/Kemensetneg/D-4/Dumas/DM.05/12/2026",
        "B-1/Kemensetneg/D-4/Dumas/DM.05/01/2027",
    )


def test_a_signature_that_is_rolled_back_leaves_no_gap(world):
    first, second = to_sign(world.ksn), to_sign(world.ksn)
    db.session.commit()
    service.sign(first, world.signatory.person)
    db.session.rollback()
    service.sign(second, world.signatory.person)
    assert second.running == 1


def test_many_signatures_at_once_give_every_number_once(app, world):
    letters = [to_sign(world.ksn).id for _ in range(12)]
    signatory = world.signatory.person.id
    db.session.commit()
    start = threading.Barrier(4)

    def sign(ids):
        with app.app_context():
            start.wait()
            for id in ids:
                service.sign(db.session.get_one(Letter, id), db.session.get_one(Person, signatory))
                db.session.commit()

    threads = [threading.Thread(target=sign, args=(letters[at::4],)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert sorted(db.session.scalars(select(Letter.running).where(Letter.id.in_(letters)))) == list(range(1, 13))


def test_two_signatures_on_one_letter_at_once_give_one_number(app, world):
    id, signatory = to_sign(world.ksn).id, world.signatory.person.id
    db.session.commit()
    start, outcomes = threading.Barrier(2), []

    def sign():
        with app.app_context():
            letter, person = db.session.get_one(Letter, id), db.session.get_one(Person, signatory)
            db.session.rollback()
            start.wait()
            try:
                service.sign(letter, person)
                db.session.commit()
                outcomes.append("signed")
            except service.NotInThisState:
                db.session.rollback()
                outcomes.append("too late")

    threads = [threading.Thread(target=sign) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["signed", "too late"]
    following = to_sign(world.ksn)
    service.sign(following, world.signatory.person)
    assert following.running == 2


def test_a_returned_letter_keeps_the_note_until_it_is_submitted_again(world):
    letter = to_sign(world.ksn)
    service.return_to_draft(letter, "Mohon perbaiki hal.", world.signatory.person)
    assert (letter.state, letter.returned_note, letter.submitted_at) == (LetterState.DRAFT, "Mohon perbaiki hal.", None)
    service.revise(letter, "Hal yang benar", CONTENT, None)
    service.submit(letter)
    assert (letter.subject, letter.returned_note) == ("Hal yang benar", "")


def test_what_the_signatory_reads_can_no_longer_be_changed(world):
    letter = to_sign(world.ksn)
    with pytest.raises(service.NotInThisState):
        service.revise(letter, "Lain", CONTENT, None)
    with pytest.raises(service.NotInThisState):
        service.sign(drafted(world.ksn), world.signatory.person)


def test_nobody_signs_for_another_institution(world):
    with pytest.raises(service.ForeignSignatory):
        service.sign(to_sign(world.ksn), world.ombudsman_signatory.person)


def test_a_letter_is_found_by_its_verification_code(world):
    letter = drafted(world.ksn)
    assert queries.by_verification_code(letter.verification_code.lower()) is letter
    assert queries.by_verification_code("bukan kode") is None
