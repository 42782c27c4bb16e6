"""The recipient's answer, and the sender's review of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from hub import clock
from hub.files.models import StoredFile
from hub.files.uploads import chosen_in, refuse_unacceptable, stored_files
from hub.forwardings import deadlines
from hub.forwardings.models import Forwarding
from hub.responses.models import Decision, Response, ResponseKind
from hub.responses.rules import FOUND, AnswerOutcome
from hub.responses.service import Answer
from hub.responses.words import WHAT_AN_ANSWER_SAYS
from hub.webkit.forms import Form, OnceForm
from hub.webkit.labels import choices, label


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
    also = SelectMultipleField(
        _l("This answer also answers"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        choices=[],
        validate_choice=False,
    )

    def __init__(self, kind: ResponseKind, zone: str) -> None:
        super().__init__()
        self._kind, self._zone = kind, zone
        if kind is ResponseKind.INTERIM:
            del self.outcome

    def offer(self, others: Iterable[Forwarding]) -> None:
        """Letters that the same answer may answer too."""
        self.also.choices = [(one.id, f"{one.letter.number}: {one.complaint.subject}") for one in others]

    def validate_letter_date(self, field: DateField) -> None:
        refuse_future(field, self._zone)

    def validate_files(self, field: MultipleFileField) -> None:
        refuse_unacceptable(field)

    def validate_reports(self, field: MultipleFileField) -> None:
        refuse_unacceptable(field)

    def validate(self, extra_validators: Any = None) -> bool:
        is_good = bool(super().validate(extra_validators))
        if not is_good and (chosen_in(self.files) or chosen_in(self.reports)):
            self.form_errors.append(_("Choose the files again as well: they were not kept."))
        return is_good

    def answer(self) -> Answer:
        """What the recipient says; its files are stored now. Once, and only after validation."""
        assert self.letter_date.data is not None
        return Answer(
            kind=self._kind,
            letter_number=self.letter_number.data or "",
            letter_date=self.letter_date.data,
            summary=self.summary.data or "",
            files=stored_files(self.files),
            outcome=AnswerOutcome(self.outcome.data) if "outcome" in self else None,
            reports=stored_files(self.reports),
        )


class NewDateForm(Form):
    """Until when the recipient of `forwarding` answers now. The clock, counted from today, proposes the date."""

    due_on = DateField(_l("New date for the answer"), validators=[Optional()])

    def __init__(self, forwarding: Forwarding, **options: Any) -> None:
        self.proposed = deadlines.asked_anew(forwarding)
        super().__init__(**{**options, "data": {"due_on": self.proposed, **options.get("data", {})}})
        self._forwarding = forwarding

    @property
    def named(self) -> date | None:
        """The date that the sender named; None for the one that was proposed."""
        return None if self.due_on.data == self.proposed else self.due_on.data

    def validate_due_on(self, field: DateField) -> None:
        if field.data and self.named:
            try:
                deadlines.refuse_unfit(field.data, self._forwarding)
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


class DecisionForm(Form):
    """What a mail or paper that came in is taken for: `what` and `found` after validation."""

    decisions: Collection[Decision] = tuple(Decision)
    decision = StringField()
    outcome = SelectField(
        _l("Outcome of a final answer"),
        choices=lambda: [("", _("It does not say")), *choices("outcome")],
        default="",
    )

    @property
    def what(self) -> Decision:
        return Decision(self.decision.data or "")

    @property
    def found(self) -> AnswerOutcome | None:
        is_final = self.what is Decision.FINAL
        return AnswerOutcome(self.outcome.data) if is_final and self.outcome.data else None

    def validate_decision(self, field: StringField) -> None:
        if field.data not in self.decisions:
            raise ValidationError(_("Press one of the buttons."))


class ReplyForm(DecisionForm):
    """What a reply by mail is taken for, and the letter it carries, if any."""

    letter_number = StringField(_l("Number of their letter"), validators=[Length(max=120)])
    letter_date = DateField(_l("Date of their letter"), validators=[Optional()])

    reports = SelectMultipleField(
        _l("Examination reports (LHP) among the files"),
        description=_l("Fewer people open them; each opening is on record."),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def __init__(self, zone: str, files: Sequence[StoredFile], **options: Any) -> None:
        super().__init__(**options)
        self._zone, self._files = zone, files
        self.reports.choices = [(one.id, one.name) for one in files]

    @property
    def found_reports(self) -> list[StoredFile]:
        return [one for one in self._files if one.id in (self.reports.data or [])]

    def validate_letter_date(self, field: DateField) -> None:
        refuse_future(field, self._zone)


class TakeBackForm(Form):
    reason = TextAreaField(
        _l("Why it does not belong here"),
        [InputRequired(_l("Write why, in a sentence.")), Length(min=5, max=500)],
    )
