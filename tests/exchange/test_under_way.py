"""Right of reply without an account: behind every link of a letter there is a place to say that the answer has left."""

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.rules import ClockKey, ProofChannel, Stage
from hub.responses.models import AnnouncedReply
from hub.silence import service as silence
from tests.exchange.test_links import count_of_everything

ANSWER = {
    "letter_number": "700/77/2026",
    "letter_date": "2026-03-16",
    "way": "post",
    "sent_on": "2026-03-17",
    "tracking_number": "RR473124829ID",
}
WHO = {"name": "Rina Maheswari", "office": "Irban II"}


@pytest.fixture(autouse=True)
def tuesday(app):
    with freeze_time("2026-03-17T02:00:00Z"):
        yield


@pytest.mark.parametrize("way", ["link", "slip"])
def test_who_answered_says_so_without_an_account_and_has_the_letter(client, forwarding, request, way):
    address = request.getfixturevalue(way)
    assert f"{address}/under-way" in client.get(address).text
    told = client.post(f"{address}/under-way", data={**ANSWER, **WHO})
    assert (told.status_code, told.location) == (303, address)
    assert forwarding.stage is Stage.ACKNOWLEDGED
    [proof] = forwardings.proofs(forwarding)
    assert (proof.channel, proof.name) == (ProofChannel(way), "Rina Maheswari")
    page = client.get(address).text
    assert "Jawaban Anda no. 700/77/2026" in page
    assert "Rina Maheswari" in page


def test_looking_at_the_form_changes_nothing(client, link):
    db.session.commit()
    before = count_of_everything()
    assert client.get(f"{link}/under-way").status_code == 200
    assert count_of_everything() == before


@pytest.mark.parametrize("missing", [*WHO, "letter_number", "letter_date", "way", "sent_on"])
def test_nothing_is_told_without_name_office_and_letter(client, link, missing):
    given = {name: value for name, value in {**ANSWER, **WHO}.items() if name != missing}
    page = client.post(f"{link}/under-way", data=given)
    assert page.status_code == 422
    assert 'value="RR473124829ID"' in page.text
    assert db.session.scalar(select(func.count()).select_from(AnnouncedReply)) == 0


def test_told_twice_it_is_told_once(client, link, forwarding):
    for _ in range(2):
        client.post(f"{link}/under-way", data={**ANSWER, **WHO})
    assert db.session.scalar(select(func.count()).select_from(AnnouncedReply)) == 1
    assert len(forwardings.proofs(forwarding)) == 1


def test_the_page_has_no_session_and_the_strictest_policy(client, link):
    for page in (client.get(f"{link}/under-way"), client.post(f"{link}/under-way", data={**ANSWER, **WHO})):
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "no-store"
        assert "script-src 'none'" in page.headers["Content-Security-Policy"]


def test_an_unknown_link_opens_nothing(client, link):
    assert client.post(f"{link}x/under-way", data={**ANSWER, **WHO}).status_code == 404


def test_where_no_answer_is_awaited_the_page_of_the_letter_is_shown(client, story):
    from hub.mail import queries as mail
    from hub.mail import service as outbox

    closed = story.answered().forwarding
    address = outbox.link_address(mail.of(closed.stream)[0]).removeprefix("http://localhost")
    assert "under-way" not in client.get(address).text
    assert client.post(f"{address}/under-way", data={**ANSWER, **WHO}).location == address
    assert db.session.scalar(select(func.count()).select_from(AnnouncedReply)) == 0


def test_late_and_reminded_the_mail_and_its_page_show_the_way(client, story, world):
    from datetime import datetime

    from hub.mail import queries as mail
    from hub.mail import service as outbox

    late = story.acknowledged()
    moment = datetime.fromisoformat("2026-04-20T03:00:00+00:00")
    with freeze_time(moment):
        silence.sweep(moment)
        db.session.commit()
        reminder = mail.of(late.stream)[-1]
        assert "Sudah menjawab? Beri tahu nomor dan tanggal" in reminder.paragraphs
        address = outbox.link_address(reminder).removeprefix("http://localhost")
        page = client.get(address).text
        assert "Tanggal jawaban sudah lewat" in page
        assert f"{address}/under-way" in page
        client.post(f"{address}/under-way", data={**ANSWER, **WHO})
    running = {one.clock for one in late.deadlines if one.ended_at is None}
    assert ClockKey.REPLY_ARRIVES in running
