"""The pages of incoming mail: what a registrar sees, and what each button does."""

import io

import pytest

from hub.audit.rules import SYSTEM
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import Network
from hub.exchange.inbox import queries
from hub.exchange.inbox.queries import Why
from hub.extensions import db
from hub.forwardings.rules import Stage
from hub.mail import queries as mails
from hub.mail.inbox.models import Filing
from hub.mail.models import EmailState
from hub.mail.reading.classify import MailKind
from hub.responses import queries as responses
from hub.responses.rules import AnswerOutcome
from tests.exchange.inbox.conftest import PIC, email_of, reply_address

PDF = b"%PDF-1.7\n%%EOF"
STRANGER = "Budi Santosa <budi@inspektorat-probolinggo.example>"


@pytest.fixture
def registrar(world, signed_in_as):
    return signed_in_as(world.registrar)


def why(account, mail):
    return {guess.forwarding.id: guess.why for guess in queries.guesses(account, mail)}


def test_a_held_mail_is_shown_with_guesses_and_filed_with_one_tick(story, arrive, registrar, world):
    forwarding = story.sent()
    mail = arrive(sender=STRANGER, subject=f"Jawaban {forwarding.letter.number}", words="Sudah kami perbaiki.")
    page = registrar.get(f"/inbox/{mail.id}").text
    assert forwarding.letter.number in page
    assert "Sudah kami perbaiki." in page
    assert why(world.registrar, mail) == {forwarding.id: Why.NUMBER}
    registrar.post(f"/inbox/{mail.id}", data={"guesses": [forwarding.id]})
    db.session.refresh(mail)
    assert (mail.filing, forwarding.stage) == (Filing.MATCHED, Stage.ACKNOWLEDGED)
    page = registrar.get(f"/inbox/{mail.id}").text
    assert forwarding.letter.number in page
    assert "guesses" not in page


def test_a_number_can_be_typed_and_a_wrong_one_loses_nothing(story, arrive, registrar):
    forwarding = story.sent()
    mail = arrive(sender=STRANGER, subject="Jawaban")
    refused = registrar.post(f"/inbox/{mail.id}", data={"numbers": "B-999/Entah/2026"})
    assert refused.status_code == 422
    assert "B-999/Entah/2026" in refused.text
    nothing = registrar.post(f"/inbox/{mail.id}", data={})
    assert nothing.status_code == 422
    typed = forwarding.letter.number.lower().replace("/", " / ")
    assert registrar.post(f"/inbox/{mail.id}", data={"numbers": typed}).status_code == 302
    assert forwarding.stage is Stage.ACKNOWLEDGED


def test_the_domain_filed_once_is_offered_next_time(story, arrive, registrar, world):
    first, second = story.sent(), story.sent()
    mail = arrive(sender=STRANGER, subject="Jawaban")
    registrar.post(f"/inbox/{mail.id}", data={"numbers": first.letter.number})
    another = arrive(sender="Siti <siti@inspektorat-probolinggo.example>", subject="Jawaban kedua")
    assert why(world.registrar, another) == {second.id: Why.FILED_BEFORE, first.id: Why.FILED_BEFORE}


def test_a_known_sender_and_a_shared_domain_are_hints(story, arrive, world):
    forwarding = story.sent()
    known = arrive(sender="Rina <regency.pic@kantor.example>", subject="Tanya")
    assert why(world.registrar, known) == {forwarding.id: Why.SENDER}
    people.change_office(world.regency, {"second_email": "umum@probolinggo.example"}, SYSTEM)
    colleague = arrive(sender="Joko <joko@probolinggo.example>", subject="Tanya")
    assert why(world.registrar, colleague) == {forwarding.id: Why.DOMAIN}


def test_a_providers_domain_is_no_hint(story, arrive, world):
    story.sent()
    mail = arrive(sender="Entah <entah@kantor.example>", subject="Tanya")
    assert why(world.registrar, mail) == {}


def test_the_sender_becomes_a_contact_of_the_office(story, arrive, registrar, world):
    forwarding = story.sent()
    mail = arrive(sender=STRANGER, subject="Jawaban")
    registrar.post(f"/inbox/{mail.id}", data={"numbers": forwarding.letter.number, "is_contact": "y"})
    [person] = [one for one in directory.people_of(world.regency) if one.email == mail.sender_address]
    assert person.name == "Budi Santosa"


def test_an_address_of_somebody_elsewhere_is_refused_in_a_sentence(story, arrive, registrar):
    forwarding = story.sent()
    mail = arrive(sender="Ayu <other.pic@kantor.example>", subject="Jawaban")
    page = registrar.post(f"/inbox/{mail.id}", data={"numbers": forwarding.letter.number, "is_contact": "y"})
    assert page.status_code == 422
    assert forwarding.letter.number in page.text
    assert forwarding.stage is Stage.SENT


def test_junk_goes_and_the_mail_is_kept(arrive, registrar):
    mail = arrive(sender="Promo <promo@iklan.example>", subject="Diskon besar")
    registrar.post(f"/inbox/{mail.id}/junk")
    db.session.refresh(mail)
    assert (mail.kind, mail.filing) == (MailKind.JUNK, None)
    assert f"/inbox/{mail.id}" not in registrar.get("/inbox").text
    assert f"/inbox/{mail.id}" in registrar.get("/inbox/all?kind=junk").text


def test_what_was_taken_for_something_else_is_reopened_and_filed(story, arrive, registrar):
    forwarding = story.sent()
    mail = arrive(to=reply_address(forwarding), Auto_Submitted="auto-replied", subject="Jawaban kami")
    assert (mail.kind, mail.filing) == (MailKind.AUTO_REPLY, None)
    assert f"/inbox/{mail.id}" in registrar.get(f"/forwardings/{forwarding.id}").text
    assert f"/inbox/{mail.id}" in registrar.get("/inbox/all").text
    registrar.post(f"/inbox/{mail.id}/reopen")
    registrar.post(f"/inbox/{mail.id}", data={"guesses": [forwarding.id]})
    db.session.refresh(forwarding)
    assert forwarding.stage is Stage.ACKNOWLEDGED


def test_a_document_that_a_machine_sent_waits_for_a_person(story, arrive):
    forwarding = story.sent()
    mail = arrive(to=reply_address(forwarding), Auto_Submitted="auto-generated", files=[("jawaban.pdf", PDF)])
    assert (mail.kind, mail.filing) == (MailKind.AUTO_REPLY, Filing.HELD)


def test_who_is_slower_than_a_colleague_is_told_and_changes_nothing(story, arrive, registrar):
    forwarding = story.sent()
    mail = arrive(sender=STRANGER, subject="Jawaban")
    registrar.post(f"/inbox/{mail.id}", data={"numbers": forwarding.letter.number})
    for late in ("junk", "settle", "pass-on", "share", "believe"):
        answer = registrar.post(f"/inbox/{mail.id}/{late}", follow_redirects=True)
        assert answer.request.path == f"/inbox/{mail.id}"
        assert forwarding.letter.number in answer.text
    db.session.refresh(mail)
    assert (mail.kind, mail.filing, mail.network) == (MailKind.HUMAN, Filing.MATCHED, Network.KEMENSETNEG)


def test_what_a_colleague_found_to_be_a_persons_mail_is_not_settled_from_an_old_page(story, arrive, registrar):
    mail = arrive(to=reply_address(story.sent()), Auto_Submitted="auto-generated", files=[("jawaban.pdf", PDF)])
    registrar.post(f"/inbox/{mail.id}/reopen")
    registrar.post(f"/inbox/{mail.id}/settle")
    registrar.post(f"/inbox/{mail.id}/believe")
    db.session.refresh(mail)
    assert (mail.kind, mail.filing) == (MailKind.HUMAN, Filing.HELD)


def test_what_is_not_for_the_own_office_is_shared_with_the_network(story, arrive, registrar, world):
    mail = arrive(sender=STRANGER, subject=f"Jawaban {story.sent().letter.number}")
    assert mail.office_id == world.ksn.id
    registrar.post(f"/inbox/{mail.id}/share")
    db.session.refresh(mail)
    assert (mail.filing, mail.network, mail.office_id) == (Filing.HELD, Network.KEMENSETNEG, None)


def test_a_report_that_anybody_could_have_written_condemns_nothing_until_a_person_believes_it(story, arrive, registrar):
    forwarding = story.sent()
    email = email_of(forwarding)
    mail = arrive(
        sender="MAILER-DAEMON@mx.example",
        subject="Undelivered Mail Returned to Sender",
        words=f"<{PIC}>: host mx.example said: 550 5.1.1 User unknown",
    )
    assert (mail.kind, mail.filing, mail.dispatch) == (MailKind.BOUNCE, Filing.HELD, email)
    assert email.state is EmailState.HANDED_OVER
    assert PIC in registrar.get(f"/inbox/{mail.id}").text
    registrar.post(f"/inbox/{mail.id}/believe")
    db.session.refresh(email)
    assert email.state is EmailState.BOUNCED


def test_mail_for_the_other_network_goes_to_its_registrars(arrive, registrar, world, signed_in_as):
    mail = arrive(sender="Entah <entah@siapa.example>", subject="Untuk Ombudsman")
    other = signed_in_as(world.ombudsman_registrar)
    assert other.get(f"/inbox/{mail.id}").status_code == 404
    registrar.post(f"/inbox/{mail.id}/pass-on")
    db.session.refresh(mail)
    assert mail.network is Network.OMBUDSMAN
    assert other.get(f"/inbox/{mail.id}").status_code == 200
    assert registrar.get(f"/inbox/{mail.id}").status_code == 404


def test_what_belongs_to_one_office_is_seen_there_alone(story, arrive, world, signed_in_as):
    forwarding = story.sent()
    mail = arrive(sender=STRANGER, subject=f"Jawaban {forwarding.letter.number}")
    mail.office_id = world.ombudsman.id
    assert signed_in_as(world.registrar).get(f"/inbox/{mail.id}").status_code == 404


@pytest.mark.parametrize("who", ["regency_pic", "administrator", "signatory"])
def test_incoming_mail_is_for_those_who_register(who, arrive, world, signed_in_as):
    mail = arrive(sender=STRANGER, subject="Jawaban")
    browser = signed_in_as(getattr(world, who))
    assert browser.get("/inbox").status_code == 403
    assert browser.get(f"/inbox/{mail.id}").status_code == 403
    assert browser.post(f"/inbox/{mail.id}/junk").status_code == 403


def test_a_saved_mail_is_uploaded_and_filed(story, registrar, work):
    forwarding = story.sent()
    raw = (
        f"From: Rina <regency.pic@kantor.example>\nTo: {reply_address(forwarding)}\nSubject: Re\n\nSudah kami terima.\n"
    )
    registrar.post("/inbox/upload", data={"mail": (io.BytesIO(raw.encode()), "jawaban.eml")})
    work()
    db.session.refresh(forwarding)
    assert forwarding.stage is Stage.ACKNOWLEDGED


def test_an_upload_answers_letters_of_the_own_office_alone(story, world, signed_in_as, work):
    forwarding = story.sent()
    raw = f"From: Rina <{PIC}>\nTo: {reply_address(forwarding)}\nSubject: Re\n\nSudah kami terima.\n"
    other = signed_in_as(world.ombudsman_registrar)
    other.post("/inbox/upload", data={"mail": (io.BytesIO(raw.encode()), "jawaban.eml")})
    work()
    db.session.refresh(forwarding)
    assert forwarding.stage is Stage.SENT
    [held] = db.session.scalars(queries.held(world.ombudsman_registrar)).all()
    assert held.office_id == world.ombudsman.id


def test_an_empty_upload_is_told(registrar):
    answer = registrar.post("/inbox/upload", data={"mail": (io.BytesIO(b""), "kosong.eml")}, follow_redirects=True)
    assert "tidak boleh kosong" in answer.text


def test_the_whole_mail_is_a_download_and_never_shown(arrive, registrar):
    mail = arrive(sender=STRANGER, subject="<script>alert(1)</script>", words="<img src=x onerror=alert(1)>")
    assert "<script>alert" not in registrar.get(f"/inbox/{mail.id}").text
    raw = registrar.get(f"/inbox/{mail.id}/files/{mail.file_id}")
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert raw.headers["X-Content-Type-Options"] == "nosniff"
    assert registrar.get(f"/inbox/{mail.id}/files/{mail.file_id + 999}").status_code == 404


def test_a_quarantined_mail_is_seen_and_settled(arrive, registrar, monkeypatch):
    from hub.mail.inbox import service

    def broken(content):
        raise ValueError("rusak")

    monkeypatch.setattr(service, "read", broken)
    mail = arrive(sender=STRANGER)
    assert mail.kind is MailKind.QUARANTINED
    assert "rusak" in registrar.get(f"/inbox/{mail.id}").text
    registrar.post(f"/inbox/{mail.id}/settle")
    db.session.refresh(mail)
    assert mail.filing is None


def test_the_list_costs_the_same_however_much_waits(arrive, story, registrar, count_queries):
    forwarding = story.sent()
    arrive(to=reply_address(forwarding))
    arrive(sender=STRANGER, subject="Satu")
    with count_queries() as few:
        registrar.get("/inbox")
    for number in range(3):
        arrive(to=reply_address(story.sent()), words=f"Jawaban ke-{number}.")
        arrive(sender=STRANGER, subject=f"Surat ke-{number}")
    with count_queries() as many:
        registrar.get("/inbox")
    assert len(many) == len(few) <= 12


# --- replies -------------------------------------------------------------------------------------------------------


@pytest.fixture
def reply(story, arrive):
    forwarding = story.sent()
    arrive(
        to=reply_address(forwarding),
        words="Dengan surat nomor 700/45/Inspektorat/2026 kami sampaikan jalan sudah diperbaiki.",
    )
    return responses.waiting_of(forwarding)[0]


def test_a_reply_waits_on_the_work_list_of_the_sender(reply, registrar):
    home = registrar.get("/").text
    assert "Balasan email" in home
    assert f"/forwardings/{reply.forwarding_id}" in home
    assert f"/replies/{reply.id}" in registrar.get(f"/forwardings/{reply.forwarding_id}").text
    assert f"/replies/{reply.id}" in registrar.get("/inbox").text


def test_the_number_of_the_answer_is_proposed_and_one_button_decides(reply, registrar):
    page = registrar.get(f"/replies/{reply.id}").text
    assert 'value="700/45/Inspektorat/2026"' in page
    registrar.post(
        f"/replies/{reply.id}",
        data={"letter_number": "700/45/Inspektorat/2026", "letter_date": "2026-03-16", "decision": "final"},
    )
    db.session.refresh(reply)
    assert reply.forwarding.stage is Stage.ANSWERED
    assert reply.response.letter_number == "700/45/Inspektorat/2026"
    page = registrar.get(f"/forwardings/{reply.forwarding_id}").text
    assert "700/45/Inspektorat/2026" in page


def test_a_button_that_does_not_exist_decides_nothing(reply, registrar):
    assert registrar.post(f"/replies/{reply.id}", data={"decision": "whatever"}).status_code == 422
    db.session.refresh(reply)
    assert reply.is_waiting


def test_taking_back_asks_for_a_reason(reply, registrar):
    assert registrar.post(f"/replies/{reply.id}/take-back", data={"reason": ""}).status_code == 422
    registrar.post(f"/replies/{reply.id}/take-back", data={"reason": "Milik surat lain."})
    db.session.refresh(reply)
    assert reply.withdrawn_at is not None
    assert registrar.get("/inbox").text.count("Milik surat lain") == 0


def test_an_answer_that_was_accepted_is_not_taken_back_from_under_its_end(reply, registrar, world):
    registrar.post(
        f"/replies/{reply.id}", data={"decision": "final", "letter_number": "1", "letter_date": "2026-03-16"}
    )
    [answer] = responses.of(reply.forwarding)
    registrar.post(f"/responses/{answer.id}/accept")
    refused = registrar.post(f"/replies/{reply.id}/take-back", data={"reason": "Milik surat lain."})
    db.session.refresh(reply.forwarding)
    assert (refused.status_code, reply.forwarding.stage) == (409, Stage.CLOSED)


def test_the_recipient_sees_neither_the_review_nor_the_mail(reply, world, signed_in_as):
    browser = signed_in_as(world.regency_pic)
    assert browser.get(f"/replies/{reply.id}").status_code == 404
    assert f"/replies/{reply.id}" not in browser.get(f"/forwardings/{reply.forwarding_id}").text


def test_another_network_does_not_learn_of_a_reply(reply, world, signed_in_as):
    browser = signed_in_as(world.ombudsman_registrar)
    assert browser.get(f"/replies/{reply.id}").status_code == 404
    assert browser.get(f"/replies/{reply.id}/take-back").status_code == 404


@pytest.mark.parametrize(("decision", "kept"), [("final", AnswerOutcome.NOT_COMPETENT), ("interim", None)])
def test_the_outcome_of_a_final_answer_is_read_out_of_the_mail(reply, registrar, decision, kept):
    told = {"decision": decision, "letter_date": "2026-03-16", "outcome": "not_competent"}
    assert registrar.post(f"/replies/{reply.id}", data=told).status_code == 302
    [answer] = responses.of(reply.forwarding)
    assert answer.outcome is kept
    assert ("Bukan wewenang" in registrar.get(f"/forwardings/{reply.forwarding_id}").text) is bool(kept)


def test_a_report_among_the_files_of_a_mail_opens_for_fewer_people(story, arrive, registrar, world, signed_in_as):
    forwarding = story.sent()
    arrive(to=reply_address(forwarding), files=[("surat.pdf", PDF), ("LHP.pdf", PDF + b"%")])
    [reply] = responses.waiting_of(forwarding)
    report = next(one for one in reply.mail.files if one.name == "LHP.pdf")
    assert 'name="reports"' in registrar.get(f"/replies/{reply.id}").text
    told = {"decision": "final", "letter_date": "2026-03-16", "reports": [report.id]}
    registrar.post(f"/replies/{reply.id}", data=told)
    [answer] = responses.of(forwarding)
    assert ([one.name for one in answer.files], answer.reports) == (["surat.pdf"], [report])
    assert signed_in_as(world.signatory).post(f"/responses/{answer.id}/reports/{report.id}").status_code == 403


def test_taking_a_mail_back_recalls_the_receipt_that_has_not_left(reply, registrar):
    registrar.post(f"/replies/{reply.id}", data={"decision": "final", "letter_date": "2026-03-16"})
    [answer] = responses.of(reply.forwarding)
    registrar.post(f"/replies/{reply.id}/take-back", data={"reason": "Milik surat lain."})
    [receipt] = [one for one in mails.of(reply.forwarding.stream) if one.letter_id == answer.receipt.id]
    assert receipt.state is EmailState.CANCELLED


def test_mail_about_a_letter_of_an_office_without_a_registrar_waits_with_the_network(
    story, arrive, world, signed_in_as
):
    """A letter that a province passed on: its PIC files by hand nothing, and no mail may wait unseen."""
    forwarding = story.sent()
    forwarding.sender = world.province
    mail = arrive(sender=STRANGER, subject=f"Jawaban {forwarding.letter.number}")
    assert (mail.network, mail.office_id) == (forwarding.network, None)
    assert signed_in_as(world.registrar).get(f"/inbox/{mail.id}").status_code == 200
    assert signed_in_as(world.province_pic).get(f"/inbox/{mail.id}").status_code == 403
