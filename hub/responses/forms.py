"""The recipient's answer, and the sender's review of it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, MultipleFileField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from hub import clock
from hub.files.models import StoredFile
from hub.files.service import UnacceptableFile, store
from hub.responses.models import Decision, ResponseKind
from hub.responses.service import Answer
from hub.webkit.forms import Form, OnceForm


def refuse_future(field: DateField, zone: str) -> None:
    if field.data and field.data > clock.today(zone):
        raise ValidationError(_("The date of a letter cannot lie in the future."))


class AnswerForm(OnceForm):
    """`answer()` after validation."""

    letter_number = StringField(
        _l("Number of your letter"),
        validators=[InputRequired(_l("Write the number of the letter you answer with.")), Length(max=120)],
    )
    letter_date = DateField(_l("Date of your letter"), validators=[InputRequired(_l("Write the date of your letter."))])
    summary = TextAreaField(
        _l("What was found and done"),
        validators=[InputRequired(_l("Write in a few sentences what was found and done.")), Length(max=10_000)],
    )
    files = MultipleFileField(_l("Files"), description=_l("PDF, JPEG, PNG, DOCX or XLSX, at most 10 MB each."))

    def __init__(self, zone: str) -> None:
        super().__init__()
        self._zone = zone
        self._stored: list[StoredFile] = []

    def validate_letter_date(self, field: DateField) -> None:
        refuse_future(field, self._zone)

    def validate_files(self, field: MultipleFileField) -> None:
        """Each file is stored as it is found good; an answer that is refused leaves none behind in the record."""
        problems = []
        for upload in field.data or []:
            if not (upload and upload.filename):
                continue
            try:
                self._stored.append(store(upload.filename, upload.read()))
            except UnacceptableFile as problem:
                problems.append(str(problem))
        if problems:
            raise ValidationError(" ".join(problems))

    def answer(self, kind: ResponseKind) -> Answer:
        """What the recipient says. Only after validation."""
        assert self.letter_date.data is not None
        return Answer(
            kind=kind,
            letter_number=self.letter_number.data or "",
            letter_date=self.letter_date.data,
            summary=self.summary.data or "",
            files=self._stored,
        )


class IncompleteForm(Form):
    missing = TextAreaField(
        _l("What is missing"),
        validators=[
            InputRequired(_l("Write what is missing, so that it can be added.")),
            Length(min=5, max=2000),
        ],
    )


class ReplyForm(Form):
    """What a reply by mail is taken for, and the letter it carries, if any."""

    letter_number = StringField(_l("Number of their letter"), validators=[Length(max=120)])
    letter_date = DateField(_l("Date of their letter"), validators=[Optional()])
    decision = StringField()

    def __init__(self, zone: str, **options: Any) -> None:
        super().__init__(**options)
        self._zone = zone

    def validate_letter_date(self, field: DateField) -> None:
        refuse_future(field, self._zone)

    def validate_decision(self, field: StringField) -> None:
        if field.data not in set(Decision):
            raise ValidationError(_("Press one of the buttons."))
