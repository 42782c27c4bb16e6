"""A letter is declared void before anything of it has left, or not at all."""

import threading

import pytest

from hub.directory.models import Person
from hub.extensions import db
from hub.forwardings import service, signing, tracks, voiding
from hub.forwardings.followups import service as followups
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import NotNow, Stage
from hub.letters import document
from hub.letters.models import Letter, LetterKind, LetterState
from hub.letters.numbering import CannotSign
from hub.letters.service import APPROVED, NotInThisState
from hub.mail import claims, sender
from hub.mail import queries as mail
from hub.mail import service as outbox
from hub.mail.models import EmailState
from hub.monitoring import verification
from hub.post import queries as post
from hub.post import service as envelopes
from hub.post.rules import PostState

WHY = "Nama penerima keliru."


def test_the_new_letter_gets_the_next_number_and_the_record_folds_to_the_same(story, world):
    forwarding = story.signed()
    old = forwarding.letter
    voiding.void(forwarding, world.signatory.person, WHY)
    service.submit(forwarding, world.registrar.person)
    service.sign(forwarding, world.signatory.person)
    db.session.commit()
    assert (old.running, forwarding.letter.running, old.about) == (1, 2, forwarding.stream)
    assert [one.state for one in mail.of(forwarding.stream)] == [EmailState.CANCELLED, EmailState.QUEUED]
    assert list(verification.findings()) == []


def test_clocks_of_the_way_out_end_with_the_letter(story, world):
    forwarding = story.signed()
    voiding.void(forwarding, world.signatory.person, WHY)
    assert [one for one in forwarding.deadlines if one.ended_at is None] == []


@pytest.mark.parametrize("left", ["by mail", "in the hands of the worker", "by post"])
def test_what_has_left_or_is_leaving_cannot_be_declared_void(story, world, left):
    forwarding = story.signed()
    [email], [envelope] = mail.of(forwarding.stream), post.of(forwarding.stream)
    if left == "by post":
        envelopes.mark_printed(envelope)
        envelopes.mark_posted(envelope, "RR473124829ID")
    elif left == "by mail":
        outbox.hand_over(email, "250 OK")
    else:
        _make_pdf(forwarding.letter)
        assert claims.begin(claims.take(1)[0])
    db.session.commit()
    with pytest.raises(CannotSign):
        voiding.void(forwarding, world.signatory.person, WHY)
    db.session.rollback()
    assert (forwarding.stage, forwarding.letter.state) == (Stage.READY, LetterState.SIGNED)


def test_once_somebody_has_it_nothing_is_void(story, world):
    with pytest.raises(NotNow):
        voiding.void(story.sent(), world.signatory.person, WHY)


def test_a_mail_that_was_claimed_and_not_begun_never_leaves_after_the_letter_is_void(story, world):
    forwarding = story.signed(by_post=False)
    _make_pdf(forwarding.letter)
    [claimed] = claims.take(5)
    mail.of(forwarding.stream)[0].claimed_until = None  # as when the claim has run out
    db.session.commit()
    voiding.void(forwarding, world.signatory.person, WHY)
    db.session.commit()
    assert not claims.begin(claimed)
    assert claims.take(5) == []


def test_void_and_the_mail_worker_at_once_end_in_one_state(app, story, world, smtp):
    """Whoever comes first wins: the letter has left and stands, or it is void and nothing was sent."""
    for _ in range(4):
        forwarding = story.signed(by_post=False)
        _make_pdf(forwarding.letter)
        old, before = forwarding.letter.id, len(smtp.received)
        start, outcomes = threading.Barrier(2), []

        def void(id=forwarding.id, by=world.signatory.person.id, start=start, outcomes=outcomes):
            with app.test_request_context():
                start.wait()
                try:
                    voiding.void(db.session.get_one(Forwarding, id), db.session.get_one(Person, by), WHY)
                    db.session.commit()
                    outcomes.append("void")
                except (CannotSign, NotNow):
                    db.session.rollback()
                    outcomes.append("too late")

        def send(start=start):
            with app.app_context():
                start.wait()
                sender.send_due()
                db.session.commit()

        db.session.rollback()
        threads = [threading.Thread(target=void), threading.Thread(target=send)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.rollback()
        letter, sent = db.session.get_one(Letter, old), len(smtp.received) - before
        tracks.notice_dispatches()
        db.session.commit()
        assert (outcomes, sent, letter.state, forwarding.stage) in [
            (["void"], 0, LetterState.VOID, Stage.DRAFT),
            (["too late"], 1, LetterState.SIGNED, Stage.SENT),
        ]


def test_an_old_page_signs_neither_the_void_letter_nor_the_one_in_its_place(story, world):
    forwarding = story.signed()
    old = forwarding.letter
    voiding.void(forwarding, world.signatory.person, WHY)
    service.submit(forwarding, world.registrar.person)
    with pytest.raises(NotInThisState):
        signing.sign(old, world.signatory.person, APPROVED)
    assert forwarding.letter.number is None


def test_whoever_withdraws_a_forwarding_declares_its_letter_void(story, world):
    sent, draft = story.sent(), story.draft()
    reason = "Pengaduan dicabut. " * 40
    for forwarding in (sent, draft):
        service.withdraw(forwarding, world.registrar.person, reason)
    db.session.commit()
    assert (sent.letter.state, draft.letter.state) == (LetterState.VOID, LetterState.DRAFT)
    assert sent.letter.void_reason == reason[:500]
    assert sent.letter.number


def test_the_mail_room_still_notes_what_became_of_an_envelope_under_way(story, world, signed_in_as):
    forwarding = story.sent()
    [envelope] = post.of(forwarding.stream)
    envelopes.mark_printed(envelope)
    envelopes.mark_posted(envelope, "RR473124829ID")
    service.withdraw(forwarding, world.registrar.person, WHY)
    assert envelope.state is PostState.POSTED
    assert signed_in_as(world.registrar).get(f"/post/{envelope.id}").status_code == 200


def _make_pdf(letter):
    from hub.files import service as files

    letter.file = files.store_made("surat.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")
    db.session.commit()


def test_the_draft_in_its_place_names_nobody_who_has_not_signed_it(story, world):
    forwarding = story.signed()
    voiding.void(forwarding, world.signatory.person, WHY)
    assert world.signatory.person.name not in document.html(forwarding.letter)


def test_withdrawing_leaves_no_follow_up_letter_in_the_queue_or_in_force(story, world):
    forwarding = story.acknowledged()
    signed, waiting = followups.draft(forwarding, LetterKind.REMINDER, "", world.registrar.person), None
    followups.submit(signed, world.registrar.person)
    followups.sign(signed, world.signatory.person)
    waiting = followups.draft(forwarding, LetterKind.TO_HEAD, "", world.registrar.person)
    followups.submit(waiting, world.registrar.person)
    service.withdraw(forwarding, world.registrar.person, WHY)
    db.session.commit()
    assert (signed.state, waiting.state) == (LetterState.VOID, LetterState.DRAFT)


def test_a_void_follow_up_takes_its_mail_and_envelope_along_and_promises_no_draft(story, world, signed_in_as):
    forwarding = story.acknowledged()
    letter = followups.draft(forwarding, LetterKind.REMINDER, "", world.registrar.person)
    followups.submit(letter, world.registrar.person)
    followups.sign(letter, world.signatory.person)
    db.session.commit()
    signatory = signed_in_as(world.signatory)
    assert "mendapat nomor baru" not in signatory.get(f"/letters/{letter.id}/void").text
    signatory.post(f"/letters/{letter.id}/void", data={"reason": WHY})
    db.session.refresh(letter)
    assert (letter.state, forwarding.stage) == (LetterState.VOID, Stage.ACKNOWLEDGED)
    assert {one.state for one in mail.of(forwarding.stream) if one.letter_id == letter.id} == {EmailState.CANCELLED}
    assert {one.state for one in post.of(forwarding.stream) if one.letter_id == letter.id} <= {PostState.CANCELLED}
