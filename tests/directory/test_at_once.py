"""Two people who change the same thing at the same moment: one is told, and the directory stays sound."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from hub.audit.rules import SYSTEM
from hub.directory import queries, service
from hub.directory.models import AppointmentRole, Institution, Network, Person
from hub.extensions import db
from tests.world import World


def office(code: str) -> Institution:
    return queries.by_code(code)


def both(app: Flask, first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """Run both at once, each in a transaction of its own. Returns the fields of what was refused."""
    start, refused = threading.Barrier(2), []

    def run(change: Callable[[], object]) -> None:
        with app.app_context():
            db.session.rollback()
            start.wait()
            try:
                change()
                db.session.commit()
            except service.Refused as refusal:
                refused.append(refusal.field)
                db.session.rollback()

    db.session.commit()
    threads = [threading.Thread(target=run, args=(change,)) for change in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.parametrize("_round", range(3))
def test_of_two_pics_one_is_appointed(app: Flask, world: World, _round: int) -> None:
    def appoint(name: str) -> None:
        there = office("35.14")
        who = service.add_person(there, name, "Auditor", f"{name.lower()}@kantor.example", "", SYSTEM)
        start = date(2026, 1, 2)
        service.appoint(who, there, Network.OMBUDSMAN, AppointmentRole.PIC, "SK", start, None, SYSTEM)

    assert both(app, lambda: appoint("Satria"), lambda: appoint("Laras")) == ["valid_from"]
    assert len(queries.people_of(office("35.14"))) == 1, "the refused one leaves nobody behind"


def test_of_two_people_with_one_address_one_is_entered(app: Flask, world: World) -> None:
    def enter(name: str, code: str) -> Person:
        return service.add_person(office(code), name, "Auditor", "sama@kantor.example", "", SYSTEM)

    assert both(app, lambda: enter("Satria", "35.14"), lambda: enter("Laras", "35.74")) == ["email"]


def test_two_changes_that_would_close_a_circle(app: Flask, world: World) -> None:
    for code in ("35.14", "35.74"):
        service.change_supervisor(office(code), None, SYSTEM)
    assert both(
        app,
        lambda: service.change_supervisor(office("35.14"), office("35.74"), SYSTEM),
        lambda: service.change_supervisor(office("35.74"), office("35.14"), SYSTEM),
    ) == ["supervisor"]


def test_two_plans_for_the_same_days(app: Flask, world: World) -> None:
    who = world.regency_pic.person_id

    def plan() -> None:
        service.plan_absence(db.session.get_one(Person, who), date(2026, 3, 10), date(2026, 3, 12), SYSTEM)

    assert both(app, plan, plan) == ["first_day"]


def test_two_who_open_the_same_code(app: Flask, world: World) -> None:
    def enter() -> None:
        service.open_institution({"code": "KPK", "kind": "law_enforcer", "name": "Komisi Contoh"}, SYSTEM)

    assert both(app, enter, enter) == ["code"]
