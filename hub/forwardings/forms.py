"""Forms of the sender: what a forwarding asks, of whom, and on which tracks."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from hub.complaints.models import Complaint
from hub.directory import queries as directory
from hub.directory.models import Institution, Network
from hub.directory.rules import written
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ResponseClass, proposed_class
from hub.routing.rules import Purpose
from hub.webkit.forms import Form, OnceForm
from hub.webkit.labels import label

_CODE = re.compile(r"\(([^()]+)\)$")


class ForwardingForm(OnceForm):
    """`request()` after validation."""

    recipient = StringField(
        _l("Recipient"),
        description=_l("Type a name or code and pick the office from the list."),
        validators=[InputRequired(_l("Pick the office this complaint is forwarded to."))],
    )
    purpose = SelectField(_l("Purpose"), choices=[])
    response_class = SelectField(_l("Class of response"), choices=[])
    by_email = BooleanField(_l("By email to the PIC"), default=True)
    by_post = BooleanField(_l("By post, with a receipt slip"))
    note = TextAreaField(
        _l("In your own words"),
        description=_l("A paragraph added to the letter. Do not name the complainant."),
        validators=[Length(max=900)],
    )

    def __init__(self, network: Network, forwarding: Forwarding | None = None) -> None:
        super().__init__(data=_chosen(forwarding) if forwarding else None)
        self._institution: Institution | None = None
        clarifies = network is Network.OMBUDSMAN
        purposes = [Purpose.HANDLING, Purpose.CLARIFICATION] if clarifies else [Purpose.HANDLING]
        self.purpose.choices = [(one.value, label("purpose", one).text) for one in purposes]
        self.response_class.choices = [(one.value, label("response_class", one).text) for one in ResponseClass]

    def propose(self, complaint: Complaint) -> None:
        """What most complaints of this kind need; the sender may change all of it."""
        self.recipient.data = written(directory.inspectorate_of(complaint.region_code))
        self.response_class.data = proposed_class(complaint.classification, complaint.is_supervisory)

    def validate_recipient(self, field: StringField) -> None:
        code = _CODE.search(field.data or "")
        self._institution = directory.find(code[1] if code else (field.data or "").strip())
        if self._institution is None:
            raise ValidationError(
                _("Pick one office from the list, with its code: a name alone can mean a regency and a city.")
            )

    def validate_by_email(self, field: BooleanField) -> None:
        if not field.data and not self.by_post.data:
            raise ValidationError(_("Choose at least one track: email, post or both."))

    def request(self) -> Request:
        """What the sender decided. Only after validation."""
        assert self._institution is not None
        return Request(
            recipient=self._institution,
            purpose=Purpose(self.purpose.data),
            response_class=ResponseClass(self.response_class.data),
            by_email=bool(self.by_email.data),
            by_post=bool(self.by_post.data),
            note=self.note.data or "",
        )


def _chosen(forwarding: Forwarding) -> dict[str, object]:
    """What the sender chose last, as the form's fields show it."""
    return {
        "recipient": written(forwarding.recipient),
        "purpose": forwarding.purpose.value,
        "response_class": forwarding.response_class.value,
        "by_email": forwarding.by_email,
        "by_post": forwarding.by_post,
        "note": forwarding.note,
    }


class ReasonForm(Form):
    """A decision that needs a word: why the letter goes back, or why the forwarding is withdrawn."""

    reason = TextAreaField(
        _l("Reason"), validators=[InputRequired(_l("Write why, in a sentence.")), Length(min=5, max=2000)]
    )
