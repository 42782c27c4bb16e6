"""Posting with a barcode scanner: one field, one Enter an envelope."""

import re

import pytest

from hub.extensions import db
from hub.post import service
from hub.post.rules import PostState
from tests.post.conftest import NUMBER

NUMBERS = (NUMBER, "RR473124815ID", "RR473124832ID")


@pytest.fixture
def printed(envelope):
    """Three envelopes that wait to be posted."""
    dispatches = [envelope() for _ in range(3)]
    for one in dispatches:
        service.mark_printed(one)
    db.session.commit()
    return dispatches


def shown(page):
    return int(re.search(r'name="envelope" value="(\d+)"', page.text)[1])


def test_enter_saves_and_goes_to_the_next(printed, registrar):
    address = "/post/scan"
    for dispatch, number in zip(printed, NUMBERS, strict=True):
        page = registrar.get(address)
        assert shown(page) == dispatch.id
        assert dispatch.letter.number in page.text
        assert "autofocus" in page.text
        address = registrar.post("/post/scan", data={"envelope": dispatch.id, "scanned": number}).location
    for one in printed:
        db.session.refresh(one)
    assert [one.tracking_number for one in printed] == list(NUMBERS)
    assert 'name="scanned"' not in registrar.get(address).text


def test_it_says_which_of_how_many_this_is(printed, registrar):
    assert "Amplop 2 dari 3" in registrar.get(f"/post/scan?envelope={printed[1].id}").text


def test_the_code_of_an_envelope_takes_that_one(printed, registrar):
    code = printed[2].code.lower().replace("-", "/")
    answer = registrar.post("/post/scan", data={"envelope": printed[0].id, "scanned": code})
    assert shown(registrar.get(answer.location)) == printed[2].id


def test_the_code_of_an_envelope_of_another_office_or_one_that_left_opens_nothing(printed, registrar, envelope, world):
    theirs = envelope(sender=world.ombudsman, signatory=world.ombudsman_signatory)
    service.mark_printed(theirs)
    service.mark_posted(printed[2], NUMBERS[2])
    for code in (theirs.code, printed[2].code):
        answer = registrar.post("/post/scan", data={"envelope": printed[0].id, "scanned": code})
        assert answer.status_code == 422
        assert shown(answer) == printed[0].id


@pytest.mark.parametrize("scanned", ["RR473124828ID", "123", "P-1-Z", "", " "])
def test_what_is_misread_is_said_beside_the_field_and_is_not_lost(printed, registrar, scanned):
    answer = registrar.post("/post/scan", data={"envelope": printed[0].id, "scanned": scanned})
    assert answer.status_code == 422
    assert "scanned-errors" in answer.text
    assert f'value="{scanned.strip()}"' in answer.text or not scanned.strip()
    assert shown(answer) == printed[0].id


def test_scanned_again_behind_what_was_refused_the_new_number_counts(printed, registrar):
    wrong = "RR473124828ID"
    for typed in (wrong + NUMBERS[0], NUMBERS[1] + wrong):
        registrar.post("/post/scan", data={"envelope": printed[0].id, "scanned": typed, "rejected": wrong})
        registrar.post("/post/scan", data={"envelope": printed[1].id, "scanned": typed, "rejected": wrong})
    for one in printed:
        db.session.refresh(one)
    assert {printed[0].tracking_number, printed[1].tracking_number} == {NUMBERS[0], NUMBERS[1]}


def test_a_double_asks_and_a_second_scan_of_it_confirms_nothing(printed, registrar):
    service.mark_posted(printed[0], NUMBERS[0])
    again = {"envelope": printed[1].id, "scanned": NUMBERS[0]}
    for _ in range(2):
        answer = registrar.post("/post/scan", data=again)
        assert answer.status_code == 422
        assert printed[0].letter.number in answer.text
        assert f'name="same_number" value="{NUMBERS[0]}"' in answer.text
    assert registrar.post("/post/scan", data={**again, "same_number": NUMBERS[0]}).status_code == 302
    db.session.refresh(printed[1])
    assert printed[1].tracking_number == NUMBERS[0]


def test_an_old_page_gives_its_number_to_no_other_envelope(printed, registrar):
    service.mark_posted(printed[0], NUMBERS[0])
    answer = registrar.post("/post/scan", data={"envelope": printed[0].id, "scanned": NUMBERS[1]})
    assert answer.status_code == 422
    db.session.refresh(printed[1])
    assert printed[1].state is PostState.PRINTED


def test_with_nothing_to_post_the_page_teaches(registrar):
    page = registrar.get("/post/scan")
    assert page.status_code == 200
    assert registrar.post("/post/scan", data={"scanned": NUMBER}).status_code == 200
