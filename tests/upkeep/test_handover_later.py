"""Terms that end by themselves, and handovers planned for a later day: the worker looks after the letters."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from freezegun import freeze_time

from hub import clock
from hub.directory import service as people
from hub.directory.models import AppointmentRole
from hub.extensions import db
from hub.forwardings.rules import Stage
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.silence.queries import cases
from hub.silence.rules import Grade
from hub.upkeep import departures, handover
from tests.story import Story
from tests.upkeep.office import DEPUTY, KSN, LEAVING, NEWCOMER, Office, links_of, mails_to
from tests.world import World


def catch_up() -> int:
    done = handover.catch_up(clock.now())
    db.session.commit()
    return done


def number_of_mails() -> int:
    return db.session.query(EmailDispatch).count()


def test_a_handover_on_a_later_day_moves_the_letters_on_that_day(story: Story, office: Office) -> None:
    sent, day = story.sent(), office.today + timedelta(days=3)
    assert office.hand_over(first_day=day).moved is None
    assert catch_up() == 0
    assert mails_to(NEWCOMER) == []
    assert links_of(sent, LEAVING)[0].link_state.value == "good"
    with freeze_time(clock.now() + timedelta(days=4)):
        assert catch_up() == 1
        assert links_of(sent, LEAVING)[0].link_state.value == "revoked"
        assert links_of(sent, NEWCOMER)[0].purpose is EmailPurpose.HANDOVER
        (digest,) = mails_to(NEWCOMER, purpose=EmailPurpose.INVITATION)
        assert str(sent.letter.number) in digest.paragraphs
        assert len(mails_to(story.world.ksn.email)) == 1
        assert catch_up() == 0


def test_a_planned_handover_greets_the_newcomer_even_when_nothing_waits(office: Office) -> None:
    office.hand_over(first_day=office.today + timedelta(days=3))
    with freeze_time(clock.now() + timedelta(days=4)):
        catch_up()
        assert len(mails_to(NEWCOMER, purpose=EmailPurpose.INVITATION)) == 1


def test_with_a_gap_between_the_terms_the_newcomer_is_told_at_once_and_reads_later(
    story: Story, office: Office
) -> None:
    sent, present = story.sent(), office.present()
    assert present is not None
    people.end_term(present, office.today + timedelta(days=2), office.by)
    office.hand_over(first_day=office.today + timedelta(days=9))
    (invitation,) = mails_to(NEWCOMER, purpose=EmailPurpose.INVITATION)
    assert "1 surat menunggu kantor Anda" in invitation.paragraphs
    assert str(sent.letter.number) not in invitation.paragraphs
    with freeze_time(clock.now() + timedelta(days=3)):
        catch_up()
        assert links_of(sent, story.world.regency.email)[0].link_state.value == "good"


def test_the_day_is_the_one_of_the_office(office: Office, world: World) -> None:
    world.regency.zone = "WIT"
    people.end_term(office.present(), date(2027, 1, 15), office.by)  # type: ignore[arg-type]
    db.session.commit()
    with freeze_time("2027-01-15T14:59:00+00:00"):
        assert catch_up() == 0
    with freeze_time("2027-01-15T15:00:00+00:00"):  # midnight in Jayapura
        assert catch_up() == 1


def test_without_successor_the_letters_go_to_the_deputy(story: Story, office: Office) -> None:
    sent = story.sent()
    office.deputy()
    office.end_term()
    assert catch_up() == 1
    assert links_of(sent, LEAVING)[0].link_state.value == "revoked"
    assert links_of(sent, DEPUTY)[0].link_state.value == "good"
    (briefing,) = [one for one in mails_to(DEPUTY) if one.purpose is EmailPurpose.NOTICE]
    assert "penggantinya belum ditunjuk" in briefing.paragraphs
    assert "penggantinya belum ditunjuk" in mails_to(story.world.ksn.email)[0].paragraphs


def test_without_successor_and_deputy_they_go_to_the_office_mailbox(story: Story, office: Office) -> None:
    sent = story.sent()
    office.end_term()
    catch_up()
    assert links_of(sent, story.world.regency.email)[0].link_state.value == "good"


def test_without_any_address_the_sender_sees_that_the_letter_reaches_nobody(story: Story, office: Office) -> None:
    story.sent(by_post=False)
    story.world.regency.email = ""
    office.end_term()
    catch_up()
    verdict = cases()[0].verdict
    assert (verdict.grade, verdict.since) == (Grade.UNDELIVERED, clock.today("WIB"))


def test_a_successor_entered_by_other_means_gets_what_was_left_behind(story: Story, office: Office) -> None:
    sent = story.sent()
    office.end_term()
    somebody = people.add_person(story.world.regency, "Wulan Prameswari", "Irban II", NEWCOMER, "", office.by)
    people.appoint(somebody, story.world.regency, KSN, AppointmentRole.PIC, "700/9/SK", office.today, None, office.by)
    db.session.commit()
    catch_up()
    assert links_of(sent, NEWCOMER)[0].link_state.value == "good"
    assert len(mails_to(NEWCOMER, purpose=EmailPurpose.INVITATION)) == 1


def test_in_the_ordinary_case_nothing_moves(story: Story, office: Office) -> None:
    story.sent()
    office.deputy()
    before = number_of_mails()
    assert catch_up() == 0
    assert number_of_mails() == before


def test_a_deputy_who_leaves_takes_no_letter_along_and_moves_none_that_the_pic_holds(
    story: Story, office: Office, world: World
) -> None:
    held_by_pic = story.sent()
    deputy = office.deputy()
    absence = people.plan_absence(world.regency_pic.person, office.today, office.today, office.by)
    held_by_deputy = story.sent()
    people.end_absence(absence, office.today - timedelta(days=1), office.by)
    people.end_term(deputy.appointments[0], office.today - timedelta(days=1), office.by)
    db.session.commit()
    assert catch_up() == 1
    assert links_of(held_by_deputy, DEPUTY)[0].link_state.value == "revoked"
    assert links_of(held_by_deputy, LEAVING)[0].purpose is EmailPurpose.HANDOVER
    assert [one.purpose for one in links_of(held_by_pic, LEAVING)] == [EmailPurpose.LETTER]
    assert mails_to(world.ksn.email) == []


def test_a_pic_who_stays_as_deputy_keeps_the_links(story: Story, office: Office, world: World) -> None:
    sent, pic = story.sent(), world.regency_pic.person
    office.end_term()
    people.appoint(pic, world.regency, KSN, AppointmentRole.DEPUTY, "700/4/SK", office.today, None, office.by)
    db.session.commit()
    catch_up()
    assert [one.link_state.value for one in links_of(sent, LEAVING)] == ["good"]


def test_a_long_past_term_that_is_entered_late_disturbs_nobody(story: Story, office: Office, world: World) -> None:
    sent = story.sent()
    former = people.add_person(world.regency, "Suryo Atmaja", "Irban I", "suryo@kantor.example", "", office.by)
    people.appoint(
        former, world.regency, KSN, AppointmentRole.PIC, "1/SK", date(2020, 1, 2), date(2023, 12, 31), office.by
    )
    db.session.commit()
    before = number_of_mails()
    assert catch_up() == 1
    assert number_of_mails() == before
    assert links_of(sent, LEAVING)[0].link_state.value == "good"


def test_a_term_prolonged_in_time_is_not_looked_after(story: Story, office: Office) -> None:
    sent = story.sent()
    office.hand_over(first_day=office.today + timedelta(days=3))
    successor = office.world.regency
    future = next(one for one in handover.directory.appointments_of(successor) if one.person.email == NEWCOMER)
    people.end_term(future, future.valid_from, office.by)
    present = office.present()
    assert present is not None
    people.end_term(present, office.today + timedelta(days=2), office.by)
    db.session.commit()
    assert catch_up() == 0
    assert links_of(sent, LEAVING)[0].link_state.value == "good"


def test_one_office_that_fails_never_stops_the_others(
    story: Story, office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = story.sent()
    office.end_term(days_ago=5)
    other = world.other_pic.person.appointments[0]
    people.end_term(other, office.today - timedelta(days=9), office.by)
    db.session.commit()
    real = departures.move

    def fails_elsewhere(institution: object, *rest: object, **options: object) -> object:
        if institution is other.institution:
            raise RuntimeError("this office is broken")
        return real(institution, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(departures, "move", fails_elsewhere)
    assert catch_up() == 1
    assert links_of(sent, LEAVING)[0].link_state.value == "revoked"
    monkeypatch.undo()
    assert catch_up() == 1


def test_the_worker_does_it(story: Story, office: Office, work: Callable[[], dict[str, object]]) -> None:
    sent = story.sent()
    office.end_term()
    assert work()["upkeep"]["ended"] == 1  # type: ignore[index]
    db.session.expire_all()
    assert links_of(sent, LEAVING)[0].link_state.value == "revoked"
    assert sent.stage is Stage.SENT


def test_a_round_without_news_is_one_query(story: Story, office: Office, count_queries: Callable[[], object]) -> None:
    story.sent()
    office.end_term()
    catch_up()
    with count_queries() as statements:  # type: ignore[attr-defined]
        assert handover.catch_up(clock.now()) == 0
    assert len(statements) == 1
