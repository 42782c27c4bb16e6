import io
from datetime import date, timedelta

import pypdf
import pytest
from freezegun import freeze_time

from hub import clock
from hub.audit import queries as audit
from hub.extensions import db
from hub.files import service as files
from hub.files import storage
from hub.letters import rendering
from hub.letters import service as letters
from hub.letters.models import LetterKind
from hub.post import queries, service, slips
from hub.post.rules import PostState
from hub.webkit.tokens import LinkState
from tests.letters.test_rules import CONTENT

NUMBER = "RR473124829ID"


@pytest.fixture
def envelope(world):
    """Makes an envelope to the regency, its letter signed by Kemensetneg unless told otherwise."""

    def make(sender=None, signatory=None, about="forwarding:1"):
        letter = letters.draft(sender or world.ksn, LetterKind.FORWARDING, "Jalan berlubang", CONTENT, None)
        letters.submit(letter)
        letters.sign(letter, (signatory or world.signatory).person)
        address = f"{world.regency.name}\n{world.regency.postal_address}"
        dispatch = service.queue(about, letter, world.regency, address)
        db.session.commit()
        return dispatch

    return make


@pytest.fixture
def ready(envelope):
    """An envelope with letter and slip on file."""
    dispatch = envelope()
    rendering.render_pending()
    slips.make_and_tidy()
    return dispatch


@pytest.fixture
def registrar(world, signed_in_as):
    return signed_in_as(world.registrar)


def test_the_mail_room_prints_posts_and_notes_the_arrival(ready, registrar):
    assert ready.letter.number in registrar.get("/post").text
    assert registrar.get(f"/post/{ready.id}/letter").data == files.read(ready.letter.file)
    assert registrar.get(f"/post/{ready.id}/slip").mimetype == "application/pdf"
    assert registrar.post(f"/post/{ready.id}/printed").location == "/post?list=to_print"
    assert NUMBER not in registrar.get("/post").text
    registrar.post(f"/post/{ready.id}/posted", data={"tracking_number": "rr 473124829 id"})
    assert NUMBER in registrar.get("/post").text
    today = clock.today("WIB")
    registrar.post(
        f"/post/{ready.id}/delivered", data={"delivered-on": today.isoformat(), "delivered-to": "Sari Anggraini"}
    )
    db.session.refresh(ready)
    assert (ready.state, ready.tracking_number) == (PostState.DELIVERED, NUMBER)
    assert (ready.delivered_on, ready.delivered_to) == (today, "Sari Anggraini")
    kinds = [event.kind for event in audit.of_stream(f"post:{ready.id}")]
    assert kinds == ["queued", "printed", "posted", "delivered"]
    assert "Sari Anggraini" in registrar.get(f"/post/{ready.id}").text


def test_an_envelope_that_comes_back_keeps_the_reason(ready, registrar):
    registrar.post(f"/post/{ready.id}/printed")
    registrar.post(f"/post/{ready.id}/posted", data={"tracking_number": NUMBER})
    returned = {"returned-on": clock.today("WIB").isoformat(), "returned-reason": "Pindah alamat"}
    registrar.post(f"/post/{ready.id}/returned", data=returned)
    db.session.refresh(ready)
    assert (ready.state, ready.return_reason) == (PostState.RETURNED, "Pindah alamat")


@pytest.mark.parametrize("typed", ["RR473124828ID", "12", "", "<script>alert(1)</script>"])
def test_a_wrong_tracking_number_is_told_and_stays_typed(ready, registrar, typed):
    registrar.post(f"/post/{ready.id}/printed")
    answer = registrar.post(f"/post/{ready.id}/posted", data={"tracking_number": typed})
    assert answer.status_code == 422
    assert "tracking_number-errors" in answer.text
    assert f'value="{typed}"' in answer.text or "<" in typed or not typed
    assert "<script>alert" not in answer.text
    db.session.refresh(ready)
    assert ready.state is PostState.PRINTED


def test_a_number_is_used_once_a_year(envelope, registrar):
    with freeze_time("2025-03-10 03:00"):
        old, other = envelope(), envelope()
        for one in (old, other):
            service.mark_printed(one)
        service.mark_posted(old, NUMBER)
        with pytest.raises(service.NotPossible):
            service.mark_posted(other, NUMBER)
    with freeze_time("2026-03-11 03:00"):
        service.mark_posted(other, NUMBER)
    assert other.tracking_number == NUMBER


@pytest.mark.parametrize("shift", [-1, 1])
def test_an_impossible_day_is_told_beside_the_field(ready, registrar, shift):
    registrar.post(f"/post/{ready.id}/printed")
    registrar.post(f"/post/{ready.id}/posted", data={"tracking_number": NUMBER})
    day = clock.today("WIB") + timedelta(days=shift)
    answer = registrar.post(
        f"/post/{ready.id}/delivered", data={"delivered-on": day.isoformat(), "delivered-to": "Sari"}
    )
    assert answer.status_code == 422
    assert "delivered-on-errors" in answer.text
    assert 'value="Sari"' in answer.text


def test_a_double_click_posts_once(ready, registrar):
    registrar.post(f"/post/{ready.id}/printed")
    for _ in range(2):
        answer = registrar.post(f"/post/{ready.id}/posted", data={"tracking_number": NUMBER})
    assert answer.status_code == 422
    assert [event.kind for event in audit.of_stream(f"post:{ready.id}")] == ["queued", "printed", "posted"]


def test_another_institution_sees_no_envelope_and_changes_none(ready, world, signed_in_as):
    stranger = signed_in_as(world.ombudsman_registrar)
    assert ready.letter.number not in stranger.get("/post").text
    for path in ("", "/letter", "/slip"):
        assert stranger.get(f"/post/{ready.id}{path}").status_code == 404
    for path in ("printed", "print-again", "posted", "delivered", "returned"):
        assert stranger.post(f"/post/{ready.id}/{path}").status_code == 404


@pytest.mark.parametrize("who", ["regency_pic", "signatory", "administrator"])
def test_only_the_mail_room_enters(ready, world, signed_in_as, who):
    assert signed_in_as(world.accounts[who]).get("/post").status_code == 403


def test_the_slip_leads_to_its_own_envelope_and_says_what_it_is(ready):
    address = service.slip_address(ready)
    assert address.startswith("http://localhost/a/")
    found = queries.by_link_token(address.rpartition("/")[2])
    assert found is ready
    assert found.link_state is LinkState.GOOD
    pages = pypdf.PdfReader(io.BytesIO(files.read(ready.slip_file))).pages
    text = " ".join(pages[0].extract_text().split())
    assert len(pages) == 1
    for part in (
        address,
        "tanda terima dan pelacakan, bukan tanda tangan",
        ready.letter.number,
        ready.institution.name,
    ):
        assert part in text


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


def test_a_slip_is_deleted_once_it_is_printed(ready):
    place = storage.path(ready.slip_file.sha256)
    service.mark_printed(ready)
    db.session.commit()
    assert slips.make_and_tidy().deleted == 1
    assert not place.exists()
    assert ready.slip_file is None
    assert storage.path(ready.letter.file.sha256).exists()


def test_a_slip_nobody_printed_goes_after_a_day_and_is_made_again_when_asked(ready, registrar):
    content = files.read(ready.slip_file)
    with freeze_time(clock.now() + timedelta(hours=25)):
        assert slips.make_and_tidy().deleted == 1
        assert slips.make_and_tidy().made == 0
    assert registrar.get(f"/post/{ready.id}/slip").status_code == 404
    registrar.post(f"/post/{ready.id}/print-again")
    assert slips.make_and_tidy().made == 1
    db.session.refresh(ready)
    assert files.read(ready.slip_file) == content


def test_a_bad_print_goes_back_to_the_printer(ready, registrar):
    registrar.post(f"/post/{ready.id}/printed")
    slips.make_and_tidy()
    registrar.post(f"/post/{ready.id}/print-again")
    assert slips.make_and_tidy().made == 1
    db.session.refresh(ready)
    assert ready.state is PostState.TO_PRINT


def test_no_slip_before_its_letter(envelope):
    dispatch = envelope()
    assert slips.make_and_tidy().made == 0
    rendering.render_pending()
    assert slips.make_and_tidy().made == 1
    assert dispatch.slip_file is not None


def test_the_room_takes_few_queries_however_long_the_list(envelope, registrar, count_queries):
    for _ in range(5):
        envelope()
    with count_queries() as statements:
        registrar.get("/post")
    assert len(statements) <= 12


def test_the_day_of_posting_counts_in_the_zone_of_the_sender(envelope):
    """23:30 UTC is already the next morning in Jakarta."""
    with freeze_time("2026-03-12 23:30"):
        dispatch = envelope()
        service.mark_printed(dispatch)
        service.mark_posted(dispatch, NUMBER)
        with pytest.raises(service.NotPossible):
            service.mark_delivered(dispatch, date(2026, 3, 12), "Sari")
        service.mark_delivered(dispatch, date(2026, 3, 13), "Sari")
