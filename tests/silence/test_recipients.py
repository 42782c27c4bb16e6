"""Who has not responded: the list, what stands beside it, the file, and the page of one institution."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from io import BytesIO

import pytest
from flask import Flask
from freezegun import freeze_time
from openpyxl import load_workbook
from sqlalchemy import update

from hub import clock
from hub.audit.rules import SYSTEM
from hub.directory import service as people
from hub.directory.models import FaultKind, Network
from hub.extensions import db
from hub.forwardings import receipt, voices
from hub.forwardings import service as forwardings
from hub.forwardings.calls import service as calls
from hub.forwardings.calls.rules import CallOutcome, CallWay
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ProofChannel, Stage
from hub.monitoring import queries as monitoring
from hub.monitoring.digest.state import morning
from hub.monitoring.tally import Filter
from hub.responses import service as responses
from hub.responses.models import ResponseKind
from hub.routing.rules import Purpose
from hub.silence import ladders
from hub.silence import service as silence
from hub.silence.ladder import Approver, Owed, Rung, Step
from hub.silence.queries import cases
from hub.silence.recipients import offices, queries
from hub.silence.recipients.queries import Chosen
from hub.silence.rules import Cause, Grade
from hub.workdays import queries as workdays
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[object], Client]
Counting = Callable[[], AbstractContextManager[list[str]]]
ALL = Chosen()


def sweep_at(*moments: str) -> None:
    for moment in moments:
        with freeze_time(moment):
            silence.sweep(datetime.fromisoformat(moment))
            db.session.commit()


@pytest.fixture
def monday(story: Story) -> Iterator[Story]:
    """20 April 2026. 35.13 confirmed on 13 March, kept quiet, and was reminded twice; of the letter to 35 nothing is
    known; both were sent on the same day."""
    with freeze_time("2026-03-13T02:00:00Z"):
        story.acknowledged()
        story.sent(recipient=story.world.province, by_post=False)
    sweep_at("2026-04-13T03:00:00+00:00", "2026-04-16T03:00:00+00:00")
    with freeze_time("2026-04-17T03:00:00Z"):
        yield story


def listed(account: object, chosen: Chosen = ALL) -> queries.Listing:
    return queries.listing(account, chosen, 50, 200)  # type: ignore[arg-type]


def lapsed(story: Story) -> Forwarding:
    """Another letter to 35.13, at the end of its ladder."""
    forwarding = story.acknowledged()
    forwardings.lapse(forwarding)
    db.session.commit()
    return forwarding


def test_the_page_answers_first_who_has_not_responded_and_of_whom_too_little_is_known(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    page = signed_in_as(world.monitor).get("/silence").text
    assert "1 instansi belum merespons setelah dua pengingat atas 1 surat." in " ".join(page.split())
    silent, _, unproven = page.partition('id="unproven"')
    assert "Inspektorat Kabupaten Probolinggo" in silent
    assert "Inspektorat Provinsi Jawa Timur" not in silent.partition('id="silent"')[2]
    assert "Inspektorat Provinsi Jawa Timur" in unproven
    assert "Inspektorat Kabupaten Probolinggo" not in unproven


def test_each_letter_says_since_when_why_what_was_done_and_what_comes_when(monday: Story, world: World) -> None:
    [group] = listed(world.monitor).silent
    [entry] = group.entries
    assert (entry.grade, entry.since.isoformat(), entry.working_days) == (Grade.UNANSWERED, "2026-04-11", 5)
    assert [(one.step, str(one.on), one.went_out) for one in entry.done] == [
        (Step.REMINDER, "2026-04-13", True),
        (Step.SECOND_REMINDER, "2026-04-16", True),
    ]
    assert entry.ahead is not None
    assert (entry.ahead.step, str(entry.ahead.on)) == (Step.TO_HEAD, "2026-04-20")
    assert group.cause is Cause.QUIET
    assert [line.name for line in group.lines] == ["Rina Maheswari"]
    assert "11%20Maret" not in group.lines[0].whatsapp_link
    assert "Jumat%2C%2010%20April%202026" in group.lines[0].whatsapp_link


def test_a_letter_of_the_ladder_that_nobody_has_signed_is_said_to_wait(monday: Story, world: World) -> None:
    sweep_at("2026-04-20T03:00:00+00:00")
    [group] = listed(world.monitor).silent
    last = group.entries[0].done[-1]
    assert (last.step, last.went_out) == (Step.TO_HEAD, False)


def test_who_is_recorded_as_not_answering_stays_on_the_list_for_a_year(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    old = lapsed(monday)
    found = listed(world.monitor)
    [group] = found.recorded
    assert (found.recorded_groups, found.recorded_letters, group.lapsed) == (1, 1, 1)
    assert [(one.id, one.grade, one.reached) for one in group.entries] == [(old.id, None, Step.LAPSE)]
    recorded = signed_in_as(world.monitor).get("/silence").text.partition('id="recorded"')[2]
    assert f'href="/forwardings/{old.id}"' in recorded
    db.session.execute(
        update(Forwarding)
        .where(Forwarding.id == old.id)
        .values(stage_since=datetime.fromisoformat("2025-04-01T00:00:00+00:00"))
    )
    assert listed(world.monitor).recorded == []


def test_from_who_is_recorded_nothing_is_awaited_and_all_three_places_count_the_same(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    lapsed(monday)
    monitor = signed_in_as(world.monitor)
    page = " ".join(monitor.get("/silence").text.split())
    assert "1 instansi belum merespons setelah dua pengingat atas 1 surat." in page
    found, overview = listed(world.monitor), monitoring.overview(world.monitor, Filter())
    of_the_mail = morning(cases(), world.ksn.id, date(2026, 4, 17), workdays.calendar_for(None))
    assert (found.letters, found.institutions) == (overview.here.silent, len(of_the_mail.silent)) == (1, 1)
    [group] = found.silent
    assert ([one.grade for one in group.entries], group.lapsed) == ([Grade.UNANSWERED], 1)
    assert "1 surat dalam dua belas bulan tercatat tidak ditanggapi." in page


def test_what_was_done_before_the_record_is_still_told(monday: Story, world: World, signed_in_as: SignIn) -> None:
    later = ("2026-04-20", "2026-04-27", "2026-05-11", "2026-05-25")
    sweep_at(*(f"{day}T03:00:00+00:00" for day in later))
    with freeze_time("2026-05-26T03:00:00Z"):
        [entry] = listed(world.monitor).recorded[0].entries
        assert [(one.step, one.went_out) for one in entry.done] == [
            (Step.REMINDER, True),
            (Step.SECOND_REMINDER, True),
            (Step.TO_HEAD, False),
            (Step.ESCALATION, False),
            (Step.LAPSE, True),
        ]
        assert str(entry.done[1].on) == "2026-04-16"
        recorded = signed_in_as(world.monitor).get("/silence").text.partition('id="recorded"')[2]
    assert "Pengingat kedua, kepada semua di kantor" in recorded
    assert "Surat kepada pimpinan instansi" in recorded


def test_nobody_is_told_to_write_what_was_written(monday: Story, world: World, signed_in_as: SignIn) -> None:
    def told(day: str) -> tuple[str, str]:
        with freeze_time(f"{day}T04:00:00Z"):
            office = signed_in_as(world.registrar)
            [entry] = listed(world.registrar).silent[0].entries
            page = office.get(f"/forwardings/{entry.id}").text.partition('id="next"')[2].partition("</p>")[0]
            return " ".join(page.split()), signed_in_as(world.monitor).get("/monitoring").text

    head, superior = "kemudian surat kepada pimpinan instansi", "atau tulis surat eskalasi kepada pengawas"
    for page in told("2026-04-17"):
        assert page.count(head) == 1
        assert "pengingat terkirim sendiri" not in page
    sweep_at("2026-04-20T03:00:00+00:00")
    for page in told("2026-04-21"):
        assert head not in page
        assert page.count(superior) == 1


def test_at_the_end_of_the_ladder_something_can_be_done(story: Story, world: World, signed_in_as: SignIn) -> None:
    short = [Rung(Step.REMINDER, 0), Rung(Step.SECOND_REMINDER, 3), Rung(Step.TO_HEAD, 5, Approver.SIGNATORY)]
    ladders.change("kemensetneg", Purpose.HANDLING, Owed.ANSWER, short, SYSTEM)
    with freeze_time("2026-03-13T02:00:00Z"):
        forwarding = story.acknowledged()
    sweep_at(*(f"2026-04-{day}T03:00:00+00:00" for day in (13, 16, 20)))
    with freeze_time("2026-04-21T03:00:00Z"):
        page = signed_in_as(world.registrar).get("/silence").text
    assert "Hubungi kantornya, atau tulis surat eskalasi kepada pengawas" in page
    assert f'href="/forwardings/{forwarding.id}/letters/new?kind=escalation"' in page
    assert "Akhir tangga" not in page


def test_an_institution_with_nothing_but_a_recorded_letter_is_listed_too(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    lapsed(story)
    found = listed(world.monitor)
    [group] = found.recorded
    assert (group.office.code, len(group.entries), found.silent) == ("35.13", 1, [])
    page = signed_in_as(world.monitor).get("/silence").text
    assert "Tanggapan yang terlambat tetap diterima" in page
    assert "kemudian surat kepada pimpinan" not in page


def test_who_was_asked_last_and_what_they_said_stands_beside_the_letter(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    [group] = listed(world.monitor).silent
    forwarding = db.session.get_one(Forwarding, group.entries[0].id)
    told = calls.Told(CallWay.PHONE, CallOutcome.NO_ANSWER, clock.now())
    calls.log(forwarding, told, world.registrar.person)
    assert "Tidak ada yang menjawab" in signed_in_as(world.monitor).get("/silence").text


def test_filters_keep_network_and_province(monday: Story, world: World, signed_in_as: SignIn) -> None:
    assert listed(world.monitor, Chosen(province="35")).letters == 1
    assert listed(world.monitor, Chosen(province="33")).letters == 0
    assert listed(world.monitor, Chosen(network=Network.KEMENSETNEG)).letters == 1
    assert listed(world.monitor, Chosen(network=Network.OMBUDSMAN)).letters == 0
    page = signed_in_as(world.monitor).get("/silence?province=33").text
    assert "Tidak ada instansi yang diketahui membiarkan dua pengingat tanpa respons." in page
    assert signed_in_as(world.monitor).get("/silence?province=x&network=y").status_code == 200


def test_each_sees_what_they_watch_and_nobody_their_own_silence(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    seen = {
        name: (listed(one).letters, listed(one).unproven_letters)
        for name, one in world.accounts.items()
        if one.may("monitor") or one.may("forward")
    }
    assert {name for name, counts in seen.items() if any(counts)} == {"monitor", "registrar"}
    statuses = {name: signed_in_as(account).get("/silence").status_code for name, account in world.accounts.items()}
    assert {name for name, status in statuses.items() if status == 403} == {
        "administrator",
        "signatory",
        "ombudsman_signatory",
    }


def test_the_list_costs_the_same_however_long_it_is(
    app: Flask, story: Story, world: World, signed_in_as: SignIn, count_queries: Counting
) -> None:
    def told(of_each: int) -> None:
        with freeze_time("2026-03-13T02:00:00Z"):
            for _ in range(of_each):
                story.acknowledged()
                story.sent(recipient=world.unstaffed, by_post=False)
                story.sent(recipient=world.province, by_post=False)
                lapsed(story)
        sweep_at("2026-04-13T03:00:00+00:00", "2026-04-16T03:00:00+00:00")

    counted = []
    for of_each in (1, 3):
        told(of_each)
        with freeze_time("2026-04-17T03:00:00Z"):
            monitor, pages = (
                signed_in_as(world.monitor),
                [f"/silence{rest}" for rest in ("", "/export.xlsx", "/offices/35.13")],
            )
            for page in pages:
                with count_queries() as statements:
                    assert monitor.get(page).status_code == 200
                counted.append(len(statements))
    assert counted[:3] == counted[3:]
    assert counted[0] <= 24
    assert counted[2] <= 28


def test_more_institutions_than_a_page_holds_are_counted_and_the_longest_shown(monday: Story, world: World) -> None:
    with freeze_time("2026-03-16T02:00:00Z"):
        lapsed_elsewhere = monday.sent(recipient=world.unstaffed, by_post=False)
    lapsed(monday)
    db.session.execute(update(Forwarding).where(Forwarding.id == lapsed_elsewhere.id).values(stage=Stage.LAPSED))
    found = queries.listing(world.monitor, ALL, 1, 200)
    assert (found.groups, found.institutions, [one.office.code for one in found.silent]) == (1, 1, ["35.13"])
    assert (found.recorded_groups, [one.office.code for one in found.recorded]) == (2, ["35.13"])


def test_the_file_holds_every_letter_and_says_which_list_it_is_on(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    lapsed(monday)
    monitor = signed_in_as(world.monitor)
    rows = list(load_workbook(BytesIO(monitor.get("/silence/export.xlsx").data)).active.values)
    assert [row[0] for row in rows[1:]] == [
        "Belum merespons",
        "Belum ada bukti terima (bukan kelalaian penerima)",
        "Tercatat tidak menanggapi",
    ]
    assert rows[1][5] == datetime(2026, 3, 13)
    assert rows[1][7:14] == (
        "Belum ditanggapi",
        datetime(2026, 4, 11),
        5,
        "Terjangkau, belum menjawab",
        "Pengingat kedua, kepada semua di kantor",
        "Surat kepada pimpinan instansi",
        datetime(2026, 4, 20),
    )
    assert "Jalan berlubang" not in str(rows)
    assert '"2026-04-11";"5"' in monitor.get("/silence/export.csv").text
    assert monitor.get("/silence/export.csv?province=33").text.count("\n") == 1
    head = monitor.get("/silence?province=35").text.partition('id="silent"')[0]
    assert 'href="/silence/export.xlsx?province=35"' in head
    assert monitor.get("/silence/export.pdf").status_code == 404


def test_the_overview_and_the_directory_lead_there(monday: Story, world: World, signed_in_as: SignIn) -> None:
    monitor = signed_in_as(world.monitor)
    overview = monitor.get("/monitoring?province=35").text
    assert 'href="/silence?province=35"' in overview
    assert 'href="/silence/offices/35.13"' in overview
    assert 'href="/silence/offices/35.13"' in monitor.get("/directory/35.13").text
    assert 'href="/silence/offices/35.13"' not in signed_in_as(world.administrator).get("/directory/35.13").text


def test_the_overview_shows_a_pic_who_is_away(monday: Story, world: World, signed_in_as: SignIn) -> None:
    """Each cause has its advice: one without took the overview down."""
    day = clock.today("WIB")
    people.plan_absence(world.regency_pic.person, day, day, SYSTEM)
    assert "Tulis kepada wakil PIC" in signed_in_as(world.monitor).get("/monitoring").text
    assert listed(world.monitor).silent[0].cause is Cause.AWAY


def test_the_page_of_an_institution_says_what_is_open_and_what_it_owes(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    monday.sent()
    people.mark_fault(world.regency, None, FaultKind.BOUNCED, world.regency.email, "550 5.1.1", "email:99", clock.now())
    page = " ".join(signed_in_as(world.monitor).get("/silence/offices/35.13").text.split())
    assert "2 surat masih terbuka di sana, 1 di antaranya lewat tenggat dan menunggu instansi ini." in page
    assert "Masih ditunggu darinya 1 konfirmasi dan 1 tanggapan." in page
    assert "550 5.1.1" in page
    assert "Rina Maheswari" in page
    assert "surat terlalu sedikit" in page
    assert signed_in_as(world.monitor).get("/silence/offices/99.99").status_code == 404


def test_what_is_open_elsewhere_is_nobodys_business(monday: Story, world: World, signed_in_as: SignIn) -> None:
    for name in ("ombudsman_monitor", "other_pic", "regency_pic"):
        page = signed_in_as(getattr(world, name)).get("/silence/offices/35.13").text
        assert page.count("terbuka di sana") == 1
        assert "Tidak ada surat yang terbuka di sana" in page
    assert signed_in_as(world.administrator).get("/silence/offices/35.13").status_code == 403


def test_who_still_waits_is_counted_in_how_an_institution_usually_responds(story: Story, world: World) -> None:
    with freeze_time("2026-04-01T02:00:00Z"):
        silent = story.sent()
        taken_back = story.sent()
        forwardings.withdraw(taken_back, world.registrar.person, "Salah sasaran")
    with freeze_time("2026-04-06T02:00:00Z"):
        story.acknowledged()
        answered = story.answered().forwarding
    with freeze_time("2026-04-08T02:00:00Z"):
        habits = offices.page_of(world.monitor, world.regency).habits
    assert (habits.acknowledgement.letters, habits.acknowledgement.came) == (3, 2)
    assert (habits.answer.letters, habits.answer.came, habits.unproven) == (2, 1, 1)
    assert habits.answer.median is None
    with freeze_time("2027-05-08T02:00:00Z"):
        assert offices.page_of(world.monitor, world.regency).habits.acknowledgement.letters == 0
    assert silent.stage is Stage.SENT
    assert answered.stage is Stage.ANSWERED


def test_an_answer_is_counted_from_the_proof_of_receipt_and_only_once_it_is_whole(story: Story, world: World) -> None:
    """The letter lay in the post for two weeks: that is no slowness of who got it."""
    with freeze_time("2026-04-01T02:00:00Z"):
        sent = [story.sent() for _ in range(5)]
    with freeze_time("2026-04-15T02:00:00Z"):
        for forwarding in sent:
            receipt.acknowledge(forwarding, ProofChannel.SIGN_IN, "Rina Maheswari", "Irban I", SYSTEM)
    with freeze_time("2026-04-17T02:00:00Z"):
        final = responses.Answer(ResponseKind.FINAL, "700/12/2026", date(2026, 4, 16), "Jalan sudah diperbaiki.")
        given = [responses.receive(one, final, voices.signed_in(world.regency_pic.person)) for one in sent[:3]]
        answer = offices.page_of(world.monitor, world.regency).habits.answer
        assert (answer.letters, answer.came, answer.median) == (5, 3, 2)
        responses.return_incomplete(given[0], world.registrar.person, "Lampiran tidak ada")
        answer = offices.page_of(world.monitor, world.regency).habits.answer
    assert (answer.letters, answer.came, answer.median) == (5, 2, None)


def test_figures_are_shown_from_five_letters_on(story: Story, world: World, signed_in_as: SignIn) -> None:
    def page() -> str:
        return " ".join(signed_in_as(world.monitor).get("/silence/offices/35.13").text.split())

    for _ in range(4):
        story.acknowledged()
    assert "surat terlalu sedikit" in page()
    forwardings.lapse(story.acknowledged())
    db.session.commit()
    assert "surat terlalu sedikit" not in page()
    assert '<td data-label="Separuh dalam">0 hari kerja</td>' in page()
    assert "Dalam dua belas bulan 1 surat tercatat tidak ditanggapi: <a" in page()


def test_each_place_shows_its_newest_recorded_letters_however_many_others_have(monday: Story, world: World) -> None:
    for _ in range(3):
        newest = lapsed(monday)
    elsewhere = monday.acknowledged(recipient=world.province)
    forwardings.lapse(elsewhere)
    db.session.commit()
    found = queries.listing(world.monitor, ALL, 50, 1)
    shown = [(one.office.code, [entry.id for entry in one.entries], one.lapsed) for one in found.recorded]
    assert sorted(shown) == [("35", [elsewhere.id], 1), ("35.13", [newest.id], 3)]


def test_who_is_on_the_list_can_be_said_to_have_answered_and_leaves_it(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    """The right of reply holds for a letter that is recorded as not answered, too."""
    lapsed(monday)
    registrar = signed_in_as(world.registrar)
    found = listed(world.registrar)
    page = registrar.get("/silence").text
    for entry in [entry for group in (*found.silent, *found.recorded) for entry in group.entries]:
        assert f'href="/forwardings/{entry.id}/under-way"' in page
        told = {
            "way": "post",
            "letter_number": "700/9/2026",
            "letter_date": "2026-04-17",
            "sent_on": "2026-04-17",
            "tracking_number": "",
            "name": "Rina Maheswari",
            "position": "Irban I",
            "note": "Menelepon pukul 9.15 dari nomor kantor.",
        }
        assert registrar.post(f"/forwardings/{entry.id}/under-way", data=told).status_code == 302
    found = listed(world.registrar)
    assert (found.silent, found.recorded) == ([], [])


def test_staff_who_forward_find_it_in_the_navigation_and_a_focal_point_does_not(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    leads_there = {
        name
        for name, account in world.accounts.items()
        if 'href="/silence"' in signed_in_as(account).get("/directory").text
    }
    assert leads_there == {"monitor", "registrar", "ombudsman_monitor", "ombudsman_registrar"}
