"""The form for passing a letter on."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import InputRequired

from hub.forwardings.correspondence import Request
from hub.forwardings.forms import ForwardingForm
from hub.forwardings.models import Forwarding
from hub.webkit.labels import label


class PassOnForm(ForwardingForm):
    """What the recipient of `parent` asks of an office below; `child` is a draft that is changed.

    Purpose and class of response are taken over from the letter above.
    """

    answer_by = DateField(
        _l("Answer to us by"),
        description=_l("A working day before your own date, so that time is left to answer with it."),
        validators=[InputRequired(_l("Choose until when the office below answers to you."))],
    )

    def __init__(self, parent: Forwarding, archive_classes: Sequence[str], child: Forwarding | None = None) -> None:
        super().__init__(parent.complaint, parent.network, archive_classes, child)
        self.parent = parent
        self.purposes = [parent.purpose]
        self.purpose.choices = [(parent.purpose.value, label("purpose", parent.purpose).text)]
        self.purpose.data = parent.purpose.value
        if not self.is_submitted():
            self.answer_by.data = child.answer_by if child else None
            self.response_class.data = (child or parent).response_class.value

    def request(self) -> Request:
        return replace(super().request(), answer_by=self.answer_by.data)
