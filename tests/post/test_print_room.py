"""Prints: one PDF with letters, slips and what goes round them."""

import io
import threading
from datetime import timedelta

import pypdf
import pytest
from freezegun import freeze_time

from hub import clock
from hub.extensions import db
from hub.files import service as files
from hub.files import storage
from hub.letters import pdf, rendering
from hub.post import addressing, printing, queries, service, slips
from hub.post.models import PrintJob
from hub.post.rules import Addressing, PostState
from hub.webkit.tokens import LinkState


@pytest.fixture
def printed_out(world):
    """Asks for a print of all that waits, makes it, and reads its file."""

    def make(kind=Addressing.LABELS, only=None):
        job = service.ask_for_print(world.ksn, kind, world.registrar.person, only)
        db.session.commit()
        printing.make_and_tidy()
        db.session.refresh(job)
        return job, pypdf.PdfReader(io.BytesIO(files.read(job.file))).pages if job.file else []

    return make


def words(page):
    """Its text without spaces: where a line breaks is not the point."""
    return "".join(page.extract_text().split())


def test_a_print_holds_the_list_each_letter_with_its_slip_and_the_labels(envelope, printed_out):
    dispatches = [envelope() for _ in range(3)]
    rendering.render_pending()
    _, pages = printed_out()
    cover, labels = words(pages[0]), words(pages[-2])
    for dispatch in dispatches:
        assert dispatch.letter.number in cover
        assert dispatch.code in cover
        assert dispatch.code in labels
    on_slips = [place for place, page in enumerate(pages) if "TANDATERIMASURAT" in words(page).upper()]
    assert len(on_slips) == 3
    for place, dispatch in zip(on_slips, dispatches, strict=True):
        assert service.slip_address(dispatch) in words(pages[place])
        assert dispatch.letter.number in words(pages[place - 2]) + words(pages[place - 1])


def test_printed_on_both_sides_nothing_lands_on_the_back_of_another(envelope, printed_out):
    """Each letter, slip and sheet of labels begins on the front of a leaf."""
    for _ in range(15):
        envelope()
    rendering.render_pending()
    _, pages = printed_out()
    fronts = [place for place, page in enumerate(pages) if "TANDATERIMASURAT" in words(page).upper()]
    assert {place % 2 for place in fronts} == {0}
    assert len(pages) % 2 == 0
    assert [bool(words(page)) for page in pages[-4:]] == [True, False, True, False]  # 15 labels take two sheets


def test_the_list_says_on_which_pages_each_letter_is(ready, printed_out):
    _, pages = printed_out()
    assert "3–5(surat1)" in words(pages[0])
    assert ready.letter.number in words(pages[2])
    assert "TANDATERIMASURAT" in words(pages[4]).upper()


@pytest.mark.parametrize(
    ("kind", "size"), [(Addressing.ENVELOPES, (229, 162)), (Addressing.SMALL_ENVELOPES, (220, 110))]
)
def test_an_envelope_is_a_page_of_its_size(ready, printed_out, kind, size):
    _, pages = printed_out(kind)
    box = pages[-2].mediabox
    assert (round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)) == size
    text = words(pages[-2])
    for part in ("POSTERCATAT", "".join(ready.institution.name.split()), ready.code, "JalanMelatiNomor1"):
        assert part in text


def test_the_signed_letter_is_in_it_as_it_is(ready, printed_out):
    signed = pypdf.PdfReader(io.BytesIO(files.read(ready.letter.file))).pages[0]
    _, pages = printed_out()
    assert pages[2].extract_text() == signed.extract_text()


def test_a_broken_letter_is_told_and_the_others_are_printed(envelope, printed_out, registrar):
    good, broken = envelope(), envelope()
    rendering.render_pending()
    storage.path(broken.letter.file.sha256).write_bytes(b"%PDF-1.7 broken")
    job, pages = printed_out()
    assert job.error == broken.letter.number
    assert good.letter.number in words(pages[0])
    assert "Tidakikuttercetak" in words(pages[0])
    page = registrar.get(f"/post/print/{job.id}").text
    assert broken.letter.number in page
    assert good.letter.number in page
    assert broken.print_job_id is None


def test_a_print_of_nothing_but_broken_letters_says_so_and_ends(ready, printed_out, registrar):
    storage.path(ready.letter.file.sha256).unlink()
    job, pages = printed_out()
    assert pages == []
    assert ready.letter.number in registrar.get(f"/post/print/{job.id}").text
    assert printing.make_and_tidy() == printing.PrintReport(0, 0, ())


def test_a_letter_without_its_pdf_waits_for_the_next_print(envelope, registrar):
    dispatch = envelope()
    registrar.post("/post/print", data={"addressing": "labels"})
    assert db.session.query(PrintJob).count() == 0
    rendering.render_pending()
    registrar.post("/post/print", data={"addressing": "labels"})
    db.session.refresh(dispatch)
    assert dispatch.print_job_id is not None


def test_the_page_tells_how_far_it_is(ready, registrar):
    place = registrar.post("/post/print", data={"addressing": "envelopes"}).location
    assert "Lihat lagi" in registrar.get(place).text
    assert registrar.get(f"{place}/file").status_code == 404
    printing.make_and_tidy()
    assert f"{place}/file" in registrar.get(place).text
    registrar.post(f"{place}/printed")
    printing.make_and_tidy()
    assert registrar.get(f"{place}/file").status_code == 404
    assert registrar.get(place).status_code == 200
    db.session.refresh(ready)
    assert ready.state is PostState.PRINTED


def test_pressed_twice_it_prints_each_letter_once(ready, registrar):
    for _ in range(2):
        registrar.post("/post/print", data={"addressing": "labels"})
    assert db.session.query(PrintJob).count() == 1


def test_two_clerks_at_the_same_moment_print_each_letter_once(app, world, ready):
    """Each has a connection of its own; the second one finds nothing left."""
    outcomes = []
    office, clerk = world.ksn.id, world.registrar.person.id
    db.session.commit()

    def press():
        with app.app_context():
            from hub.directory.models import Institution, Person

            try:
                service.ask_for_print(
                    db.session.get_one(Institution, office), Addressing.LABELS, db.session.get_one(Person, clerk)
                )
                db.session.commit()
                outcomes.append("asked")
            except service.NotPossible:
                outcomes.append("nothing left")
            finally:
                db.session.remove()

    clerks = [threading.Thread(target=press) for _ in range(2)]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    assert sorted(outcomes) == ["asked", "nothing left"]


def test_the_file_is_deleted_once_printed_and_the_letters_stay(ready, printed_out, world):
    job, _ = printed_out()
    place = storage.path(job.file.sha256)
    service.mark_all_printed(job, world.registrar.person)
    db.session.commit()
    assert printing.make_and_tidy().deleted == 1
    assert not place.exists()
    assert storage.path(ready.letter.file.sha256).exists()


def test_a_print_nobody_took_goes_after_a_day_and_is_made_anew_with_the_same_codes(ready, printed_out):
    _, pages = printed_out()
    first = words(pages[4])
    with freeze_time(clock.now() + timedelta(hours=25)):
        assert printing.make_and_tidy().deleted == 1
        db.session.refresh(ready)
        _, pages = printed_out()
    assert words(pages[4]) == first


def test_a_bad_print_goes_back_to_the_printer(ready, printed_out, registrar, world):
    job, _ = printed_out()
    service.mark_all_printed(job, world.registrar.person)
    registrar.post(f"/post/{ready.id}/print-again")
    place = registrar.post(f"/post/{ready.id}/print", data={"addressing": "labels"}).location
    assert printing.make_and_tidy().made == 1
    assert registrar.get(f"{place}/file").status_code == 200
    db.session.refresh(ready)
    assert ready.state is PostState.TO_PRINT


def test_a_letter_called_back_meanwhile_is_not_printed_and_the_page_says_to_take_it_out(
    envelope, printed_out, registrar
):
    envelope(), envelope(about="forwarding:2")
    rendering.render_pending()
    job, _ = printed_out()
    service.cancel_queued("forwarding:2")
    db.session.commit()
    assert "Keluarkan" in registrar.get(f"/post/print/{job.id}").text
    registrar.post(f"/post/print/{job.id}/printed")
    states = {one.about: one.state for one in queries.in_print(job)}
    assert states == {"forwarding:1": PostState.PRINTED, "forwarding:2": PostState.CANCELLED}


def test_another_office_finds_no_print_of_ours(ready, printed_out, world, signed_in_as):
    job, _ = printed_out()
    stranger = signed_in_as(world.ombudsman_registrar)
    assert stranger.get(f"/post/print/{job.id}").status_code == 404
    assert stranger.get(f"/post/print/{job.id}/file").status_code == 404
    assert stranger.post(f"/post/print/{job.id}/printed").status_code == 404
    assert stranger.post(f"/post/{ready.id}/print", data={"addressing": "labels"}).status_code == 404


def test_the_slip_leads_to_its_own_envelope_and_says_what_it_is(ready, printed_out):
    address = service.slip_address(ready)
    assert address.startswith("http://localhost/a/")
    found = queries.by_link_token(address.rpartition("/")[2])
    assert found is ready
    assert found.link_state is LinkState.GOOD
    _, pages = printed_out()
    for part in ("bukan tanda tangan", ready.letter.number, ready.institution.name):
        assert "".join(part.split()) in words(pages[4])


@pytest.mark.parametrize("kind", list(Addressing))
def test_the_longest_address_is_written_whole(envelope, printed_out, kind):
    dispatch = envelope()
    name = "Inspektorat Kabupaten Kepulauan Siau Tagulandang Biaro " * 6
    dispatch.address = f"{name[:300].strip()}\n{'Jalan Raya Lintas Timur Kilometer 12, ' * 8}"[:600]
    db.session.commit()
    rendering.render_pending()
    _, pages = printed_out(kind)
    text = words(pages[-2])
    assert "".join(dispatch.address.split()) in text


def test_at_most_a_hundred_letters_go_into_one_print(envelope, world, monkeypatch):
    monkeypatch.setattr("hub.post.rules.MOST_IN_A_PRINT", 2)
    for _ in range(3):
        envelope()
    rendering.render_pending()
    for left in (1, 0):
        job = service.ask_for_print(world.ksn, Addressing.LABELS, world.registrar.person)
        assert len(queries.in_print(job)) == 1 + left


def test_sheets_of_labels_hold_fourteen(envelope, world):
    dispatches = [envelope()] * 29
    html, pages = addressing.surrounds(dispatches, world.ksn, Addressing.LABELS)
    assert pages == 3
    assert html.count("label-paper") == 29


def test_a_slip_is_one_page_however_long_its_names_are(envelope):
    dispatch = envelope()
    office = dispatch.letter.institution
    office.letterhead = "\n".join(
        ("Sekretariat Jenderal Kementerian Contoh " * 2, "Deputi Bidang Contoh " * 3, "Asdep Contoh " * 3)
    )
    office.postal_address = "Jalan Contoh Nomor 1, Kelurahan Contoh, Kecamatan Contoh " * 4
    dispatch.letter.subject = "Penerusan pengaduan: jalan berlubang dan jembatan rusak " * 4
    dispatch.address = "\n".join(
        ("Inspektorat Kabupaten Kepulauan Contoh " * 3, "Jalan Lintas Contoh Kilometer 12 " * 4)
    )
    assert len(pypdf.PdfReader(io.BytesIO(pdf.render(slips.html(dispatch, linked=False), "slip"))).pages) == 1
