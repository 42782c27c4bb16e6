"""The recipient's answer, and the sender's review of it."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, MultipleFileField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from hub import clock
from hub.files.models import StoredFile
from hub.files.service import UnacceptableFile, store
from hub.forwardings import deadlines
from hub.forwardings.models import Forwarding
from hub.responses.models import Decision, Response, ResponseKind
from hub.responses.rules import FOUND, AnswerOutcome
from hub.responses.service import Answer
from hub.responses.words import WHAT_AN_ANSWER_SAYS
from hub.webkit.forms import Form, OnceForm
from hub.webkit.labels import label


def refuse_future(field: DateField, zone: str) -> None:
    if field.data and field.data > clock.today(zone):
        raise ValidationError(_("The date of a letter cannot lie in the future."))


class AnswerForm(OnceForm):
    """An answer of `kind` as whoever speaks for the recipient gives it: `answer()` after validation."""

    outcome = RadioField(
        _l("Outcome"),
        choices=lambda: [(one.value, label("outcome", one).text) for one in FOUND],
        validators=[InputRequired(_l("Choose what was found."))],
    )
    letter_number = StringField(
        _l("Number of your letter"),
        validators=[InputRequired(_l("Write the number of the letter you answer with.")), Length(max=120)],
    )
    letter_date = DateField(_l("Date of your letter"), validators=[InputRequired(_l("Write the date of your letter."))])
    summary = TextAreaField(
        _l("What was found and done"),
        validators=[InputRequired(_l("Write in a few sentences what was found and done.")), Length(max=10_000)],
    )
    files = MultipleFileField(_l("Files"))
    reports = MultipleFileField(_l("Examination report (LHP)"))

    def __init__(self, kind: ResponseKind, zone: str) -> None:
        super().__init__()
        self._kind, self._zone = kind, zone
        self._stored: dict[str, list[StoredFile]] = {}
        if kind is ResponseKind.INTERIM:
            del self.outcome

    def validate_letter_date(self, field: DateField) -> None:
        refuse_future(field, self._zone)

    def validate_files(self, field: MultipleFileField) -> None:
        self._stored["files"] = stored_files(field)

    def validate_reports(self, field: MultipleFileField) -> None:
        self._stored["reports"] = stored_files(field)

    def answer(self) -> Answer:
        """What the recipient says. Only after validation."""
        assert self.letter_date.data is not None
        return Answer(
            kind=self._kind,
            letter_number=self.letter_number.data or "",
            letter_date=self.letter_date.data,
            summary=self.summary.data or "",
            files=self._stored["files"],
            outcome=AnswerOutcome(self.outcome.data) if "outcome" in self else None,
            reports=self._stored["reports"],
        )


def stored_files(field: MultipleFileField) -> list[StoredFile]:
    """Each file is stored as it is found good; an answer that is refused leaves none behind in the record."""
    found, problems = [], []
    for upload in field.data or []:
        if upload and upload.filename:
            try:
                found.append(store(upload.filename, upload.read()))
            except UnacceptableFile as problem:
                problems.append(str(problem))
    if problems:
        raise ValidationError(" ".join(problems))
    return found


class NewDateForm(Form):
    """Until when the recipient of `forwarding` answers now. The clock, counted from today, proposes the date."""

    due_on = DateField(_l("New date for the answer"), validators=[Optional()])

    def __init__(self, forwarding: Forwarding, **options: Any) -> None:
        self.proposed = deadlines.provisional(forwarding.response_clock, forwarding.recipient)
        super().__init__(**{**options, "data": {"due_on": self.proposed.due, **options.get("data", {})}})
        self._recipient = forwarding.recipient

    @property
    def named(self) -> date | None:
        """The date that the sender named; None for the one that was proposed."""
        return None if self.due_on.data == self.proposed.due else self.due_on.data

    def validate_due_on(self, field: DateField) -> None:
        if field.data and self.named:
            try:
                deadlines.refuse_unfit(field.data, self._recipient)
            except deadlines.UnfitDate as problem:
                raise ValidationError(str(problem)) from None


class IncompleteForm(NewDateForm):
    """What an answer lacks; for a decline, why the matter stays with its recipient."""

    missing = TextAreaField(
        _l("What is missing"),
        validators=[
            InputRequired(_l("Write what is missing, so that it can be added.")),
            Length(min=5, max=2000),
        ],
    )

    def __init__(self, response: Response) -> None:
        hint = WHAT_AN_ANSWER_SAYS if response.says_nothing_yet else ""
        super().__init__(response.forwarding, data={"missing": hint})
        if response.is_decline:
            self.missing.label.text = _("Why the matter stays with this office")


class ReopenForm(NewDateForm):
    reason = TextAreaField(
        _l("Why it is reopened"),
        description=_l("The recipient reads this."),
        validators=[InputRequired(_l("Write why, in a sentence.")), Length(min=5, max=2000)],
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
