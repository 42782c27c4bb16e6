"""Which letter of ours a paper belongs to, and what follows from that."""

import io
from datetime import UTC, date, datetime

import pytest
from freezegun import freeze_time

from hub.exchange.agenda import exporting, queries, service
from hub.exchange.agenda.queries import Hint
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings import queries as forwardings
from hub.forwardings import service as forwarding_service
from hub.forwardings.followups import service as followups
from hub.forwardings.rules import RESPONSE_CLOCKS, ClockKey, NotNow, ProofChannel, Stage
from hub.letters.models import LetterKind, Register
from hub.letters.rules import number_key
from hub.monitoring import verification
from hub.responses import papers
from hub.responses import queries as responses
from hub.responses import service as answers
from hub.responses.models import Decision, ResponseKind
from hub.responses.rules import AnswerOutcome
from tests.exchange.agenda.conftest import PDF


def hints(account, letter, typed=""):
    return {guess.forwarding.id: guess.hint for guess in queries.guesses(account, letter, typed)}


def send(browser, letter, forwarding, decision, also=(), **more):
    data = {"forwarding": [forwarding.id, *(one.id for one in also)], "decision": decision, **more}
    return browser.post(f"/agenda/in/{letter.id}/file?refers={forwarding.letter.number}", data=data)


@pytest.mark.parametrize(
    "mangled",
    [
        lambda number: number.lower(),
        lambda number: number.replace("/", " / ").replace("-", " – "),
        lambda number: number.replace("1", "l").replace("0", "O"),
        lambda number: f"  {number}. ",
    ],
)
def test_our_number_is_found_however_it_was_typed(story, paper, world, mangled):
    forwarding = story.sent()
    letter = paper(sender=None)
    assert hints(world.registrar, letter, mangled(forwarding.letter.number)) == {forwarding.id: Hint.NUMBER}


def test_a_part_of_the_number_is_enough_and_two_that_look_alike_are_both_shown(story, paper, world):
    first, second, other = story.sent(), story.sent(), story.sent()
    for forwarding, number in ((first, "B-1O/2026"), (second, "B-10/2026"), (other, "B-99/2026")):
        forwarding.letter.number, forwarding.letter.number_key = (
            number,
            number.lower().replace("-", "").replace("/", "").replace("o", "0"),
        )
    letter = paper(sender=None)
    assert hints(world.registrar, letter, "b 10 2026") == {first.id: Hint.NUMBER, second.id: Hint.NUMBER}
    assert hints(world.registrar, letter, "99/20") == {other.id: Hint.PART}
    assert hints(world.registrar, letter, "---") == {}


def test_without_a_number_the_letters_under_way_to_the_sender_are_proposed(story, paper, world):
    under_way, closed = story.sent(), story.closed()
    story.draft(), story.submitted(), story.sent(recipient=world.province)
    assert hints(world.registrar, paper()) == {under_way.id: Hint.SENDER}
    assert hints(world.registrar, paper(), closed.letter.number) == {closed.id: Hint.NUMBER, under_way.id: Hint.SENDER}
    assert hints(world.registrar, paper(sender=None)) == {}


def test_letters_of_another_office_are_never_proposed(story, paper, world):
    forwarding = story.sent()
    letter = paper(office=world.ombudsman)
    assert hints(world.ombudsman_registrar, letter, forwarding.letter.number) == {}


def test_a_final_answer_on_paper_moves_the_forwarding_from_the_day_it_came_in(story, paper, registrar, world):
    with freeze_time("2026-03-10 03:00"):
        forwarding = story.sent()
    letter = paper(received_on=date(2026, 3, 12))
    assert forwarding.letter.number in registrar.get(f"/agenda/in/{letter.id}").text
    answer = send(registrar, letter, forwarding, "final", signed_by="Bayu Wicaksono, Inspektur")
    assert answer.location == f"/forwardings/{forwarding.id}"
    noon = datetime(2026, 3, 12, 5, tzinfo=UTC)
    [proof] = forwardings.proofs(forwarding)
    assert (proof.channel, proof.dispatch_id, proof.occurred_at) == (ProofChannel.PAPER, letter.id, noon)
    assert (proof.name, proof.office) == ("Bayu Wicaksono, Inspektur", world.regency.name)
    [response] = responses.of(forwarding)
    assert (response.kind, response.incoming, response.arrived_at) == (ResponseKind.FINAL, letter, noon)
    assert (response.letter_number, response.letter_date) == (letter.number, letter.received_on)
    assert (forwarding.stage, forwarding.received_at) == (Stage.ANSWERED, noon)
    assert deadlines.find_running(forwarding, *RESPONSE_CLOCKS) is None
    assert deadlines.find_running(forwarding, ClockKey.REVIEW) is not None
    assert letter.agenda_number in registrar.get(answer.location).text
    assert list(verification.findings()) == []


def test_what_came_in_this_morning_did_not_come_at_noon(story, paper, registrar):
    forwarding, letter = story.sent(), paper()
    send(registrar, letter, forwarding, "interim")
    [response] = responses.of(forwarding)
    assert response.arrived_at == datetime(2026, 3, 13, 3, tzinfo=UTC)


def test_an_interim_answer_leaves_the_date_of_the_final_one(story, paper, registrar):
    forwarding, letter = story.sent(), paper()
    send(registrar, letter, forwarding, "interim")
    assert forwarding.stage is Stage.ACKNOWLEDGED
    assert deadlines.find_running(forwarding, forwarding.response_clock) is not None
    assert responses.of(forwarding)[0].kind is ResponseKind.INTERIM


def test_a_slip_that_comes_back_is_a_receipt_and_needs_the_name_on_it(story, paper, registrar):
    forwarding, letter = story.sent(), paper(subject="Lembar tanda terima")
    page = send(registrar, letter, forwarding, "receipt")
    assert (page.status_code, letter.about) == (422, "")
    send(registrar, letter, forwarding, "receipt", signed_by="Sdri. Wening")
    assert forwarding.stage is Stage.ACKNOWLEDGED
    assert responses.of(forwarding) == []
    assert "Surat atau lembar tanda terima" in registrar.get(f"/forwardings/{forwarding.id}").text


def test_a_letter_that_answers_nothing_is_registered_and_that_is_all(paper, registrar, world):
    letter = paper(sender=None, sender_name="PT Angin Ribut")
    page = registrar.get(f"/agenda/in/{letter.id}").text
    assert 'name="decision"' not in page
    assert registrar.post(f"/agenda/in/{letter.id}/file", data={"decision": "final"}).status_code == 422


def test_nobody_answers_a_letter_before_it_is_written(story, paper, registrar):
    with freeze_time("2026-03-10 03:00"):
        letter = paper()
    forwarding = story.sent()
    page = send(registrar, letter, forwarding, "final", signed_by="Bayu")
    assert page.status_code == 422
    assert "10 Mar 2026" in page.text
    assert 'value="Bayu"' in page.text
    assert (letter.about, forwarding.stage) == ("", Stage.SENT)


def test_an_answer_where_none_is_awaited_is_refused_and_the_letter_waits(story, paper, registrar):
    forwarding, letter = story.closed(), paper()
    assert send(registrar, letter, forwarding, "final").status_code == 409
    db.session.refresh(letter)
    assert letter.about == ""
    assert send(registrar, letter, forwarding, "receipt", signed_by="Bayu").status_code == 302
    assert forwarding.stage is Stage.CLOSED


def test_what_was_filed_by_mistake_is_taken_out_as_if_it_had_never_come(story, paper, registrar):
    with freeze_time("2026-03-10 03:00"):
        wrong, right = story.sent(), story.sent()
    before = [(one.clock, one.due_on) for one in wrong.deadlines if one.ended_at is None]
    letter = paper()
    send(registrar, letter, wrong, "final")
    page = f"/agenda/in/{letter.id}/take-out"
    assert wrong.letter.number in registrar.get(page).text
    assert registrar.post(page, data={"reason": ""}).status_code == 422
    registrar.post(page, data={"reason": "Menjawab surat yang lain"})
    assert (wrong.stage, wrong.received_at, letter.about) == (Stage.SENT, None, "")
    assert [(one.clock, one.due_on) for one in wrong.deadlines if one.ended_at is None] == before
    assert responses.of(wrong) == forwardings.proofs(wrong) == []
    send(registrar, letter, right, "final")
    assert (right.stage, letter.about) == (Stage.ANSWERED, right.stream)
    assert "Menjawab surat yang lain" in registrar.get(f"/agenda/in/{letter.id}").text
    assert list(verification.findings()) == []


def test_what_a_later_decision_rests_on_is_not_taken_out(story, paper, registrar, world):
    forwarding, letter = story.sent(), paper()
    send(registrar, letter, forwarding, "final")
    answers.accept(responses.of(forwarding)[0], world.registrar.person)
    refused = registrar.post(f"/agenda/in/{letter.id}/take-out", data={"reason": "Salah surat"})
    assert (refused.status_code, forwarding.stage) == (409, Stage.CLOSED)
    assert letter.about == forwarding.stream


def test_of_two_colleagues_the_second_is_told(story, paper, registrar):
    forwarding, letter = story.sent(), paper()
    send(registrar, letter, forwarding, "receipt", signed_by="Wening")
    second = send(registrar, letter, forwarding, "final", signed_by="Wening")
    assert second.location == f"/agenda/in/{letter.id}"
    assert forwarding.stage is Stage.ACKNOWLEDGED


def test_a_filed_letter_is_filed_nowhere_else(story, paper, world):
    forwarding, letter = story.sent(), paper()
    service.file(letter, [forwarding], Decision.FINAL, "", world.registrar.person)
    with pytest.raises(service.DealtWith):
        service.file(letter, [story.sent()], Decision.FINAL, "", world.registrar.person)


def test_the_recipient_reads_the_scan_that_came_later(story, paper, registrar, world, signed_in_as):
    forwarding, letter = story.sent(), paper()
    send(registrar, letter, forwarding, "final")
    registrar.post(f"/agenda/in/{letter.id}/scan", data={"scan": (io.BytesIO(PDF), "jawaban.pdf")})
    [response] = responses.of(forwarding)
    address = f"/responses/{response.id}/files/{letter.scan_id}"
    assert signed_in_as(world.regency_pic).get(address).data == PDF
    assert registrar.get(address).data == PDF
    again = registrar.post(f"/agenda/in/{letter.id}/scan", data={"scan": (io.BytesIO(PDF), "lain.pdf")})
    assert (again.status_code, letter.scan.name) == (302, "jawaban.pdf")


def test_an_answer_that_came_on_paper_can_be_found_incomplete_and_answered_again(story, paper, registrar, world):
    forwarding = story.sent()
    send(registrar, paper(), forwarding, "final")
    answers.return_incomplete(responses.of(forwarding)[0], world.registrar.person, "Foto belum ada.")
    db.session.commit()
    send(registrar, paper(number="700/13"), forwarding, "final")
    assert forwarding.stage is Stage.ANSWERED
    assert len(responses.of(forwarding)) == 2


def test_no_answer_is_taken_for_a_forwarding_that_was_withdrawn(story, paper, world):
    forwarding, letter = story.sent(), paper()
    forwarding_service.withdraw(forwarding, world.registrar.person, "Ganda")
    with pytest.raises(NotNow):
        service.file(letter, [forwarding], Decision.FINAL, "", world.registrar.person)


def test_a_letter_of_another_office_proves_and_answers_nothing(story, paper, world, registrar):
    forwarding = story.sent()
    letter = paper(sender=world.province, sender_name=world.province.name)
    page = send(registrar, letter, forwarding, "final")
    assert page.status_code == 422
    assert world.province.name in page.text
    assert (forwarding.stage, forwarding.received_at, letter.about) == (Stage.SENT, None, "")


def test_the_number_of_a_reminder_leads_to_the_forwarding_and_that_of_an_escalation_does_not(story, paper, world):
    forwarding = story.acknowledged()
    numbers = []
    for kind in (LetterKind.REMINDER, LetterKind.ESCALATION):
        letter = followups.draft(forwarding, kind, "", world.registrar.person)
        followups.submit(letter, world.registrar.person)
        followups.sign(letter, world.signatory.person)
        numbers.append(letter.number)
    db.session.commit()
    incoming = paper(sender=None)
    assert [hints(world.registrar, incoming, number) for number in numbers] == [{forwarding.id: Hint.NUMBER}, {}]
    assert forwardings.by_letter_numbers([number_key(numbers[0])]) == [forwarding]


def test_one_letter_answers_several_of_ours(story, paper, registrar):
    first, second, third = story.sent(), story.sent(), story.sent()
    letter = paper()
    answer = send(registrar, letter, first, "final", also=[third], outcome="not_competent")
    assert answer.location == f"/agenda/in/{letter.id}"
    page = registrar.get(answer.location).text
    assert first.letter.number in page
    assert third.letter.number in page
    assert second.letter.number not in page
    assert [one.stage for one in (first, second, third)] == [Stage.ANSWERED, Stage.SENT, Stage.ANSWERED]
    assert {one.outcome for one in papers.answers_on(letter)} == {AnswerOutcome.NOT_COMPETENT}
    registrar.post(f"/agenda/in/{letter.id}/scan", data={"scan": (io.BytesIO(PDF), "jawaban.pdf")})
    assert {responses.of(one)[0].files[0] for one in (first, third)} == {letter.scan}
    assert list(verification.findings()) == []


def test_when_one_of_several_awaits_no_answer_the_letter_is_filed_with_none(story, paper, registrar):
    open_one, closed = story.sent(), story.closed()
    letter = paper()
    data = {"forwarding": [open_one.id, closed.id], "decision": "final"}
    refused = registrar.post(f"/agenda/in/{letter.id}/file?refers={closed.letter.number}", data=data)
    assert refused.status_code == 409
    db.session.refresh(letter)
    assert (letter.about, open_one.stage, papers.matters_of(letter)) == ("", Stage.SENT, [])


def test_a_letter_filed_with_several_is_taken_out_of_all_and_filed_again(story, paper, registrar):
    first, second, right = story.sent(), story.sent(), story.sent()
    letter = paper()
    send(registrar, letter, first, "final", also=[second])
    page = registrar.get(f"/agenda/in/{letter.id}/take-out").text
    assert first.letter.number in page
    assert second.letter.number in page
    registrar.post(f"/agenda/in/{letter.id}/take-out", data={"reason": "Menjawab surat yang lain"})
    assert {one.stage for one in (first, second)} == {Stage.SENT}
    assert (letter.about, papers.answers_on(letter)) == ("", [])
    send(registrar, letter, first, "final", also=[right])
    assert papers.matters_of(letter) == [first, right]
    assert list(verification.findings()) == []


def test_of_several_one_that_was_accepted_keeps_the_letter_where_it_is(story, paper, registrar, world):
    first, second = story.sent(), story.sent()
    letter = paper()
    send(registrar, letter, first, "final", also=[second])
    answers.accept(responses.of(second)[0], world.registrar.person)
    refused = registrar.post(f"/agenda/in/{letter.id}/take-out", data={"reason": "Salah surat"})
    assert refused.status_code == 409
    assert (first.stage, second.stage) == (Stage.ANSWERED, Stage.CLOSED)
    assert papers.matters_of(letter) == [first, second]


@pytest.mark.parametrize(("decision", "kept"), [("final", AnswerOutcome.PROVEN), ("interim", None)])
def test_the_outcome_is_that_of_a_final_answer(story, paper, registrar, decision, kept):
    forwarding = story.sent()
    send(registrar, paper(), forwarding, decision, outcome="proven")
    assert responses.of(forwarding)[0].outcome is kept
    assert ("Terbukti" in registrar.get(f"/forwardings/{forwarding.id}").text) is bool(kept)


def test_the_register_names_every_letter_of_ours_that_one_answers(story, paper, registrar, world):
    first, second = story.sent(), story.sent()
    letter = paper()
    send(registrar, letter, first, "final", also=[second])
    page = registrar.get("/agenda").text
    assert f"/forwardings/{first.id}" in page
    assert f"/forwardings/{second.id}" in page
    headers, [row] = exporting.table(world.registrar, Register.IN, 2026)
    assert row[headers.index("Atas surat kami")] == f"{first.letter.number}; {second.letter.number}"
