"""Forms of the sender: what a forwarding asks, of whom, and on which tracks."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import html_params

from hub.complaints.models import Complaint
from hub.directory.models import Institution, Network
from hub.directory.picking import NotPicked, all_picked, picked
from hub.directory.rules import written
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import LONGEST_OVERRIDE, SHORTEST_OVERRIDE, ResponseClass, proposed_class
from hub.forwardings.service import OwnCase
from hub.letters.rules import LetterContent, Security, Urgency
from hub.letters.stationery.rules import archive_code
from hub.routing.queries import Conflict, Proposal, propose
from hub.routing.rules import Purpose
from hub.webkit.forms import Form, OnceForm
from hub.webkit.labels import choices, label

EMPTY_LINES = 2
"""Places for further copies; whoever needs more writes several into one, or saves and comes back."""


class OfficesField(Field):
    """Several offices, each in an input of its own with proposals; `data` is what was typed, line by line."""

    data: list[str]

    def __init__(self, label: LazyString, **options: Any) -> None:
        super().__init__(label, widget=_inputs, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = (line.replace("\0", "").strip() for value in valuelist for line in value.splitlines())
        self.data = list(dict.fromkeys(line for line in lines if line))


def _inputs(field: OfficesField, **attributes: Any) -> Markup:
    first, shown = {"id": field.id}, []
    attributes["class_"] = f"{attributes.pop('class', '')} mb-2"
    for place, value in enumerate([*(field.data or []), *[""] * EMPTY_LINES]):
        known_as = {"aria-label": f"{field.label.text} {place + 1}"} if place else first
        known = html_params(type="text", name=field.name, value=value, **known_as, **attributes)
        shown.append(Markup(f"<input {known}>"))  # noqa: S704  # html_params escapes
    return Markup("\n").join(shown)


class ForwardingForm(OnceForm):
    """`request()` after validation. `conflict` is set once the service has refused the recipient or a copy."""

    recipient = StringField(
        _l("Recipient"),
        description=_l("Type a name or code and pick the office from the list."),
        validators=[InputRequired(_l("Pick the office this complaint is forwarded to."))],
    )
    others = OfficesField(
        _l("Further recipients"),
        description=_l("Each gets a letter of its own with the same text, and answers for itself."),
    )
    purpose = SelectField(_l("Purpose"), choices=[])
    response_class = SelectField(_l("Class of response"), choices=[])
    copies = OfficesField(_l("Copies"), description=_l("For information; they owe no answer. One office in each line."))
    by_email = BooleanField(_l("By email to the PIC"), default=True)
    by_post = BooleanField(_l("By post, with a receipt slip"))
    security = SelectField(_l("Security class"), choices=lambda: choices("security"), default=Security.ORDINARY.value)
    urgency = SelectField(_l("Urgency"), choices=lambda: choices("urgency"), default=Urgency.ORDINARY.value)
    archive = SelectField(_l("Archive class"), choices=[])
    note = TextAreaField(
        _l("In your own words"),
        description=_l("A paragraph added to the letter. Do not name the complainant."),
        validators=[Length(max=900)],
    )
    override_reason = TextAreaField(
        _l("Why it goes there all the same"),
        description=_l("At least %(least)s characters. Kept on record with your name.", least=SHORTEST_OVERRIDE),
        validators=[Length(max=LONGEST_OVERRIDE)],
    )

    def __init__(
        self,
        complaint: Complaint,
        network: Network,
        archive_classes: Sequence[str],
        forwarding: Forwarding | None = None,
    ) -> None:
        """`archive_classes`: lines of the sender's stationery; asked for only where there is more than one."""
        super().__init__(data=_chosen(forwarding) if forwarding else None)
        self.archive.choices = [(archive_code(line), line) for line in archive_classes]
        if len(archive_classes) < 2:
            del self.archive
        if forwarding:
            del self.others
        self.complaint = complaint
        self.conflict: Conflict | None = None
        self.institution: Institution | None = None
        self.further: list[Institution] = []
        self._copies: list[Institution] = []
        clarifies = network is Network.OMBUDSMAN
        self.purposes = [Purpose.HANDLING, Purpose.CLARIFICATION] if clarifies else [Purpose.HANDLING]
        self.purpose.choices = [(one.value, label("purpose", one).text) for one in self.purposes]
        self.response_class.choices = [(one.value, label("response_class", one).text) for one in ResponseClass]

    @cached_property
    def proposals(self) -> dict[Purpose, Proposal]:
        """What the routing rules say for each purpose this sender has."""
        return {purpose: propose(self.complaint, purpose) for purpose in self.purposes}

    @property
    def proposal(self) -> Proposal:
        """What they say for the purpose chosen."""
        return self.proposals.get(self.purpose.data, self.proposals[Purpose.HANDLING])

    def propose(self, purpose: str | None) -> None:
        """What most complaints of this kind need; the sender may change all of it."""
        self.purpose.data = purpose if purpose in self.purposes else self.purpose.data or Purpose.HANDLING.value
        kind = proposed_class(self.complaint.classification, self.complaint.is_supervisory)
        self.response_class.data = self.response_class.data or kind
        self.take_proposal()

    def take_proposal(self) -> None:
        """Recipient and copies as the rules say; the rest stays as it was typed."""
        self.institution = self.proposal.recipient
        self.recipient.data = written(self.institution) if self.institution else ""
        self.copies.data = [written(one) for one in self.proposal.copies]
        self.override_reason.data = ""

    def refuse(self, problem: OwnCase) -> None:
        """Say beside recipient or copies why somebody would judge in its own case, and ask for a reason."""
        self.conflict = problem.conflicts[0]
        self.override_reason.flags.required = True
        for field, sentences in ((self.recipient, problem.of_recipient), (self.copies, problem.of_copies)):
            field.errors = [*field.errors, *sentences]
        if self.override_reason.data:
            self.override_reason.errors = [_("Write why in at least %(least)s characters.", least=SHORTEST_OVERRIDE)]

    def validate_recipient(self, field: StringField) -> None:
        try:
            self.institution = picked(field.data or "")
        except NotPicked as problem:
            raise ValidationError(str(problem)) from None

    def validate_others(self, field: OfficesField) -> None:
        try:
            self.further = [one for one in all_picked(field.data or []) if one is not self.institution]
        except NotPicked as problem:
            raise ValidationError(str(problem)) from None

    def validate_copies(self, field: OfficesField) -> None:
        try:
            self._copies = all_picked(field.data or [])
        except NotPicked as problem:
            raise ValidationError(str(problem)) from None
        if double := next((one for one in self._copies if one in self.further), None):
            raise ValidationError(_("%(name)s needs no copy of this letter: take it out.", name=double.name))

    def validate_by_email(self, field: BooleanField) -> None:
        if not field.data and not self.by_post.data:
            raise ValidationError(_("Choose at least one track: email, post or both."))

    def request(self) -> Request:
        """What the sender decided. Only after validation."""
        assert self.institution is not None
        return Request(
            recipient=self.institution,
            purpose=Purpose(self.purpose.data),
            response_class=ResponseClass(self.response_class.data),
            by_email=bool(self.by_email.data),
            by_post=bool(self.by_post.data),
            note=self.note.data or "",
            copies=tuple(self._copies),
            override_reason=self.override_reason.data or "",
            security=Security(self.security.data),
            urgency=Urgency(self.urgency.data),
            archive=self.archive.data if "archive" in self else "",
        )


def _chosen(forwarding: Forwarding) -> dict[str, object]:
    """What the sender chose last, as the form's fields show it."""
    content = LetterContent.from_dict(forwarding.letter.content)
    return {
        "security": content.security.value,
        "urgency": content.urgency.value,
        "archive": content.archive,
        "recipient": written(forwarding.recipient),
        "purpose": forwarding.purpose.value,
        "response_class": forwarding.response_class.value,
        "copies": [written(one) for one in forwarding.copies],
        "by_email": forwarding.by_email,
        "by_post": forwarding.by_post,
        "note": forwarding.note,
        "override_reason": forwarding.override_reason,
    }


class ReasonForm(Form):
    """A decision that needs a word: why the letter goes back, or why the forwarding is withdrawn."""

    reason = TextAreaField(
        _l("Reason"), validators=[InputRequired(_l("Write why, in a sentence.")), Length(min=5, max=2000)]
    )
