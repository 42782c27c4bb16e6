"""The morning mail: one a day to each monitor, about the own network, in their office hours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale
from freezegun import freeze_time
from sqlalchemy import func, insert, select

from hub.accounts.models import Account, AccountRole
from hub.accounts.rules import Role
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.forwardings import voices
from hub.mail.message import text_of
from hub.mail.models import EmailDispatch, EmailState
from hub.mail.sender import send_due as send_mail
from hub.monitoring.digest import words
from hub.monitoring.digest.service import send_due
from hub.monitoring.models import Digest
from hub.responses import announcements
from hub.responses.announcements import Told
from hub.responses.rules import ReplyWay
from hub.routing.rules import Purpose
from hub.silence import service as silence
from hub.silence.models import Heartbeat, LadderStep
from hub.silence.queries import cases
from hub.webkit.labels import label
from tests.conftest import Client
from tests.smtp import MailServer
from tests.story import Story
from tests.world import World

FRIDAY = "2026-03-13T02:00:00Z"
MONDAY, TUESDAY = "2026-03-16T02:00:00Z", "2026-03-17T02:00:00Z"
JOINT_LEAVE, NYEPI = "2026-03-18T02:00:00Z", "2026-03-19T02:00:00Z"
SATURDAY = "2026-03-14T02:00:00Z"


@pytest.fixture
def sent(story: Story) -> Iterator[Story]:
    with freeze_time(FRIDAY):
        story.sent()
        yield story


def digests_at(moment: str) -> list[EmailDispatch]:
    """Those that are written in one round of the worker."""
    before = db.session.scalar(select(func.max(EmailDispatch.id))) or 0
    with freeze_time(moment):
        send_due(datetime.fromisoformat(moment).astimezone(UTC))
        db.session.commit()
    found = select(EmailDispatch).where(EmailDispatch.id > before).order_by(EmailDispatch.id)
    return [one for one in db.session.scalars(found) if one.subject.startswith("Ringkasan pagi")]


def sweep_at(moment: str) -> None:
    with freeze_time(moment):
        silence.sweep(datetime.fromisoformat(moment).astimezone(UTC))
        db.session.commit()


def test_a_monitor_is_told_once_on_each_working_day(sent: Story) -> None:
    [monday] = digests_at(MONDAY)
    assert monday.to_address == sent.world.monitor.person.email
    assert monday.subject == "Ringkasan pagi jaringan Kemensetneg: Senin, 16 Maret 2026"
    assert "1 surat masih terbuka di jaringan Kemensetneg" in monday.paragraphs
    assert "http://localhost/monitoring" in monday.paragraphs
    assert digests_at("2026-03-16T08:30:00Z") == []
    assert len(digests_at(TUESDAY)) == 1


@pytest.mark.parametrize(
    "moment",
    [SATURDAY, JOINT_LEAVE, NYEPI, "2026-03-16T00:59:00Z", "2026-03-16T09:00:00Z"],
    ids=["saturday", "joint leave", "nyepi", "a minute before eight", "four in the afternoon"],
)
def test_nobody_is_written_to_outside_office_hours(sent: Story, moment: str) -> None:
    assert digests_at(moment) == []


def test_who_could_not_be_told_in_the_morning_is_told_in_the_afternoon(sent: Story) -> None:
    assert len(digests_at("2026-03-16T08:59:00Z")) == 1


def test_nothing_is_written_when_nothing_is_open(world: World) -> None:
    assert digests_at(MONDAY) == []
    assert db.session.scalar(select(func.count()).select_from(Digest)) == 2


def test_each_network_has_its_own_mail_and_no_word_of_the_other(sent: Story) -> None:
    ours = db.session.scalars(select(Institution.name).where(Institution.code == "35.13")).one()
    people = {"registrar": sent.world.ombudsman_registrar, "signatory": sent.world.ombudsman_signatory}
    ombudsman = Story(replace(sent.world, **people))
    with freeze_time(FRIDAY):
        theirs = ombudsman.complaint(office=sent.world.ombudsman, subject="Rahasia jaringan lain")
        ombudsman.sent(complaint=theirs, recipient=sent.world.province, purpose=Purpose.CLARIFICATION)
    told = {one.to_address: one.paragraphs for one in digests_at(TUESDAY)}
    assert set(told) == {sent.world.monitor.person.email, sent.world.ombudsman_monitor.person.email}
    kemensetneg = told[sent.world.monitor.person.email]
    of_ombudsman = told[sent.world.ombudsman_monitor.person.email]
    assert ours in kemensetneg
    assert sent.world.province.name not in kemensetneg
    assert sent.world.province.name in of_ombudsman
    assert ours not in of_ombudsman


def test_no_citizen_and_no_subject_is_in_the_mail(sent: Story) -> None:
    [told] = digests_at(TUESDAY)
    for secret in ("Puspa", "Jalan berlubang", "Tongas"):
        assert secret not in told.paragraphs + told.subject


def test_what_is_due_in_the_next_working_days_is_listed_with_its_date(sent: Story) -> None:
    [told] = digests_at(TUESDAY)
    assert "Jatuh tempo sampai Jumat, 27 Maret 2026 (1):\n• " in told.paragraphs
    assert "Inspektorat Kabupaten Probolinggo, 25 Mar: http://localhost/forwardings/" in told.paragraphs
    assert "Semua surat masih dalam batas waktunya." in told.paragraphs


def test_it_tells_what_changed_since_the_last_one_and_who_became_silent(story: Story) -> None:
    with freeze_time(FRIDAY):
        story.acknowledged()
    [first] = digests_at("2026-04-10T02:00:00Z")
    assert "Dalam kurung" not in first.paragraphs
    sweep_at("2026-04-13T03:00:00Z")
    [second] = digests_at("2026-04-13T03:30:00Z")
    assert "Belum ditanggapi 1 (+1). Dalam kurung: perubahan sejak Jumat, 10 April 2026." in second.paragraphs
    sweep_at("2026-04-16T03:00:00Z")
    [third] = digests_at("2026-04-17T03:00:00Z")
    assert (
        "1 instansi belum merespons setelah dua kali diingatkan, baru sejak Senin, 13 April 2026: "
        "http://localhost/monitoring#silent\n"
        "• Inspektorat Kabupaten Probolinggo: http://localhost/silence/offices/35.13"
    ) in third.paragraphs
    [fourth] = digests_at("2026-04-20T03:00:00Z")
    assert "1 instansi belum merespons setelah dua kali diingatkan, tidak ada yang baru: http" in fourth.paragraphs
    assert "Belum ditanggapi 1. Tidak ada yang berubah sejak Jumat, 17 April 2026." in fourth.paragraphs


def test_what_waits_for_our_own_side_comes_first_and_is_named(story: Story) -> None:
    with freeze_time(FRIDAY):
        story.submitted()
        for _ in range(6):
            story.signed(by_post=False)
        for dispatch in db.session.query(EmailDispatch):
            dispatch.next_attempt_at = datetime(2026, 4, 1, tzinfo=UTC)
        db.session.commit()
    [told] = digests_at("2026-03-27T02:00:00Z")
    assert "Lewat batas waktu di seluruh jaringan: Belum berangkat 7." in told.paragraphs
    assert told.paragraphs.startswith("7 surat perlu tindakan kita hari ini; 7 surat masih terbuka")
    [late] = [part for part in told.paragraphs.split("\n\n") if part.startswith("Belum berangkat, perlu")]
    heading, *rows = late.splitlines()
    assert heading == "Belum berangkat, perlu tindakan kita (7): http://localhost/monitoring?grade=not_dispatched"
    assert len(rows) == words.MOST_ROWS + 1
    assert "Inspektorat Kabupaten Probolinggo, sejak 15 Mar: http://localhost/forwardings/" in rows[0]
    assert rows[-1] == "• dan 2 lainnya"


def test_a_letter_nobody_signed_is_named_by_the_complaint(story: Story) -> None:
    with freeze_time(FRIDAY):
        reference = story.submitted().complaint.reference
    [told] = digests_at("2026-03-27T02:00:00Z")
    assert f"• {reference}, Inspektorat Kabupaten Probolinggo, menunggu tanda tangan sejak 18 Mar: " in told.paragraphs


def test_each_grade_that_is_ours_has_its_list_the_gravest_first(story: Story) -> None:
    with freeze_time(FRIDAY):
        bounced = story.sent(by_post=False)
        story.sent()
        story.signed(by_post=False)
        story.answered()
        pic = voices.signed_in(story.world.regency_pic.person)
        told = Told("700/12/2026", date(2026, 3, 13), ReplyWay.POST, date(2026, 3, 13))
        announcements.announce(story.acknowledged(), told, pic)
        for dispatch in db.session.query(EmailDispatch).filter_by(about=bounced.stream):
            dispatch.state = EmailState.BOUNCED
        for dispatch in db.session.query(EmailDispatch).filter_by(state=EmailState.QUEUED):
            dispatch.next_attempt_at = datetime(2026, 5, 1, tzinfo=UTC)
        db.session.commit()
    [told] = digests_at("2026-04-10T02:00:00Z")
    headings = [part.split(":")[0] for part in told.paragraphs.split("\n\n") if "?grade=" in part]
    assert headings == [
        "Tidak sampai, perlu tindakan kita (1)",
        "Belum berangkat, perlu tindakan kita (1)",
        "Balasan belum tiba, perlu tindakan kita (1)",
        "Menunggu telaah pengirim, perlu tindakan kita (1)",
        "Belum ada bukti terima, perlu tindakan kita (1)",
    ]


def test_a_letter_the_sweep_could_not_see_to_is_named(sent: Story) -> None:
    id = cases()[0].id
    db.session.merge(Heartbeat(name="sweep", at=datetime(2026, 3, 16, 1, tzinfo=UTC), failed=[id]))
    [told] = digests_at(MONDAY)
    assert (
        "Pengawasan batas waktu belum berhasil mengurus 1 surat; ingatkan sendiri penerimanya:\n• B-" in told.paragraphs
    )
    assert f"http://localhost/forwardings/{id}" in told.paragraphs


def test_a_letter_that_cannot_even_be_judged_is_named_too(sent: Story) -> None:
    [case] = cases()
    [deadline] = case.deadlines.values()
    moment = datetime(2026, 3, 16, tzinfo=UTC)
    step = {"deadline_id": deadline, "forwarding_id": case.id, "step": 99, "taken_at": moment}
    db.session.execute(insert(LadderStep), [step])
    silence.sweep(datetime(2026, 3, 16, 1, tzinfo=UTC))
    [told] = digests_at(MONDAY)
    assert "1 surat masih terbuka" in told.paragraphs
    assert f"mengurus 1 surat; ingatkan sendiri penerimanya:\n• {case.number}: " in told.paragraphs


def test_after_days_without_a_worker_one_mail_tells_the_day_on_which_it_runs_again(sent: Story) -> None:
    digests_at(MONDAY)
    assert [one.subject for one in digests_at("2026-03-27T07:00:00Z")] == [
        "Ringkasan pagi jaringan Kemensetneg: Jumat, 27 Maret 2026"
    ]
    assert digests_at("2026-03-27T07:30:00Z") == []


def test_it_is_short(sent: Story) -> None:
    [told] = digests_at(TUESDAY)
    prose = [line for line in told.paragraphs.splitlines() if not line.startswith("•")]
    assert len(" ".join(prose).split()) < 120


def test_who_lost_the_account_or_the_role_is_told_nothing(sent: Story) -> None:
    sent.world.monitor.is_enabled = False
    sent.world.ombudsman_monitor.granted = [AccountRole(role=Role.REGISTRAR)]
    db.session.commit()
    assert digests_at(MONDAY) == []


def test_a_monitor_further_east_is_told_when_the_office_there_opens(sent: Story) -> None:
    office = sent.world.ksn
    office.zone = "WIT"
    db.session.commit()
    assert len(digests_at("2026-03-15T23:00:00Z")) == 1


def test_one_address_that_takes_no_mail_stops_nobody_else(sent: Story) -> None:
    person = Person(institution=sent.world.ksn, name="Wahyu", email="bukan alamat")
    account = Account(person=person, password_hash="-", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    account.granted.append(AccountRole(role=Role.MONITOR))
    db.session.add(account)
    db.session.commit()
    assert [one.to_address for one in digests_at(MONDAY)] == [sent.world.monitor.person.email]


def test_one_digest_that_fails_stops_no_other_and_is_seen_and_tried_again(sent: Story, client: Client) -> None:
    person = Person(institution=sent.world.ksn, name="Wahyu", email="wahyu@kantor.example")
    account = Account(person=person, password_hash="-", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    account.granted.append(AccountRole(role=Role.MONITOR))
    db.session.add(account)
    db.session.flush()
    counted = dict.fromkeys(words.GRADES, "banyak")
    friday = datetime(2026, 3, 13, 2, tzinfo=UTC)
    db.session.add(
        Digest(account_id=sent.world.monitor.id, day=friday.date(), made_at=friday, grades=counted, silent=[])
    )
    assert [one.to_address for one in digests_at(MONDAY)] == ["wahyu@kantor.example"]
    with freeze_time(MONDAY):
        sweep_at(MONDAY)
        assert client.get("/health/ready").json == {"status": "unavailable", "failing": ["digest"]}
    db.session.query(Digest).filter_by(account_id=sent.world.monitor.id).update({"grades": {}})
    assert digests_at("2026-03-16T02:14:00Z") == []
    assert [one.to_address for one in digests_at("2026-03-16T02:15:00Z")] == [sent.world.monitor.person.email]
    with freeze_time("2026-03-16T02:15:00Z"):
        assert client.get("/health/ready").json == {"status": "ok"}


def test_no_monitor_left_costs_one_query(sent: Story, count_queries) -> None:
    digests_at(MONDAY)
    with freeze_time("2026-03-16T03:00:00Z"), count_queries() as statements:
        send_due(datetime(2026, 3, 16, 3, tzinfo=UTC))
    assert len(statements) == 1


def test_the_mail_leaves_with_a_line_for_each_letter(sent: Story, smtp: MailServer) -> None:
    [told] = digests_at(TUESDAY)
    with freeze_time(TUESDAY):
        send_mail()
        db.session.commit()
        assert text_of(told).paragraphs[-1].startswith("Ringkasan jaringan: ")
    [message] = [one.message for one in smtp.received if "Ringkasan" in one.message["Subject"]]
    html = message.get_body(("html",)).get_content()
    assert 'href="http://localhost/forwardings/' in html
    assert html.count('<span class="row"') == told.paragraphs.count("• ") == 1
    assert html.count("http://localhost") == html.count('href="http://localhost')


def test_grades_are_called_what_the_pages_call_them(app: Flask) -> None:
    with app.test_request_context(), force_locale("id"):
        assert {grade: str(label("grade", grade).text) for grade in words.GRADES} == words.GRADES
