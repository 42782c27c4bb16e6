"""Files of the post, as good and as bad as they come."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import insert

from hub.cli.post import post
from hub.extensions import db
from hub.letters.models import Letter, LetterState
from hub.post import importing, service
from hub.post.models import PostDispatch, PostScan
from hub.post.rules import PostState, check_digit
from tests.post.conftest import NUMBER

FRIDAY = datetime(2026, 3, 13, 3, tzinfo=UTC)
OTHER = "RR473124815ID"
HEADER = "resi,status,waktu,kantor,penerima,keterangan"


@pytest.fixture
def on_the_way(posted):
    """Two envelopes posted on Friday 13 March; it is Friday the 27th now."""
    with freeze_time(FRIDAY):
        found = [posted(), posted(OTHER)]
    with freeze_time(FRIDAY + timedelta(days=14)):
        yield found


def take(*rows, header=HEADER, office=None):
    report = importing.import_file("\n".join([header, *rows]).encode(), office)
    db.session.commit()
    return report


WAY = (
    f"{NUMBER},Posting loket,2026-03-13 09:30,Jakarta Pusat,,",
    f"{NUMBER},Manifest serah,2026-03-13 19:00,Jakarta Pusat,,",
    f"{NUMBER},Antar gagal,16/03/2026 10:15,Kraksaan,,Kantor tutup",
    f"{NUMBER},Proses antar,2026-03-17T08:00:00+07:00,Kraksaan,,",
    f"{NUMBER},Selesai antar,2026-03-17 10:05:30,Kraksaan,Sari Anggraini,",
    f"{OTHER},RETUR,2026-03-20 09:00,Kraksaan,-,Pindah alamat",
)


def test_a_file_of_the_post_says_where_every_envelope_is(on_the_way):
    first, second = on_the_way
    report = take(*WAY)
    assert (report.imported, report.unchanged, report.errors) == (6, 0, [])
    assert (first.state, first.delivered_to) == (PostState.DELIVERED, "Sari Anggraini")
    assert first.scans[-1].at == datetime(2026, 3, 17, 3, 5, 30, tzinfo=UTC)
    assert (second.state, second.return_reason) == (PostState.RETURNED, "Pindah alamat")
    assert first.scans[0].words == "Posting loket"


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_any_number_of_times_say_the_same(on_the_way, seed):
    rows = list(WAY)
    random.Random(seed).shuffle(rows)
    for row in rows:
        take(row)
    again = take(*rows)
    assert (again.imported, again.unchanged, again.errors) == (0, 6, [])
    assert [one.state for one in on_the_way] == [PostState.DELIVERED, PostState.RETURNED]


def test_semicolons_a_byte_order_mark_and_capitals_are_read_as_well(on_the_way):
    content = "\ufeffRESI;Status;Waktu\r\nrr 473124829 id;SELESAI ANTAR;17/03/2026 10.05\r\n".encode()
    assert importing.import_file(content, None).imported == 1


def test_every_unusable_row_is_told_and_nothing_else_is_lost(on_the_way):
    report = take(
        f"{NUMBER},Manifest terima,2026-03-14 09:30,,,",
        "RR999999999ID,Manifest terima,2026-03-14 09:30,,,",
        f"{NUMBER},Hilang di laut,2026-03-14 09:30,,,",
        f"{NUMBER},Manifest terima,2026-02-30 09:30,,,",
        f"{NUMBER},Manifest terima,2027-03-14 09:30,,,",
        f"{NUMBER},Manifest terima,2026-01-14 09:30,,,",
        f'{NUMBER},Selesai antar,2026-03-17 10:00,,"=HYPERLINK(""http://x.example"")",',
        f"{NUMBER},Selesai antar,2026-03-17 10:00,,+62,@x",
        f"{NUMBER},Selesai antar,2026-03-17 10:00,,{'S' * 201},",
        f"{NUMBER},Selesai antar",
        ",Selesai antar,2026-03-17 10:00,,,",
        f"{NUMBER},,2026-03-17 10:00,,,",
        f"{NUMBER},Selesai antar,,,,",
        f"{OTHER},Selesai antar,2026-03-17 10:00,-,Sari,-",
    )
    assert report.imported == 2
    assert [(one.line, one.column) for one in report.errors] == [
        (3, "resi"),
        (4, "status"),
        (5, "waktu"),
        (6, "waktu"),
        (7, "waktu"),
        (8, "penerima"),
        (9, "penerima"),
        (9, "keterangan"),
        (10, "penerima"),
        (11, "waktu"),
        (12, "resi"),
        (13, "status"),
        (14, "waktu"),
    ]
    assert all(one.message.endswith(".") for one in report.errors)
    assert [len(one.scans) for one in on_the_way] == [1, 1]
    assert on_the_way[1].delivered_to == "Sari"


def test_a_quotation_mark_left_open_stops_there_and_keeps_what_came_before(on_the_way):
    report = take(f"{NUMBER},Manifest terima,2026-03-14 09:30,,,", f'{NUMBER},"Selesai')
    assert (report.imported, [one.line for one in report.errors]) == (1, [3])


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"a,b\n1,2\n", b"resi,status,waktu\n", b"PK\x03\x04broken"])
def test_a_file_that_is_none_is_told(world, content):
    report = importing.import_file(content, None)
    assert report.imported == 0
    assert report.errors


def test_a_number_used_again_after_a_year_means_the_newest_envelope_before_the_scan(posted):
    with freeze_time("2025-03-01 03:00"):
        old = posted()
    with freeze_time("2026-03-13 03:00"):
        new = posted()
    with freeze_time("2026-03-27 03:00"):
        take(f"{NUMBER},Selesai antar,2026-03-17 10:00,,Sari,", f"{NUMBER},Antar gagal,2025-03-05 10:00,,,")
    assert (old.state, new.state) == (PostState.ATTEMPT_FAILED, PostState.DELIVERED)


def test_two_letters_in_one_envelope_arrive_together(posted):
    with freeze_time(FRIDAY):
        both = [posted(), posted(is_double_meant=True)]
    with freeze_time(FRIDAY + timedelta(days=9)):
        report = take(f"{NUMBER},Selesai antar,2026-03-17 10:00,,Sari,")
    assert report.imported == 1
    assert [one.state for one in both] == [PostState.DELIVERED, PostState.DELIVERED]


def test_times_are_read_on_the_clocks_of_the_sender(posted, world):
    world.ksn.zone = "WIT"
    db.session.commit()
    with freeze_time(FRIDAY):
        envelope = posted()
    with freeze_time(FRIDAY + timedelta(days=9)):
        take(f"{NUMBER},Antar gagal,2026-03-16 10:00,,,")
    assert envelope.last_scan_at == datetime(2026, 3, 16, 1, tzinfo=UTC)


def test_numbers_of_the_post_come_in_by_letter_number(envelope, posted):
    printed, waiting, done = envelope(), envelope(), posted(OTHER)
    service.mark_printed(printed)
    report = take(
        f"{printed.letter.number.lower()},{NUMBER}",
        f"{done.letter.number},{OTHER}",
        f"{waiting.letter.number},RR473124832ID",
        f"{done.letter.number},RR473124832ID",
        "B-999/Tidak/Ada,RR473124832ID",
        f"{printed.letter.number},",
        header="nomor_surat,resi",
    )
    assert (printed.state, printed.tracking_number) == (PostState.POSTED, NUMBER)
    assert (report.imported, report.unchanged) == (1, 1)
    assert [(one.line, one.column) for one in report.errors] == [
        (4, "nomor_surat"),
        (5, "nomor_surat"),
        (6, "nomor_surat"),
        (7, "resi"),
    ]
    assert take(f"{printed.letter.number},{NUMBER}", header="nomor_surat,resi").unchanged == 1


def test_a_wrong_or_a_double_number_in_a_file_is_told(envelope, posted):
    posted()
    first, second = envelope(), envelope()
    for one in (first, second):
        service.mark_printed(one)
    report = take(f"{first.letter.number},{NUMBER}", f"{second.letter.number},RR473124828ID", header="nomor_surat,resi")
    assert [one.column for one in report.errors] == ["resi", "resi"]
    assert [first.state, second.state] == [PostState.PRINTED, PostState.PRINTED]


def test_the_page_takes_own_envelopes_only(on_the_way, world, signed_in_as, registrar):
    from io import BytesIO

    content = "\n".join([HEADER, WAY[4]]).encode()
    theirs = signed_in_as(world.ombudsman_registrar).post("/post/import", data={"file": (BytesIO(content), "p.csv")})
    assert theirs.status_code == 422
    assert on_the_way[0].scans == []
    ours = registrar.post("/post/import", data={"file": (BytesIO(content), "p.csv")})
    assert ours.status_code == 200
    db.session.refresh(on_the_way[0])
    assert on_the_way[0].delivered_to == "Sari Anggraini"
    assert on_the_way[0].scans[0].recorded_by_id == world.registrar.person.id


def test_the_command_answers_in_json(app, on_the_way, tmp_path):
    file = tmp_path / "pos.csv"
    file.write_text("\n".join([HEADER, *WAY]))
    db.session.commit()
    runner = app.test_cli_runner()
    answer = runner.invoke(post, ["import", str(file), "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == {"file": str(file), "imported": 6, "unchanged": 0, "errors": []}
    file.write_text("\n".join([HEADER, WAY[0], "RR999999999ID,Retur,2026-03-14 09:30,,,"]))
    answer = runner.invoke(post, ["import", str(file), "--json"])
    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert (told["imported"], told["unchanged"]) == (0, 1)
    assert [(one["line"], one["column"]) for one in told["errors"]] == [(3, "resi")]
    assert runner.invoke(post, ["import", str(tmp_path / "nowhere.csv"), "--json"]).exit_code == 2


def test_ten_thousand_rows_take_a_few_hundred_statements(posted, count_queries):
    """A thousand envelopes, ten scans of each."""
    with freeze_time(FRIDAY):
        first = posted()
        numbers = [f"RA{serial}{check_digit(str(serial))}ID" for serial in range(10_000_000, 10_001_000)]
        shared = {
            "about": first.about,
            "letter_id": first.letter_id,
            "institution_id": first.institution_id,
            "address": first.address,
            "created_at": FRIDAY,
            "state": PostState.POSTED,
            "posted_at": FRIDAY,
        }
        rows = [{**shared, "nonce": str(n), "tracking_number": number} for n, number in enumerate(numbers)]
        db.session.execute(insert(PostDispatch), rows)
        db.session.commit()
    told = [
        f"{number},{'Selesai antar' if hour == 9 else 'Manifest terima'},2026-03-14 1{hour}:00,,Sari,"
        for number in numbers
        for hour in range(10)
    ]
    random.Random(1).shuffle(told)
    with freeze_time(FRIDAY + timedelta(days=9)), count_queries() as statements:
        report = take(*told)
    assert (report.imported, report.errors) == (10_000, [])
    assert db.session.query(PostScan).count() == 10_000
    assert db.session.query(PostDispatch).filter_by(state=PostState.DELIVERED).count() == 1000
    assert len(statements) < 700
    assert db.session.query(Letter).count() == 1


@pytest.mark.parametrize("nothing", ["-", ".", " - - "])
def test_a_row_without_a_number_is_told_in_either_kind_of_file(on_the_way, envelope, nothing):
    report = take(f"{nothing},Selesai antar,2026-03-17 10:05,Kraksaan,Sari,")
    assert [(one.line, one.column) for one in report.errors] == [(2, "resi")]
    printed = envelope()
    printed.state = PostState.PRINTED
    report = take(f"{printed.letter.number},{nothing}", header="nomor_surat,resi")
    assert (report.unchanged, [one.column for one in report.errors]) == (0, ["resi"])


def test_what_becomes_of_a_withdrawn_letter_under_way_is_taken_in(on_the_way):
    first, _ = on_the_way
    first.letter.state = LetterState.VOID
    report = take(WAY[4])
    assert (report.imported, report.errors) == (1, [])
    assert first.state is PostState.DELIVERED
