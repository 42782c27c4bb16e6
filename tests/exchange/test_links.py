"""The link in the mail and the slip in the envelope: looking changes nothing, confirming is recorded once."""

from datetime import timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from hub import clock
from hub.audit.models import Event
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings import service
from hub.forwardings.rules import ProofChannel, Stage
from hub.mail import queries as mail
from hub.mail import service as outbox
from hub.mail.models import EmailPurpose

WHO = {"name": "Rina Maheswari", "office": "Irban II"}


def count_of_everything():
    return [db.session.scalar(select(func.count()).select_from(table)) for table in db.metadata.sorted_tables]


def test_looking_shows_the_letter_and_changes_nothing_however_often(client, link, forwarding):
    db.session.commit()
    before = count_of_everything()
    for _ in range(5):
        response = client.get(link)
    assert response.status_code == 200
    for shown in (forwarding.letter.number, forwarding.sender.name, "Jalan berlubang di Kecamatan Tongas"):
        assert shown in response.text
    assert "Puspa" not in response.text
    assert count_of_everything() == before
    assert forwarding.stage is Stage.READY


def test_public_pages_have_no_session_and_the_strictest_policy(client, link):
    for response in (client.get(link), client.post(link, data=WHO), client.get("/a/1-x"), client.get("/v/")):
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy


def test_confirming_records_who_when_and_how(client, link, forwarding):
    with freeze_time("2026-03-13 07:30:00"):
        response = client.post(link, data=WHO)
    assert response.status_code == 200
    for shown in ("Rina Maheswari", "Irban II", "13 Mar 2026 pukul 14.30 WIB"):
        assert shown in response.text
    [proof] = forwardings.proofs(forwarding)
    assert (proof.name, proof.office, proof.channel) == ("Rina Maheswari", "Irban II", ProofChannel.LINK)
    assert proof.dispatch_id == mail.of(forwarding.stream)[0].id
    assert forwarding.stage is Stage.ACKNOWLEDGED


def test_the_record_names_the_link_and_not_the_person(client, link, forwarding):
    client.post(link, data=WHO)
    event = db.session.scalars(
        select(Event).where(Event.stream == forwarding.stream, Event.kind == "acknowledged")
    ).one()
    assert event.actor_kind == "link"
    assert "Rina" not in str(event.details)


def test_it_says_what_comes_next_and_until_when(client, link):
    with freeze_time("2026-03-13 07:30:00"):
        response = client.post(link, data=WHO)
    assert "Jumat, 10 April 2026" in response.text
    assert "/sign-in" in response.text


def test_confirming_twice_is_confirming_once(client, link, forwarding):
    client.post(link, data=WHO)
    response = client.post(link, data={"name": "Orang Lain", "office": "Staf"})
    assert response.status_code == 200
    assert "Rina Maheswari" in response.text
    assert "Orang Lain" not in response.text
    assert len(forwardings.proofs(forwarding)) == 1


def test_after_confirming_the_link_shows_the_record(client, link):
    client.post(link, data=WHO)
    response = client.get(link)
    assert "Rina Maheswari" in response.text
    assert "<form" not in response.text


def test_the_slip_proves_as_well(client, slip, forwarding):
    assert client.get(slip).status_code == 200
    client.post(slip, data=WHO)
    [proof] = forwardings.proofs(forwarding)
    assert proof.channel is ProofChannel.SLIP
    assert forwarding.stage is Stage.ACKNOWLEDGED


@pytest.mark.parametrize(
    "given", [{}, {"name": "Rina Maheswari"}, {"office": "Irban II"}, {"name": "..", "office": "Irban"}]
)
def test_a_link_proves_only_with_name_and_office(client, link, forwarding, given):
    response = client.post(link, data=given)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    for typed in given.values():
        assert f'value="{typed}"' in response.text
    assert forwardings.proofs(forwarding) == []


def test_a_script_as_name_stays_text(client, link):
    response = client.post(link, data={"name": "<script>alert(1)</script>", "office": "{{ 7*7 }}"})
    assert "<script>" not in response.text
    assert "{{ 7*7 }}" in response.text


def test_unknown_and_tampered_links_look_the_same(client, link):
    tampered = link[:-1] + ("A" if link[-1] != "A" else "B")
    pages = [client.get(address) for address in (tampered, "/a/999999-abc", "/a/nonsense")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert client.post(tampered, data=WHO).status_code == 404


def test_an_expired_link_is_gone_and_says_what_to_do(client, link, forwarding):
    mail.of(forwarding.stream)[0].link_expires_at = clock.now() - timedelta(days=1)
    for response in (client.get(link), client.post(link, data=WHO)):
        assert response.status_code == 410
        assert "kedaluwarsa" in response.text or "expired" in response.text
        assert forwarding.letter.number not in response.text
    assert forwardings.proofs(forwarding) == []


def test_a_revoked_link_is_gone(client, link, forwarding):
    outbox.revoke_links(forwarding.stream)
    assert client.get(link).status_code == 410
    assert client.post(link, data=WHO).status_code == 410


def test_a_withdrawn_letter_asks_for_nothing(client, link, slip, forwarding, world):
    service.withdraw(forwarding, world.registrar.person, "salah alamat")
    assert client.get(link).status_code == 410
    assert client.get(slip).status_code == 410


def test_a_mail_to_the_sender_itself_proves_nothing_about_the_recipient(client, forwarding, world):
    notice = outbox.queue(
        about=forwarding.stream,
        purpose=EmailPurpose.NOTICE,
        institution_id=world.ksn.id,
        to_name="Asdep",
        to_address="asdep@kantor.example",
        subject="Pemberitahuan",
        paragraphs=["…"],
        signature="Hub",
        action="Buka",
    )
    assert client.get(outbox.link_address(notice).removeprefix("http://localhost")).status_code == 404


def test_a_form_from_another_website_is_refused(client, link, forwarding):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post(link, data=WHO, headers=headers).status_code == 403
    assert forwardings.proofs(forwarding) == []
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert client.post(link, data=WHO, headers=own).status_code == 200


def test_it_works_with_form_protection_on_because_there_is_no_session(app, client, link):
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post(link, data=WHO).status_code == 200


def test_who_tries_many_links_is_stopped_while_good_ones_still_open(client, link):
    codes = [client.get(f"/a/{number}-guess").status_code for number in range(22)]
    assert codes[:20] == [404] * 20
    assert codes[20:] == [429] * 2
    assert client.get(link).status_code == 200


def test_pages_need_few_queries(client, link, count_queries):
    with count_queries() as statements:
        client.get(link)
    assert len(statements) <= 6, statements
