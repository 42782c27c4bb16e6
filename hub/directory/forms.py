"""Forms of the directory."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, SelectField, StringField, TelField
from wtforms.validators import DataRequired, Email, Length, Optional

from hub.webkit.forms import Form
from hub.webkit.labels import choices

_ADDRESS = Email(_l("This is no email address. Write it like name@office.go.id."), allow_smtputf8=False)
"""Mail servers that take other signs than ASCII before the @ are rare: such a letter would not leave."""


class AppointmentForm(Form):
    """A person, and the office they are appointed to."""

    name = StringField(_l("Name"), validators=[DataRequired(), Length(max=200)])
    title = StringField(
        _l("Title"), validators=[DataRequired(), Length(max=200)], description=_l("For example Inspektur Pembantu II.")
    )
    email = EmailField(
        _l("Email address"),
        validators=[DataRequired(), Length(max=254), _ADDRESS],
        description=_l("Letters and reminders go here. Each person has an address of their own."),
    )
    phone = TelField(_l("Phone or WhatsApp"), validators=[Optional(), Length(max=40)])
    network = SelectField(_l("Network"), choices=lambda: choices("network"))
    role = SelectField(
        _l("Appointed as"), choices=lambda: [one for one in choices("role") if one[0] in ("pic", "deputy")]
    )
    decree_number = StringField(_l("Number of the decree"), validators=[DataRequired(), Length(max=100)])
    valid_from = DateField(_l("First day"), validators=[DataRequired(_l("Choose the first day of the term."))])
    valid_until = DateField(
        _l("Last day"), validators=[Optional()], description=_l("Leave empty while no end is decided.")
    )


class OfficeForm(Form):
    """How letters reach an office when nobody is appointed, or by post."""

    class Meta(Form.Meta):
        """It shares a page with `AppointmentForm`: ids that both have would meet."""

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            unbound_field.kwargs.setdefault("id", f"office-{options['name']}")
            return super().bind_field(form, unbound_field, options)

    email = EmailField(_l("Office mailbox"), validators=[Optional(), Length(max=254), _ADDRESS])
    phone = TelField(_l("Phone"), validators=[Optional(), Length(max=40)])
    postal_address = StringField(_l("Postal address"), validators=[Optional(), Length(max=300)])
    seat = StringField(
        _l("Seat"),
        validators=[DataRequired(), Length(max=80)],
        description=_l("The town that letters name as their place."),
    )


class EndForm(Form):
    last_day = DateField(_l("Last day of the term"), validators=[DataRequired(_l("Choose the last day of the term."))])
