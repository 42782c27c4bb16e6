"""Sheets that people print: the disposition sheet of a letter, the dispatch book of a day."""

import csv
import io
from datetime import UTC, datetime

import html5lib
import pytest

from hub.audit import queries as audit
from hub.extensions import db
from hub.letters.models import Disposition
from hub.letters.rules import Security, Urgency
from hub.post import queries as post


def ticked(page):
    """Words beside the boxes that are ticked, in their order."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    boxes = [item for item in root.iter("li") if item.find("svg") is not None or len(item)]
    return ["".join(item.itertext()).strip() for item in boxes if item[0].get("aria-label") == "ya"]


def test_a_blank_sheet_has_the_facts_and_open_boxes(paper, registrar):
    letter = paper(security=Security.CONFIDENTIAL, urgency=Urgency.URGENT)
    page = registrar.get(f"/agenda/in/{letter.id}/sheet").text
    for fact in (letter.sender_name, letter.number, "13 Maret 2026", "1/2026", letter.subject):
        assert fact in page
    assert ticked(page) == ["R", "Segera"]


def test_a_disposition_is_kept_and_printed(paper, registrar, world, signed_in_as):
    letter = paper()
    page = f"/agenda/in/{letter.id}/dispose"
    wanted = {"to": "Irban II, Bagian Hukum", "instructions": ["note", "proceed"], "note": "Laporkan Senin."}
    assert registrar.post(page, data={"to": "Irban II"}).status_code == 422
    signed_in_as(world.signatory).post(page, data=wanted)
    [kept] = letter.dispositions
    assert (kept.to, kept.instructions, kept.by) == (wanted["to"], ["proceed", "note"], world.signatory.person)
    sheet = registrar.get(f"/agenda/in/{letter.id}/sheet?of={kept.id}").text
    assert ticked(sheet) == ["Biasa", "Biasa", "Proses lebih lanjut", "Untuk diketahui"]
    assert "Laporkan Senin." in sheet
    assert world.signatory.person.name in sheet
    assert "Irban II, Bagian Hukum" in registrar.get(f"/agenda/in/{letter.id}").text
    assert audit.of_stream(letter.stream)[-1].details == {"disposition": kept.id}


def test_the_same_disposition_pressed_twice_is_one_and_a_second_one_stands_beside_it(paper, registrar):
    letter = paper()
    page = f"/agenda/in/{letter.id}/dispose"
    for to in ("Irban I", "Irban I", "Irban II"):
        registrar.post(page, data={"to": to, "instructions": ["advise"]})
    assert [one.to for one in letter.dispositions] == ["Irban I", "Irban II"]


def test_a_sheet_shows_no_disposition_of_another_letter(paper, registrar):
    mine, other = paper(), paper()
    registrar.post(f"/agenda/in/{other.id}/dispose", data={"to": "Irban I", "note": "Rahasia"})
    of_other = db.session.query(Disposition).one().id
    assert registrar.get(f"/agenda/in/{mine.id}/sheet?of={of_other}").status_code == 404


def test_hostile_words_are_written_not_run(paper, registrar):
    letter = paper(subject="<script>alert(1)</script> \u05e9\u05dc\u05d5\u05dd 😀", sender_name="W" * 300, sender=None)
    page = registrar.get(f"/agenda/in/{letter.id}/sheet").text
    assert "<script>alert" not in page
    assert "😀" in page


@pytest.fixture
def posted(story):
    """A letter that was handed in at the post at this moment."""

    def tell(moment, tracking, **choices):
        forwarding = story.signed(**choices)
        [envelope] = post.of(forwarding.stream)
        envelope.posted_at, envelope.tracking_number = moment, tracking
        db.session.commit()
        return forwarding

    return tell


def lines_of(browser, day):
    answer = browser.get(f"/agenda/book?day={day}&as=csv")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))[1:]


def test_the_book_lists_what_was_handed_in_on_a_day_in_order(posted, registrar):
    """Midnight in Jakarta is 17:00 UTC."""
    late = posted(datetime(2026, 3, 12, 16, 59, tzinfo=UTC), "RR473124829ID")
    early = posted(datetime(2026, 3, 11, 17, 0, tzinfo=UTC), "P2603120000001")
    posted(datetime(2026, 3, 12, 17, 0, tzinfo=UTC), "P2603120000002")
    rows = lines_of(registrar, "2026-03-12")
    assert [(row[0], row[1], row[4], row[5]) for row in rows] == [
        ("1", early.letter.number, "P2603120000001", "00.00"),
        ("2", late.letter.number, "RR473124829ID", "23.59"),
    ]
    for form in ("", "&as=print"):
        page = registrar.get(f"/agenda/book?day=2026-03-12{form}").text
        assert page.index("P2603120000001") < page.index("RR473124829ID")
        assert "P2603120000002" not in page


def test_an_empty_day_and_a_day_that_is_none_show_a_page(registrar):
    for day in ("2026-03-15", "kemarin", "0001-01-01", "9999-12-31", ""):
        for form in ("", "&as=print", "&as=csv"):
            assert registrar.get(f"/agenda/book?day={day}{form}").status_code == 200


def test_each_office_sees_its_own_book(posted, world, signed_in_as):
    posted(datetime(2026, 3, 12, 3, tzinfo=UTC), "RR473124829ID")
    assert lines_of(signed_in_as(world.ombudsman_registrar), "2026-03-12") == []
    assert signed_in_as(world.signatory).get("/agenda/book").status_code == 403
    assert 'href="/agenda/book"' not in signed_in_as(world.signatory).get("/agenda").text
