"""Institutions of every kind by file: what is taken, what is refused with which words, and what is on record after."""

from collections import defaultdict
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select

from hub import clock
from hub.audit.models import Event
from hub.audit.queries import broken_links
from hub.audit.rules import SYSTEM, person
from hub.directory import offices, service
from hub.directory.models import AddressChange, ContactFault, FaultKind, Institution, InstitutionKind
from hub.directory.queries import by_code
from hub.directory.rules import bare_name
from hub.directory.sheets import exporting
from hub.directory.sheets.importing import Report, import_file
from hub.directory.sheets.tables import Change, Outcome, Table
from hub.extensions import db
from hub.sheets.writing import csv_bytes, xlsx_bytes
from hub.webkit.labels import label
from tests.world import World

EXAMPLES = Path(__file__).parents[2] / "examples"
NEW = {
    "code": "DPU-1",
    "name": "Dinas Contoh",
    "kind": "other",
    "head_title": "Kepala Dinas Contoh",
    "seat": "Kraksaan",
}


def table(*rows: dict[str, str]) -> bytes:
    """A file with the columns that the rows name."""
    headers = list(dict.fromkeys(key for row in rows for key in row))
    return csv_bytes(headers, [[row.get(key, "") for key in headers] for row in rows])


def brought(*rows: dict[str, str], **how: bool) -> Report:
    return import_file(table(*rows), SYSTEM, **how)


def faults(report: Report) -> list[tuple[int, str]]:
    return [(fault.line, fault.column) for fault in report.errors]


def count() -> int:
    return db.session.scalar(select(func.count(Institution.id))) or 0


def test_what_is_taken_out_and_put_back_changes_nothing(world: World) -> None:
    headers, rows = exporting.table(Table.INSTITUTIONS)
    for write in (csv_bytes, xlsx_bytes):
        report = import_file(write(headers, rows), SYSTEM)
        assert (report.opened, report.changed, report.unchanged, report.errors) == (0, 0, len(rows), ())


def test_only_the_code_is_needed_to_change_what_is_known(world: World) -> None:
    before = by_code("35.13").name
    report = brought({"code": "35.13", "phone": "0335 421234", "website": ""})
    assert (report.opened, report.changed, report.unchanged) == (0, 1, 0)
    assert report.rows[0].changes == (Change("phone", "", "0335 421234"),)
    regency = by_code("35.13")
    assert (regency.phone, regency.name, regency.email) == ("0335 421234", before, "35-13@kantor.example")


def test_a_hyphen_empties_what_is_on_record(world: World) -> None:
    brought({"code": "35.13", "postal_address": "-", "supervisor_code": "-", "region_code": "-"})
    regency = by_code("35.13")
    assert (regency.postal_address, regency.supervisor_id, regency.region_code) == ("", None, None)
    refused = brought({"code": "35.13", "name": "-"}, {"code": "35.14", "seat": "-"}, {"code": "35.15", "kind": "-"})
    assert faults(refused) == [(2, "name"), (3, "seat"), (4, "kind")]


def test_a_new_code_opens_an_institution_completed_from_its_region(app: Flask) -> None:
    brought(NEW | {"region_code": "Kota Jayapura", "supervisor_code": "91.71"}, NEW | {"code": "DPU-2"})
    first, second = by_code("DPU-1"), by_code("DPU-2")
    assert (first.region_code, first.zone, first.supervisor) == ("91.71", "WIT", by_code("91.71"))
    assert (second.region_code, second.zone, second.supervisor) == (None, "WIB", None)
    assert "{n}" in first.number_template


def test_a_new_institution_lacks_what_it_cannot_do_without(app: Flask) -> None:
    report = brought(NEW | {"head_title": "", "seat": ""}, {"code": "99.98"}, {"code": "35.1"}, NEW | {"code": "a/b"})
    assert faults(report) == [(2, "head_title"), (2, "seat"), (3, "code"), (4, "code"), (5, "code")]
    assert "name, kind, head_title, seat" in report.errors[2].message
    assert brought(NEW | {"code": "import"}).errors


def test_every_kind_is_known_by_its_key_and_by_both_its_names(app: Flask) -> None:
    names = []
    for kind in InstitutionKind:
        names += [(kind.value, kind), (kind.value.upper(), kind)]
        for locale in ("id", "en"):
            with force_locale(locale):
                names.append((str(label("institution_kind", kind).text), kind))
    report = brought(*(NEW | {"code": f"X-{place}", "kind": name} for place, (name, _) in enumerate(names)))
    assert report.errors == ()
    assert [by_code(f"X-{place}").kind for place in range(len(names))] == [kind for _, kind in names]


def test_each_of_the_26_shared_names_is_refused_bare_and_taken_in_full(app: Flask) -> None:
    namesakes = defaultdict(list)
    for region in offices.regions():
        if region["kind"] != "provinsi":
            namesakes[bare_name(region["name"])].append(region)
    shared = {name: pair for name, pair in namesakes.items() if len(pair) > 1}
    assert len(shared) == 26
    refused = brought(*(NEW | {"code": f"X-{place}", "region_code": name} for place, name in enumerate(shared)))
    assert faults(refused) == [(line, "region_code") for line in range(2, 28)]
    for fault, pair in zip(refused.errors, shared.values(), strict=True):
        assert all(f"{region['name']} ({region['code']})" in fault.message for region in pair)
    spellings = [
        (text, region["code"])
        for pair in shared.values()
        for region in pair
        for text in (region["code"], region["name"], f"{region['name']} ({region['code']})")
    ]
    taken = brought(*(NEW | {"code": f"Y-{n}", "region_code": text} for n, (text, _) in enumerate(spellings)))
    assert (taken.opened, taken.errors) == (len(spellings), ())
    assert [by_code(f"Y-{n}").region_code for n in range(len(spellings))] == [code for _, code in spellings]


def test_every_fault_of_every_row_is_told_where_it_stands(world: World) -> None:
    good = {"code": "35.14", "phone": "1"}
    wrong = {
        "Kind": "dinas",
        "Region Code": "Bogor",
        "supervisor_code": "NIRWANA",
        "zone": "GMT",
        "email": "bukan alamat",
        "second_email": "regency.pic@kantor.example",
        "website": "bukan situs",
        "number_template": "700/X/2026",
        "letterhead": "a\nb\nc\nd",
        "postal_address": "x" * 301,
    }
    report = brought(good, {"code": "35.74"} | wrong)
    assert set(faults(report)) == {(3, column) for column in wrong if column not in ("supervisor_code", "second_email")}
    assert all(fault.message.endswith(".") for fault in report.errors)
    elsewhere = brought(good, {"code": "35.74", "supervisor_code": "NIRWANA", "second_email": wrong["second_email"]})
    assert faults(elsewhere) == [(3, "supervisor_code"), (3, "second_email")]
    assert "Kabupaten Probolinggo" in elsewhere.errors[1].message
    assert by_code("35.14").phone == ""


def test_a_code_twice_in_the_file_is_told_at_the_second(app: Flask) -> None:
    report = brought({"code": "ksn-dumas", "phone": "1"}, {"code": "KSN-DUMAS", "phone": "2"})
    assert faults(report) == [(3, "code")]


def test_a_circle_of_supervisors_is_refused_also_when_only_the_file_closes_it(world: World) -> None:
    at_once = brought({"code": "35", "supervisor_code": "35.13"})
    assert faults(at_once) == [(2, "supervisor_code")]
    circle = [NEW | {"code": f"X-{a}", "supervisor_code": f"X-{b}"} for a, b in zip("ABC", "BCA", strict=True)]
    assert faults(brought(*circle)) == [(line, "supervisor_code") for line in (2, 3, 4)]
    assert faults(brought(NEW | {"supervisor_code": "DPU-1"})) == [(2, "supervisor_code")]
    assert not any(office["code"].startswith(("X-", "DPU")) for office in exporting.institutions())


def test_supervisor_and_supervised_may_change_places_and_come_in_any_order(world: World) -> None:
    swapped = brought({"code": "35", "supervisor_code": "35.13"}, {"code": "35.13", "supervisor_code": "itjen"})
    assert swapped.errors == ()
    assert by_code("35").supervisor is by_code("35.13")
    assert by_code("35.13").supervisor is by_code("ITJEN")
    below = brought(NEW | {"code": "X-1", "supervisor_code": "X-2"}, NEW | {"code": "X-2"})
    assert below.errors == ()
    assert by_code("X-1").supervisor is by_code("X-2")


def test_a_mailbox_belongs_to_one_office(world: World) -> None:
    taken = brought({"code": "35.13", "email": "35-74@kantor.example"})
    assert faults(taken) == [(2, "email")]
    assert "Kota Probolinggo" in taken.errors[0].message
    twice = brought(
        {"code": "35.13", "email": "sama@kantor.example"}, {"code": "35.14", "email": "Sama@Kantor.example"}
    )
    assert faults(twice) == [(2, "email"), (3, "email")]
    swapped = brought(
        {"code": "35.13", "email": "35-74@kantor.example"}, {"code": "35.74", "email": "35-13@kantor.example"}
    )
    assert swapped.errors == ()


def test_the_kind_of_an_inspectorate_stays_and_others_can_be_corrected(app: Flask) -> None:
    assert faults(brought({"code": "35.13", "kind": "ministry"})) == [(2, "kind")]
    brought(NEW)
    assert brought({"code": "DPU-1", "kind": "law_enforcer"}).changed == 1
    assert by_code("DPU-1").kind is InstitutionKind.LAW_ENFORCER
    assert faults(brought({"code": "DPU-1", "kind": "ombudsman_office"})) == [(2, "kind")]


def test_nothing_is_filed_while_one_row_has_a_fault_unless_the_good_ones_are_wanted(world: World) -> None:
    rows = {"code": "35.13", "phone": "1"}, NEW, NEW | {"code": "DPU-2", "kind": "?"}
    before = count()
    report = brought(*rows)
    assert (report.filed, report.opened, report.changed, report.good, count()) == (False, 0, 0, 2, before)
    assert db.session.scalar(select(Event.id).where(Event.kind.in_(("institution_opened", "office_changed")))) is None
    report = brought(*rows, partial=True)
    assert (report.filed, report.opened, report.changed, count()) == (True, 1, 1, before + 1)


def test_a_row_that_hangs_on_one_left_out_is_left_out_too(app: Flask) -> None:
    report = brought(
        NEW | {"code": "X-1", "supervisor_code": "X-2"}, NEW | {"code": "X-2", "zone": "?"}, NEW, partial=True
    )
    assert faults(report) == [(2, "supervisor_code"), (3, "zone")]
    assert "3" in report.errors[0].message
    assert report.opened == 1


def test_a_dry_run_tells_each_row_and_writes_nothing(world: World) -> None:
    report = brought({"code": "35.13", "phone": "1"}, NEW, {"code": "35.14"}, {"code": "?"}, dry_run=True)
    outcomes = [Outcome.CHANGED, Outcome.OPENED, Outcome.UNCHANGED, Outcome.FAULTY]
    assert [(row.line, row.outcome) for row in report.rows] == list(zip(range(2, 6), outcomes, strict=True))
    assert (report.opened, report.changed, report.unchanged, report.filed) == (1, 1, 1, False)
    db.session.expire_all()
    assert by_code("35.13").phone == ""
    assert db.session.scalar(select(Institution.id).where(Institution.code == "DPU-1")) is None


def test_each_change_is_on_record_with_who_and_what(world: World) -> None:
    by = person(world.administrator.person_id)
    import_file(table({"code": "35.13", "phone": "1", "supervisor_code": "ITJEN"}, NEW), by)
    events = db.session.scalars(select(Event).where(Event.actor_id == by.id).order_by(Event.id)).all()
    assert {(event.stream, event.kind) for event in events} == {
        ("institution:DPU-1", "institution_opened"),
        ("institution:35.13", "office_changed"),
        ("institution:35.13", "supervisor_changed"),
    }
    details = {event.kind: event.details for event in events}
    assert details["office_changed"] == {"changes": {"phone": ["", "1"]}}
    assert details["supervisor_changed"] == {"changes": {"supervisor": ["35", "ITJEN"]}}
    assert list(broken_links()) == []


def test_an_old_mailbox_is_kept_so_that_its_reader_is_told_and_what_was_dead_is_settled(world: World) -> None:
    service.mark_fault(
        world.regency, None, FaultKind.BOUNCED, "35-13@kantor.example", "no such user", "email:1", clock.now()
    )
    service.mark_fault(
        world.unstaffed, None, FaultKind.RETURNED, "Jalan Melati Nomor 1", "pindah", "post:1", clock.now()
    )
    brought(
        {"code": "35.13", "email": "baru@kantor.example", "postal_address": ""},
        {"code": "35.74", "email": "-", "postal_address": ""},
        {"code": "35.14", "email": "", "postal_address": "Jalan Baru 1"},
    )
    found = db.session.scalars(select(AddressChange).order_by(AddressChange.old_address))
    assert [(one.old_address, one.new_address, one.told_at) for one in found] == [
        ("35-13@kantor.example", "baru@kantor.example", None),
        ("35-74@kantor.example", "", None),
    ]
    assert all(db.session.scalars(select(ContactFault.mended_at)))


def test_the_sample_file_opens_an_institution_of_each_new_kind(app: Flask) -> None:
    report = import_file((EXAMPLES / "sample_institutions.csv").read_bytes(), SYSTEM)
    assert (report.opened, report.changed, report.errors, report.unknown) == (6, 2, (), ())
    assert by_code("POLRES-CONTOH").supervisor is by_code("POLDA-CONTOH")
    again = import_file((EXAMPLES / "sample_institutions.csv").read_bytes(), SYSTEM)
    assert (again.opened, again.changed, again.unchanged) == (0, 0, 8)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"PK\x03\x04rusak", b"code\n", b"nama;alamat\n1;2\n",
     b'code;name\n35.13;"tak tertutup\n',
     b"code;name\n35.13;a;b\n", b"code;role\n35.13;pic\n"],
)  # fmt: skip
def test_a_broken_file_is_told_and_changes_nothing(app: Flask, content: bytes) -> None:
    before = exporting.institutions()
    report = import_file(content, SYSTEM, partial=True)
    assert report.errors
    assert report.opened == report.changed == 0
    assert exporting.institutions() == before


def test_columns_that_mean_nothing_here_are_named(app: Flask) -> None:
    assert brought({"code": "35.13", "Emial": "x"}).unknown == ("Emial",)


def test_a_list_of_people_never_passes_for_one_of_institutions(app: Flask) -> None:
    report = brought({"code": "35.13", "name": "Wulan Contohsari", "title": "Auditor", "email": "wulan@kantor.example"})
    assert report.table is Table.APPOINTMENTS
    assert {fault.column for fault in report.errors} == {"network", "role", "valid_from"}
