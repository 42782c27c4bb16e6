"""Forms of the thread."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, MultipleFileField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from hub.coordination.rules import LONGEST_TEXT, TYPED, ExtensionDecision, MessageKind
from hub.files.models import StoredFile
from hub.files.uploads import refuse_unacceptable, stored_files
from hub.webkit.forms import Form, OnceForm
from hub.webkit.labels import label


class MessageForm(OnceForm):
    """A question or a clarification. `stored()` keeps the files, after validation. `still_owes`: of the sender only."""

    kind = RadioField(
        _l("Kind of message"),
        choices=lambda: [(one.value, label("message", one).text) for one in TYPED],
        default=MessageKind.QUESTION.value,
    )
    text = TextAreaField(
        _l("Message"),
        validators=[InputRequired(_l("Write what you ask or explain.")), Length(max=LONGEST_TEXT)],
    )
    files = MultipleFileField(_l("Files"))
    still_owes = BooleanField(_l("What they wait for is still to come: the date stays paused"))

    def validate_files(self, field: MultipleFileField) -> None:
        refuse_unacceptable(field)

    def stored(self) -> list[StoredFile]:
        """Its files, kept now."""
        return stored_files(self.files)


class NoteForm(OnceForm):
    """Its fields have names of their own: it stands on one page with a MessageForm."""

    text = TextAreaField(
        _l("Note"), validators=[InputRequired(_l("Write what your office should know.")), Length(max=LONGEST_TEXT)]
    )

    def __init__(self) -> None:
        super().__init__(prefix="note")


class MoreTimeForm(OnceForm):
    until = DateField(_l("New date"), validators=[InputRequired(_l("Choose until when you need."))])
    reason = TextAreaField(
        _l("Reason"),
        validators=[InputRequired(_l("Write why, in a sentence.")), Length(min=5, max=LONGEST_TEXT)],
    )


class ExtensionForm(Form):
    """The sender's word: the date counts where it is granted, the note is needed where it is refused."""

    until = DateField(_l("New date"), validators=[Optional()])
    note = TextAreaField(_l("Note to the recipient"), validators=[Length(max=2000)])
    decision = StringField()

    def __init__(self, until: date | None) -> None:
        super().__init__(data={"until": until})
        self.until.flags.required = True

    def validate_until(self, field: DateField) -> None:
        if self.decision.data == ExtensionDecision.GRANTED and not field.data:
            raise ValidationError(_("Choose the new date."))

    def validate_note(self, field: TextAreaField) -> None:
        if self.decision.data == ExtensionDecision.REFUSED and len(field.data or "") < 5:
            raise ValidationError(_("Write why the date stays, in a sentence."))

    def validate_decision(self, field: StringField) -> None:
        if field.data not in set(ExtensionDecision):
            raise ValidationError(_("Press one of the buttons."))
