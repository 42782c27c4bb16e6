"""Declining, as the recipient does it; and asking another office instead, as the sender does."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, MultipleFileField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from hub.directory.models import Institution
from hub.directory.picking import NotPicked, picked
from hub.directory.rules import written
from hub.files.models import StoredFile
from hub.files.uploads import refuse_unacceptable, stored_files
from hub.forwardings.forms import ForwardingForm
from hub.forwardings.models import Forwarding
from hub.responses.declining import queries
from hub.responses.forms import refuse_future
from hub.responses.models import Response
from hub.responses.rules import LONGEST_DECLINE, SHORTEST_DECLINE
from hub.responses.words import please_decide
from hub.webkit.forms import OnceForm

_LONGEST_NOTE = 900
REASON = (
    InputRequired(_l("Write why your office is not competent, in a sentence.")),
    Length(
        min=SHORTEST_DECLINE,
        max=LONGEST_DECLINE,
        message=_l("Write why your office is not competent, in a sentence."),
    ),
)


class DeclineForm(OnceForm):
    """Why the recipient is not competent, and who is. `owner` and `stored()` after validation."""

    reason = TextAreaField(_l("Why your office is not competent"), validators=REASON)
    proposed = StringField(
        _l("Which office is"),
        description=_l("If you know. Type a name or code and pick the office from the list."),
        validators=[Optional()],
    )
    letter_number = StringField(
        _l("Number of your letter"), description=_l("If your office writes one."), validators=[Length(max=120)]
    )
    letter_date = DateField(_l("Date of your letter"), validators=[Optional()])
    files = MultipleFileField(_l("Files"))

    def __init__(self, forwarding: Forwarding) -> None:
        super().__init__()
        self._recipient = forwarding.recipient
        self.owner: Institution | None = None

    def validate_proposed(self, field: StringField) -> None:
        try:
            self.owner = picked(field.data or "")
        except NotPicked as problem:
            raise ValidationError(str(problem)) from None
        if self.owner.id == self._recipient.id:
            raise ValidationError(_("That is your own office. Leave it empty if you do not know who is competent."))

    def validate_letter_date(self, field: DateField) -> None:
        refuse_future(field, self._recipient.zone)

    def validate_files(self, field: MultipleFileField) -> None:
        refuse_unacceptable(field)

    def stored(self) -> list[StoredFile]:
        """Its files, stored now. Once, and only after validation."""
        return stored_files(self.files)


class RerouteForm(ForwardingForm):
    """The forwarding that takes the place of a declined one: all as it was, but the recipient.

    `standoff`: the offices between which the complaint goes back and forth, if it does.
    """

    def __init__(self, response: Response, archive_classes: Sequence[str]) -> None:
        self._declined, self._named = response.forwarding, response.proposed_owner
        super().__init__(self._declined.complaint, self._declined.network, archive_classes, self._declined)
        self.standoff: queries.Standoff | None = None
        if not self.is_submitted():
            self.take_proposal()

    def take_proposal(self) -> None:
        """Who the decliner names, else the routing rules; who stands above all, where those have declined too."""
        self.institution = self._named or self.proposal.recipient
        if self.institution and self.institution.id == self._declined.sender_id:
            self.institution = self.proposal.recipient
        self.standoff = queries.standoff(self._declined, self.institution)
        if self.standoff:
            self.institution = self.standoff.superior
            self._ask_to_decide(self.standoff)
        self.recipient.data = written(self.institution) if self.institution else ""
        self.copies.data = [one for one in self.copies.data or [] if one != self.recipient.data]
        self.override_reason.data = ""

    def _ask_to_decide(self, standoff: queries.Standoff) -> None:
        asked, note = please_decide(standoff.names), self.note.data or ""
        if standoff.superior and asked not in note:
            self.note.data = f"{asked} {note}".strip()[:_LONGEST_NOTE]

    def validate_recipient(self, field: StringField) -> None:
        super().validate_recipient(field)
        self.standoff = queries.standoff(self._declined, self.institution)
        if self.standoff and self.institution in self.standoff.offices:
            raise ValidationError(self.standoff.sentence)
