"""A sweep that does not run is an alarm: on screen, and for whoever supervises the machine."""

from datetime import datetime

from freezegun import freeze_time

from hub import clock
from hub.audit.rules import SYSTEM
from hub.audit.service import record
from hub.extensions import db
from hub.silence import service
from tests.conftest import Client
from tests.story import Story

MORNING = "2026-03-16T02:00:00+00:00"
STANDS_STILL = "Pengawasan batas waktu dan pengingat"


def test_a_new_hub_without_open_letters_is_ready(client: Client) -> None:
    assert client.get("/health/ready").json == {"status": "ok"}


def test_a_sweep_that_never_ran_is_missed_once_something_waits_an_hour(
    story: Story, client: Client, signed_in_as
) -> None:
    with freeze_time("2026-03-16T02:00:00Z"):
        story.sent()
        assert client.get("/health/ready").status_code == 200
    with freeze_time("2026-03-16T03:01:00Z"):
        assert client.get("/health/ready").json == {"status": "unavailable", "failing": ["sweep"]}
        assert STANDS_STILL in signed_in_as(story.world.monitor).get("/").text


def test_a_sweep_that_stopped_is_told_to_those_who_count_on_it(story: Story, client: Client, signed_in_as) -> None:
    with freeze_time(MORNING):
        service.sweep(datetime.fromisoformat(MORNING))
        assert client.get("/health/ready").status_code == 200
    with freeze_time("2026-03-16T03:00:00Z"):
        assert client.get("/health/ready").status_code == 200
    with freeze_time("2026-03-16T03:00:01Z"):
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json["failing"]) == (503, ["sweep"])
        for account in (story.world.monitor, story.world.administrator, story.world.registrar):
            assert "terakhir berjalan pada 16 Mar 2026 pukul 09.00 WIB" in signed_in_as(account).get("/").text
        assert STANDS_STILL not in signed_in_as(story.world.regency_pic).get("/").text


def test_a_letter_the_sweep_could_not_see_to_is_told_until_it_can(story: Story, client: Client, signed_in_as) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        broken, _other = story.sent(), story.sent(recipient=story.world.province)
    story.world.regency_pic.person.email = "bukan alamat"
    record(broken.stream, "nobody_knows_this", SYSTEM)
    number = broken.letter.number
    with freeze_time("2026-03-26T03:00:00Z"):
        assert service.sweep(clock.now()).failed == [broken.id]
        db.session.commit()
        assert client.get("/health/ready").json == {"status": "unavailable", "failing": ["sweep_cases"]}
        for account in (story.world.monitor, story.world.registrar):
            assert f"belum berhasil mengurus {number};" in signed_in_as(account).get("/").text
        told = signed_in_as(story.world.administrator).get("/").text
        assert "belum berhasil mengurus 1 surat; sebabnya ada di log worker." in told
        assert number not in told
        for account in (story.world.regency_pic, story.world.ombudsman_monitor):
            assert STANDS_STILL not in signed_in_as(account).get("/").text
        story.world.regency_pic.person.email = "pic@kantor.example"
        assert service.sweep(clock.now()).failed == []
        db.session.commit()
        assert client.get("/health/ready").json == {"status": "ok"}
        assert STANDS_STILL not in signed_in_as(story.world.monitor).get("/").text
