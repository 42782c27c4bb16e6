"""A holiday that is decreed, moved or withdrawn later: what would move, what moves, and who is told."""

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select, update

from hub.accounts.models import Account
from hub.audit.models import Event, EventStream
from hub.audit.rules import SYSTEM
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.monitoring.verification import findings
from hub.silence import service
from hub.workdays import queries as workdays
from hub.workdays import service as calendar
from hub.workdays.models import CalendarVersion, DayOff
from hub.workdays.rules import NamedDay
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[Account], Client]
FRIDAY = "2026-03-13T02:00:00Z"  # response due Fri 10 April
DECREE = {"source": "SKB 3 Menteri Nomor 1 Tahun 2026 (contoh)", "note": "Pilkada serentak menjadi hari libur."}


@pytest.fixture
def forwarding(story: Story) -> Forwarding:
    with freeze_time(FRIDAY):
        return story.acknowledged()


def due(forwarding: Forwarding) -> date:
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    assert running is not None
    return running.due_on


def sweep(moment: str = "2026-03-16T03:00:00+00:00") -> service.SweepReport:
    with freeze_time(moment):
        report = service.sweep(datetime.fromisoformat(moment))
        db.session.commit()
        return report


def change(added: str = "", without: list[int] | None = None, **more: str) -> dict[str, object]:
    seen = str(workdays.newest_version())
    return {"days": added, "without": without or [], "seen": seen, "do": "preview", **DECREE, **more}


def seal(page: str) -> dict[str, str]:
    """What the page that showed the consequences knows of them."""
    found = re.search(r'name="checked"[^>]*value="([0-9a-f]{64})"', page)
    assert found is not None
    return {"checked": found[1]}


def moved_events() -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == Happening.DUE_MOVED).order_by(Event.id)))


def test_a_decreed_holiday_is_shown_first_then_moves_open_dates_and_tells_the_office(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    office = signed_in_as(world.administrator)
    first = office.post("/calendar/change?year=2026", data=change("2026-04-08; Pilkada serentak"))
    assert "1 batas waktu terbuka akan berpindah" in first.text
    assert "Jumat, 10 April 2026 → Senin, 13 April 2026" in first.text
    assert workdays.newest_version() == 1
    office.post(
        "/calendar/change?year=2026", data=change("2026-04-08; Pilkada serentak", do="save", **seal(first.text))
    )
    assert due(forwarding) == date(2026, 4, 10)
    assert sweep().moved == 1
    assert due(forwarding) == date(2026, 4, 13)
    (told,) = moved_events()
    assert (told.details["old"], told.details["new"]) == ("2026-04-10", "2026-04-13")
    assert told.details["reason"] == DECREE["note"]
    (mail,) = db.session.scalars(select(EmailDispatch).where(EmailDispatch.subject.startswith("Batas waktu berubah")))
    assert (mail.purpose, mail.institution_id) == (EmailPurpose.NOTICE, world.regency.id)
    assert "batas tanggapan: menjadi Senin, 13 April 2026, semula Jumat, 10 April 2026" in mail.paragraphs
    assert f"Halaman surat ini: http://localhost/forwardings/{forwarding.id}" in mail.paragraphs.splitlines()
    page = signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").text
    assert "Pilkada serentak" in page
    assert "Tanggal berpindah karena kalender" in page
    assert list(findings()) == []


def test_a_sweep_after_a_change_moves_each_date_once(forwarding: Forwarding) -> None:
    calendar.change([NamedDay(date(2026, 4, 8), "Pilkada")], [], "SKB", "Pilkada", 1, SYSTEM)
    assert [sweep().moved, sweep("2026-03-16T04:00:00+00:00").moved] == [1, 0]
    assert len(moved_events()) == 1


def test_one_date_that_cannot_move_stops_no_other_and_is_told(forwarding: Forwarding, story: Story) -> None:
    with freeze_time(FRIDAY):
        other = story.acknowledged()
    calendar.change([NamedDay(date(2026, 4, 8), "Pilkada")], [], "SKB", "Pilkada", 1, SYSTEM)
    db.session.execute(update(EventStream).where(EventStream.name == forwarding.stream).values(length=0))
    report = sweep()
    assert (report.moved, report.failed) == (1, [forwarding.id])
    assert (due(forwarding), due(other)) == (date(2026, 4, 10), date(2026, 4, 13))


def test_many_dates_that_move_cost_a_fixed_number_of_queries(story: Story, count_queries: Any) -> None:
    with freeze_time(FRIDAY):
        for _ in range(2):
            story.acknowledged()
        few = queries_of_a_change(count_queries, "Pilkada", date(2026, 4, 8))
        for _ in range(4):
            story.acknowledged()
    assert queries_of_a_change(count_queries, "Pilkada ulang", date(2026, 4, 7)) <= few


def queries_of_a_change(count_queries: Any, name: str, day: date) -> int:
    calendar.change([NamedDay(day, name)], [], "SKB", name, workdays.newest_version(), SYSTEM)
    db.session.commit()
    db.session.expire_all()
    with count_queries() as statements:
        sweep()
    return len(statements)


def test_a_holiday_that_is_taken_out_brings_the_date_forward(forwarding: Forwarding) -> None:
    nyepi = db.session.scalars(select(DayOff).where(DayOff.day == date(2026, 3, 19))).one()
    calendar.change([], [nyepi.id], "SKB", "Nyepi dipindahkan", 1, SYSTEM)
    sweep()
    assert due(forwarding) == date(2026, 4, 9)


def test_a_regional_holiday_moves_the_dates_of_that_region_alone(forwarding: Forwarding, story: Story) -> None:
    with freeze_time(FRIDAY):
        elsewhere = story.acknowledged(recipient=story.world.province)
    calendar.change([NamedDay(date(2026, 4, 8), "Hari jadi", region_code="35.13")], [], "SK", "Hari jadi", 1, SYSTEM)
    sweep()
    assert (due(forwarding), due(elsewhere)) == (date(2026, 4, 13), date(2026, 4, 10))


def test_a_date_that_the_sender_named_stays(forwarding: Forwarding) -> None:
    deadlines.end(forwarding)
    deadlines.agree(forwarding, forwarding.response_clock, date(2026, 4, 10))
    db.session.commit()
    calendar.change([NamedDay(date(2026, 4, 8), "Pilkada")], [], "SKB", "Pilkada", 1, SYSTEM)
    assert sweep().moved == 0
    assert due(forwarding) == date(2026, 4, 10)


def test_dates_that_do_not_move_take_the_new_version_without_an_event(forwarding: Forwarding) -> None:
    version = calendar.change([NamedDay(date(2026, 12, 1), "Pilkada")], [], "SKB", "Pilkada", 1, SYSTEM)
    sweep()
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    assert running is not None
    db.session.refresh(running)
    assert (running.calendar_version, moved_events()) == (version.id, [])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("31/02/2026; Hari apa", "bukan tanggal"),
        ("2026-04-08;", "Baris 1, kolom nama: Sel ini kosong."),
        ("2026-04-08;", "Satu baris utuh seperti ini: 2026-08-17; Proklamasi Kemerdekaan; libur"),
        ("2026-04-08; Pilkada; pesta", "Baris 1, kolom jenis:"),
        ("2026-04-08; Hari jadi; libur; Probolinggo", "Probolinggo"),
        ("2026-03-19; Nyepi lagi", "sudah ada di kalender"),
        ("2026-04-08; Pilkada\n2026-04-08; Pilkada", "dua kali"),
        ("1026-04-08; Pilkada", "tahun"),
        ("", "Tulis hari"),
    ],
)
def test_what_cannot_be_is_told_line_by_line_and_nothing_typed_is_lost(
    app: object, world: World, signed_in_as: SignIn, typed: str, sentence: str
) -> None:
    answer = signed_in_as(world.administrator).post("/calendar/change?year=2026", data=change(typed, do="save"))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(part in answer.text for part in typed.split("\n")[:1])
    assert workdays.newest_version() == 1


def test_a_file_is_put_into_the_field_where_it_can_be_read(world: World, signed_in_as: SignIn) -> None:
    content = b"tanggal;nama;jenis;wilayah\n18/08/2026;Cuti bersama kemerdekaan;cuti bersama;\n"
    data = change() | {"file": (BytesIO(content), "skb.csv")}
    page = signed_in_as(world.administrator).post("/calendar/change?year=2026", data=data).text
    assert "2026-08-18; Cuti bersama kemerdekaan; cuti bersama" in page
    assert "Berlakukan" in page


def test_only_the_days_whose_consequences_were_seen_are_put_into_force(world: World, signed_in_as: SignIn) -> None:
    office = signed_in_as(world.administrator)
    shown = office.post("/calendar/change?year=2026", data=change("2026-04-08; Pilkada")).text
    others = change("2026-04-09; Pilkada", do="save", **seal(shown))
    answer = office.post("/calendar/change?year=2026", data=others)
    assert answer.status_code == 409
    assert "Lihat lagi apa yang akan berpindah" in answer.text
    assert workdays.newest_version() == 1
    office.post("/calendar/change?year=2026", data={**others, **seal(answer.text)})
    assert workdays.newest_version() == 2


def test_whoever_was_slower_checks_again(world: World, signed_in_as: SignIn) -> None:
    office = signed_in_as(world.administrator)
    seen = change("2026-04-08; Pilkada")
    page = office.post("/calendar/change?year=2026", data=seen).text
    calendar.change([NamedDay(date(2026, 4, 9), "Lain")], [], "SKB", "Lain", 1, SYSTEM)
    answer = office.post("/calendar/change?year=2026", data={**seen, **seal(page), "do": "save"})
    assert answer.status_code == 409
    assert db.session.scalar(select(func.count(CalendarVersion.id))) == 2


def test_everybody_reads_the_calendar_and_only_an_administrator_changes_it(world: World, signed_in_as: SignIn) -> None:
    page = signed_in_as(world.regency_pic).get("/calendar?year=2026&region=35.13")
    assert "Kalender kerja 2026" in page.text
    assert "Hari Suci Nyepi" in page.text
    for account in (world.regency_pic, world.monitor, world.registrar):
        assert signed_in_as(account).get("/calendar/change").status_code == 403


def test_next_year_without_its_joint_leave_is_an_alarm_from_october_on(world: World, signed_in_as: SignIn) -> None:
    sentence = "Cuti bersama 2028 belum ada di kalender"
    with freeze_time("2027-09-30T03:00:00Z"):
        assert sentence not in signed_in_as(world.monitor).get("/").text
    with freeze_time("2027-10-01T03:00:00Z"):
        assert sentence in signed_in_as(world.monitor).get("/").text
        assert sentence in signed_in_as(world.administrator).get("/").text
        assert sentence not in signed_in_as(world.regency_pic).get("/").text
