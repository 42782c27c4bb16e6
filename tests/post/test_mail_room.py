from datetime import date, timedelta
from io import BytesIO

import pytest
from freezegun import freeze_time

from hub import clock
from hub.audit import queries as audit
from hub.extensions import db
from hub.files import service as files
from hub.post import printing, queries, service
from hub.post.rules import PostState
from hub.webkit.tokens import LinkState
from tests.post.conftest import NUMBER

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def seen(kind, on=None, **more):
    on = on or clock.today("WIB")
    return {f"seen-{name}": value for name, value in {"kind": kind, "on": on.isoformat(), **more}.items()}


def test_the_mail_room_prints_posts_and_notes_the_arrival(ready, registrar):
    assert ready.letter.number in registrar.get("/post").text
    assert registrar.get(f"/post/{ready.id}/letter").data == files.read(ready.letter.file)
    place = registrar.post("/post/print", data={"addressing": "labels"}).location
    assert printing.make_and_tidy().made == 1
    assert registrar.get(f"{place}/file").mimetype == "application/pdf"
    assert registrar.post(f"{place}/printed").location == "/post?list=printed"
    registrar.post(f"/post/{ready.id}/posted", data={"tracking_number": "rr 473124829 id"})
    assert NUMBER in registrar.get("/post").text
    registrar.post(f"/post/{ready.id}/seen", data=seen("delivered", receiver="Sari Anggraini"))
    db.session.refresh(ready)
    assert (ready.state, ready.tracking_number) == (PostState.DELIVERED, NUMBER)
    assert (ready.delivered_on, ready.delivered_to) == (clock.today("WIB"), "Sari Anggraini")
    kinds = [event.kind for event in audit.of_stream(f"post:{ready.id}")]
    assert kinds == ["queued", "print_asked", "printed", "posted", "delivered"]
    assert "Sari Anggraini" in registrar.get(f"/post/{ready.id}").text


def test_an_envelope_that_comes_back_keeps_the_reason_and_waits_to_be_cleared_up(posted, registrar):
    envelope = posted()
    registrar.post(f"/post/{envelope.id}/seen", data=seen("returned", words="Pindah alamat"))
    db.session.refresh(envelope)
    assert (envelope.state, envelope.return_reason) == (PostState.RETURNED, "Pindah alamat")
    assert envelope.letter.number in registrar.get("/post?list=to_clear_up").text


def test_a_letter_sent_again_is_cleared_up(posted, envelope, registrar):
    first = posted()
    service.mark_returned(first, clock.today("WIB"), "Pindah alamat")
    envelope()
    assert first.letter.number not in registrar.get("/post?list=to_clear_up").text


@pytest.mark.parametrize("typed", ["RR473124828ID", "12", "", "<script>alert(1)</script>"])
def test_a_wrong_tracking_number_is_told_and_stays_typed(ready, registrar, typed):
    service.mark_printed(ready)
    answer = registrar.post(f"/post/{ready.id}/posted", data={"tracking_number": typed})
    assert answer.status_code == 422
    assert "tracking_number-errors" in answer.text
    assert f'value="{typed}"' in answer.text or "<" in typed or not typed
    assert "<script>alert" not in answer.text
    db.session.refresh(ready)
    assert ready.state is PostState.PRINTED


def test_a_number_comes_back_after_a_year(posted):
    with freeze_time("2025-03-10 03:00"):
        posted()
        with pytest.raises(service.NumberInUse):
            posted()
    with freeze_time("2026-03-11 03:00"):
        assert posted().tracking_number == NUMBER


def test_a_double_is_warned_and_counts_with_the_second_press(posted, envelope, registrar):
    first, second = posted(), envelope()
    service.mark_printed(second)
    answer = registrar.post(f"/post/{second.id}/posted", data={"tracking_number": "rr473124829id"})
    assert answer.status_code == 422
    assert first.letter.number in answer.text
    db.session.refresh(second)
    assert second.state is PostState.PRINTED
    confirmed = {"tracking_number": NUMBER, "same_number": NUMBER}
    assert registrar.post(f"/post/{second.id}/posted", data=confirmed).status_code == 302
    db.session.refresh(second)
    assert second.tracking_number == NUMBER


def test_a_confirmation_counts_for_the_number_it_was_given_for(posted, envelope, registrar):
    posted()
    second = envelope()
    service.mark_printed(second)
    stale = {"tracking_number": NUMBER, "same_number": "RR473124815ID"}
    assert registrar.post(f"/post/{second.id}/posted", data=stale).status_code == 422


def test_a_double_of_another_office_is_warned_without_telling_its_letter(posted, envelope, world, registrar):
    theirs = posted(sender=world.ombudsman, signatory=world.ombudsman_signatory)
    ours = envelope()
    service.mark_printed(ours)
    answer = registrar.post(f"/post/{ours.id}/posted", data={"tracking_number": NUMBER})
    assert answer.status_code == 422
    assert theirs.letter.number not in answer.text


@pytest.mark.parametrize("shift", [-1, 1])
def test_an_impossible_day_is_told_beside_the_field_and_nothing_typed_is_lost(posted, registrar, shift):
    envelope = posted()
    day = clock.today("WIB") + timedelta(days=shift)
    answer = registrar.post(f"/post/{envelope.id}/seen", data=seen("delivered", day, receiver="Sari", place="Kraksaan"))
    assert answer.status_code == 422
    assert "seen-on-errors" in answer.text
    assert 'value="Sari"' in answer.text
    assert 'value="Kraksaan"' in answer.text


def test_a_delivery_to_nobody_knows_whom_asks_for_the_name(posted, registrar):
    envelope = posted()
    registrar.post(f"/post/{envelope.id}/seen", data=seen("delivered"))
    db.session.refresh(envelope)
    assert (envelope.state, envelope.delivered_to) == (PostState.DELIVERED, "")
    assert f"/post/{envelope.id}/receiver" in registrar.get(f"/post/{envelope.id}").text
    assert envelope.letter.number in registrar.get("/post?list=to_clear_up").text
    registrar.post(f"/post/{envelope.id}/receiver", data={"receiver-receiver": "Sari Anggraini"})
    db.session.refresh(envelope)
    assert envelope.delivered_to == "Sari Anggraini"
    again = registrar.post(f"/post/{envelope.id}/receiver", data={"receiver-receiver": "Orang Lain"})
    assert again.status_code == 422
    db.session.refresh(envelope)
    assert envelope.delivered_to == "Sari Anggraini"


def test_a_photo_proves_and_is_given_as_a_file_to_the_own_office_only(posted, world, registrar, signed_in_as):
    envelope = posted()
    photo = {**seen("delivered", receiver="Sari"), "seen-proof": (BytesIO(PNG), "tanda terima.png")}
    registrar.post(f"/post/{envelope.id}/seen", data=photo)
    [scan] = envelope.scans
    answer = registrar.get(f"/post/{envelope.id}/scans/{scan.id}/proof")
    assert answer.data == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "tanda terima.png" in registrar.get(f"/post/{envelope.id}").text
    stranger = signed_in_as(world.ombudsman_registrar)
    assert stranger.get(f"/post/{envelope.id}/scans/{scan.id}/proof").status_code == 404
    assert stranger.post(f"/post/{envelope.id}/scans/{scan.id}/withdraw").status_code == 404


def test_a_photo_of_another_kind_is_refused_and_the_rest_stays_typed(posted, registrar):
    envelope = posted()
    answer = registrar.post(
        f"/post/{envelope.id}/seen",
        data={**seen("delivered", receiver="Sari"), "seen-proof": (BytesIO(b"MZ\x90"), "foto.exe")},
    )
    assert answer.status_code == 422
    assert 'value="Sari"' in answer.text
    assert envelope.scans == []


def test_an_entry_by_mistake_is_withdrawn_and_the_page_says_what_follows(posted, registrar):
    envelope = posted()
    registrar.post(f"/post/{envelope.id}/seen", data=seen("returned", words="Salah amplop"))
    [scan] = envelope.scans
    assert "Tanpa catatan ini" in registrar.get(f"/post/{envelope.id}").text
    registrar.post(f"/post/{envelope.id}/scans/{scan.id}/withdraw")
    db.session.refresh(envelope)
    assert (envelope.state, envelope.returned_on, envelope.return_reason) == (PostState.POSTED, None, "")
    registrar.post(f"/post/{envelope.id}/scans/{scan.id}/withdraw")
    kinds = [event.kind for event in audit.of_stream(envelope.stream)]
    assert kinds[-2:] == ["returned", "scan_withdrawn"]


def test_a_double_click_posts_once(ready, registrar):
    service.mark_printed(ready)
    for _ in range(2):
        answer = registrar.post(f"/post/{ready.id}/posted", data={"tracking_number": NUMBER})
    assert answer.status_code == 422
    assert [event.kind for event in audit.of_stream(f"post:{ready.id}")] == ["queued", "printed", "posted"]


def test_another_institution_sees_no_envelope_and_changes_none(ready, world, signed_in_as):
    stranger = signed_in_as(world.ombudsman_registrar)
    assert ready.letter.number not in stranger.get("/post").text
    for path in ("", "/letter"):
        assert stranger.get(f"/post/{ready.id}{path}").status_code == 404
    for path in ("print", "print-again", "posted", "seen", "receiver"):
        assert stranger.post(f"/post/{ready.id}/{path}").status_code == 404


def test_a_pic_who_is_not_of_the_mail_room_finds_no_door_to_it(ready, world, signed_in_as):
    browser = signed_in_as(world.regency_pic)
    assert browser.get("/post").status_code == 403
    assert browser.get(f"/post/{ready.id}").status_code == 403
    assert 'href="/post"' not in browser.get("/").text


@pytest.mark.parametrize("who", ["signatory", "administrator"])
def test_only_the_mail_room_enters(ready, world, signed_in_as, who):
    assert signed_in_as(world.accounts[who]).get("/post").status_code == 403


def test_a_token_of_another_envelope_or_purpose_opens_nothing(envelope):
    first, second = envelope(), envelope()
    token = service.slip_address(first).rpartition("/")[2]
    _, _, mac = token.partition("-")
    for wrong in (f"{second.id}-{mac}", f"{first.id}-", token + "x", "999999-x", "", "x" * 500):
        assert queries.by_link_token(wrong) is None


def test_a_slip_expires_and_a_cancelled_one_is_revoked(envelope):
    old, cancelled = envelope(), envelope(about="forwarding:2")
    service.cancel_queued("forwarding:2")
    assert (cancelled.state, cancelled.link_state) == (PostState.CANCELLED, LinkState.REVOKED)
    with freeze_time(old.link_expires_at):
        assert old.link_state is LinkState.EXPIRED


def test_the_room_takes_few_queries_however_long_the_list(envelope, registrar, count_queries):
    for _ in range(5):
        envelope()
    with count_queries() as statements:
        registrar.get("/post")
    assert len(statements) <= 12


def test_the_day_of_posting_counts_in_the_zone_of_the_recipient(posted):
    """23:30 UTC is already the next morning in Java."""
    with freeze_time("2026-03-12 23:30"):
        envelope = posted()
        with pytest.raises(service.NotPossible):
            service.mark_delivered(envelope, date(2026, 3, 12), "Sari")
        service.mark_delivered(envelope, date(2026, 3, 13), "Sari")
    assert envelope.delivered_on == date(2026, 3, 13)


def test_nothing_is_noted_of_what_never_left(ready, registrar):
    assert registrar.post(f"/post/{ready.id}/seen", data=seen("delivered")).status_code == 422
    assert ready.scans == []
