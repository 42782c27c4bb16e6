import re
import threading
from dataclasses import replace

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub import clock
from hub.audit import queries as audit
from hub.directory.models import Person
from hub.extensions import db
from hub.files import service as files
from hub.letters import queries, service
from hub.letters.models import Letter, LetterKind, LetterState, SigningMethod, Stationery
from hub.letters.numbering import CannotSign
from hub.letters.rules import Paper, Security
from hub.letters.service import Signature
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


def test_signatures_that_fail_midway_among_many_at_once_leave_no_gap(app, world):
    """Every third one dies after it has its number, as when a process is killed or a later check refuses."""
    letters = [to_sign(world.ksn).id for _ in range(18)]
    signatory = world.signatory.person.id
    db.session.commit()
    start, signed, lock = threading.Barrier(3), [], threading.Lock()

    def sign(ids):
        with app.app_context():
            start.wait()
            for place, id in enumerate(ids):
                letter = db.session.get_one(Letter, id)
                service.sign(letter, db.session.get_one(Person, signatory))
                if place % 3 == 1:
                    db.session.rollback()
                    continue
                db.session.commit()
                with lock:
                    signed.append(id)

    threads = [threading.Thread(target=sign, args=(letters[at::3],)) for at in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    numbers = db.session.scalars(select(Letter.running).where(Letter.running.is_not(None)))
    assert sorted(numbers) == list(range(1, len(signed) + 1)) == list(range(1, 13))


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


BY_HAND = Signature(SigningMethod.WET, capacity="plh.")


def stationery(world, institution=None, **changes):
    values = {"paper": Paper.A4, "signing_method": SigningMethod.APPROVAL, "texts": {}, "version": 1, **changes}
    made = Stationery(institution_id=(institution or world.ksn).id, created_at=clock.now(), **values)
    db.session.add(made)
    db.session.flush()
    return made


def test_a_number_is_reserved_for_a_pen_and_kept_over_new_year(world):
    with freeze_time("2026-12-31 09:00"):
        letter = to_sign(world.ksn)
        service.reserve(letter, world.signatory.person, BY_HAND, world.registrar.person)
    assert (letter.state, letter.running, letter.capacity) == (LetterState.TO_SIGN, 1, "plh.")
    scan = files.store("pindaian.pdf", b"%PDF-1.7\n%%EOF")
    with freeze_time("2027-01-04 02:00"):
        service.sign(letter, world.signatory.person, replace(BY_HAND, file=scan), world.registrar.person)
    assert (letter.state, letter.file, letter.year, str(letter.dated)) == (LetterState.SIGNED, scan, 2026, "2026-12-31")
    signed = audit.last_of(letter.stream, "signed")
    assert (signed.actor_id, signed.details["signatory"]) == (world.registrar.person.id, world.signatory.person.id)


def test_what_comes_back_signed_must_be_what_was_printed(world):
    letter = to_sign(world.ksn)
    scan = files.store("pindaian.pdf", b"%PDF-1.7\n%%EOF")
    with pytest.raises(CannotSign):
        service.sign(letter, world.signatory.person, replace(BY_HAND, file=scan), world.registrar.person)
    service.reserve(letter, world.signatory.person, BY_HAND, world.registrar.person)
    for wrong in (Signature(SigningMethod.ELSEWHERE, file=scan), BY_HAND, Signature()):
        with pytest.raises(CannotSign):
            service.sign(letter, world.signatory.person, wrong)
    with pytest.raises(CannotSign):
        service.sign(letter, world.registrar.person, replace(BY_HAND, file=scan))
    with pytest.raises(CannotSign):
        service.reserve(letter, world.signatory.person, BY_HAND, world.registrar.person)


def test_a_reserved_number_is_not_returned_but_declared_void_and_never_used_again(world):
    letter = to_sign(world.ksn)
    service.reserve(letter, world.signatory.person, BY_HAND, world.registrar.person)
    with pytest.raises(CannotSign, match=re.escape(letter.number)):
        service.return_to_draft(letter, "Mohon perbaiki.", world.signatory.person)
    service.void(letter, "Salah cetak.", world.signatory.person)
    assert (letter.state, letter.void_reason, letter.running) == (LetterState.VOID, "Salah cetak.", 1)
    following = to_sign(world.ksn)
    service.sign(following, world.signatory.person)
    assert following.running == 2
    with pytest.raises(service.NotInThisState):
        service.void(letter, "Sekali lagi.", world.signatory.person)


def test_a_letter_without_a_number_is_not_declared_void(world):
    with pytest.raises(CannotSign):
        service.void(to_sign(world.ksn), "Tidak jadi.", world.signatory.person)


def test_the_pattern_may_hold_security_and_archive_class(world):
    world.ksn.number_template = "{class}-{n}/{archive}/{MM}/{YYYY}"
    stationery(world, archive_classes="DM.05 Pengaduan masyarakat\nHK.01 Hukum")
    usual = to_sign(world.ksn)
    secret = service.draft(
        world.ksn, LetterKind.FORWARDING, "Hal", replace(CONTENT, security=Security.CONFIDENTIAL, archive="HK.01"), None
    )
    service.submit(secret)
    with freeze_time("2026-03-13 02:00"):
        for letter in (usual, secret):
            service.sign(letter, world.signatory.person)
    assert (usual.number, secret.number) == ("B-1/DM.05/03/2026", "R-2/HK.01/03/2026")


def test_a_number_that_would_lack_its_archive_class_is_not_given(world):
    world.ksn.number_template = "{n}/{archive}/{YYYY}"
    letter = to_sign(world.ksn)
    with pytest.raises(CannotSign):
        service.sign(letter, world.signatory.person)
    world.ksn.number_template = "{n}/{YYYY}"
    service.sign(letter, world.signatory.person)
    assert letter.running == 1


def test_an_office_with_its_own_register_types_the_number(world):
    stationery(world, uses_own_register=True)
    first, second = to_sign(world.ksn), to_sign(world.ksn)
    for typed in ("", "tanpa angka", "1" * 121):
        with pytest.raises(CannotSign):
            service.sign(first, world.signatory.person, Signature(number=typed))
    service.sign(first, world.signatory.person, Signature(number=" 005/  Dumas/2026 "))
    assert (first.number, first.running) == ("005/ Dumas/2026", None)
    with pytest.raises(CannotSign, match=re.escape("005/ Dumas/2026")):
        service.sign(second, world.signatory.person, Signature(number="005/ Dumas/2026"))
    service.sign(second, world.signatory.person, Signature(number="005/DUMAS-2026"))
    assert queries.nearly_the_same(second) is first


def test_the_hub_gives_the_numbers_where_it_keeps_the_register(world):
    letter = to_sign(world.ksn)
    with pytest.raises(CannotSign):
        service.sign(letter, world.signatory.person, Signature(number="77"))


def test_a_number_typed_before_is_left_out_when_the_hub_keeps_the_register_again(world):
    with freeze_time("2026-03-13 02:00"):
        stationery(world, uses_own_register=True)
        typed, given = to_sign(world.ksn), to_sign(world.ksn)
        service.sign(typed, world.signatory.person, Signature(number="B-1/Kemensetneg/D-4/Dumas/DM.05/03/2026"))
        stationery(world, version=2)
        service.sign(given, world.signatory.person)
    assert given.running == 2


def test_of_two_who_type_the_same_number_at_once_one_is_refused(app, world):
    stationery(world, uses_own_register=True)
    ids, signatory = [to_sign(world.ksn).id for _ in range(2)], world.signatory.person.id
    db.session.commit()
    start, outcomes = threading.Barrier(2), []

    def sign(id):
        with app.test_request_context():
            letter, person = db.session.get_one(Letter, id), db.session.get_one(Person, signatory)
            db.session.rollback()
            start.wait()
            try:
                service.sign(letter, person, Signature(number="12/2026"))
                db.session.commit()
                outcomes.append("signed")
            except CannotSign:
                db.session.rollback()
                outcomes.append("refused")

    threads = [threading.Thread(target=sign, args=(id,)) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "signed"]
