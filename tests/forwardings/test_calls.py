"""The sender asks by phone, WhatsApp or in person: what is logged, what it proves, and how it is taken back."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import select

from hub import clock
from hub.audit import queries as audit
from hub.audit.models import Event
from hub.audit.rules import person
from hub.extensions import db
from hub.forwardings import correspondence, deadlines, receipt, tracks, voiding
from hub.forwardings import service as forwardings
from hub.forwardings.calls import service
from hub.forwardings.calls.models import Call
from hub.forwardings.calls.rules import CallOutcome, CallWay, lacking
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import RESPONSE_CLOCKS, ClockKey, Happening, NotNow, ProofChannel, Stage
from hub.mail import queries as mails
from hub.mail.models import EmailState
from hub.monitoring.verification import findings
from hub.post import queries as envelopes
from hub.post import service as posting
from hub.responses import service as responses
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[object], Client]
KEY = "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a45"


@pytest.fixture
def monday(app: Flask) -> Iterator[None]:
    """16 March 2026, 9.00 WIB; the letter left on Friday at 9.00."""
    with freeze_time("2026-03-16T02:00:00Z"):
        yield


@pytest.fixture
def forwarding(app: Flask, story: Story, monday: None) -> Forwarding:
    with freeze_time("2026-03-13T02:00:00Z"):
        return story.sent()


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "way": "phone",
        "outcome": "confirmed",
        "name": "Wulan Prameswari",
        "position": "Sekretaris Inspektorat",
        "on": "2026-03-16",
        "at": "08:15",
        "note": "Surat sudah di meja Inspektur sejak Jumat.",
        "files": (BytesIO(b"%PDF-1.7\n%%EOF"), "layar.pdf"),
        "request_key": KEY,
        **changes,
    }


def post(browser: Client, forwarding: Forwarding, **changes: Any) -> Any:
    return browser.post(f"/forwardings/{forwarding.id}/calls/new", data=typed(**changes))


def calls() -> list[Call]:
    return list(db.session.scalars(select(Call)))


def kinds(forwarding: Forwarding) -> list[str]:
    return [event.kind for event in audit.of_stream(forwarding.stream)]


def test_a_confirmation_by_phone_proves_receipt_from_the_moment_it_was_given(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    registrar = signed_in_as(world.registrar)
    assert post(registrar, forwarding).location == f"/forwardings/{forwarding.id}"
    [proof] = db.session.scalars(select(Proof)).all()
    assert (proof.channel, proof.name, proof.office) == (
        ProofChannel.DESK,
        "Wulan Prameswari",
        "Sekretaris Inspektorat",
    )
    at = datetime(2026, 3, 16, 1, 15, tzinfo=UTC)
    assert (forwarding.stage, forwarding.received_at, proof.occurred_at) == (Stage.ACKNOWLEDGED, at, at)
    assert deadlines.find_running(forwarding, ClockKey.ACKNOWLEDGE) is None
    assert deadlines.find_running(forwarding, *RESPONSE_CLOCKS) is not None
    page = registrar.get(f"/forwardings/{forwarding.id}").text
    assert "Mereka memastikan surat diterima" in page
    assert "layar.pdf" in page


def test_names_stay_in_their_own_row_and_out_of_the_record(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    post(signed_in_as(world.registrar), forwarding)
    post(signed_in_as(world.registrar), forwarding, outcome="passed_on", request_key=KEY.replace("0b", "1b"))
    told = " ".join(str(event.details) for event in db.session.scalars(select(Event)))
    assert "Wulan" not in told
    assert "Inspektur" not in told


@pytest.mark.parametrize("outcome", ["no_answer", "passed_on", "never_got_it"])
def test_all_else_is_told_by_the_history_and_changes_nothing(
    forwarding: Forwarding, world: World, signed_in_as: SignIn, outcome: str
) -> None:
    before = (forwarding.stage, forwarding.stage_since, [one.due_on for one in forwarding.deadlines])
    registrar = signed_in_as(world.registrar)
    assert post(registrar, forwarding, outcome=outcome, position="", note="").status_code == 302
    assert (forwarding.stage, forwarding.stage_since, [one.due_on for one in forwarding.deadlines]) == before
    assert kinds(forwarding)[-1] == Happening.CALLED
    assert db.session.scalars(select(Proof)).all() == []
    page = registrar.get(f"/forwardings/{forwarding.id}").text
    assert "Penerima ditanya" in page
    assert "Lewat telepon: " in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Tulis nama orang yang Anda hubungi"),
        ({"position": ""}, "Tulis untuk kantor mana"),
        ({"note": "sudah"}, "Tulis dalam satu kalimat bagaimana"),
        ({"files": ""}, "Tambahkan bukti"),
        ({"outcome": "passed_on", "name": ""}, "Tulis nama orang yang Anda hubungi"),
        ({"outcome": ""}, "Pilih apa hasilnya"),
        ({"at": "09:01"}, "Waktu ini ada di masa depan"),
        ({"on": "2026-03-17"}, "Waktu ini ada di masa depan"),
        ({"on": "2026-03-13", "at": "08:59"}, "Surat berangkat pada 13 Mar 2026 pukul 09.00 WIB"),
        ({"on": "besok"}, "Tanggal ini tidak benar"),
        ({"at": "pagi"}, "Waktu ini tidak benar"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    forwarding: Forwarding, world: World, signed_in_as: SignIn, changes: dict[str, Any], sentence: str
) -> None:
    answer = post(signed_in_as(world.registrar), forwarding, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert calls() == []


def test_a_letter_that_never_left_is_confirmed_by_nobody(story: Story, world: World, signed_in_as: SignIn) -> None:
    """Signed weeks ago for the post alone, and never printed: no word by phone makes that a late answer."""
    with freeze_time("2026-02-16T02:00:00Z"):
        letter = story.signed(by_email=False)
    with freeze_time("2026-03-16T02:00:00Z"):
        answer = post(signed_in_as(world.registrar), letter, on="2026-02-17")
        assert (answer.status_code, letter.stage, letter.received_at) == (422, Stage.READY, None)
        assert "Surat belum berangkat" in answer.text
        said = service.Told(CallWay.PHONE, CallOutcome.CONFIRMED, clock.now(), "Wulan", "Sekretaris", "Sudah ada.")
        with pytest.raises(NotNow):
            service.log(letter, said, world.registrar.person)
        assert post(signed_in_as(world.registrar), letter, outcome="passed_on").status_code == 302


@pytest.mark.parametrize("state", [EmailState.BOUNCED, EmailState.QUEUED])
def test_a_letter_whose_every_copy_came_back_is_confirmed_by_nobody(
    story: Story, world: World, signed_in_as: SignIn, monday: None, state: EmailState
) -> None:
    letter = story.sent(by_post=False)
    for one in mails.of(letter.stream):
        one.state = state
    assert post(signed_in_as(world.registrar), letter).status_code == 422
    assert letter.stage is Stage.SENT


def test_what_left_with_a_letter_that_is_void_says_nothing_of_the_next(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    with freeze_time("2026-03-12T02:00:00Z"):
        letter = story.signed(by_post=False)
        for one in mails.of(letter.stream):
            one.state, one.ended_at = EmailState.FAILED, clock.now()
        tracks.notice_dispatches()
        voiding.void(letter, world.signatory.person, "Salah nomor")
    with freeze_time("2026-03-13T02:00:00Z"):
        forwardings.submit(letter, world.registrar.person)
        forwardings.sign(letter, world.signatory.person)
    with freeze_time("2026-03-16T02:00:00Z"):
        registrar = signed_in_as(world.registrar)
        assert post(registrar, letter).status_code == 422
        answer = post(registrar, letter, outcome="passed_on", on="2026-03-12", at="10:00")
        assert "Surat berangkat pada 13 Mar 2026 pukul 09.00 WIB" in answer.text


def test_the_answer_is_counted_from_the_day_on_which_a_call_is_logged(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    told = {"on": "2026-03-13", "at": "10:00"}
    assert post(signed_in_as(world.registrar), forwarding, **told).status_code == 302
    [call] = calls()
    assert call.called_at == datetime(2026, 3, 13, 3, tzinfo=UTC)
    assert forwarding.received_at == clock.now()
    due = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    assert due is not None
    assert due.started_on == date(2026, 3, 16)
    assert list(findings()) == []


def test_a_confirmation_of_long_ago_proves_nothing_yet_a_call_without_one_is_kept(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    """From Friday 13 March Thursday 26 is the fourth working day: Nyepi and Lebaran lie between."""
    registrar, told = world.registrar, {"on": "2026-03-13", "at": "10:00"}
    with freeze_time("2026-03-26T02:00:00Z"):
        answer = post(signed_in_as(registrar), forwarding, **told)
        assert answer.status_code == 422
        assert "lebih dari 3 hari kerja" in answer.text
        assert post(signed_in_as(registrar), forwarding, outcome="passed_on", **told).status_code == 302
    assert forwarding.stage is Stage.SENT


def test_the_office_learns_at_once_what_was_said_in_its_name(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    for _ in range(2):
        post(signed_in_as(world.registrar), forwarding, way="whatsapp")
    [mail] = [one for one in mails.of(forwarding.stream) if one.subject.startswith("Penerimaan dicatat")]
    assert (mail.to_address, mail.letter_id) == ("regency.pic@kantor.example", forwarding.letter_id)
    first, mistake, _ = mail.paragraphs.split("\n\n")
    assert "dicatat lewat WhatsApp dari Wulan Prameswari, Sekretaris Inspektorat, pada Senin, 16 Maret 2026" in first
    assert "membalas email ini" in mistake
    assert "paling lambat Senin, 13 April 2026" in mail.paragraphs


def test_the_office_learns_that_it_was_a_mistake_and_is_asked_again(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    registrar = signed_in_as(world.registrar)
    post(registrar, forwarding)
    registrar.post(f"/calls/{calls()[0].id}/mistake", data={"reason": "Ternyata surat lain."})
    told = [one for one in mails.of(forwarding.stream) if one.subject.startswith("Catatan penerimaan ditarik")]
    assert [(one.to_address, one.action) for one in told] == [("regency.pic@kantor.example", "Konfirmasi penerimaan")]
    first, mistake, _ = told[0].paragraphs.split("\n\n")
    due = deadlines.find_running(forwarding, ClockKey.ACKNOWLEDGE).due_on
    assert first.endswith(f"tombol di bawah ini; batas waktunya {correspondence.long_date(due)}.")
    assert "lewat telepon dari Wulan Prameswari, Sekretaris Inspektorat pada Senin, 16 Maret 2026, keliru" in mistake


def test_an_office_that_cannot_be_mailed_is_told_nothing_and_the_call_counts(
    story: Story, world: World, signed_in_as: SignIn, monday: None
) -> None:
    world.unstaffed.email = ""
    letter = story.signed(recipient=world.unstaffed, by_email=False)
    [envelope] = envelopes.of(letter.stream)
    posting.mark_printed(envelope)
    posting.mark_posted(envelope, "RR473124829ID")
    tracks.notice_dispatches()
    assert post(signed_in_as(world.registrar), letter, at="09:00").status_code == 302
    assert letter.stage is Stage.ACKNOWLEDGED
    assert list(mails.of(letter.stream)) == []


def test_evidence_that_is_a_program_is_refused_by_its_name(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    answer = post(signed_in_as(world.registrar), forwarding, files=(BytesIO(b"MZ"), "layar.exe"))
    assert answer.status_code == 422
    assert "layar.exe" in answer.text
    assert calls() == []


def test_who_was_not_reached_needs_no_name(forwarding: Forwarding, world: World, signed_in_as: SignIn) -> None:
    told = {"outcome": "no_answer", "name": "", "position": "", "note": "", "at": ""}
    with freeze_time("2026-03-16T06:00:00Z"):
        assert post(signed_in_as(world.registrar), forwarding, **told).status_code == 302
    [call] = calls()
    assert call.called_at == datetime(2026, 3, 16, 5, tzinfo=UTC)  # noon, where no time was given


def test_what_is_confirmed_once_more_is_only_noted(forwarding: Forwarding, world: World, signed_in_as: SignIn) -> None:
    registrar, page = signed_in_as(world.registrar), f"/forwardings/{forwarding.id}"
    post(registrar, forwarding)
    assert "Tenggat tanggapan berjalan sejak hari ini" in registrar.get(page).text
    post(registrar, forwarding, at="08:40", request_key=KEY.replace("0b", "1b"))
    told = registrar.get(page).text
    assert "tidak ada tanggal yang mulai atau bergeser" in told
    assert "Tenggat tanggapan berjalan sejak hari ini" not in told


def test_the_same_form_twice_is_one_call_and_one_proof(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    for _ in range(2):
        assert post(signed_in_as(world.registrar), forwarding).status_code == 302
    assert len(calls()) == len(db.session.scalars(select(Proof)).all()) == 1


def test_one_form_sent_for_two_letters_is_two_calls(
    forwarding: Forwarding, story: Story, world: World, signed_in_as: SignIn
) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        other = story.sent()
    for _ in range(2):
        for one in (forwarding, other):
            assert post(signed_in_as(world.registrar), one).status_code == 302
    assert [one.forwarding_id for one in calls()] == [forwarding.id, other.id]
    assert {one.stage for one in (forwarding, other)} == {Stage.ACKNOWLEDGED}


def test_two_calls_are_two_proofs_each_with_its_own_mistake(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    registrar = signed_in_as(world.registrar)
    post(registrar, forwarding)
    post(registrar, forwarding, name="Bagus Prabandaru", at="08:40", request_key=KEY.replace("0b", "1b"))
    first, second = calls()
    registrar.post(f"/calls/{first.id}/mistake", data={"reason": "Nomor kantor lain."})
    assert forwarding.stage is Stage.ACKNOWLEDGED
    assert forwarding.received_at == second.called_at


def test_a_mistaken_confirmation_leaves_all_as_if_it_had_never_been(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    before = (forwarding.stage, forwarding.stage_since, forwarding.received_at)
    due = [(one.clock, one.due_on) for one in forwarding.deadlines if one.ended_at is None]
    registrar = signed_in_as(world.registrar)
    post(registrar, forwarding)
    [call] = calls()
    page = f"/calls/{call.id}/mistake"
    assert page in registrar.get(f"/forwardings/{forwarding.id}").text
    assert registrar.post(page, data={"reason": "Ternyata surat lain."}).status_code == 302
    assert (forwarding.stage, forwarding.stage_since, forwarding.received_at) == before
    assert [(one.clock, one.due_on) for one in forwarding.deadlines if one.ended_at is None] == due
    shown = registrar.get(f"/forwardings/{forwarding.id}").text
    assert "dibatalkan" in shown
    assert page not in shown
    assert registrar.get(page).status_code == 404
    assert list(findings()) == []


def test_what_somebody_else_confirmed_stands_when_the_call_was_a_mistake(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    post(signed_in_as(world.registrar), forwarding)
    [call] = calls()
    pic = world.regency_pic.person
    receipt.acknowledge(forwarding, ProofChannel.SIGN_IN, pic.name, "Irban I", person(pic.id))
    db.session.commit()
    signed_in_as(world.registrar).post(f"/calls/{call.id}/mistake", data={"reason": "Bukan dari kantor itu."})
    assert (forwarding.stage, forwarding.received_at) == (Stage.ACKNOWLEDGED, forwarding.stage_since)
    assert not any(one.subject.startswith("Catatan penerimaan ditarik") for one in mails.of(forwarding.stream))


def test_one_recorded_as_not_answering_can_still_be_asked(
    story: Story, world: World, signed_in_as: SignIn, monday: None
) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        forwarding = story.acknowledged()
    forwardings.lapse(forwarding)
    db.session.commit()
    assert post(signed_in_as(world.registrar), forwarding).status_code == 302
    assert forwarding.stage is Stage.LAPSED
    assert [one for one in forwarding.deadlines if one.ended_at is None] == []
    [call] = calls()
    signed_in_as(world.registrar).post(f"/calls/{call.id}/mistake", data={"reason": "Bukan dari kantor itu."})
    assert forwarding.stage is Stage.LAPSED
    assert list(findings()) == []


def test_nobody_is_asked_about_a_draft_or_after_the_answer(
    story: Story, world: World, signed_in_as: SignIn, app: Flask
) -> None:
    registrar = signed_in_as(world.registrar)
    answered = story.answered()
    responses.accept(answered, world.registrar.person)
    for one in (story.draft(), story.submitted(), story.answered().forwarding, answered.forwarding):
        address = f"/forwardings/{one.id}/calls/new"
        assert registrar.get(address).status_code == 409
        assert registrar.post(address, data=typed()).status_code == 409
        assert address not in registrar.get(f"/forwardings/{one.id}").text
    assert calls() == []


def test_only_who_forwards_at_the_senders_logs_and_only_its_house_and_monitors_read(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    post(signed_in_as(world.registrar), forwarding)
    [call] = calls()
    [evidence] = call.files
    new, file = f"/forwardings/{forwarding.id}/calls/new", f"/calls/{call.id}/files/{evidence.id}"
    mistake = f"/calls/{call.id}/mistake"
    for name, *expected in (
        ("monitor", 200, 200, 200),
        ("signatory", 403, 200, 403),
        ("regency_pic", 403, 404, 404),
        ("other_pic", 404, 404, 404),
    ):
        browser = signed_in_as(getattr(world, name))
        assert [browser.get(address).status_code for address in (new, file, mistake)] == expected, name
    recipient = signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").text
    assert "Wulan Prameswari" in recipient  # the proof names who confirmed
    assert "di meja Inspektur" not in recipient
    assert signed_in_as(world.registrar).get(f"/calls/{call.id}/files/{evidence.id + 1}").status_code == 404


def test_the_form_begins_with_now_and_with_whom_the_button_named(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    registrar, pic = signed_in_as(world.registrar), world.regency_pic.person
    page = registrar.get(f"/forwardings/{forwarding.id}/calls/new?way=whatsapp&whom={pic.id}").text
    assert 'value="2026-03-16"' in page
    assert 'value="09:00"' in page
    assert f'value="{pic.name}"' in page
    stranger = world.other_pic.person
    assert stranger.name not in registrar.get(f"/forwardings/{forwarding.id}/calls/new?whom={stranger.id}").text


def test_the_form_says_what_is_needed_when_they_confirm(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    page = signed_in_as(world.registrar).get(f"/forwardings/{forwarding.id}/calls/new").text
    assert page.count("wajib bila mereka memastikan") == 3
    assert page.count("wajib bila ada yang menjawab") == 1
    assert page.count("boleh kosong") == 1  # the time


def test_a_refused_form_asks_for_its_file_again(forwarding: Forwarding, world: World, signed_in_as: SignIn) -> None:
    registrar = signed_in_as(world.registrar)
    assert "berkas tadi tidak tersimpan" in post(registrar, forwarding, note="").text
    without = {name: value for name, value in typed(note="").items() if name != "files"}
    assert (
        "berkas tadi tidak tersimpan"
        not in registrar.post(f"/forwardings/{forwarding.id}/calls/new", data=without).text
    )


def test_who_says_that_they_answered_already_is_noted_where_an_answer_is_announced(
    forwarding: Forwarding, story: Story, world: World, signed_in_as: SignIn
) -> None:
    registrar = signed_in_as(world.registrar)
    there = f"/forwardings/{forwarding.id}/under-way"
    assert f'href="{there}"' in registrar.get(f"/forwardings/{forwarding.id}/calls/new").text
    assert registrar.get(there).status_code == 200
    ready = story.signed()
    assert "under-way" not in registrar.get(f"/forwardings/{ready.id}/calls/new").text


def test_a_letter_that_is_not_there_can_be_sent_again_at_once_though_no_date_has_passed(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    registrar, again = signed_in_as(world.registrar), f"/forwardings/{forwarding.id}/resend/email"
    assert again not in registrar.get(f"/forwardings/{forwarding.id}").text
    post(registrar, forwarding, outcome="never_got_it")
    page = registrar.get(f"/forwardings/{forwarding.id}").text
    assert "tombolnya ada di bawah" in page
    assert f'action="{again}"' in page
    assert registrar.post(again).status_code == 302
    assert f'action="{again}"' not in registrar.get(f"/forwardings/{forwarding.id}").text
    assert again not in signed_in_as(world.regency_pic).get(f"/forwardings/{forwarding.id}").text


def test_a_letter_whose_receipt_is_proven_is_disputed_with_buttons_that_are_there(
    story: Story, world: World, signed_in_as: SignIn, monday: None
) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        letter = story.acknowledged()
    registrar = signed_in_as(world.registrar)
    post(registrar, letter, outcome="never_got_it")
    page = registrar.get(f"/forwardings/{letter.id}").text
    assert "penerimaan dipersoalkan" in page
    assert "tombolnya ada di bawah" not in page
    assert "/resend/" not in page
    assert f'href="/forwardings/{letter.id}/letters/new"' in page
    assert "dapat ditarik kembali" not in page  # they confirmed it themselves


def test_a_proof_that_the_sender_entered_leads_to_where_it_is_taken_back(
    story: Story, world: World, signed_in_as: SignIn, monday: None
) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        letter = story.signed(by_email=False)
        [envelope] = envelopes.of(letter.stream)
        posting.mark_printed(envelope)
        posting.mark_posted(envelope, "RR473124829ID")
        tracks.notice_dispatches()
    registrar = signed_in_as(world.registrar)
    post(registrar, letter)
    post(registrar, letter, outcome="never_got_it", at="08:40", request_key=KEY.replace("0b", "1b"))
    page = registrar.get(f"/forwardings/{letter.id}").text
    assert "dapat ditarik kembali" in page
    assert 'href="#calls"' in page
    with freeze_time("2026-03-16T03:00:00Z"):
        posting.mark_delivered(envelope, date(2026, 3, 16), "Wulan")
        tracks.notice_dispatches()
        assert f'href="/post/{envelope.id}"' in registrar.get(f"/forwardings/{letter.id}").text
        assert "menariknya kembali" in signed_in_as(world.monitor).get(f"/forwardings/{letter.id}").text


def test_the_history_names_who_was_spoken_to_before_who_logged_it(
    forwarding: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    registrar, staff = signed_in_as(world.registrar), world.registrar.person
    post(registrar, forwarding)
    logged = f"dicatat oleh {staff.name}, {staff.institution.name}"
    told = f"Lewat telepon: Wulan Prameswari, Sekretaris Inspektorat; {logged}"
    assert told in registrar.get(f"/forwardings/{forwarding.id}").text
    [call] = calls()
    registrar.post(f"/calls/{call.id}/mistake", data={"reason": "Ternyata surat lain."})
    assert f"Lewat telepon; {logged}" in registrar.get(f"/forwardings/{forwarding.id}").text


def test_what_must_be_told_grows_with_what_it_proves() -> None:
    assert lacking(CallOutcome.NO_ANSWER, "", "", "") == set()
    assert lacking(CallOutcome.NEVER_GOT_IT, "", "", "") == {"name"}
    assert lacking(CallOutcome.CONFIRMED, "", "", "sudah") == {"name", "position", "note", "files"}
    assert lacking(CallOutcome.CONFIRMED, "Wulan", "Sekretaris", "Sudah diterima Jumat.", True) == set()
