"""Answering by the link of a mail or the code of a slip, without an account."""

from io import BytesIO
from uuid import uuid4

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import queries as forwardings
from hub.forwardings import service as forwarding_service
from hub.forwardings.rules import ProofChannel, Stage
from hub.mail import queries as mail
from hub.mail.models import EmailPurpose
from hub.monitoring import verification
from hub.responses import service
from hub.responses.models import Response, ResponseKind
from hub.responses.rules import AnswerOutcome
from tests.exchange.test_links import count_of_everything

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def typed(**changes):
    return {
        "request_key": str(uuid4()),
        "name": "Wening Larasati",
        "office": "Irban II",
        "outcome": "settled",
        "letter_number": "700/77/2026",
        "letter_date": "2026-01-05",
        "summary": "Lubang sudah ditutup.",
        **changes,
    }


def answers():
    return db.session.scalars(select(Response).order_by(Response.id)).all()


def test_who_has_only_the_link_answers_with_files_and_confirms_by_that(client, link, forwarding):
    files = {"files": (BytesIO(PDF), "surat.pdf"), "reports": (BytesIO(PDF + b"%"), "lhp.pdf")}
    with freeze_time("2026-03-13 07:30:00"):
        sent = client.post(f"{link}/answer/final", data=typed(**files))
        page = client.get(sent.location)
    assert (sent.status_code, page.status_code) == (303, 200)
    for shown in (forwarding.sender.name, "13 Mar 2026 pukul 14.30 WIB", "Wening Larasati, Irban II", "700/77/2026"):
        assert shown in page.text
    [response] = answers()
    assert (response.kind, response.channel, response.outcome) == (
        ResponseKind.FINAL,
        ProofChannel.LINK,
        AnswerOutcome.SETTLED,
    )
    assert (response.author, response.author_name) == (None, "Wening Larasati, Irban II")
    assert [one.name for one in response.files + response.reports] == ["surat.pdf", "lhp.pdf"]
    [proof] = forwardings.proofs(forwarding)
    assert (proof.channel, proof.name, proof.dispatch_id) == (ProofChannel.ANSWER, "Wening Larasati", response.id)
    assert forwarding.stage is Stage.ANSWERED
    assert list(verification.findings()) == []


def test_the_code_of_the_slip_answers_as_well(client, slip, forwarding):
    client.post(f"{slip}/answer/interim", data=typed())
    [response] = answers()
    assert (response.kind, response.channel, response.outcome) == (ResponseKind.INTERIM, ProofChannel.SLIP, None)
    assert forwarding.stage is Stage.ACKNOWLEDGED


def test_the_office_is_told_who_answered_by_the_link_and_asked_whether_it_was_theirs(client, link, forwarding, world):
    client.post(f"{link}/answer/final", data=typed())
    [receipt] = [one for one in mail.of(forwarding.stream) if one.purpose is EmailPurpose.NOTICE]
    assert receipt.to_address == world.regency_pic.person.email
    for told in (receipt.paragraphs, " ".join(receipt.letter.content["paragraphs"])):
        assert "Wening Larasati, Irban II" in told
        assert "Bila jawaban ini bukan dari kantor Saudara, beri tahu kami." in told


def test_the_receipt_of_an_answer_by_sign_in_asks_nothing_of_the_kind(story):
    forwarding = story.answered().forwarding
    [receipt] = [one for one in mail.of(forwarding.stream) if one.purpose is EmailPurpose.NOTICE]
    assert "bukan dari kantor Saudara" not in receipt.paragraphs


def test_a_receipt_says_that_a_report_came_and_not_what_it_is_called(client, link, forwarding):
    client.post(f"{link}/answer/final", data=typed(reports=(BytesIO(PDF), "LHP Kepala Dinas.pdf")))
    content = str(answers()[0].receipt.content)
    assert "laporan hasil pemeriksaan (LHP), 1 berkas" in content
    assert "Kepala Dinas" not in content


def test_looking_at_the_form_changes_nothing(client, link):
    db.session.commit()
    before = count_of_everything()
    for kind in ("final", "interim"):
        assert client.get(f"{link}/answer/{kind}").status_code == 200
    assert client.get(f"{link}/answered").location == link
    assert count_of_everything() == before


def test_its_pages_have_no_session_and_run_nothing(client, link):
    for page in (client.get(f"{link}/answer/final"), client.post(f"{link}/answer/final", data=typed())):
        assert "Set-Cookie" not in page.headers
        assert "script-src 'none'" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in client.get(f"{link}/answered").headers


def test_a_form_from_another_website_is_refused(client, link):
    evil = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(f"{link}/answer/final", data=typed(), headers=evil).status_code == 403
    assert answers() == []


def test_a_refused_form_keeps_every_word_asks_for_the_files_again_and_stores_none(client, link, tmp_path):
    files = {"files": (BytesIO(PDF), "surat.pdf"), "reports": (BytesIO(b"MZ\x90\x00 program"), "lhp.exe")}
    page = client.post(f"{link}/answer/final", data=typed(**files))
    assert page.status_code == 422
    for word in ("Wening Larasati", "Irban II", "700/77/2026", "2026-01-05", "Lubang sudah ditutup.", "lhp.exe"):
        assert word in page.text
    assert "Pilih juga berkasnya lagi" in page.text
    assert db.session.scalar(select(func.count(StoredFile.id))) == 0
    assert [one for one in (tmp_path / "files").rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("left_out", ["name", "office", "outcome", "letter_number", "letter_date", "summary"])
def test_nothing_that_an_answer_needs_can_be_left_out(client, link, left_out):
    form = typed()
    del form[left_out]
    assert client.post(f"{link}/answer/final", data=form).status_code == 422
    assert answers() == []


def test_a_double_click_is_one_answer_and_both_show_that_it_arrived(client, link):
    form = typed()
    sent = [client.post(f"{link}/answer/final", data=form) for _ in range(2)]
    assert {(one.status_code, one.location) for one in sent} == {(303, f"{link}/answered")}
    assert len(answers()) == 1


def test_while_an_answer_is_under_review_another_is_refused_with_its_words_to_copy(client, link):
    client.post(f"{link}/answer/final", data=typed())
    page = client.get(f"{link}/answer/final")
    assert page.status_code == 409
    assert "menelaahnya" in page.text
    late = client.post(f"{link}/answer/final", data=typed(summary="Ternyata masih ada lubang."))
    assert late.status_code == 409
    assert "Ternyata masih ada lubang." in late.text
    assert len(answers()) == 1


def test_after_the_sender_asked_for_more_the_same_link_answers_again(client, link, forwarding, world):
    client.post(f"{link}/answer/final", data=typed())
    service.return_incomplete(answers()[0], world.registrar.person, "Foto belum ada.")
    assert client.post(f"{link}/answer/final", data=typed()).status_code == 303
    assert forwarding.stage is Stage.ANSWERED
    assert len(answers()) == 2


def test_a_closed_matter_awaits_no_answer_and_the_page_says_whom_to_write_to(client, link, slip, world):
    client.post(f"{link}/answer/final", data=typed())
    service.accept(answers()[0], world.registrar.person)
    for address in (link, slip):
        page = client.post(f"{address}/answer/final", data=typed())
        assert page.status_code == 410
        assert "Urusan ini sudah ditutup" in page.text
    assert len(answers()) == 1


def test_a_withdrawn_letter_is_not_answered(client, link, forwarding, world):
    forwarding_service.withdraw(forwarding, world.registrar.person, "salah alamat")
    for page in (client.get(f"{link}/answer/final"), client.post(f"{link}/answer/final", data=typed())):
        assert page.status_code == 410
    assert answers() == []


def test_an_unknown_link_answers_nothing(client):
    assert client.post("/a/1-x/answer/final", data=typed()).status_code == 404


def test_a_lost_link_cannot_flood(client, link, slip):
    """Each answer is stored and confirmed by mail to the office."""
    with freeze_time("2026-03-13 07:30:00"):
        statuses = [client.post(f"{link}/answer/interim", data=typed()).status_code for _ in range(7)]
        assert statuses == [303] * 6 + [429]
        assert client.post(f"{slip}/answer/interim", data=typed()).status_code == 429
    with freeze_time("2026-03-14 07:31:00"):
        assert client.post(f"{link}/answer/interim", data=typed()).status_code == 303
    assert len(answers()) == 7


def test_who_confirmed_by_this_link_need_not_write_the_name_again(client, link, slip):
    client.post(link, data={"name": "Wening Larasati", "office": "Irban II"})
    assert 'value="Wening Larasati"' in client.get(f"{link}/answer/final").text
    assert "Wening" not in client.get(f"{slip}/answer/final").text


def test_confirming_leads_to_answering_here_and_signing_in_is_the_quiet_way(client, link):
    assert f"{link}/answer/final" in client.get(link).text
    page = client.post(link, data={"name": "Wening Larasati", "office": "Irban II"}).text
    assert page.index(f"{link}/answer/final") < page.index(f"{link}/answer/interim") < page.index("/sign-in")


def test_the_form_needs_few_queries(client, link, count_queries):
    with count_queries() as statements:
        client.get(f"{link}/answer/final")
    assert len(statements) <= 8, statements


def test_more_than_the_hub_takes_at_once_is_refused_with_a_word_on_what_to_do(client, link, app):
    app.config["MAX_CONTENT_LENGTH"] = 2000
    page = client.post(f"{link}/answer/final", data=typed(files=(BytesIO(PDF * 100), "surat.pdf")))
    assert page.status_code == 413
    assert "64 MB" in page.text
    assert "Set-Cookie" not in page.headers
    assert answers() == []
