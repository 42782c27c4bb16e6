"""PICs and deputies by file: the same rules as by hand, told row by row."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from hub.audit.models import Event
from hub.audit.queries import broken_links
from hub.audit.rules import SYSTEM, person
from hub.directory.models import Appointment, AppointmentRole, Network, Person
from hub.directory.sheets import exporting
from hub.directory.sheets.importing import Report, import_file
from hub.directory.sheets.tables import Change, Table
from hub.extensions import db
from hub.sheets.writing import csv_bytes, xlsx_bytes
from tests.world import World

EXAMPLES = Path(__file__).parents[2] / "examples"
ROW = {
    "code": "35.14",
    "network": "kemensetneg",
    "role": "pic",
    "name": "Wulan Contohsari",
    "title": "Auditor Madya",
    "email": "wulan@kantor.example",
    "phone": "0812",
    "decree_number": "700/1/SK/2026",
    "valid_from": "02/01/2026",
    "valid_until": "",
}


def brought(*changes: dict[str, str], **how: bool) -> Report:
    return import_file(csv_bytes(list(ROW), [list({**ROW, **one}.values()) for one in changes]), SYSTEM, **how)


def faults(report: Report) -> list[tuple[int, str]]:
    return [(fault.line, fault.column) for fault in report.errors]


def appointments(code: str = "35.14") -> list[dict[str, str]]:
    headers, rows = exporting.table(Table.APPOINTMENTS)
    return [dict(zip(headers, row, strict=True)) for row in rows if row[0] == code]


def test_the_sample_file_appoints_and_the_second_time_changes_nothing(app: Flask) -> None:
    content = (EXAMPLES / "sample_appointments.csv").read_bytes()
    report = import_file(content, SYSTEM)
    assert (report.table, report.opened, report.errors) == (Table.APPOINTMENTS, 5, ())
    events = db.session.scalar(select(func.count(Event.id)))
    again = import_file(content, SYSTEM)
    assert (again.opened, again.changed, again.unchanged, again.errors) == (0, 0, 5, ())
    assert db.session.scalar(select(func.count(Event.id))) == events
    jaya = db.session.scalars(select(Person).where(Person.email == "jaya.contohwira@kantor.example")).one()
    assert {(one.network, one.role) for one in jaya.appointments} == {
        (Network.KEMENSETNEG, AppointmentRole.DEPUTY),
        (Network.OMBUDSMAN, AppointmentRole.PIC),
    }


def test_what_is_taken_out_and_put_back_changes_nothing(world: World) -> None:
    brought({}, {"role": "deputy", "email": "b@kantor.example", "name": "Jaya", "valid_until": "2026-12-31"})
    headers, rows = exporting.table(Table.APPOINTMENTS)
    for write in (csv_bytes, xlsx_bytes):
        report = import_file(write(headers, rows), SYSTEM)
        assert (report.opened, report.changed, report.unchanged, report.errors) == (0, 0, len(rows), ())


def test_words_and_dates_are_read_as_people_write_them(app: Flask) -> None:
    report = brought(
        {"network": "Ombudsman", "role": "PIC", "valid_from": "2 Januari 2026", "email": " Wulan@Kantor.Example "},
        {"role": "Wakil PIC", "email": "b@kantor.example", "name": "Jaya", "valid_from": "2026-01-02"},
    )
    assert report.errors == ()
    assert [(one["network"], one["role"], one["email"], one["valid_from"]) for one in appointments()] == [
        ("kemensetneg", "deputy", "b@kantor.example", "2026-01-02"),
        ("ombudsman", "pic", "wulan@kantor.example", "2026-01-02"),
    ]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"code": "99.99"}, "code"),
        ({"network": "lapor"}, "network"),
        ({"role": "registrar"}, "role"),
        ({"name": ""}, "name"),
        ({"title": ""}, "title"),
        ({"email": "bukan alamat"}, "email"),
        ({"email": "regency.pic@kantor.example"}, "email"),
        ({"email": "35-13@kantor.example"}, "email"),
        ({"decree_number": ""}, "decree_number"),
        ({"decree_number": "x" * 101}, "decree_number"),
        ({"valid_from": "31/02/2026"}, "valid_from"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_until": "kapan-kapan"}, "valid_until"),
        ({"valid_until": "01/01/2026"}, "valid_until"),
        ({"code": "35.13"}, "valid_from"),
    ],
)
def test_a_fault_is_told_where_it_stands_and_nothing_is_half_done(
    world: World, change: dict[str, str], column: str
) -> None:
    before = db.session.scalar(select(func.count(Person.id)))
    report = brought(change, {"code": "35.74", "email": "lain@kantor.example", "name": "Mega"})
    assert faults(report) == [(2, column)]
    assert report.errors[0].message.endswith(".")
    assert (report.opened, db.session.scalar(select(func.count(Person.id)))) == (0, before)
    partial = brought(change, {"code": "35.74", "email": "lain@kantor.example", "name": "Mega"}, partial=True)
    assert (partial.opened, db.session.scalar(select(func.count(Person.id)))) == (1, (before or 0) + 1)
    assert list(broken_links()) == []


def test_a_second_pic_in_one_file_is_refused_at_the_second_and_the_same_row_twice_too(app: Flask) -> None:
    other = {"email": "b@kantor.example", "name": "Jaya"}
    assert faults(brought({}, other)) == [(3, "valid_from")]
    assert faults(brought({}, {})) == [(3, "email")]
    assert brought({}, other | {"network": "ombudsman"}, {"network": "ombudsman", "role": "deputy"}).errors == ()


def test_a_term_that_ends_makes_room_for_the_next_wherever_its_row_stands(app: Flask) -> None:
    brought({})
    successor = {"email": "b@kantor.example", "name": "Jaya", "valid_from": "01/07/2026"}
    report = brought(successor, {"valid_until": "30/06/2026"})
    assert (report.opened, report.changed, report.errors) == (1, 1, ())
    assert report.rows[1].changes == (Change("valid_until", "", "2026-06-30"),)
    assert [one["valid_until"] for one in appointments()] == ["2026-06-30", ""]


def test_a_row_on_record_is_corrected_and_an_empty_cell_leaves_it(app: Flask) -> None:
    brought({})
    by = person(1)
    content = csv_bytes(list(ROW), [list({**ROW, "name": "Wulan Contohsari, S.H.", "title": "", "phone": "-",
                                          "decree_number": "700/2/SK/2026"}.values())])  # fmt: skip
    report = import_file(content, by)
    assert [one.column for one in report.rows[0].changes] == ["name", "phone", "decree_number"]
    found = db.session.scalars(select(Appointment).where(Appointment.decree_number == "700/2/SK/2026")).one()
    assert (found.person.name, found.person.title, found.person.phone) == (
        "Wulan Contohsari, S.H.",
        "Auditor Madya",
        "",
    )
    kinds = set(db.session.scalars(select(Event.kind).where(Event.actor_id == 1)))
    assert kinds == {"person_changed", "appointment_corrected"}


def test_a_dry_run_tells_what_the_import_then_does(app: Flask) -> None:
    rows = {}, {"role": "deputy"}, {"code": "35.74", "name": "Mega", "email": "mega@kantor.example"}
    told = brought(*rows, dry_run=True)
    assert appointments() == []
    done = brought(*rows, partial=True)
    assert (told.rows, told.errors, told.opened) == (done.rows, done.errors, done.opened)
    assert faults(told) == [(3, "valid_from")]
    assert date.fromisoformat(appointments()[0]["valid_from"]) == date(2026, 1, 2)
