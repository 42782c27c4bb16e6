"""Examination reports (LHP): who opens them, and that each opening is on record."""

from collections.abc import Callable
from datetime import date

import pytest

from hub.audit import queries as audit
from hub.directory.models import AppointmentRole, Network
from hub.extensions import db
from hub.files import service as files
from hub.forwardings import voices
from hub.responses import queries, service
from hub.responses.models import Response, ResponseKind
from tests.conftest import Client
from tests.story import Story
from tests.world import World

PDF = b"%PDF-1.7\n%%EOF"
OPENING = {"registrar", "monitor", "regency_pic"}
"""The two who review at Kemensetneg, and the PIC of the inspectorate that answered."""
SEEING = OPENING | {"signatory", "province_pic"}
"""They read the answer; the province got a copy of the letter."""


@pytest.fixture
def response(story: Story, world: World) -> Response:
    forwarding = story.acknowledged(copies=(world.province,))
    report = files.store("LHP Dinas PU.pdf", PDF)
    answer = service.Answer(ResponseKind.FINAL, "700/12/2026", date(2026, 1, 5), "Sudah diperiksa.", reports=[report])
    found = service.receive(forwarding, answer, voices.signed_in(world.regency_pic.person))
    db.session.commit()
    return found


def address(response: Response) -> str:
    return f"/responses/{response.id}/reports/{response.reports[0].id}"


def test_of_all_accounts_only_the_reviewers_and_the_pic_open_a_report(
    response: Response, world: World, signed_in_as: Callable[..., Client]
) -> None:
    opened = {}
    for name, account in world.accounts.items():
        opened[name] = signed_in_as(account).post(address(response)).status_code
    expected = {name: 200 if name in OPENING else 403 if name in SEEING else 404 for name in world.accounts}
    assert opened == expected


def test_the_rule_says_the_same(response: Response, world: World) -> None:
    may = {name for name, one in world.accounts.items() if queries.may_open_reports(one, response.forwarding)}
    assert may == OPENING


def test_each_opening_is_on_record_and_looking_at_the_page_is_none(
    response: Response, world: World, signed_in_as: Callable[..., Client]
) -> None:
    browser = signed_in_as(world.registrar)
    assert browser.get(address(response)).status_code == 405
    assert "LHP Dinas PU.pdf" in browser.get(f"/forwardings/{response.forwarding_id}").text
    assert browser.post(address(response)).data == PDF
    [event] = [one for one in audit.of_stream(response.stream) if one.kind == "report_opened"]
    assert (event.actor_kind, event.actor_id) == ("person", world.registrar.person.id)
    assert event.details["file"] == response.reports[0].id


def test_others_learn_that_there_is_one_and_not_its_name(
    response: Response, world: World, signed_in_as: Callable[..., Client]
) -> None:
    for name in sorted(SEEING - OPENING):
        page = signed_in_as(world.accounts[name]).get(f"/forwardings/{response.forwarding_id}")
        assert page.status_code == 200
        assert "LHP Dinas PU" not in page.text
        assert "laporan hasil pemeriksaan (LHP)" in page.text


def test_a_report_is_no_file_among_the_others(
    response: Response, world: World, signed_in_as: Callable[..., Client]
) -> None:
    wrong = f"/responses/{response.id}/files/{response.reports[0].id}"
    assert {signed_in_as(one).get(wrong).status_code for one in world.accounts.values()} == {404}


def test_the_deputy_of_the_recipient_opens_it_and_a_pic_of_the_other_network_does_not(
    response: Response, world: World, signed_in_as: Callable[..., Client]
) -> None:
    for network, role, status in (
        (Network.OMBUDSMAN, AppointmentRole.PIC, 404),
        (Network.KEMENSETNEG, AppointmentRole.DEPUTY, 200),
    ):
        term = world.other_pic.person.appointments[0]
        term.institution, term.network, term.role = world.regency, network, role
        assert signed_in_as(world.other_pic).post(address(response)).status_code == status
