"""What the forms of the hub share: Indonesian messages, trimmed text, and a key that makes a double submit one."""

import uuid
from typing import Any

from flask_babel import get_domain, gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import UUID, Email

MESSAGES_OF_THE_LIBRARY = (
    _l("This field is required."),
    _l("Invalid email address."),
    _l("Not a valid choice."),
    _l("Not a valid date value."),
    _l("Not a valid time value."),
    _l("Not a valid integer value."),
    _l("Invalid input."),
    _l("Not a valid choice"),
)
"""WTForms has no Indonesian; its sentences are translated with ours, so they must be found when ours are extracted."""


MAIL_ADDRESS = Email(_l("This is no email address. Write it like name@office.go.id."), allow_smtputf8=False)
"""Mail servers that take other signs than ASCII before the @ are rare: such a letter would not leave."""


class _Translations:
    """The hub's catalogue, in the shape WTForms asks for."""

    def gettext(self, string: str) -> str:
        return gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Unformatted: WTForms fills in its own placeholders."""
        return str(get_domain().get_translations().ungettext(singular, plural, n))


class Form(FlaskForm):
    """Base of every form."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: object) -> Any:
            return _Translations()

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Spaces around typed text never matter; NUL comes along with pasted text, and PostgreSQL keeps none."""
            if "filters" not in unbound_field.kwargs and unbound_field.field_class.__name__ in _TYPED:
                unbound_field.kwargs["filters"] = [_trimmed]
            return super().bind_field(form, unbound_field, options)


class OnceForm(Form):
    """A form whose second arrival must change nothing: store `request_key.data` in the row's unique `request_key`."""

    request_key = HiddenField(
        default=lambda: str(uuid.uuid4()), validators=[UUID(_l("Reload the page, then send it again."))]
    )


_TYPED = ("StringField", "TextAreaField", "EmailField", "TelField", "SearchField")


def _trimmed(value: Any) -> Any:
    return value.replace("\0", "").strip() if isinstance(value, str) else value
