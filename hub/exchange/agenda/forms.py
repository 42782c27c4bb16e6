"""Forms of the agenda."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from hub import clock
from hub.directory.models import Institution
from hub.directory.picking import NotPicked, picked
from hub.directory.rules import written
from hub.exchange.agenda.queries import Guess
from hub.files.models import StoredFile
from hub.files.rules import JPEG, PDF, PNG
from hub.files.service import UnacceptableFile, accepted_type, store
from hub.forwardings.models import Forwarding
from hub.letters.incoming import Received
from hub.letters.models import IncomingLetter
from hub.letters.rules import Instruction, Security, Urgency
from hub.responses.forms import DecisionForm
from hub.responses.models import ON_PAPER, AnnouncedReply, Decision
from hub.sheets.text import clean_line, clean_text
from hub.webkit.forms import Form, OnceForm
from hub.webkit.labels import choices

OLDEST = timedelta(days=366)
"""A letter is registered when it comes in; an older day is a slip of the pen, mostly in the year."""
_FIRST_YEAR = 1990
"""No letter that is answered today is older; a year of two digits is."""


class ScanForm(Form):
    """`file` after validation: the scan, None when there is none."""

    scan = FileField(_l("Scan"), description=_l("PDF, JPEG or PNG, at most 10 MB. Several pages as one PDF."))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.file: StoredFile | None = None

    def validate_scan(self, field: FileField) -> None:
        if not (field.data and field.data.filename):
            return
        content = field.data.read()
        try:
            if accepted_type(field.data.filename, content) not in (PDF, JPEG, PNG):
                raise ValidationError(_("A scan is a PDF, JPEG or PNG file. Save it as PDF and choose that."))
            self.file = store(field.data.filename, content)
        except UnacceptableFile as problem:
            raise ValidationError(problem.sentence) from None


class LaterScanForm(ScanForm):
    def __init__(self) -> None:
        super().__init__()
        self.scan.flags.required = True

    def validate_scan(self, field: FileField) -> None:
        super().validate_scan(field)
        if self.file is None:
            raise ValidationError(_("Choose the file first."))


class LetterForm(ScanForm, OnceForm):
    """A letter that came in: `told()` after validation. `entry`: the one to correct."""

    number = StringField(
        _l("Number of the letter"), description=_l("As it stands there."), validators=[Length(max=120)]
    )
    dated = DateField(_l("Date of the letter"), validators=[Optional()])
    office = StringField(
        _l("Sender"), description=_l("An office of the directory: type a part of its name, then pick it.")
    )
    sender_name = StringField(
        _l("Or the sender in words"),
        description=_l("As the letterhead says, for a sender that the directory does not have."),
        validators=[Length(max=300)],
    )
    received_on = DateField(_l("Received on"), validators=[InputRequired(_l("Write the day on which it came in."))])
    subject = StringField(
        _l("Subject"), validators=[InputRequired(_l("Write what the letter is about.")), Length(max=300)]
    )
    security = SelectField(_l("Security class"), choices=lambda: choices("security"), default=Security.ORDINARY.value)
    urgency = SelectField(_l("Urgency"), choices=lambda: choices("urgency"), default=Urgency.ORDINARY.value)
    note = TextAreaField(_l("Note"), validators=[Length(max=2000)])
    refers_to = StringField(
        _l("It refers to our letter number"),
        description=_l("If it does. Spaces, dashes and capitals do not matter; a part is enough."),
        validators=[Length(max=120)],
    )

    def __init__(
        self, office: Institution, entry: IncomingLetter | None = None, announced: AnnouncedReply | None = None
    ) -> None:
        today = clock.today(office.zone)
        proposed = {"received_on": today, **(_announced(announced) if announced else {})}
        super().__init__(data=_entered(entry) if entry else proposed)
        self._today, self._entry = today, entry
        self.office.flags.required = self.sender_name.flags.required = True  # one of them: validate_sender_name
        self._sender: Institution | None = None

    def validate_office(self, field: StringField) -> None:
        if field.data:
            try:
                self._sender = picked(field.data)
            except NotPicked as problem:
                raise ValidationError(str(problem)) from None

    def validate_sender_name(self, field: StringField) -> None:
        if not clean_line(field.data or "") and not self.office.data:
            raise ValidationError(_("Pick the office that sent the letter, or write who did."))

    def validate_received_on(self, field: DateField) -> None:
        if not field.data:
            return
        if field.data > self._today:
            raise ValidationError(_("This day lies in the future."))
        if field.data < self._today - OLDEST and not self._entry:
            raise ValidationError(_("This is more than a year ago. Check the year."))
        if self._entry and field.data.year != self._entry.year:
            raise ValidationError(
                _("The agenda number belongs to %(year)s; the day must lie in that year.", year=self._entry.year)
            )

    def validate_dated(self, field: DateField) -> None:
        if field.data and self.received_on.data and field.data > self.received_on.data:
            raise ValidationError(_("A letter cannot be dated after the day on which it came in."))
        if field.data and field.data.year < _FIRST_YEAR:
            raise ValidationError(_("Check the year of this date."))

    def validate_subject(self, field: StringField) -> None:
        if not clean_line(field.data or ""):
            raise ValidationError(_("Write what the letter is about."))

    def told(self) -> Received:
        """What stands on the letter. Only after validation."""
        assert isinstance(self.received_on.data, date)
        name = clean_line(self.sender_name.data or "")
        return Received(
            received_on=self.received_on.data,
            sender_name=name or (self._sender.name if self._sender else ""),
            subject=clean_line(self.subject.data or ""),
            number=clean_line(self.number.data or ""),
            dated=self.dated.data,
            sender=self._sender,
            security=Security(self.security.data),
            urgency=Urgency(self.urgency.data),
            note=clean_text(self.note.data or ""),
        )


def _entered(entry: IncomingLetter) -> dict[str, object]:
    names = ("number", "dated", "received_on", "subject", "note", "sender_name")
    kinds = {"security": entry.security.value, "urgency": entry.urgency.value}
    return (
        {name: getattr(entry, name) for name in names}
        | kinds
        | {"office": written(entry.sender) if entry.sender else ""}
    )


def _announced(one: AnnouncedReply) -> dict[str, object]:
    """What is known already of a letter that was said to be on its way."""
    return {
        "number": one.letter_number,
        "dated": one.letter_date,
        "office": written(one.forwarding.recipient),
        "refers_to": one.forwarding.letter.number,
    }


class MatchForm(DecisionForm):
    """Which of our letters a paper belongs to, and what it is: `chosen` and `what` after validation."""

    decisions = ON_PAPER
    forwarding = SelectMultipleField(
        _l("It belongs to"), coerce=int, validators=[InputRequired(_l("Choose the letter."))]
    )
    signed_by = StringField(
        _l("Signed by"),
        description=_l("Name on the letter or slip, and the function if it is there."),
        validators=[Length(max=200)],
    )

    def __init__(self, guesses: list[Guess]) -> None:
        super().__init__()
        self._known = {one.forwarding.id: one.forwarding for one in guesses}
        self.forwarding.choices = [(id, one.letter.number or "") for id, one in self._known.items()]

    @property
    def chosen(self) -> list[Forwarding]:
        return [self._known[id] for id in self.forwarding.data or []]

    def validate_signed_by(self, field: StringField) -> None:
        if self.decision.data == Decision.RECEIPT and not field.data:
            raise ValidationError(_("Write who signed for it: without a name it proves nothing."))


class DisposeForm(Form):
    to = StringField(
        _l("To whom"),
        description=_l("Name or function; several with a comma."),
        validators=[InputRequired(_l("Write to whom the letter goes.")), Length(max=200)],
    )
    instructions = SelectMultipleField(
        _l("What is asked"),
        choices=lambda: choices("instruction"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    note = TextAreaField(_l("Note"), validators=[Length(max=2000)])

    @property
    def chosen(self) -> list[Instruction]:
        return [one for one in Instruction if one in (self.instructions.data or [])]

    def validate_instructions(self, field: SelectMultipleField) -> None:
        if not field.data and not self.note.data:
            raise ValidationError(_("Tick what is asked, or write it as a note."))
