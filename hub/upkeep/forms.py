"""Forms of the upkeep."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, FileField, HiddenField, RadioField, StringField, TelField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from hub.directory.models import Person
from hub.files.models import StoredFile
from hub.upkeep.handover import Succession
from hub.webkit.forms import Form

EARLIEST_YEAR = 2000
"""A term that began before is a slip of the pen."""


class AbsenceForm(Form):
    first_day = DateField(_l("First day away"), validators=[DataRequired(_l("Choose the first day of the leave."))])
    last_day = DateField(_l("Last day away"), validators=[DataRequired(_l("Choose the last day of the leave."))])


class HandoverForm(Form):
    """Who follows the present PIC, from when, by which decree. `seen`: the appointment the page was made for."""

    successor = RadioField(_l("Who comes"), validators=[InputRequired(_l("Choose who comes."))])
    name = StringField(_l("Name"), validators=[Length(max=200)])
    title = StringField(_l("Title"), validators=[Length(max=200)], description=_l("For example Inspektur Pembantu II."))
    email = EmailField(_l("Email address"), validators=[Length(max=254)])
    phone = TelField(_l("Phone or WhatsApp"), validators=[Length(max=40)])
    valid_from = DateField(_l("First day"), validators=[DataRequired(_l("Choose the first day of the term."))])
    valid_until = DateField(
        _l("Last day"), validators=[Optional()], description=_l("Leave empty while no end is decided.")
    )
    decree_number = StringField(_l("Number of the decree"), validators=[DataRequired(), Length(max=100)])
    decree_file = FileField(_l("Scan of the decree"))
    seen = HiddenField()

    NEW = "new"
    scan_problem = ""

    def __init__(self, people: Iterable[Person], **values: Any) -> None:
        super().__init__(**values)
        self._people = {str(person.id): person for person in people}
        known = [(id, f"{one.name}, {one.title}" if one.title else one.name) for id, one in self._people.items()]
        for field in (self.name, self.title, self.email):
            field.flags.required = True  # of somebody new, which the page says
        self.successor.choices = [*known, (self.NEW, _("Somebody new"))]

    def validate_valid_from(self, field: DateField) -> None:
        if field.data and field.data.year < EARLIEST_YEAR:
            raise ValidationError(_("This day is too long ago. Check the year."))

    def validate_decree_file(self, _: FileField) -> None:
        """The view has tried to keep it."""
        if self.scan_problem:
            raise ValidationError(self.scan_problem)

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody new needs name, title and address; nothing of that is asked of somebody known."""
        fits: bool = super().validate(extra_validators)
        if self.successor.data != self.NEW:
            return fits
        for field, sentence in (
            (self.name, _("Enter the name of this person.")),
            (self.title, _("Enter the title of this person, as in the decree.")),
            (self.email, _("Enter an address of this person's own.")),
        ):
            if not field.data:
                field.errors = [*field.errors, sentence]
                fits = False
        return fits

    @property
    def appointment_seen(self) -> int | None:
        """Id of the appointment that was in force when the page was made."""
        seen = self.seen.data or ""
        return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None

    @property
    def person(self) -> Person | None:
        """Somebody of the office; None for somebody new."""
        return self._people.get(self.successor.data or "")

    def succession(self, decree_file: StoredFile | None) -> Succession:
        """What was decided. Only after validation."""
        assert self.valid_from.data is not None
        return Succession(
            first_day=self.valid_from.data,
            last_day=self.valid_until.data,
            decree_number=self.decree_number.data or "",
            person=self.person,
            name=self.name.data or "",
            title=self.title.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            decree_file=decree_file,
        )
