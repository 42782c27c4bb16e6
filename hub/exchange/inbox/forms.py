"""Forms of the holding pen."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, SelectMultipleField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from hub.accounts.models import Account
from hub.exchange.inbox.queries import Guess, by_numbers
from hub.forwardings.models import Forwarding
from hub.webkit.forms import Form


class FileForm(Form):
    """Which letters a mail answers: ticked guesses and typed numbers. `letters` holds them after validation."""

    guesses = SelectMultipleField(
        _l("This mail answers"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=True,
    )
    numbers = TextAreaField(
        _l("Other letter numbers"),
        [Length(max=2000)],
        description=_l("One in each line, as printed on the letter. Spaces, dashes and capitals do not matter."),
    )
    is_contact = BooleanField(_l("Keep the sender as a contact of that office"))

    def __init__(self, account: Account, guesses: list[Guess], **options: Any) -> None:
        super().__init__(**options)
        self._account, self._known = account, {one.forwarding.id: one.forwarding for one in guesses}
        self.guesses.choices = [(id, one.letter.number or "") for id, one in self._known.items()]
        self.letters: list[Forwarding] = []

    def validate_numbers(self, field: Field) -> None:
        typed = [part.strip() for part in re.split(r"[\n;]", field.data or "") if part.strip()]
        found = by_numbers(self._account, typed)
        if missing := [text for text, one in found.items() if one is None]:
            raise ValidationError(
                _(
                    "No letter of your office has the number %(numbers)s. Check it, or clear it.",
                    numbers=", ".join(missing),
                )
            )
        chosen = [self._known[id] for id in self.guesses.data or [] if id in self._known]
        self.letters = list(dict.fromkeys([*chosen, *(one for one in found.values() if one)]))
        if not self.letters:
            raise ValidationError(_("Choose the letter that this mail answers, or type its number."))


class UploadForm(Form):
    mail = FileField(
        _l("Mail as a file (.eml)"),
        [InputRequired(_l("Choose the file that your mail program saved."))],
        description=_l("In your mail program: save as, or download the message."),
    )
