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
from hub.responses import service as responses
from hub.responses.models import ResponseKind
from hub.silence import service as silence
from hub.silence.ladder import Step
from hub.silence.recipients import offices, queries
from hub.silence.recipients.queries import Chosen
from hub.silence.rules import Cause, Grade
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
    [group] = found.silent
    assert (found.institutions, found.letters, group.lapsed) == (1, 2, 1)
    assert [(one.id, one.grade, one.reached) for one in group.entries][-1] == (old.id, None, Step.LAPSE)
    assert "Tercatat tidak menanggapi" in signed_in_as(world.monitor).get("/silence").text
    db.session.execute(
        update(Forwarding)
        .where(Forwarding.id == old.id)
        .values(stage_since=datetime.fromisoformat("2025-04-01T00:00:00+00:00"))
    )
    assert listed(world.monitor).letters == 1


def test_an_institution_with_nothing_but_a_recorded_letter_is_listed_too(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    lapsed(story)
    [group] = listed(world.monitor).silent
    assert (group.office.code, len(group.entries)) == ("35.13", 1)
    assert signed_in_as(world.monitor).get("/silence").status_code == 200


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
    db.session.execute(update(Forwarding).where(Forwarding.id == lapsed_elsewhere.id).values(stage=Stage.LAPSED))
    found = queries.listing(world.monitor, ALL, 1, 200)
    assert (found.groups, found.institutions, [one.office.code for one in found.silent]) == (2, 2, ["35.13"])


def test_the_file_holds_every_letter_and_says_which_list_it_is_on(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    lapsed(monday)
    monitor = signed_in_as(world.monitor)
    rows = list(load_workbook(BytesIO(monitor.get("/silence/export.xlsx").data)).active.values)
    assert [row[0] for row in rows[1:]] == [
        "Belum merespons",
        "Belum merespons",
        "Belum ada bukti terima (bukan kelalaian penerima)",
    ]
    assert rows[1][7:14] == (
        "Belum ditanggapi",
        "2026-04-11",
        "5",
        "Terjangkau, belum menjawab",
        "Pengingat kedua, kepada semua di kantor",
        "Surat kepada pimpinan instansi",
        "2026-04-20",
    )
    assert "Jalan berlubang" not in str(rows)
    assert monitor.get("/silence/export.csv?province=33").text.count("\n") == 1
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
    shown = {one.office.code: [entry.id for entry in one.entries if entry.grade is None] for one in found.silent}
    assert shown == {"35.13": [newest.id], "35": [elsewhere.id]}
    assert {one.office.code: one.lapsed for one in found.silent} == {"35.13": 3, "35": 1}


def test_who_is_on_the_list_can_be_said_to_have_answered_and_leaves_it(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    """The right of reply holds for a letter that is recorded as not answered, too."""
    lapsed(monday)
    registrar = signed_in_as(world.registrar)
    [group] = listed(world.registrar).silent
    page = registrar.get("/silence").text
    for entry in group.entries:
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
    assert listed(world.registrar).silent == []


def test_staff_who_forward_find_it_in_the_navigation_and_a_focal_point_does_not(
    monday: Story, world: World, signed_in_as: SignIn
) -> None:
    leads_there = {
        name
        for name, account in world.accounts.items()
        if 'href="/silence"' in signed_in_as(account).get("/directory").text
    }
    assert leads_there == {"monitor", "registrar", "ombudsman_monitor", "ombudsman_registrar"}
