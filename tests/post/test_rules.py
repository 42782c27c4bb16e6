from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.post import rules
from hub.post.rules import DayFault, NumberFault, PostState, ScanKind, Sighting, fold
from hub.post.status_words import kind_of, moment_of

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")

sightings = st.builds(
    Sighting,
    at=st.integers(0, 20).map(lambda hours: MONDAY + timedelta(hours=hours)),
    kind=st.sampled_from(ScanKind),
    receiver=st.sampled_from(["", "Sari", "Satpam"]),
    words=st.sampled_from(["", "Pindah alamat", "Rumah kosong"]),
)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("RR473124829ID", None),
        ("RR473124828ID", NumberFault.CHECK_DIGIT),
        ("RR473142829ID", NumberFault.CHECK_DIGIT),
        ("P2603130012345", None),
        ("12345678", None),
        ("1234567", NumberFault.SHAPE),
        ("A" * 21, NumberFault.SHAPE),
        ("RESI#12345", NumberFault.SHAPE),
        ("", NumberFault.SHAPE),
    ],
)
def test_a_tracking_number_is_judged(number, fault):
    assert rules.number_fault(number) is fault


def test_the_two_odd_check_digits_of_s10():
    """11 − 10 = 1 … 11 − 1 = 10 is written 0, 11 − 0 = 11 is written 5."""
    assert rules.check_digit("00000000") == 5
    assert {rules.check_digit(f"{serial:08}") for serial in range(200)} == set(range(10))


def test_a_number_is_read_however_it_is_typed():
    assert rules.tidy_number(" rr 473-124-829 id ") == "RR473124829ID"


def test_what_left_the_house_is_not_cancelled():
    assert rules.may_become(PostState.PRINTED, PostState.CANCELLED)
    assert rules.may_become(PostState.PRINTED, PostState.TO_PRINT)
    assert not rules.may_become(PostState.POSTED, PostState.CANCELLED)
    assert not rules.may_become(PostState.TO_PRINT, PostState.POSTED)


def test_an_envelope_arrives_between_its_posting_and_today():
    posted, today = date(2026, 3, 13), date(2026, 3, 20)
    assert rules.day_fault(posted, posted, today) is None
    assert rules.day_fault(date(2026, 3, 21), posted, today) is DayFault.FUTURE
    assert rules.day_fault(date(2026, 3, 12), posted, today) is DayFault.BEFORE_POSTING


def test_a_scan_of_the_counter_may_be_a_day_older_than_its_number_here_and_clocks_differ_by_two_hours():
    assert rules.scan_fault(MONDAY - timedelta(hours=23), MONDAY, MONDAY) is None
    assert rules.scan_fault(MONDAY - timedelta(hours=25), MONDAY, MONDAY) is DayFault.BEFORE_POSTING
    assert rules.scan_fault(MONDAY + timedelta(hours=2), MONDAY, MONDAY) is None
    assert rules.scan_fault(MONDAY + timedelta(hours=3), MONDAY, MONDAY) is DayFault.FUTURE


@given(st.lists(sightings), st.randoms())
def test_where_an_envelope_is_does_not_depend_on_the_order_in_which_scans_are_learnt(told, random):
    shuffled = list(told)
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(told)


@given(st.lists(sightings))
def test_a_scan_told_twice_changes_nothing(told):
    assert fold([*told, *told]) == fold(told)


@given(st.lists(sightings), sightings)
def test_what_came_back_stays_returned_whatever_else_is_learnt(told, more):
    back = Sighting(MONDAY, ScanKind.RETURNED, words="Pindah alamat")
    found = fold([*told, back, more])
    assert (found.state, found.delivered_at, found.delivered_to) == (PostState.RETURNED, None, "")


@given(st.lists(sightings.filter(lambda one: one.kind is not ScanKind.RETURNED)))
def test_what_was_delivered_stays_so_unless_it_came_back(told):
    found = fold([*told, Sighting(MONDAY, ScanKind.DELIVERED, "Sari")])
    assert found.state is PostState.DELIVERED
    assert found.delivered_to


@given(st.lists(sightings, min_size=1))
def test_the_last_scan_is_the_newest_one_and_some_scan_says_what_the_state_is(told):
    found = fold(told)
    assert found.last_scan_at == max(one.at for one in told)
    assert found.state.value in {one.kind.value for one in told}


def test_without_a_scan_it_is_posted_and_the_newest_says_where_it_is():
    assert fold([]).state is PostState.POSTED
    later = MONDAY + timedelta(days=1)
    again = [Sighting(later, ScanKind.IN_TRANSIT), Sighting(MONDAY, ScanKind.ATTEMPT_FAILED)]
    assert fold(again).state is PostState.IN_TRANSIT


def test_of_two_deliveries_the_one_that_somebody_signed_for_counts():
    told = [Sighting(MONDAY, ScanKind.DELIVERED), Sighting(MONDAY + timedelta(hours=1), ScanKind.DELIVERED, "Sari")]
    found = fold(told)
    assert (found.delivered_at, found.delivered_to) == (MONDAY + timedelta(hours=1), "Sari")


@given(st.integers(1, 2**31 - 1))
def test_the_code_of_an_envelope_leads_back_to_it_however_the_scanner_types_the_dash(id):
    code = rules.envelope_code(id)
    if id < 10**9:
        assert rules.coded_envelope(code) == id
        assert rules.coded_envelope(code.lower().replace("-", "/")) == id
    assert rules.is_meant_as_code(code)


@given(st.integers(1, 999_999), st.integers(0, 5), st.integers(0, 9))
def test_a_misread_digit_of_a_code_is_noticed(id, place, digit):
    prefix, serial, check = rules.envelope_code(id).split("-")
    place %= len(serial)
    wrong = f"{serial[:place]}{digit}{serial[place + 1 :]}"
    assert wrong == serial or rules.coded_envelope(f"{prefix}-{wrong}-{check}") is None


def test_no_number_of_the_post_is_taken_for_a_code():
    for number in ("P2603130012345", "RR473124829ID", "PX12345678", "12345678"):
        assert rules.coded_envelope(number) is None
        assert not rules.is_meant_as_code(number)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Posting loket", ScanKind.IN_TRANSIT),
        ("MANIFEST  SERAH", ScanKind.IN_TRANSIT),
        ("manifest terima", ScanKind.IN_TRANSIT),
        ("Proses Antar", ScanKind.IN_TRANSIT),
        ("Selesai antar", ScanKind.DELIVERED),
        ("antar gagal", ScanKind.ATTEMPT_FAILED),
        ("Retur", ScanKind.RETURNED),
        ("RETUR ke pengirim", ScanKind.RETURNED),
        ("returan", None),
        ("Hilang", None),
        ("", None),
    ],
)
def test_the_words_of_the_post(text, kind):
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-14 09:30", datetime(2026, 3, 14, 2, 30, tzinfo=UTC)),
        ("2026-03-14 09:30:15", datetime(2026, 3, 14, 2, 30, 15, tzinfo=UTC)),
        ("14/03/2026 9.30", datetime(2026, 3, 14, 2, 30, tzinfo=UTC)),
        ("2026-03-14T09:30:00+09:00", datetime(2026, 3, 14, 0, 30, tzinfo=UTC)),
        ("2026-03-14T09:30:00Z", datetime(2026, 3, 14, 9, 30, tzinfo=UTC)),
        ("14/03/2026", datetime(2026, 3, 14, 5, tzinfo=UTC)),
        ("2026-02-30 09:30", None),
        ("31/13/2026 09:30", None),
        ("2026-03-14 25:00", None),
        ("0001-01-01 00:00", None),
        ("kemarin", None),
        ("46095.4", None),
    ],
)
def test_the_times_of_the_post(text, moment):
    assert moment_of(text, JAKARTA) == moment


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader_of_times(text):
    moment_of(text, JAKARTA)
    kind_of(text)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=300), min_size=1, max_size=6))
def test_letters_shrink_until_an_address_fits(lines):
    assert 5 <= rules.fitting_size(lines, 72, 28, 10.5) <= 10.5


def test_a_usual_address_is_written_large():
    lines = ["Yth.", "Inspektorat Kabupaten Probolinggo", "Jalan Panglima Sudirman Nomor 134, Kraksaan"]
    assert rules.fitting_size(lines, 72, 28, 10.5) >= 9
