"""Letters that follow up one that was not answered."""

from datetime import date

import pytest
from freezegun import freeze_time

from hub.audit import queries as audit
from hub.complaints.rules import ComplainedOf
from hub.extensions import db
from hub.forwardings import tracks
from hub.forwardings.followups import addressing
from hub.forwardings.followups import service as followups
from hub.forwardings.rules import Happening, NotNow, Stage
from hub.forwardings.service import CannotForward
from hub.letters import document
from hub.letters.models import Letter, LetterKind, LetterState
from hub.mail import queries as mail
from hub.mail.message import text_of
from hub.mail.models import EmailPurpose, EmailState
from hub.post import queries as post
from hub.post.rules import PostState
from hub.routing.rules import Purpose
from hub.silence.queries import cases, facts_of


def drafted(forwarding, world, kind=LetterKind.REMINDER, note=""):
    letter = followups.draft(forwarding, kind, note, world.registrar.person)
    db.session.commit()
    return letter


def signed(forwarding, world, kind=LetterKind.REMINDER):
    letter = drafted(forwarding, world, kind)
    followups.submit(letter, world.registrar.person)
    followups.sign(letter, world.signatory.person)
    db.session.commit()
    return letter


def test_a_reminder_says_what_was_sent_what_became_of_it_and_what_is_owed(story, world):
    with freeze_time("2026-03-13T02:00:00Z"):
        forwarding = story.acknowledged()
        page = document.html(drafted(forwarding, world, note="Warga menunggu."))
    number = forwarding.letter.number
    for part in (
        f"Menunjuk surat kami Nomor {number} tanggal 13 Maret 2026",
        f"1 berkas (salinan surat Nomor {number})",
        "13 Maret 2026, melalui email dan pos",
        f"13 Maret 2026, oleh {world.regency_pic.person.name}",
        "paling lambat Jumat, 10 April 2026",
        "Warga menunggu.",
        "mohon beri tahu kami nomor dan tanggal surat jawabannya",
    ):
        assert part in page
    assert "Puspa" not in page


def test_before_receipt_is_proven_the_date_is_only_an_estimate(story, world):
    with freeze_time("2026-03-13T02:00:00Z"):
        page = document.html(drafted(story.sent(), world))
    assert "14 (empat belas) hari kerja sejak surat diterima (perkiraan 10 April 2026)" in page
    assert "belum ada bukti terima pada kami" in page
    assert "konfirmasi penerimaan dan tanggapan" in page


def test_a_signed_reminder_leaves_on_the_tracks_of_the_forwarding_and_moves_no_stage(story, world):
    forwarding = story.sent()
    letter = signed(forwarding, world)
    assert (letter.state, letter.number.startswith("B-2/"), forwarding.stage) == (LetterState.SIGNED, True, Stage.SENT)
    [email] = [one for one in mail.of(forwarding.stream) if one.letter_id == letter.id]
    assert (email.purpose, email.to_address) == (EmailPurpose.REMINDER, world.regency_pic.person.email)
    assert text_of(email).link
    [envelope] = [one for one in post.of(forwarding.stream) if one.letter_id == letter.id]
    assert envelope.address.endswith(world.regency.postal_address)
    assert audit.last_of(forwarding.stream, Happening.URGED).details == {"letter": letter.id, "kind": "reminder"}


def test_the_mail_carries_a_copy_of_the_first_letter(story, world, smtp, work):
    forwarding = story.signed(by_post=False)
    work(), work()
    letter = signed(forwarding, world)
    work(), work()
    reminder = next(one for one in smtp.received if letter.number in one.message["subject"])
    names = [part.get_filename() for part in reminder.message.iter_attachments()]
    assert len(names) == len(set(names)) == 2
    assert names[1].startswith("B-1-")


def test_an_escalation_goes_to_the_supervisor_with_nothing_to_confirm(story, world):
    forwarding = story.acknowledged()
    letter = signed(forwarding, world, LetterKind.ESCALATION)
    [email] = [one for one in mail.of(forwarding.stream) if one.letter_id == letter.id]
    assert (email.institution_id, email.purpose, email.action) == (world.province.id, EmailPurpose.COPY, "")
    [envelope] = [one for one in post.of(forwarding.stream) if one.letter_id == letter.id]
    assert (envelope.institution_id, envelope.has_slip) == (world.province.id, False)
    assert letter.content["addressee"] == [world.province.head_title]


def test_an_envelope_delivered_to_the_supervisor_proves_nothing_about_the_recipient(story, world):
    forwarding = story.sent()
    letter = signed(forwarding, world, LetterKind.ESCALATION)
    [envelope] = [one for one in post.of(forwarding.stream) if one.letter_id == letter.id]
    envelope.state, envelope.delivered_on, envelope.delivered_to = PostState.DELIVERED, date(2026, 3, 16), "Satpam"
    db.session.flush()
    tracks.notice_dispatches()
    assert (forwarding.stage, forwarding.received_at) == (Stage.SENT, None)


def test_an_escalation_never_goes_to_the_body_complained_of(story, world):
    about = {"complained_of": ComplainedOf.INSPECTORATE, "complained_of_id": world.province.id}
    reason = "Hanya Inspektorat ini yang dapat menjelaskan berkasnya."
    forwarding = story.sent(complaint=story.complaint(**about), override_reason=reason)
    choice = next(one for one in addressing.choices(forwarding) if one.kind is LetterKind.ESCALATION)
    assert choice.to is world.province.supervisor


def test_a_letter_to_the_head_is_addressed_to_whom_the_recipient_answers(story, world):
    letter = signed(story.sent(), world, LetterKind.TO_HEAD)
    assert letter.content["addressee"] == [world.regency.line_addressee]
    envelope = post.of(letter.about)[-1]
    assert envelope.address.splitlines()[:2] == [world.regency.line_addressee, f"d.a. {world.regency.name}"]


def test_nobody_writes_to_the_head_whom_the_complaint_is_about(story, world):
    complaint = story.complaint(complained_of=ComplainedOf.HEAD)
    reason = "Hanya Inspektorat ini yang dapat menjelaskan berkasnya."
    forwarding = story.sent(complaint=complaint, override_reason=reason)
    choice = next(one for one in addressing.choices(forwarding) if one.kind is LetterKind.TO_HEAD)
    assert (choice.to, world.regency.line_addressee in choice.why_not) == (None, True)
    with pytest.raises(CannotForward):
        drafted(forwarding, world, LetterKind.TO_HEAD)


def test_only_a_clarification_has_a_second_request(story):
    kinds = [one.kind for one in addressing.choices(story.sent())]
    assert kinds == [LetterKind.REMINDER, LetterKind.TO_HEAD, LetterKind.ESCALATION]
    clarification = story.sent(purpose=Purpose.CLARIFICATION)
    assert LetterKind.SECOND_REQUEST in [one.kind for one in addressing.choices(clarification)]


def test_an_answer_that_came_meanwhile_stops_the_letter_at_its_signature(story, world):
    response = story.answered()
    assert addressing.choices(response.forwarding) == []
    forwarding = story.acknowledged()
    letter = drafted(forwarding, world)
    followups.submit(letter, world.registrar.person)
    forwarding.stage = Stage.ANSWERED
    with pytest.raises(NotNow):
        followups.sign(letter, world.signatory.person)
    assert letter.number is None


def test_the_same_kind_is_drafted_once(story, world):
    forwarding = story.sent()
    first = drafted(forwarding, world, note="Satu.")
    assert drafted(forwarding, world, note="Dua.") is first
    assert "Dua." in document.html(first)
    followups.submit(first, world.registrar.person)
    with pytest.raises(CannotForward):
        drafted(forwarding, world)


def test_it_is_no_track_of_the_first_letter_wherever_that_is_judged(story, world):
    """The first mail bounced and the reminder is on its way: the letter still has not arrived."""
    forwarding = story.sent(by_post=False)
    for one in mail.of(forwarding.stream):
        one.state = EmailState.BOUNCED
    letter = signed(forwarding, world)
    emails, posts = mail.of(forwarding.stream), post.of(forwarding.stream)
    [case] = [one for one in cases() if one.id == forwarding.id]
    assert letter.id in {one.letter_id for one in emails}
    assert not facts_of(forwarding, emails, posts, [], []).has_live_track
    assert not case.facts.has_live_track


def test_from_the_page_of_the_forwarding_to_the_signature(story, world, signed_in_as):
    forwarding = story.sent()
    registrar, signatory = signed_in_as(world.registrar), signed_in_as(world.signatory)
    here = f"/forwardings/{forwarding.id}"
    assert f"{here}/letters/new" in registrar.get(here).text
    page = registrar.get(f"{here}/letters/new").text
    assert world.regency.line_addressee in page
    answer = registrar.post(f"{here}/letters/new", data={"kind": "reminder", "note": "Mohon segera."})
    place = answer.location
    assert "Mohon segera." in registrar.get(f"{place}/edit").text
    assert "Mohon segera." in registrar.get(f"{place}/preview").text
    registrar.post(f"{place}/submit")
    letter = db.session.get_one(Letter, int(place.rpartition("/")[2]))
    signing = f"/letters/{letter.id}"
    assert f"{signing}/sign" in signatory.get(place).text
    signatory.post(f"{signing}/return", data={"reason": "Kurang sopan."})
    assert "Kurang sopan." in registrar.get(place).text
    registrar.post(f"{place}/submit")
    db.session.refresh(letter)
    approval = {"method": "approval", "signatory": world.signatory.person.id, "capacity": ""}
    signatory.post(f"{signing}/sign", data={**approval, "read": "something older"})
    db.session.refresh(letter)
    assert letter.number is None
    signatory.post(f"{signing}/sign", data={**approval, "read": str(letter.submitted_at)})
    db.session.refresh(letter)
    assert letter.number in registrar.get(here).text


def test_the_recipient_reads_what_was_signed_and_sent_there_and_nothing_else(story, world, signed_in_as):
    forwarding = story.acknowledged()
    reminder, draft = signed(forwarding, world), drafted(forwarding, world, LetterKind.TO_HEAD)
    escalation = signed(forwarding, world, LetterKind.ESCALATION)
    pic = signed_in_as(world.regency_pic)
    seen = {one.id: pic.get(f"/forwardings/{forwarding.id}/letters/{one.id}") for one in (reminder, draft, escalation)}
    assert [answer.status_code for answer in seen.values()] == [200, 404, 404]
    page = pic.get(f"/forwardings/{forwarding.id}").text
    assert reminder.number in page
    assert escalation.number not in page
    assert pic.get(f"/forwardings/{forwarding.id}/letters/new").status_code == 403


def test_a_letter_of_another_forwarding_is_not_found_here(story, world, signed_in_as):
    letter, other = drafted(story.sent(), world), story.sent()
    address = f"/forwardings/{other.id}/letters/{letter.id}"
    assert signed_in_as(world.registrar).get(address).status_code == 404
    first = f"/forwardings/{other.id}/letters/{other.letter_id}"
    assert signed_in_as(world.registrar).get(first).status_code == 404
