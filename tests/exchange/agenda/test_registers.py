"""The registers of letters in and out: searched, in order, and taken out as a file."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from hub.exchange.agenda import queries, service
from hub.exchange.agenda.queries import Search
from hub.extensions import db
from hub.forwardings.followups import service as followups
from hub.letters.models import Letter, LetterKind, LetterState
from hub.responses.models import Decision


def found_in(world, **asked):
    rows = db.session.scalars(queries.letters_in(world.registrar, Search(**asked)))
    return sorted(one.running for one in rows)


def found_out(world, **asked):
    return {one.id for one in db.session.scalars(queries.letters_out(world.registrar, Search(**asked))).unique()}


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_letters_in_are_found_by_number_subject_sender_and_day(paper, world):
    paper(number="700/12/Insp", received_on=date(2026, 3, 2))
    paper(number="B-9", sender=world.province, sender_name="Kop surat lama", subject="Undangan rapat")
    paper(number="", sender=None, sender_name="PT Angin Ribut", subject="100% gratis")
    assert found_in(world) == [1, 2, 3]
    assert found_in(world, words="700 12") == found_in(world, words="700-12/INSP") == [1]
    assert found_in(world, words="undangan") == [2]
    assert found_in(world, words="Provinsi Jawa Timur") == found_in(world, words="kop surat") == [2]
    assert found_in(world, words="angin ribut") == found_in(world, words="100%") == [3]
    assert found_in(world, words="/ - .") == []
    assert found_in(world, until=date(2026, 3, 12)) == [1]
    assert found_in(world, since=date(2026, 3, 13), until=date(2026, 3, 13)) == [2, 3]


def test_letters_that_belong_to_none_of_ours_yet_are_found(story, paper, world):
    filed, _waiting = paper(), paper()
    service.file(filed, [story.sent()], Decision.FINAL, "", world.registrar.person)
    assert found_in(world, unfiled=True) == [2]


def test_letters_out_are_those_with_a_number(story, world):
    story.draft(), story.submitted()
    signed, closed = story.signed().letter, story.closed().letter
    assert found_out(world) == {signed.id, closed.id}
    assert found_out(world, words=signed.number.lower().replace("/", " ")) == {signed.id}
    assert (
        found_out(world, words="Kabupaten Probolinggo") == found_out(world, words="berlubang") == {signed.id, closed.id}
    )
    assert found_out(world, kind=LetterKind.REMINDER) == set()
    assert found_out(world, kind=LetterKind.FORWARDING, since=date(2026, 3, 14)) == set()


def test_a_void_number_stays_with_its_reason_and_a_reserved_one_says_so(story, registrar, world):
    void, reserved = story.signed().letter, story.submitted().letter
    void.state, void.void_reason = LetterState.VOID, "Salah tujuan"
    reserved.number, reserved.year, reserved.running = "B-77/2026", 2026, 77
    page = registrar.get("/agenda/out").text
    assert "Salah tujuan" in page
    assert "Nomor dicadangkan" in page
    rows = rows_of(registrar.get("/agenda/export?register=out&year=2026&format=csv"))
    assert [(row[1], row[6], row[7]) for row in rows[1:]] == [
        (void.number, "Tidak berlaku", "Salah tujuan"),
        ("B-77/2026", "Nomor dicadangkan", ""),
    ]


def test_the_newest_number_comes_first_page_by_page(paper, registrar, monkeypatch):
    for _ in range(51):
        paper()
    paper(received_on=date(2025, 12, 31))
    first = registrar.get("/agenda").text
    numbers = [f"{n}/2026" for n in range(51, 1, -1)]
    at = [first.index(f">{number}<") for number in numbers]
    assert at == sorted(at)
    assert ">1/2026<" not in first
    following = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = registrar.get(following).text
    assert second.index(">1/2026<") < second.index(">1/2025<")
    assert ">2/2026<" not in second


def test_the_lists_take_the_same_few_queries_however_many_letters_there_are(
    story, paper, registrar, world, count_queries
):
    def cost(address):
        with count_queries() as statements:
            assert registrar.get(address).status_code == 200
        return len(statements)

    def one_more():
        service.file(paper(), [story.sent()], Decision.FINAL, "", world.registrar.person)

    one_more()
    before = cost("/agenda"), cost("/agenda/out")
    one_more(), one_more(), paper()
    assert (cost("/agenda"), cost("/agenda/out")) == before
    assert max(before) <= 12


def test_a_years_register_is_taken_out_and_no_cell_is_run(paper, registrar, world):
    paper(sender=None, sender_name='=HYPERLINK("http://evil.example")', subject="+62 hubungi @kami", note="-1")
    paper(received_on=date(2025, 12, 30), number="700/1")
    rows = rows_of(registrar.get("/agenda/export?register=in&year=2026&format=csv"))
    assert [row[0] for row in rows] == ["No. agenda", "1/2026"]
    assert (rows[1][4], rows[1][5]) == ('\'=HYPERLINK("http://evil.example")', "'+62 hubungi @kami")
    answer = registrar.get("/agenda/export?register=in&year=2026&format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet["E2"].value == '=HYPERLINK("http://evil.example")'
    assert {cell.data_type for cell in sheet[2]} <= {"s", "inlineStr"}, "text, and no formula"


@pytest.mark.parametrize(
    "query",
    ["register=x", "format=exe", "year=99999999", "year=-1"],
)
def test_an_export_that_does_not_exist_is_not_found(registrar, query):
    assert registrar.get(f"/agenda/export?{query}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["since=9999-99-99", "until=0001-01-01", "kind=x", "after=abc", "after=999999", "q=%25_%5C", "q=" + "x" * 5000],
)
def test_a_search_that_cannot_be_shows_a_page(paper, story, registrar, query):
    paper(), story.sent()
    for address in ("/agenda", "/agenda/out"):
        assert registrar.get(f"{address}?{query}").status_code == 200


def test_each_office_sees_its_own_registers(story, paper, world, signed_in_as):
    story.sent(), paper()
    other = signed_in_as(world.ombudsman_registrar)
    assert "Agenda masih kosong" in other.get("/agenda").text
    assert "Belum ada surat bernomor" in other.get("/agenda/out").text
    assert len(rows_of(other.get("/agenda/export?register=out&year=2026&format=csv"))) == 1
    for nobody in (world.regency_pic, world.administrator):
        assert signed_in_as(nobody).get("/agenda").status_code == 403
        assert 'href="/agenda"' not in signed_in_as(nobody).get("/").text


def test_letters_without_a_forwarding_are_listed_all_the_same(story, registrar, world):
    letter = story.sent().letter
    letter.about = ""
    assert letter.number in registrar.get("/agenda/out").text
    assert db.session.scalars(select(Letter.about)).all() == [""]


def test_a_register_names_to_whom_each_letter_goes(story, registrar, world):
    forwarding = story.acknowledged()
    letter = followups.draft(forwarding, LetterKind.ESCALATION, "", world.registrar.person)
    followups.submit(letter, world.registrar.person)
    followups.sign(letter, world.signatory.person)
    db.session.commit()
    rows = rows_of(registrar.get("/agenda/export?register=out&year=2026&format=csv"))
    to = {row[1]: row[3] for row in rows[1:]}
    assert to[letter.number].startswith(world.province.head_title)
    assert to[forwarding.letter.number].startswith(world.regency.head_title)
    assert letter.number in registrar.get("/agenda/out", query_string={"words": world.province.head_title}).text
