"""The short code on the slip, typed with the number of the letter, leads to its page; and nobody guesses it."""

import re

import pytest
from sqlalchemy import func, select

from hub.accounts.models import SignInAttempt
from hub.exchange.views import slips as views
from hub.extensions import db
from hub.forwardings.rules import Stage
from hub.letters.rules import ALPHABET, SHORT_CODE_LENGTH, read_short_code
from hub.post import queries as post
from hub.post import short_codes, slips
from tests.exchange.test_links import WHO, count_of_everything

ONE_SENTENCE = "Nomor dan kode tidak cocok"


@pytest.fixture
def code(forwarding):
    return short_codes.of(post.of(forwarding.stream)[0])


def typed(forwarding, code, **changes):
    return {"number": forwarding.letter.number, "code": code, **changes}


def test_the_code_is_printed_on_the_slip_and_stored_nowhere(forwarding, code):
    [envelope] = post.of(forwarding.stream)
    assert code in slips.html(envelope)
    assert re.fullmatch(rf"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", code)
    kept = [str(row) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))]
    assert not any(part in row for row in kept for part in (code, code.replace("-", "")))


def test_number_and_code_lead_to_the_page_of_the_slip_where_a_person_confirms(client, forwarding, code, slip):
    assert client.get("/a/").status_code == 200
    answer = client.post("/a/", data=typed(forwarding, code))
    assert (answer.status_code, answer.headers["Location"]) == (303, slip)
    assert forwarding.stage is Stage.READY
    client.post(answer.headers["Location"], data=WHO)
    assert forwarding.stage is Stage.ACKNOWLEDGED


def test_it_may_be_typed_as_people_type(client, forwarding, code, slip):
    number = forwarding.letter.number.lower().replace("-", " - ")
    answer = client.post("/a/", data={"number": number, "code": f" {code.lower().replace('-', ' ')} "})
    assert answer.headers["Location"] == slip


def test_a_key_that_was_replaced_still_opens(app, client, forwarding, code, slip):
    settings = app.extensions["settings"]
    settings.link_keys = (type(settings.link_keys[0])("another key, newer than the one on paper"), *settings.link_keys)
    answer = client.post("/a/", data=typed(forwarding, code))
    assert answer.status_code == 303
    assert client.get(answer.headers["Location"]).status_code == 200


def test_what_is_wrong_is_not_told(client, story, forwarding, code):
    other = story.signed()
    wrong = short_codes.of(post.of(other.stream)[0])
    for attempt in (
        typed(forwarding, wrong),
        typed(forwarding, "kode apa"),
        typed(forwarding, code, number="B-999/Entah/2026"),
        typed(other, code),
    ):
        page = client.post("/a/", data=attempt)
        assert page.status_code == 404
        assert ONE_SENTENCE in page.text
        assert attempt["code"] in page.text


def test_one_character_wrong_is_seen_before_anything_is_compared(code):
    assert len(read_short_code(code)) == SHORT_CODE_LENGTH
    for place, sign in enumerate(code):
        if sign != "-":
            other = next(one for one in ALPHABET if one != sign)
            assert read_short_code(code[:place] + other + code[place + 1 :]) is None


def test_an_address_that_tries_too_often_waits_even_with_the_right_code(client, forwarding, code):
    for _ in range(views.FROM_ONE_ADDRESS):
        assert client.post("/a/", data=typed(forwarding, "ACDEF-GHJKM")).status_code == 404
    for attempt in ("ACDEF-GHJKM", code):
        assert client.post("/a/", data=typed(forwarding, attempt)).status_code == 429


def test_many_addresses_that_try_one_letter_do_not_get_far(app, client, forwarding, code, story):
    app.extensions.pop("exchange_misses", None)
    for place in range(views.FOR_ONE_NUMBER):
        from_there = {"environ_base": {"REMOTE_ADDR": f"10.0.{place}.1"}}
        assert client.post("/a/", data=typed(forwarding, "ACDEF-GHJKM"), **from_there).status_code == 404
    assert client.post("/a/", data=typed(forwarding, code)).status_code == 429
    other = story.signed()
    right = short_codes.of(post.of(other.stream)[0])
    assert client.post("/a/", data=typed(other, right)).status_code == 303


def test_attempts_are_counted_without_saying_who_tried_what(client, forwarding):
    client.post("/a/", data=typed(forwarding, "ACDEF-GHJKM"))
    kept = db.session.scalars(select(SignInAttempt.email_digest)).all()
    assert len(kept) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in kept)


def test_looking_at_the_form_writes_nothing(client, forwarding):
    db.session.commit()
    before = count_of_everything()
    client.get("/a/")
    assert count_of_everything() == before


def test_an_empty_form_says_what_to_write(client):
    page = client.post("/a/", data={"number": "", "code": ""})
    assert page.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_another_website_does_not_type_for_people(client, forwarding, code):
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/a/", data=typed(forwarding, code), headers=elsewhere).status_code == 403


def test_the_slip_as_a_page_shows_it_too(forwarding, code):
    assert code in slips.html(post.of(forwarding.stream)[0])
