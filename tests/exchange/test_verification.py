"""Is this letter genuine? Number, date and sender, never what it says."""

import io

import pytest

from hub import config
from hub.extensions import db
from hub.files import service as files
from hub.letters import service as letters
from hub.letters.models import LetterKind, LetterState
from hub.letters.rules import grouped
from tests.exchange.test_links import count_of_everything
from tests.letters.test_rules import CONTENT


def test_a_signed_letter_is_genuine(client, forwarding):
    letter = forwarding.letter
    response = client.get(f"/v/{letter.verification_code}")
    assert response.status_code == 200
    assert letter.number in response.text
    assert forwarding.sender.name in response.text
    for content in ("Tongas", "Puspa", forwarding.recipient.name):
        assert content not in response.text


def test_the_code_may_be_typed_as_it_is_printed(client, forwarding):
    typed = grouped(forwarding.letter.verification_code).lower().replace("-", " ")
    assert forwarding.letter.number in client.get("/v/", query_string={"code": typed}).text


def test_a_draft_is_not_known(client, forwarding):
    forwarding.letter.state = LetterState.TO_SIGN
    assert client.get(f"/v/{forwarding.letter.verification_code}").status_code == 404


def test_a_void_letter_says_so(client, forwarding):
    forwarding.letter.state = LetterState.VOID
    response = client.get(f"/v/{forwarding.letter.verification_code}")
    assert response.status_code == 200
    assert "hue-attention" in response.text


def test_an_unknown_code_is_shown_again_to_compare(client):
    response = client.get("/v/ABCD-<b>")
    assert response.status_code == 404
    assert "ABCD-&lt;b&gt;" in response.text


def test_the_form_asks_for_the_code(client):
    assert client.get("/v/").status_code == 200


@pytest.fixture
def printed(forwarding, work):
    """Path of the letter's page and the signed bytes."""
    work()
    return f"/v/{forwarding.letter.verification_code}", files.read(forwarding.letter.file)


def chosen(content):
    return {"file": (io.BytesIO(content), "surat.pdf")}


def test_the_very_file_is_recognised_and_nothing_of_it_is_kept(client, printed):
    path, content = printed
    before = count_of_everything()
    page = client.post(path, data=chosen(content))
    assert page.status_code == 200
    assert "Berkas ini persis surat yang ditandatangani" in page.text
    assert count_of_everything() == before
    for told in ("Tongas", "Puspa"):
        assert told not in page.text


def test_a_file_that_differs_by_one_byte_is_not_the_one(client, printed):
    path, content = printed
    page = client.post(path, data=chosen(content + b"\n"))
    assert page.status_code == 200
    assert "bukan berkas yang ditandatangani" in page.text


def test_the_file_of_a_void_letter_is_known_as_such(client, forwarding, printed):
    path, content = printed
    forwarding.letter.state = LetterState.VOID
    page = client.post(path, data=chosen(content)).text
    assert "tidak berlaku" in page
    assert "persis surat yang dinyatakan tidak berlaku" in page


def test_a_file_larger_than_any_letter_is_refused_in_a_sentence(client, printed, monkeypatch):
    monkeypatch.setattr(config, "MAX_FILE_BYTES", 100_000)
    page = client.post(printed[0], data=chosen(b"%PDF-" + b"0" * 120_000))
    assert page.status_code == 413
    assert "lebih besar dari 10 MB" in page.text


def test_no_file_and_an_empty_one_are_asked_for_again(client, printed):
    assert client.post(printed[0], data={}).status_code == 422
    assert client.post(printed[0], data=chosen(b"")).status_code == 422


def test_files_are_not_tried_by_the_hundred(client, printed):
    path, content = printed
    answers = [client.post(path, data=chosen(b"%d" % place)).status_code for place in range(22)]
    assert answers == [200] * 20 + [429] * 2
    assert client.post(path, data=chosen(content)).status_code == 200


def test_an_unknown_code_compares_nothing(client, printed):
    assert client.post("/v/ACDE-FGHJ-KMNP-RTVW", data=chosen(printed[1])).status_code == 404


def test_before_the_pdf_is_made_there_is_nothing_to_compare_with(client, forwarding):
    assert 'type="file"' not in client.get(f"/v/{forwarding.letter.verification_code}").text


def test_a_document_issued_by_the_hub_is_known_without_a_number(client, world):
    subject = "Tanda terima jawaban: Jalan berlubang"
    letter = letters.issue(world.ksn, LetterKind.RECEIPT, subject, CONTENT, "response:1")
    db.session.commit()
    answer = client.get(f"/v/{letter.verification_code}")
    assert answer.status_code == 200
    assert "Dokumen ini diterbitkan hub" in answer.text
    assert world.ksn.name in answer.text
    assert "Jalan berlubang" not in answer.text
