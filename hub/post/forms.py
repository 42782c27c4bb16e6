"""What the mail room types."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, RadioField, StringField, TimeField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from hub.files.models import StoredFile
from hub.files.rules import JPEG, PDF, PNG
from hub.files.service import UnacceptableFile, accepted_type, store
from hub.post.rules import Addressing, ScanKind
from hub.webkit.forms import Form
from hub.webkit.labels import label


class PrintForm(Form):
    addressing = RadioField(
        _l("Addresses on"),
        choices=lambda: [
            (Addressing.LABELS.value, _l("Labels, 14 on a sheet (99 × 38 mm)")),
            (Addressing.ENVELOPES.value, _l("C5 envelopes")),
            (Addressing.SMALL_ENVELOPES.value, _l("DL envelopes")),
        ],
        default=Addressing.LABELS.value,
    )


class PostedForm(Form):
    """The number is judged by the rules of the post, which say what is wrong with it."""

    tracking_number = StringField(_l("Tracking number"), [DataRequired(), Length(max=60)])


class ScannedForm(Form):
    """One scan: the number from the receipt, or the code of the envelope to take next."""

    scanned = StringField(_l("Scan the number or the envelope"), [DataRequired(), Length(max=100)])


_AS_OFTEN_AS_THEY_HAPPEN = (ScanKind.DELIVERED, ScanKind.RETURNED, ScanKind.ATTEMPT_FAILED, ScanKind.IN_TRANSIT)


class SeenForm(Form):
    """What somebody at the sender saw of an envelope: on the receipt of the post, at its window, on its telephone."""

    kind = RadioField(
        _l("What happened?"),
        [InputRequired(_l("Choose what happened."))],
        choices=lambda: [(one.value, label("post", one.value).text) for one in _AS_OFTEN_AS_THEY_HAPPEN],
    )
    on = DateField(_l("Day"), [InputRequired(_l("Enter the day on the receipt."))])
    at = TimeField(_l("Time"), [Optional()], description=_l("Where it happened. Empty counts as noon."))
    receiver = StringField(
        _l("Received by"),
        [Length(max=200)],
        description=_l("The name on the receipt. Without it, a delivery proves nothing."),
    )
    words = StringField(
        _l("Reason or note"), [Length(max=300)], description=_l("As the post wrote it on the envelope.")
    )
    place = StringField(_l("Post office or place"), [Length(max=200)])
    proof = FileField(_l("Photo of the receipt or envelope"), description=_l("PDF, JPEG or PNG, at most 10 MB."))

    def validate_proof(self, field: FileField) -> None:
        """A picture or a scan; it is kept only when all else is good."""
        if not (field.data and field.data.filename):
            return
        try:
            self._content = field.data.read()
            is_picture = accepted_type(field.data.filename, self._content) in (PDF, JPEG, PNG)
        except UnacceptableFile as problem:
            raise ValidationError(problem.sentence) from None
        if not is_picture:
            raise ValidationError(_("Only a photo or a scan is possible here: PDF, JPEG or PNG."))

    def kept_proof(self) -> StoredFile | None:
        """The photo, stored. Only after validation."""
        upload = self.proof.data
        return store(upload.filename, self._content) if upload and upload.filename else None


class ReceiverForm(Form):
    receiver = StringField(
        _l("Received by"), [DataRequired(), Length(max=200)], description=_l("The name on the receipt of the post.")
    )


class ImportForm(Form):
    file = FileField(_l("File (CSV or XLSX)"), validators=[FileRequired(_l("Choose the file first."))])
