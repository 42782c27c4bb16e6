"""Not competent: a recipient says so, and the sender decides."""

from collections.abc import Callable
from io import BytesIO

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub.audit import queries as audit
from hub.extensions import db
from hub.forwardings import service as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ClockKey, Happening, NotNow, ProofChannel, Stage
from hub.letters.rules import LetterContent
from hub.mail import queries as mail
from hub.mail import service as outbox
from hub.mail.models import EmailDispatch, EmailState
from hub.monitoring import verification
from hub.post import queries as post
from hub.post.rules import PostState
from hub.responses import service
from hub.responses.models import Response, Review
from hub.responses.rules import AnswerOutcome
from tests.conftest import Client
from tests.responses.conftest import NOT_OURS, Declined
from tests.responses.test_answers import PDF
from tests.story import Story
from tests.world import World

SignIn = Callable[[object], Client]
KEY = "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a44"
PROVINCE = "Inspektorat Provinsi Jawa Timur (35)"
TYPED = {"reason": NOT_OURS, "request_key": KEY}
WHO = {"name": "Rina Maheswari", "office": "Irban II", "reason": NOT_OURS}


def only_response() -> Response:
    return db.session.scalars(select(Response)).one()


def kinds(forwarding: Forwarding) -> list[str]:
    return [event.kind for event in audit.of_stream(forwarding.stream)]


def test_a_recipient_declines_with_reason_owner_and_file(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.acknowledged()
    pic = signed_in_as(world.regency_pic)
    assert f"/forwardings/{forwarding.id}/decline" in pic.get(f"/forwardings/{forwarding.id}").text
    assert pic.get(f"/forwardings/{forwarding.id}/decline").status_code == 200
    typed = {**TYPED, "proposed": PROVINCE, "letter_number": "700/9/2026", "files": (BytesIO(PDF), "peta.pdf")}
    assert pic.post(f"/forwardings/{forwarding.id}/decline", data=typed).status_code == 302
    response = only_response()
    assert (response.outcome, response.proposed_owner) == (AnswerOutcome.NOT_COMPETENT, world.province)
    assert (response.summary, response.letter_number, len(response.files)) == (NOT_OURS, "700/9/2026", 1)
    assert forwarding.stage is Stage.ANSWERED
    assert [one.clock for one in forwarding.deadlines if one.ended_at is None] == [ClockKey.REVIEW]
    page = pic.get(f"/forwardings/{forwarding.id}").text
    assert "yang memutuskan" in page
    assert "/decline" not in page
    assert list(verification.findings()) == []


def test_it_may_come_without_a_letter_and_is_dated_today(story: Story, world: World, signed_in_as: SignIn) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        forwarding = story.sent()
        signed_in_as(world.regency_pic).post(f"/forwardings/{forwarding.id}/decline", data=TYPED)
    response = only_response()
    assert (response.letter_number, f"{response.letter_date}", response.proposed_owner) == ("", "2026-03-13", None)
    assert forwarding.received_at is not None  # whoever says so has read it


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reason": ""}, "mengapa bukan wewenang"),
        ({"reason": "Bukan kami."}, "mengapa bukan wewenang"),
        ({"proposed": "Probolinggo"}, "Pilih satu kantor dari daftar"),
        ({"proposed": "35.13"}, "Itu kantor Anda sendiri"),
        ({"letter_date": "2999-01-01"}, "masa depan"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(
    story: Story, world: World, signed_in_as: SignIn, typed: dict[str, object], told: str
) -> None:
    forwarding = story.acknowledged()
    page = signed_in_as(world.regency_pic).post(
        f"/forwardings/{forwarding.id}/decline", data={**TYPED, "letter_number": "700/9/2026", **typed}
    )
    assert page.status_code == 422
    assert told in page.text
    assert "700/9/2026" in page.text
    assert forwarding.stage is Stage.ACKNOWLEDGED


def test_a_refused_file_keeps_what_was_typed(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.acknowledged()
    typed = {**TYPED, "files": (BytesIO(b"MZ\x90\x00 program"), "a.exe")}
    page = signed_in_as(world.regency_pic).post(f"/forwardings/{forwarding.id}/decline", data=typed)
    assert page.status_code == 422
    assert "a.exe" in page.text
    assert NOT_OURS in page.text


def test_the_same_form_sent_twice_is_one_decline_and_an_old_page_is_told(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    forwarding = story.acknowledged()
    pic, address = signed_in_as(world.regency_pic), f"/forwardings/{forwarding.id}/decline"
    assert [pic.post(address, data=TYPED).status_code for _ in range(2)] == [302, 302]
    only_response()
    other = {**TYPED, "request_key": "7c1d9a52-2f7e-4b0e-9d0f-1f6f0a3c2b11"}
    assert pic.post(address, data=other).status_code == 409
    assert pic.get(address).status_code == 409


def test_only_who_answers_for_the_recipient_declines(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.acknowledged()
    codes = {
        name: signed_in_as(account).post(f"/forwardings/{forwarding.id}/decline", data=TYPED).status_code
        for name, account in world.accounts.items()
        if name != "regency_pic"
    }
    assert set(codes.values()) <= {403, 404}
    assert codes["other_pic"] == 404
    assert forwarding.stage is Stage.ACKNOWLEDGED


def test_a_decline_is_noted_without_forwarding_and_the_complaint_needs_a_way(
    story: Story, world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    response = declined()
    forwarding, registrar = response.forwarding, signed_in_as(world.registrar)
    assert registrar.post(f"/responses/{response.id}/accept").status_code == 302
    assert (forwarding.stage, response.review) == (Stage.DECLINED, Review.ACCEPTED)
    assert all(one.ended_at for one in forwarding.deadlines)
    assert [one.state for one in post.of(forwarding.stream)] == [PostState.CANCELLED]
    assert forwarding.complaint.reference in registrar.get("/unforwarded").text
    told = mail.of(forwarding.stream)[-1]
    assert "tidak perlu ditindaklanjuti lagi" in told.paragraphs
    assert told.state is EmailState.QUEUED
    assert registrar.post(f"/responses/{response.id}/accept").status_code == 409
    assert kinds(forwarding)[-1] == Happening.DECLINED
    assert list(verification.findings()) == []


def test_a_decline_that_does_not_hold_goes_back_with_a_reason_and_a_date(
    story: Story, world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    with freeze_time("2026-03-25T02:00:00Z"):
        response = declined("35")
        registrar = signed_in_as(world.registrar)
        page = registrar.get(f"/responses/{response.id}/incomplete").text
        assert "Mengapa tetap ditangani instansi ini" in page
        typed = {"missing": "Menurut SK Bupati jalan itu jalan kabupaten.", "due_on": "2026-04-01"}
        assert registrar.post(f"/responses/{response.id}/incomplete", data=typed).status_code == 302
    assert (response.forwarding.stage, response.review) == (Stage.ACKNOWLEDGED, Review.INCOMPLETE)
    told = db.session.scalars(select(EmailDispatch).order_by(EmailDispatch.id.desc())).first()
    assert told.subject.startswith("Tetap mohon ditangani")
    assert "lengkapi" not in told.paragraphs
    assert "Rabu, 1 April 2026" in told.paragraphs
    page = signed_in_as(world.regency_pic).get(f"/forwardings/{response.forwarding_id}").text
    assert "Tetap kewenangan mereka: Menurut SK Bupati" in page
    assert list(verification.findings()) == []


def test_a_decline_is_no_reproach_in_words(
    story: Story, world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    response = declined()
    page = signed_in_as(world.registrar).get(f"/forwardings/{response.forwarding_id}").text
    for word in ("menolak", "ditolak", "gagal"):
        assert word not in page.lower()


def test_its_receipt_says_what_it_is(declined: Declined) -> None:
    response = declined()
    receipt = LetterContent.from_dict(response.receipt.content)
    assert "keterangan bukan wewenang Saudara" in receipt.opening
    assert (receipt.details[2][0], receipt.details[2][1][:13]) == ("Surat Saudara", "(tanpa nomor)")


# By the link


@pytest.fixture
def forwarding(story: Story) -> Forwarding:
    return story.sent()


@pytest.fixture
def link(forwarding: Forwarding) -> str:
    return outbox.link_address(mail.of(forwarding.stream)[0]).removeprefix("http://localhost")


def test_the_page_behind_the_link_leads_to_declining(client: Client, link: str) -> None:
    assert f'href="{link}/decline"' in client.get(link).text
    page = client.get(f"{link}/decline")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("owner", ["Inspektorat Provinsi Jawa Timur", "inspektorat  provinsi jawa timur", "35"])
def test_who_has_the_link_declines_with_name_and_office(
    client: Client, link: str, forwarding: Forwarding, world: World, owner: str
) -> None:
    page = client.post(f"{link}/decline", data={**WHO, "proposed": owner})
    assert page.status_code == 200
    assert "Rina Maheswari, Irban II" in page.text
    response = only_response()
    assert (response.channel, response.author, response.author_name) == (
        ProofChannel.LINK,
        None,
        "Rina Maheswari, Irban II",
    )
    assert response.proposed_owner is world.province
    assert forwarding.stage is Stage.ANSWERED
    assert list(verification.findings()) == []


@pytest.mark.parametrize("owner", ["Dinas PU Bina Marga Jawa Timur", "Inspektorat Probolinggo", "Probolinggo"])
def test_an_office_the_directory_does_not_know_is_kept_with_the_reason(client: Client, link: str, owner: str) -> None:
    client.post(f"{link}/decline", data={**WHO, "proposed": owner})
    response = only_response()
    assert response.proposed_owner is None
    assert response.summary == f"{NOT_OURS}\nInstansi yang diusulkan: {owner}"


@pytest.mark.parametrize("lacking", ["name", "office", "reason"])
def test_without_name_office_or_reason_nothing_is_recorded(
    client: Client, link: str, forwarding: Forwarding, lacking: str
) -> None:
    page = client.post(f"{link}/decline", data={**WHO, lacking: ""})
    assert page.status_code == 422
    assert forwarding.stage is Stage.SENT


def test_again_shows_the_first_record_and_after_another_answer_it_is_too_late(
    client: Client, link: str, forwarding: Forwarding, story: Story
) -> None:
    client.post(f"{link}/decline", data=WHO)
    again = client.post(f"{link}/decline", data={**WHO, "name": "Orang Lain"})
    assert (again.status_code, client.get(f"{link}/decline").status_code) == (200, 200)
    assert "Orang Lain" not in again.text
    only_response()
    answered = story.answered().forwarding
    other = outbox.link_address(mail.of(answered.stream)[0]).removeprefix("http://localhost")
    assert client.get(f"{other}/decline").status_code == 409
    assert client.post(f"{other}/decline", data=WHO).status_code == 409


def test_a_withdrawn_letter_cannot_be_declined(client: Client, link: str, forwarding: Forwarding, world: World) -> None:
    forwardings.withdraw(forwarding, world.registrar.person, "salah alamat")
    assert client.post(f"{link}/decline", data=WHO).status_code == 410
    with pytest.raises(NotNow):
        service.reopen(forwarding, world.registrar.person, "Tetap perlu.")
