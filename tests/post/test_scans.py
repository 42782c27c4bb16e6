"""Where an envelope is follows from what was seen of it, told in whatever order."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from freezegun import freeze_time

from hub import clock
from hub.audit import queries as audit
from hub.extensions import db
from hub.files import service as files
from hub.post import service
from hub.post.models import PostDispatch, PostScan
from hub.post.rules import PostState, ScanKind, Sighting
from hub.post.scans import Telling
from hub.workdays.rules import add_working_days
from tests.post.conftest import NUMBER

FRIDAY = datetime(2026, 3, 13, 3, tzinfo=UTC)


def told(dispatch, *sightings, **more):
    news = service.note_scans([Telling(dispatch, one, **more) for one in sightings])
    db.session.commit()
    return news


def later(days, kind, receiver="", words=""):
    return Sighting(FRIDAY + timedelta(days=days), kind, receiver, words)


def test_scans_learnt_backwards_say_the_same(posted):
    with freeze_time(FRIDAY):
        first, second = posted(), posted("RR473124815ID")
    with freeze_time(FRIDAY + timedelta(days=9)):
        way = [later(1, ScanKind.IN_TRANSIT), later(3, ScanKind.ATTEMPT_FAILED), later(4, ScanKind.DELIVERED, "Sari")]
        told(first, *way)
        for one in reversed(way):
            told(second, one)
    for one in (first, second):
        assert (one.state, one.delivered_to, one.delivered_on) == (PostState.DELIVERED, "Sari", date(2026, 3, 17))
        assert one.last_scan_at == FRIDAY + timedelta(days=4)


def test_each_scan_is_an_event_with_the_time_it_happened(posted):
    with freeze_time(FRIDAY):
        envelope = posted()
    with freeze_time(FRIDAY + timedelta(days=5)):
        told(envelope, later(1, ScanKind.IN_TRANSIT))
    event = audit.of_stream(envelope.stream)[-1]
    assert (event.kind, event.occurred_at) == ("in_transit", FRIDAY + timedelta(days=1))
    assert event.recorded_at == FRIDAY + timedelta(days=5)
    assert event.details == {"scan": envelope.scans[0].id}
    assert list(audit.broken_links()) == []


def test_a_scan_told_again_is_one_row_and_fills_in_only_what_was_open(posted):
    envelope = posted()
    with freeze_time(clock.now() + timedelta(days=9)):
        moment = clock.now().replace(microsecond=0)
        bare = Sighting(moment, ScanKind.DELIVERED)
        full = Sighting(moment, ScanKind.DELIVERED, "Sari", "diterima satpam")
        assert told(envelope, bare) == [True]
        assert told(envelope, bare) == [False]
        assert told(envelope, full, place="Kraksaan") == [True]
        assert told(envelope, Sighting(moment, ScanKind.DELIVERED, "Orang lain")) == [False]
    [scan] = envelope.scans
    assert (scan.receiver, scan.words, scan.place) == ("Sari", "diterima satpam", "Kraksaan")
    assert envelope.delivered_to == "Sari"
    kinds = [event.kind for event in audit.of_stream(envelope.stream)]
    assert kinds[-2:] == ["delivered", "scan_completed"]


def test_a_withdrawn_scan_stays_withdrawn_when_a_file_tells_it_again_but_not_when_a_person_does(posted, world):
    envelope = posted()
    today = clock.today("WIB")
    service.note_by_hand(envelope, ScanKind.RETURNED, today, world.registrar.person, words="Salah")
    [scan] = envelope.scans
    service.withdraw_scan(scan, world.registrar.person)
    assert told(envelope, Sighting(scan.at, ScanKind.RETURNED, words="Salah")) == [False]
    assert envelope.state is PostState.POSTED
    assert service.note_scans(
        [Telling(envelope, Sighting(scan.at, ScanKind.RETURNED, words="Benar"))],
        world.registrar.person,
        is_by_hand=True,
    ) == [True]
    assert (envelope.state, envelope.return_reason) == (PostState.RETURNED, "Benar")


def test_delivery_after_a_return_is_the_way_home(posted):
    envelope = posted()
    with freeze_time(clock.now() + timedelta(days=9)):
        moment = clock.now()
        back = Sighting(moment - timedelta(days=2), ScanKind.RETURNED, words="Pindah alamat")
        told(envelope, Sighting(moment, ScanKind.DELIVERED, "Registrasi Kemensetneg"), back)
    assert (envelope.state, envelope.delivered_to) == (PostState.RETURNED, "")
    assert envelope.return_reason == "Pindah alamat"


def test_the_day_of_delivery_is_the_recipients_and_the_day_of_return_the_senders(posted, world):
    jayapura = db.session.query(type(world.ksn)).filter_by(code="91.71").one()
    with freeze_time(FRIDAY):
        delivered, returned = posted(to=jayapura), posted("RR473124815ID", to=jayapura)
    evening = datetime(2026, 3, 18, 16, tzinfo=UTC)  # 23.00 in Jakarta, 01.00 of the next day in Jayapura
    with freeze_time(evening + timedelta(days=3)):
        told(delivered, Sighting(evening, ScanKind.DELIVERED, "Sari"))
        told(returned, Sighting(evening, ScanKind.RETURNED))
    assert delivered.delivered_on == date(2026, 3, 19)
    assert returned.returned_on == date(2026, 3, 18)


def test_two_tellers_at_the_same_moment_leave_one_scan(app, posted):
    id = posted().id
    moment = clock.now().replace(microsecond=0)
    news = []
    db.session.commit()

    def tell():
        with app.app_context():
            dispatch = db.session.get_one(PostDispatch, id)
            news.extend(service.note_scans([Telling(dispatch, Sighting(moment, ScanKind.DELIVERED, "Sari"))]))
            db.session.commit()
            db.session.remove()

    tellers = [threading.Thread(target=tell) for _ in range(2)]
    for one in tellers:
        one.start()
    for one in tellers:
        one.join()
    assert sorted(news) == [False, True]
    assert db.session.query(PostScan).count() == 1


# Presumed lost


def test_an_envelope_without_a_scan_for_ten_working_days_is_presumed_lost(posted):
    """Fri 13 March 2026; the week of 18 to 24 March is Nyepi, Idul Fitri and joint leave: the tenth day is 3 April."""
    with freeze_time(FRIDAY):
        envelope = posted()
    last_day = add_working_days(date(2026, 3, 13), 10, service.workdays.calendar_for(None))
    noon = datetime(last_day.year, last_day.month, last_day.day, 5, tzinfo=UTC)
    assert last_day > date(2026, 3, 27)
    with freeze_time(noon):
        assert service.presume_lost() == 0
    with freeze_time(noon + timedelta(days=1)):
        assert [service.presume_lost(), service.presume_lost()] == [1, 0]
        assert envelope.presumed_lost_on == last_day + timedelta(days=1)
    assert envelope.state is PostState.PRESUMED_LOST
    assert audit.of_stream(envelope.stream)[-1].kind == "presumed_lost"


def test_days_are_counted_from_the_last_scan(posted):
    with freeze_time(FRIDAY):
        envelope = posted()
    with freeze_time(FRIDAY + timedelta(days=40)):
        told(envelope, later(33, ScanKind.ATTEMPT_FAILED))
        assert service.presume_lost() == 0
    with freeze_time(FRIDAY + timedelta(days=60)):
        assert service.presume_lost() == 1


def test_evidence_beats_presumption(posted):
    with freeze_time(FRIDAY):
        envelope = posted()
    with freeze_time(FRIDAY + timedelta(days=40)):
        service.presume_lost()
        told(envelope, later(6, ScanKind.DELIVERED, "Sari"))
        assert service.presume_lost() == 0
    assert (envelope.state, envelope.presumed_lost_on) == (PostState.DELIVERED, None)


def test_what_is_not_under_way_is_never_presumed_lost(posted, envelope):
    with freeze_time(FRIDAY):
        delivered, returned, waiting = posted(), posted("RR473124815ID"), envelope()
        told(delivered, later(0, ScanKind.DELIVERED))
        told(returned, later(0, ScanKind.RETURNED))
    with freeze_time(FRIDAY + timedelta(days=90)):
        assert service.presume_lost() == 0
    assert waiting.state is PostState.TO_PRINT


def test_while_nothing_is_old_the_sweep_is_one_query(posted, count_queries):
    posted()
    with count_queries() as statements:
        assert service.presume_lost() == 0
    assert len(statements) == 1


def test_the_worker_sweeps(posted, work):
    with freeze_time(FRIDAY):
        posted()
    with freeze_time(FRIDAY + timedelta(days=60)):
        assert work()["post"] == {"presumed_lost": 1}


@pytest.mark.parametrize("kind", list(ScanKind))
def test_a_photo_stays_with_its_scan(posted, world, kind):
    envelope = posted()
    photo = files.store_made("resi.png", b"png", "image/png")
    service.note_by_hand(envelope, kind, clock.today("WIB"), world.registrar.person, proof=photo)
    assert envelope.scans[0].proof is photo


def test_a_wrong_tracking_number_is_corrected_and_what_was_seen_under_it_is_withdrawn(posted, registrar):
    envelope = posted()
    service.note_by_hand(envelope, ScanKind.DELIVERED, clock.today("WIB"), receiver="Orang Lain")
    db.session.commit()
    assert envelope.state is PostState.DELIVERED
    page = registrar.post(f"/post/{envelope.id}/posted", data={"tracking_number": "RR473124828ID", "correct": "1"})
    assert page.status_code == 422
    registrar.post(f"/post/{envelope.id}/posted", data={"tracking_number": "RR473124815ID", "correct": "1"})
    db.session.expire_all()
    assert (envelope.tracking_number, envelope.state, envelope.delivered_to) == ("RR473124815ID", PostState.POSTED, "")
    assert all(scan.withdrawn_at for scan in envelope.scans)
    assert audit.last_of(envelope.stream, "tracking_number_corrected").details["was"] == NUMBER
