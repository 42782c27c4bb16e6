"""Whoever answers on paper is told that the answer is here: a document, and a short mail that carries it."""

import pytest
from sqlalchemy import select

from hub.exchange.agenda import service
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.letters.models import Letter, LetterKind, LetterState
from hub.letters.rules import LetterContent
from hub.mail import queries as mail
from hub.mail.models import EmailPurpose, EmailState
from hub.responses import queries as responses
from hub.responses import service as answers
from hub.responses.models import Decision


@pytest.fixture
def answered(story, paper, world):
    """A forwarding answered on paper, and the letter that did it."""

    def tell(decision=Decision.FINAL, **choices):
        forwarding = story.sent(**choices)
        letter = paper(sender=forwarding.recipient, sender_name=forwarding.recipient.name)
        service.file(letter, [forwarding], decision, "Bayu Wicaksono", world.registrar.person)
        db.session.commit()
        return forwarding, letter

    return tell


def receipts():
    return list(db.session.scalars(select(Letter).where(Letter.kind == LetterKind.RECEIPT)))


def notices(forwarding):
    return [one for one in mail.of(forwarding.stream) if one.purpose is EmailPurpose.NOTICE]


def test_the_receipt_says_what_came_when_and_from_whom(answered, world):
    forwarding, letter = answered()
    [receipt] = receipts()
    content = LetterContent.from_dict(receipt.content)
    details = dict(content.details)
    assert (receipt.state, receipt.number, receipt.institution) == (LetterState.ISSUED, None, world.ksn)
    assert receipt.dated.isoformat() == "2026-03-13"
    assert details["Surat kami"] == f"{forwarding.letter.number} tanggal 13 Maret 2026"
    assert details["Surat Saudara"] == "700/12/Inspektorat/2026 tanggal 13 Maret 2026"
    assert details["Dari"] == f"Bayu Wicaksono, {world.regency.name}"
    assert (details["Diterima"], details["Nomor agenda"]) == ("Jumat, 13 Maret 2026", letter.agenda_number)
    assert (details["Nomor hub"], content.reference) == (forwarding.complaint.reference,) * 2
    assert "tanggapan final" in content.opening
    assert "Puspa" not in str(receipt.content), "the citizen is named in no document"


def test_the_receipt_of_an_interim_answer_names_the_date_of_the_final_one(answered):
    answered(Decision.INTERIM)
    [receipt] = receipts()
    [paragraph] = receipt.content["paragraphs"]
    assert "Tanggapan final tetap kami tunggu paling lambat Jumat, 10 April 2026." in paragraph


def test_a_slip_that_came_back_gets_no_receipt(answered):
    answered(Decision.RECEIPT)
    assert receipts() == []


def test_the_history_names_who_signed_the_slip_before_who_filed_it(answered, world, signed_in_as):
    forwarding, letter = answered(Decision.RECEIPT)
    [proof] = forwardings.proofs(forwarding)
    page = signed_in_as(world.registrar).get(f"/forwardings/{forwarding.id}").text
    assert f"Surat atau lembar tanda terima: {proof.name}" in page
    assert f"dicatat oleh {world.registrar.person.name}" in page
    assert f'href="/agenda/in/{letter.id}"' in page


def test_the_mail_waits_for_the_pdf_and_carries_it(answered, work, smtp, world, signed_in_as):
    forwarding, _letter = answered()
    [notice] = notices(forwarding)
    assert (notice.action, notice.letter_id, notice.state) == ("", receipts()[0].id, EmailState.QUEUED)
    [response] = responses.of(forwarding)
    address = f"/responses/{response.id}/receipt.pdf"
    pic = signed_in_as(world.regency_pic)
    assert pic.get(address).status_code == 404
    work()
    db.session.expire_all()
    sent = next(one for one in (taken.message for taken in smtp.received) if "Jawaban diterima" in one["Subject"])
    [attached] = [part for part in sent.walk() if part.get_content_type() == "application/pdf"]
    assert attached.get_filename() == f"tanda-terima-jawaban-{receipts()[0].id}.pdf"
    assert pic.get(address).data == attached.get_payload(decode=True)
    assert f'href="{address}"' in pic.get(f"/forwardings/{forwarding.id}").text
    assert signed_in_as(world.other_pic).get(address).status_code == 404


def test_an_office_without_any_address_has_the_receipt_in_the_hub_alone(answered, world):
    world.unstaffed.email = ""
    forwarding, _letter = answered(recipient=world.unstaffed, by_email=False)
    assert len(receipts()) == 1
    assert notices(forwarding) == []


def test_closing_at_once_does_not_keep_the_receipt_at_home(answered, world):
    forwarding, _letter = answered()
    answers.accept(responses.of(forwarding)[0], world.registrar.person)
    assert notices(forwarding)[0].state is EmailState.QUEUED


def test_a_receipt_for_the_wrong_letter_does_not_leave(answered, world):
    forwarding, letter = answered()
    service.take_out(letter, world.registrar.person, "Salah surat")
    assert notices(forwarding)[0].state is EmailState.CANCELLED


def test_a_300_character_subject_and_sender_fit_into_the_receipt(story, paper, world):
    complaint = story.complaint(subject="J" * 300)
    forwarding, letter = story.sent(complaint=complaint), paper(sender_name="Ü" * 300, subject="ش" * 300)
    service.file(letter, [forwarding], Decision.FINAL, "B" * 200, world.registrar.person)
    [receipt] = receipts()
    assert len(receipt.subject) <= 300
    assert len(dict(LetterContent.from_dict(receipt.content).details)["Dari"]) <= 400
