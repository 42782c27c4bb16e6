"""Dates, numbers, forms and pages of lists, as a reader meets them."""

from datetime import UTC, date, datetime

import pytest
from flask import render_template_string, session
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired

from hub.extensions import db
from hub.letters.models import Letter
from hub.webkit import filters, forms, paging

FRIDAY = datetime(2026, 3, 13, 7, 30, tzinfo=UTC)


class Answer(forms.OnceForm):
    number = StringField("Nomor", validators=[InputRequired()])
    note = StringField("Catatan", description="Boleh singkat")
    track = RadioField("Jalur", choices=lambda: [("email", "Email"), ("post", "Pos")], validators=[InputRequired()])
    sure = BooleanField("Saya berwenang")


@pytest.fixture
def request_(app):
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("request_")
class TestIndonesian:
    def test_a_day_is_written_as_in_a_letter(self):
        assert filters.day(date(2026, 4, 10)) == "Jumat, 10 April 2026"
        assert filters.short_day(date(2026, 4, 10)) == "10 Apr 2026"

    @pytest.mark.parametrize(("zone", "time"), [("WIB", "14.30"), ("WITA", "15.30"), ("WIT", "16.30")])
    def test_a_moment_names_its_zone(self, zone, time):
        assert filters.moment(FRIDAY, zone) == f"13 Mar 2026 pukul {time} {zone}"

    def test_a_stranger_reads_western_time(self):
        assert filters.moment(FRIDAY).endswith("14.30 WIB")

    def test_numbers_have_points_and_a_comma(self):
        assert filters.number(1234.56) == "1.234,56"


def test_english_by_choice(app):
    with app.test_request_context():
        session["locale"] = "en"
        assert filters.day(date(2026, 4, 10)) == "Friday, 10 April 2026"
        assert filters.moment(FRIDAY, "WIT") == "13 Mar 2026 at 16:30 WIT"


@pytest.mark.usefixtures("request_")
class TestForms:
    def test_errors_are_indonesian_and_spaces_do_not_count(self):
        form = Answer(formdata=MultiDict({"number": "  ", "note": "  ada  "}))
        assert not form.validate()
        assert form.track.errors == ["Bagian ini wajib diisi."]
        assert form.note.data == "ada"

    def test_each_blank_form_has_a_key_of_its_own(self):
        assert Answer(formdata=None).request_key.data != Answer(formdata=None).request_key.data

    def test_a_field_is_tied_to_its_help_and_errors(self):
        form = Answer(formdata=MultiDict({"note": "x"}))
        form.note.errors = ["Terlalu pendek."]
        html = self.render("{{ field(form.note, maxlength=40) }}", form)
        assert 'aria-describedby="note-hint note-errors"' in html
        assert 'aria-invalid="true"' in html
        assert 'maxlength="40"' in html
        assert '<p class="hint" id="note-hint">Boleh singkat</p>' in html

    def test_choices_are_a_named_group(self):
        html = self.render("{{ field(form.track) }}{{ field(form.sure) }}", Answer(formdata=None))
        assert "<legend>Jalur</legend>" in html
        assert html.count('class="choice"') == 3

    def test_what_is_wrong_leads_to_its_field(self):
        form = Answer(formdata=MultiDict())
        form.validate()
        assert '<a href="#track">Jalur</a>: Bagian ini wajib diisi.' in self.render("{{ errors(form) }}", form)

    def test_typed_text_is_never_markup(self):
        form = Answer(formdata=MultiDict({"number": '"><script>alert(1)</script>'}))
        assert "<script>" not in self.render("{{ field(form.number) }}", form)

    @staticmethod
    def render(template: str, form: forms.Form) -> str:
        return render_template_string("{% from 'macros.html' import field, errors %}" + template, form=form)


class TestPaging:
    def test_pages_follow_each_other_without_gap_or_double(self, app):
        letters = [self.letter(number) for number in range(1, 6)]
        db.session.add_all(letters)
        db.session.flush()
        first = paging.page(select(Letter), Letter.id, None, size=2)
        second = paging.page(select(Letter), Letter.id, first.next, size=2)
        last = paging.page(select(Letter), Letter.id, second.next, size=2)
        assert [one.subject for one in (*first.items, *second.items, *last.items)] == ["5", "4", "3", "2", "1"]
        assert last.next is None

    def test_mangled_address_means_the_first_page(self, app):
        with app.test_request_context("/?after=x'y"):
            assert paging.after() is None

    @staticmethod
    def letter(number: int) -> Letter:
        from hub.directory.models import Institution
        from hub.letters.models import LetterKind, LetterState

        office = db.session.scalars(select(Institution).limit(1)).one()
        return Letter(
            institution=office,
            kind=LetterKind.FORWARDING,
            state=LetterState.DRAFT,
            subject=str(number),
            content={},
            verification_code=str(number),
        )
