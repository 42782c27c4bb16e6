"""A PIC leaves, another comes: no letter stays behind."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from hub import clock
from hub.accounts.models import Account
from hub.audit import queries as audit
from hub.database import read_only
from hub.directory import service as people
from hub.directory.models import AppointmentRole, Network
from hub.directory.service import Refused
from hub.extensions import db
from hub.forwardings import deadlines, tracks
from hub.forwardings.rules import ClockKey, Happening, Stage
from hub.letters.models import LetterKind
from hub.mail import service as mail
from hub.mail.models import EmailPurpose, EmailState
from hub.monitoring.verification import findings
from hub.post import queries as post
from hub.post import service as posting
from hub.post.service import slip_address
from hub.silence import service as silence
from hub.silence.queries import cases
from hub.silence.rules import Grade
from hub.upkeep import handover, invitations, moving
from hub.upkeep.announcements import MOST_LINES
from tests.conftest import Client
from tests.story import Story
from tests.upkeep.office import DEPUTY, KSN, LEAVING, NEWCOMER, Office, links_of, mails_to
from tests.world import PASSWORD, World


def test_the_letters_go_to_the_newcomer_with_a_new_link_each(story: Story, office: Office) -> None:
    sent, confirmed = story.sent(), story.acknowledged()
    handed = office.hand_over()
    assert handed.moved is not None
    assert (len(handed.moved.letters), handed.moved.links, handed.moved.mails) == (2, 2, 2)
    for forwarding in (sent, confirmed):
        (old,) = links_of(forwarding, LEAVING)
        (new,) = links_of(forwarding, NEWCOMER)
        assert (old.link_state.value, new.link_state.value) == ("revoked", "good")
        assert (new.purpose, new.letter_id) == (EmailPurpose.HANDOVER, forwarding.letter_id)
    assert "belum dikonfirmasi" in links_of(sent, NEWCOMER)[0].paragraphs
    assert "sudah dikonfirmasi" in links_of(confirmed, NEWCOMER)[0].paragraphs


def test_terms_meet_without_a_gap_or_a_shared_day(office: Office) -> None:
    before = office.present()
    assert before is not None
    handed = office.hand_over()
    assert before.valid_until == office.today - timedelta(days=1)
    assert (handed.appointment.valid_from, handed.appointment.decree_number) == (office.today, "700/9/SK/2026")
    assert office.present() is handed.appointment


def test_a_letter_that_never_left_leaves_for_the_newcomer(story: Story, office: Office) -> None:
    ready = story.signed()
    office.hand_over()
    (old,), (new,) = links_of(ready, LEAVING), links_of(ready, NEWCOMER)
    assert (old.state, new.state, new.purpose) == (EmailState.CANCELLED, EmailState.QUEUED, EmailPurpose.LETTER)


def test_an_answered_letter_only_loses_the_link_of_who_left(story: Story, office: Office) -> None:
    answered = story.answered().forwarding
    office.hand_over()
    assert {one.link_state.value for one in links_of(answered, LEAVING)} == {"revoked"}
    assert not links_of(answered, NEWCOMER)
    assert Happening.HANDED_ON not in [event.kind for event in audit.of_stream(answered.stream)]


def test_a_closed_letter_and_another_network_are_left_alone(story: Story, office: Office, world: World) -> None:
    closed = story.closed()
    office.hand_over()
    assert not links_of(closed, NEWCOMER)
    assert handover.leaving(world.regency, Network.OMBUDSMAN) is None


def test_what_was_not_told_yet_is_told_to_the_newcomer(story: Story, office: Office) -> None:
    from hub.responses import service as responses

    response = story.answered()
    responses.return_incomplete(response, story.world.registrar.person, "Foto sesudah perbaikan")
    db.session.commit()
    office.hand_over()
    receipt, notice = mails_to(NEWCOMER, about=response.forwarding.stream, purpose=EmailPurpose.NOTICE)
    assert receipt.subject.startswith("Jawaban diterima")
    assert "Foto sesudah perbaikan" in notice.paragraphs


def test_the_record_names_both_persons_and_still_holds_together(story: Story, office: Office) -> None:
    sent = story.sent()
    newcomer = office.hand_over().appointment.person
    event = audit.of_stream(sent.stream)[-1]
    assert (event.kind, event.details) == (
        Happening.HANDED_ON,
        {"from": story.world.regency_pic.person.id, "to": newcomer.id},
    )
    assert sent.stage is Stage.SENT
    with read_only():
        assert list(findings()) == []


def test_dates_stay_and_nobody_is_reminded_on_the_day(story: Story, office: Office) -> None:
    sent = story.sent()
    (running,) = [one for one in sent.deadlines if one.ended_at is None and one.clock is ClockKey.ACKNOWLEDGE]
    running.due_on = date(2020, 1, 2)
    handed = office.hand_over()
    assert handed.moved is not None
    assert (running.due_on, running.ended_at) == (date(2020, 1, 2), None)
    assert silence.plan(clock.now()).reminded == []
    noons = (clock.now().replace(hour=3) + timedelta(days=ahead) for ahead in range(1, 15))
    assert any(silence.plan(noon).reminded for noon in noons)


@pytest.mark.parametrize("reached", [True, False])
def test_a_letter_that_went_by_post_is_watched_once_the_newcomer_has_it_by_mail(
    story: Story, office: Office, reached: bool
) -> None:
    """Else nobody would ever notice that both were lost."""
    sent = story.signed()
    (refused,), (envelope,) = links_of(sent, LEAVING), post.of(sent.stream)
    refused.state, refused.ended_at = EmailState.FAILED, clock.now()
    posting.mark_printed(envelope)
    posting.mark_posted(envelope, "RR473124829ID")
    tracks.notice_dispatches()
    office.hand_over()
    (new,) = links_of(sent, NEWCOMER)
    assert deadlines.find_running(sent, ClockKey.ACKNOWLEDGE) is None
    new.handed_over_at = new.ended_at = clock.now()
    new.state = EmailState.HANDED_OVER
    tracks.notice_dispatches()
    running = deadlines.find_running(sent, ClockKey.ACKNOWLEDGE)
    assert running is not None
    assert running.started_on == office.today
    if not reached:
        new.state, new.noticed_at = EmailState.BOUNCED, None
        tracks.notice_dispatches()
        assert deadlines.find_running(sent, ClockKey.ACKNOWLEDGE) is None
    assert [one.verdict.grade for one in cases()] == [None]


def test_the_slip_in_the_envelope_still_works_and_the_old_link_names_the_office(
    story: Story, office: Office, client: Client
) -> None:
    sent = story.sent()
    (old,) = links_of(sent, LEAVING)
    office.hand_over()
    closed = client.get(mail.link_address(old).removeprefix("http://localhost"))
    assert closed.status_code == 410
    assert "Inspektorat Kabupaten Probolinggo" in closed.text
    assert "Wulan" not in closed.text
    slip = slip_address(post.of(sent.stream)[0]).removeprefix("http://localhost")
    assert client.post(slip, data={"name": "Tirta Anggara", "office": "Staf Umum"}).status_code == 200
    assert sent.stage is Stage.ACKNOWLEDGED


def test_the_new_link_confirms(story: Story, office: Office, client: Client) -> None:
    sent = story.sent()
    office.hand_over()
    (new,) = links_of(sent, NEWCOMER)
    address = mail.link_address(new).removeprefix("http://localhost")
    assert client.post(address, data={"name": "Wulan Prameswari", "office": "Irban II"}).status_code == 200
    assert sent.stage is Stage.ACKNOWLEDGED


def test_who_left_sees_the_letter_no_more_and_the_newcomer_does(
    story: Story, office: Office, signed_in_as: Callable[[Account], Client]
) -> None:
    sent, world = story.sent(), story.world
    assert signed_in_as(world.regency_pic).get(f"/forwardings/{sent.id}").status_code == 200
    office.hand_over()
    (invitation,) = mails_to(NEWCOMER, purpose=EmailPurpose.INVITATION)
    newcomer = invitations.accept(invitation, PASSWORD)
    db.session.commit()
    assert signed_in_as(world.regency_pic).get(f"/forwardings/{sent.id}").status_code == 404
    assert not world.regency_pic.may("respond")
    assert signed_in_as(newcomer).get(f"/forwardings/{sent.id}").status_code == 200


def test_each_sender_is_told_once_with_the_numbers_the_new_name_and_the_new_phone(story: Story, office: Office) -> None:
    letters = [story.sent() for _ in range(3)]
    assert office.hand_over().senders == 1
    (told,) = mails_to(story.world.ksn.email)
    assert all(str(one.letter.number) in told.paragraphs for one in letters)
    assert "Wulan Prameswari, Inspektur Pembantu II" in told.paragraphs
    assert "0812-0000-7777" in told.paragraphs
    assert "Jalan berlubang" not in told.paragraphs


def test_a_newcomer_without_account_gets_one_digest_with_the_button(story: Story, office: Office) -> None:
    letters = [story.sent(), story.acknowledged()]
    office.hand_over()
    (digest,) = [one for one in mails_to(NEWCOMER) if not one.about.startswith("forwarding:")]
    assert (digest.purpose, digest.action) == (EmailPurpose.INVITATION, "Buat kata sandi")
    assert "2 surat menunggu tindakan kantor Anda" in digest.paragraphs
    assert all(str(one.letter.number) in digest.paragraphs for one in letters)


def test_the_digest_names_the_most_urgent_letters_and_counts_the_rest(story: Story, office: Office) -> None:
    letters = [story.sent() for _ in range(MOST_LINES + 2)]
    office.hand_over()
    (digest,) = [one for one in mails_to(NEWCOMER) if not one.about.startswith("forwarding:")]
    assert sum(str(one.letter.number) in digest.paragraphs for one in letters) == MOST_LINES
    assert "Dan 2 lainnya di daftar kerja Anda." in digest.paragraphs


def test_a_deputy_with_an_account_becomes_pic_and_gets_the_list(story: Story, office: Office) -> None:
    story.sent()
    deputy = office.deputy()
    from hub.accounts import service as accounts

    accounts.create_account(deputy, PASSWORD, [])
    handed = office.hand_over(person=deputy)
    (digest,) = [one for one in mails_to(DEPUTY) if not one.about.startswith("forwarding:")]
    assert "Daftar kerja Anda: http://localhost/" in digest.paragraphs
    roles = [(one.role, one.valid_until) for one in deputy.appointments]
    assert (AppointmentRole.DEPUTY, office.today - timedelta(days=1)) in roles
    assert handed.appointment.person is deputy


def test_of_many_letters_those_already_confirmed_stand_in_the_digest_only(
    story: Story, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "EACH_BY_MAIL", 1)
    sent, confirmed = story.sent(), story.acknowledged()
    office.hand_over()
    assert len(links_of(sent, NEWCOMER)) == 1
    assert links_of(confirmed, NEWCOMER) == []
    assert links_of(confirmed, LEAVING)[0].link_state.value == "revoked"
    (digest,) = mails_to(NEWCOMER, purpose=EmailPurpose.INVITATION)
    assert str(confirmed.letter.number) in digest.paragraphs


def test_a_letter_sent_by_post_alone_gets_no_mail(story: Story, office: Office) -> None:
    by_post = story.signed(by_email=False)
    handed = office.hand_over()
    assert handed.moved is not None
    assert (len(handed.moved.letters), handed.moved.mails) == (1, 0)
    assert mails_to(NEWCOMER, about=by_post.stream) == []


def test_a_mailbox_of_the_office_is_not_personal(story: Story, office: Office) -> None:
    office.world.regency.email = LEAVING
    sent = story.sent()
    office.hand_over()
    assert links_of(sent, LEAVING)[0].link_state.value == "good"


def test_links_at_an_address_the_person_had_before_are_closed_too(story: Story, office: Office) -> None:
    sent = story.sent()
    people.change_person(story.world.regency_pic.person, {"email": "rina.baru@kantor.example"}, office.by)
    office.hand_over()
    assert links_of(sent, LEAVING)[0].link_state.value == "revoked"


def test_without_a_bounce_unseen_the_new_mail_alone_keeps_the_track_alive(story: Story, office: Office) -> None:
    sent = story.sent(by_post=False)
    office.hand_over()
    (new,) = links_of(sent, NEWCOMER)
    assert cases()[0].verdict.grade is None
    mail.fail(new, "550 5.1.1 User unknown")
    db.session.commit()
    assert cases()[0].verdict.grade is Grade.UNDELIVERED


def test_a_vacant_office_gets_its_first_pic_and_letters_keep_the_office_link(
    story: Story, office: Office, world: World
) -> None:
    office.end_term()
    sent = story.sent()
    mailbox = world.regency.email
    handed = office.hand_over()
    assert (handed.moved, links_of(sent, mailbox)[0].link_state.value) == (None, "good")
    (digest,) = mails_to(NEWCOMER)
    assert str(sent.letter.number) in digest.paragraphs
    assert mails_to(world.ksn.email) == []


# --- what is refused


def refusal(office: Office, **changes: object) -> Refused:
    with pytest.raises(Refused) as refused:
        office.hand_over(**changes)
    db.session.rollback()
    present = office.present()
    assert present is not None
    assert (present.person.email, present.valid_until) == (LEAVING, None)
    return refused.value


def test_a_first_day_before_the_present_term_is_refused(office: Office) -> None:
    assert refusal(office, first_day=date(2024, 1, 2)).field == "valid_from"


def test_an_end_before_the_start_is_refused(office: Office) -> None:
    assert refusal(office, last_day=office.today - timedelta(days=1)).field == "valid_until"


def test_somebody_elses_address_is_refused(office: Office) -> None:
    assert refusal(office, email="province.pic@kantor.example").field == "email"


def test_the_same_person_is_refused(office: Office, world: World) -> None:
    assert refusal(office, person=world.regency_pic.person).field == "successor"
    assert refusal(office, name=world.regency_pic.person.name, email=LEAVING).field == "email"


def test_somebody_of_another_office_is_refused(office: Office, world: World) -> None:
    assert refusal(office, person=world.province_pic.person).field == "successor"


def test_a_term_that_overlaps_a_planned_one_is_refused(office: Office) -> None:
    office.hand_over(first_day=office.today + timedelta(days=30))
    present = office.present()
    assert present is not None
    with pytest.raises(Refused, match="Wulan Prameswari"):
        office.hand_over(first_day=office.today + timedelta(days=10), name="Tirta", email="tirta@kantor.example")


def test_of_two_administrators_the_second_is_told(office: Office, world: World) -> None:
    present = office.present()
    assert present is not None
    seen = present.id
    office.hand_over()
    with pytest.raises(Refused) as refused:
        handover.hand_over(
            world.regency, KSN, office.succession(name="Tirta", email="tirta@kantor.example"), seen, office.by
        )
    assert refused.value.field == "successor"


def test_a_rehearsal_changes_nothing(office: Office, world: World) -> None:
    present = office.present()
    assert present is not None
    handover.rehearse(world.regency, KSN, office.succession(), present.id, office.by)
    assert office.present() is present
    assert present.valid_until is None
    assert mails_to(NEWCOMER) == []


def test_an_act_that_fails_in_the_middle_leaves_nothing_changed(
    story: Story, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [story.sent() for _ in range(3)]
    real, calls = moving.advance, []

    def fails_at_the_third(*arguments: object) -> bool:
        calls.append(arguments)
        if len(calls) == 3:
            raise RuntimeError("the machine stops here")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(moving, "advance", fails_at_the_third)
    with pytest.raises(RuntimeError):
        office.hand_over()
    db.session.rollback()
    present = office.present()
    assert present is not None
    assert (present.person.email, present.valid_until) == (LEAVING, None)
    assert [links_of(one, LEAVING)[0].link_state.value for one in letters] == ["good"] * 3
    assert mails_to(NEWCOMER) == []


def test_the_newcomer_gets_the_whole_list_as_a_document_of_the_office(
    story: Story, office: Office, work: Callable[[], Any]
) -> None:
    numbers = [story.sent().letter.number for _ in range(MOST_LINES + 2)]
    office.hand_over()
    (listed,) = (one.letter for one in mails_to(NEWCOMER) if one.letter and one.letter.kind is LetterKind.HANDOVER)
    assert [row[0] for row in listed.content["rows"]] == numbers
    assert (listed.institution_id, listed.number) == (office.world.regency.id, None)
    work()
    assert listed.file is not None


def test_a_handover_for_a_later_day_shows_no_list_yet(story: Story, office: Office) -> None:
    story.sent()
    office.hand_over(first_day=office.today + timedelta(days=3))
    assert not [one for one in mails_to(NEWCOMER) if one.letter]
