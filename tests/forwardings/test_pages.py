"""What the sender, the signatory and the recipient can do on screen, and what is refused."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from hub.directory import queries as directory
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.letters import document
from hub.mail import queries as mail
from hub.mail.models import EmailState
from hub.post import queries as post
from hub.post.rules import PostState
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[object], Client]
KEY = "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a44"
CHOICES = {
    "recipient": "Inspektorat Kabupaten Probolinggo (35.13)",
    "purpose": "handling",
    "response_class": "ordinary",
    "by_email": "y",
    "request_key": KEY,
}


def how_many() -> int:
    return db.session.scalar(select(func.count(Forwarding.id))) or 0


def test_the_same_form_sent_twice_is_one_forwarding(story: Story, world: World, signed_in_as: SignIn) -> None:
    complaint = story.complaint()
    registrar = signed_in_as(world.registrar)
    answers = [registrar.post(f"/complaints/{complaint.id}/forward", data=CHOICES) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert how_many() == 1


@pytest.mark.parametrize("name", ["Probolinggo", "Inspektorat Probolinggo", "Inspektorat Kabupaten Probolinggo", ""])
def test_no_recipient_is_guessed_from_a_name(story: Story, world: World, signed_in_as: SignIn, name: str) -> None:
    complaint = story.complaint()
    page = signed_in_as(world.registrar).post(
        f"/complaints/{complaint.id}/forward", data={**CHOICES, "recipient": name, "note": "Mohon segera."}
    )
    assert page.status_code == 422
    assert "Mohon segera." in page.text
    assert how_many() == 0


def test_the_form_proposes_the_inspectorate_of_the_region_and_the_class(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    complaint = story.complaint(is_supervisory=True, region_code="31.71")
    page = signed_in_as(world.registrar).get(f"/complaints/{complaint.id}/forward").text
    assert 'value="Inspektorat Provinsi Daerah Khusus Ibukota Jakarta (31)"' in page
    assert '<option selected value="supervisory">' in page


def test_a_letter_that_could_not_arrive_is_refused_with_the_remedy(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    directory.by_code("35.14").email = ""
    complaint = story.complaint()
    page = signed_in_as(world.registrar).post(
        f"/complaints/{complaint.id}/forward", data={**CHOICES, "recipient": "35.14"}
    )
    assert page.status_code == 422
    assert "belum memiliki PIC" in page.text
    assert how_many() == 0


def test_a_form_without_any_track_is_refused(story: Story, world: World, signed_in_as: SignIn) -> None:
    complaint = story.complaint()
    choices = {name: value for name, value in CHOICES.items() if name != "by_email"}
    page = signed_in_as(world.registrar).post(f"/complaints/{complaint.id}/forward", data=choices)
    assert page.status_code == 422
    assert "sedikitnya satu jalur" in page.text


def test_an_address_no_mail_can_be_sent_to_is_told_to_the_signatory(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    forwarding = story.submitted()
    world.regency_pic.person.email = "bukan alamat"
    signatory = signed_in_as(world.signatory)
    read = {"read": str(forwarding.letter.submitted_at)}
    page = signatory.post(f"/forwardings/{forwarding.id}/sign", data=read, follow_redirects=True)
    assert "bukan alamat" in page.text
    assert forwarding.stage is Stage.AWAITING_SIGNATURE


def test_the_signatory_signs_only_what_was_read(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.submitted()
    signatory = signed_in_as(world.signatory)
    address = f"/forwardings/{forwarding.id}/sign"
    signatory.post(address, data={"read": "2020-01-01 00:00:00+00:00"})
    assert forwarding.stage is Stage.AWAITING_SIGNATURE
    signatory.post(address, data={"read": str(forwarding.letter.submitted_at)})
    assert forwarding.stage is Stage.READY
    assert forwarding.letter.number == f"B-1/Kemensetneg/D-4/Dumas/DM.05/{forwarding.letter.dated:%m/%Y}"


def test_a_returned_letter_is_changed_and_put_to_sign_again(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.submitted()
    id = forwarding.id
    signed_in_as(world.signatory).post(f"/letters/{forwarding.letter_id}/return", data={"reason": "Tambahkan tenggat."})
    registrar = signed_in_as(world.registrar)
    assert "Tambahkan tenggat." in registrar.get(f"/forwardings/{id}").text
    assert "dikembalikan" in registrar.get("/").text
    registrar.post(f"/forwardings/{id}/edit", data={**CHOICES, "note": "Tenggat lima hari."})
    registrar.post(f"/forwardings/{id}/submit")
    assert forwarding.stage is Stage.AWAITING_SIGNATURE
    assert "Tenggat lima hari." in registrar.get(f"/forwardings/{id}/preview").text


def test_the_form_of_a_draft_shows_what_was_chosen(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.draft()
    page = signed_in_as(world.registrar).get(f"/forwardings/{forwarding.id}/edit").text
    assert 'value="Inspektorat Kabupaten Probolinggo (35.13)"' in page
    assert f'<option selected value="{forwarding.response_class.value}">' in page


def test_what_comes_too_late_is_told_where_the_forwarding_stands(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    forwarding = story.signed()
    page = signed_in_as(world.registrar).post(f"/forwardings/{forwarding.id}/submit")
    assert page.status_code == 409
    assert "Siap kirim" in page.text


def test_a_withdrawn_forwarding_says_so_to_its_recipient(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.sent()
    reason = {"reason": "Pengaduan dicabut oleh pengadu."}
    signed_in_as(world.registrar).post(f"/forwardings/{forwarding.id}/withdraw", data=reason)
    assert forwarding.stage is Stage.WITHDRAWN
    assert "Ditarik" in signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").text


@pytest.mark.parametrize("who", ["province_pic", "other_pic", "ombudsman_monitor", "administrator"])
def test_others_see_neither_page_nor_letter(story: Story, world: World, signed_in_as: SignIn, who: str) -> None:
    forwarding = story.sent()
    browser = signed_in_as(getattr(world, who))
    for path in ("", "/preview", "/letter.pdf"):
        assert browser.get(f"/forwardings/{forwarding.id}{path}").status_code == 404
    assert browser.post(f"/forwardings/{forwarding.id}/acknowledge").status_code in (403, 404)


def test_only_the_office_that_sends_may_sign_or_withdraw(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.submitted()
    stranger = signed_in_as(world.ombudsman_signatory)
    assert stranger.post(f"/forwardings/{forwarding.id}/sign").status_code == 404
    assert signed_in_as(world.registrar).post(f"/forwardings/{forwarding.id}/sign").status_code == 403


def test_a_letter_that_did_not_arrive_is_sent_again_and_the_first_copy_stays_on_record(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    forwarding = story.sent(by_post=False)
    registrar = signed_in_as(world.registrar)
    (first,) = mail.of(forwarding.stream)
    first.state = EmailState.BOUNCED
    page = registrar.get(f"/forwardings/{forwarding.id}").text
    assert f"/forwardings/{forwarding.id}/resend/email" in page
    for track in ("email", "post"):
        assert registrar.post(f"/forwardings/{forwarding.id}/resend/{track}").status_code == 302
    assert sorted(one.state for one in mail.of(forwarding.stream)) == [EmailState.BOUNCED, EmailState.QUEUED]
    assert [one.state for one in post.of(forwarding.stream)] == [PostState.TO_PRINT]
    assert "/resend/" not in registrar.get(f"/forwardings/{forwarding.id}").text


def test_what_somebody_confirmed_is_not_sent_again(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.acknowledged()
    registrar = signed_in_as(world.registrar)
    assert registrar.post(f"/forwardings/{forwarding.id}/resend/email").status_code == 409


def test_a_copy_that_has_not_left_stays_here_when_the_forwarding_is_closed(story: Story) -> None:
    forwarding = story.closed()
    assert [one.state for one in post.of(forwarding.stream)] == [PostState.CANCELLED]


def test_a_complaint_too_long_for_the_letter_is_enclosed_whole(story):
    body = "\n".join(f"Paragraf {number}: " + "jalan rusak dan berlubang " * 20 for number in range(20))
    page = document.html(story.signed(complaint=story.complaint(body=body)).letter)
    assert "Lampiran surat Nomor" in page
    assert "1 (satu) berkas uraian pengaduan" in page
    assert all(f"Paragraf {number}: jalan" in page for number in range(20))
