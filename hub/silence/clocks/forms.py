"""The form of one limit."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from hub.webkit.forms import Form
from hub.webkit.labels import choices
from hub.workdays.models import Clock
from hub.workdays.rules import Unit, Verification
from hub.workdays.service import Limit

LONGEST = 400
"""Days or hours; a year of working days is 250."""


class ClockForm(Form):
    """A limit, its basis, and how far that basis was verified. `limit()` after validation."""

    amount = IntegerField(
        _l("How many"),
        validators=[
            InputRequired(_l("Write how many.")),
            NumberRange(1, LONGEST, _l("Between 1 and %(most)s.", most=LONGEST)),
        ],
    )
    unit = SelectField(_l("Of what"), choices=lambda: choices("unit"))
    basis = StringField(
        _l("Legal basis"),
        description=_l("The article, or that it is a rule of this house."),
        validators=[InputRequired(_l("Write what the limit rests on.")), Length(max=200)],
    )
    verification = SelectField(_l("How far the basis was verified"), choices=lambda: choices("verification"))

    def __init__(self, clock: Clock) -> None:
        told = {"amount": clock.amount, "basis": clock.basis}
        super().__init__(data={**told, "unit": clock.unit.value, "verification": clock.verification.value})

    def limit(self) -> Limit:
        return Limit(
            self.amount.data or 0, Unit(self.unit.data), self.basis.data or "", Verification(self.verification.data)
        )
