"""Which letter follows up, and what the sender adds to it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from hub.forwardings.followups.addressing import Choice
from hub.webkit.forms import Form
from hub.webkit.labels import label


class FollowUpForm(Form):
    """One of the kinds that are possible now."""

    kind = RadioField(_l("Which letter"), validators=[InputRequired(_l("Choose which letter it is."))])
    note = TextAreaField(
        _l("In your own words"),
        description=_l("A paragraph added to the letter. Do not name the complainant."),
        validators=[Length(max=900)],
    )

    def __init__(self, choices: Sequence[Choice], **options: Any) -> None:
        super().__init__(**options)
        possible = [one for one in choices if one.to is not None]
        self.kind.choices = [
            (one.kind.value, f"{label('letter_kind', one.kind).text}: {one.addressee}") for one in possible
        ]
        if self.kind.data is None and possible:
            self.kind.data = possible[0].kind.value
