"""Forms of the directory."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, FileField, SelectField, StringField, TelField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from hub.clock import ZONES
from hub.directory import rules
from hub.directory.models import Institution, Region
from hub.directory.picking import NotPicked, picked, region_named
from hub.directory.queries import regions
from hub.files.models import StoredFile
from hub.files.service import UnacceptableFile, store
from hub.webkit.forms import MAIL_ADDRESS, Form
from hub.webkit.labels import choices


class PersonForm(Form):
    """Who somebody is, and how to reach them."""

    name = StringField(_l("Name"), validators=[DataRequired(), Length(max=200)])
    title = StringField(
        _l("Title"), validators=[DataRequired(), Length(max=200)], description=_l("For example Inspektur Pembantu II.")
    )
    email = EmailField(
        _l("Email address"),
        validators=[DataRequired(), Length(max=254), MAIL_ADDRESS],
        description=_l("Letters and reminders go here. Each person has an address of their own."),
    )
    phone = TelField(_l("Phone or WhatsApp"), validators=[Optional(), Length(max=40)])
    employee_number = StringField(_l("Employee number (NIP)"), validators=[Optional(), Length(max=30)])


class AppointmentForm(PersonForm):
    """A person, and the office they are appointed to. `decree_file()` after validation."""

    network = SelectField(_l("Network"), choices=lambda: choices("network"))
    role = SelectField(
        _l("Appointed as"), choices=lambda: [one for one in choices("role") if one[0] in ("pic", "deputy")]
    )
    decree_number = StringField(_l("Number of the decree"), validators=[DataRequired(), Length(max=100)])
    valid_from = DateField(_l("First day"), validators=[DataRequired(_l("Choose the first day of the term."))])
    valid_until = DateField(
        _l("Last day"), validators=[Optional()], description=_l("Leave empty while no end is decided.")
    )
    decree = FileField(_l("Scan of the decree"))
    _stored: StoredFile | None = None

    def validate_decree(self, field: FileField) -> None:
        """Stored once it is found good, whatever the other fields hold."""
        if field.data and field.data.filename:
            try:
                self._stored = store(field.data.filename, field.data.read())
            except UnacceptableFile as problem:
                raise ValidationError(problem.sentence) from None

    def decree_file(self) -> StoredFile | None:
        return self._stored


class OfficeForm(Form):
    """All that is known of an office. `values()` and `supervising()` after validation."""

    name = StringField(_l("Name"), validators=[DataRequired(), Length(max=300)])
    region_code = StringField(
        _l("Region"), description=_l("Pick it with its code: a regency and a city can share a name.")
    )
    supervisor = StringField(
        _l("Supervised by"),
        description=_l("The office that watches its work; letters escalate there. Pick it with its code."),
    )
    line_addressee = StringField(
        _l("Answers to"),
        validators=[Length(max=200)],
        description=_l("The office holder it reports to, such as Bupati Probolinggo. Not an institution of the hub."),
    )
    head_title = StringField(
        _l("Title of its head"),
        validators=[DataRequired(), Length(max=200)],
        description=_l("Letters are addressed to this title."),
    )
    seat = StringField(
        _l("Seat"),
        validators=[DataRequired(), Length(max=80)],
        description=_l("The town that letters name as their place."),
    )
    zone = SelectField(
        _l("Time zone"),
        choices=lambda: [(zone, zone) for zone in ZONES],
        description=_l("Deadlines end at midnight there."),
    )
    postal_address = StringField(_l("Postal address"), validators=[Length(max=300)])
    email = EmailField(_l("Office mailbox"), validators=[Optional(), Length(max=254), MAIL_ADDRESS])
    second_email = EmailField(
        _l("Second mailbox"),
        validators=[Optional(), Length(max=254), MAIL_ADDRESS],
        description=_l("Gets the second reminder too."),
    )
    phone = TelField(_l("Phone"), validators=[Length(max=40)])
    whatsapp = TelField(_l("WhatsApp"), validators=[Length(max=40)], description=_l("A mobile number of the office."))
    website = StringField(_l("Website"), validators=[Length(max=120)])
    letterhead = TextAreaField(
        _l("Head of its letters"),
        validators=[Length(max=300)],
        description=_l("Up to three lines, the first in larger type. Empty: made from the name."),
    )
    number_template = StringField(
        _l("Pattern of letter numbers"),
        validators=[DataRequired(), Length(max=120)],
        description=_l(
            "{n} is the running number, {MM} the month, {YYYY} the year, {class} the security class (B, T, R, SR), "
            "{archive} the archive class."
        ),
    )
    _region: Region | None = None
    _supervisor: Institution | None = None

    def __init__(self, institution: Institution | None = None) -> None:
        super().__init__(obj=institution)
        if institution is not None and not self.is_submitted():  # as the lists offer them
            self.region_code.data = rules.written(institution.region) if institution.region else ""
            self.supervisor.data = rules.written(institution.supervisor) if institution.supervisor else ""

    def validate_region_code(self, field: StringField) -> None:
        if field.data:
            try:
                self._region = region_named(field.data, regions())
            except NotPicked as problem:
                raise ValidationError(str(problem)) from None

    def validate_supervisor(self, field: StringField) -> None:
        if field.data:
            try:
                self._supervisor = picked(field.data)
            except NotPicked as problem:
                raise ValidationError(str(problem)) from None

    def values(self) -> dict[str, str]:
        """Text by column."""
        own = ("region_code", "supervisor", "csrf_token", "code", "kind")
        typed = {field.name: field.data or "" for field in self if field.name not in own}
        return {**typed, "region_code": self._region.code if self._region else ""}

    def supervising(self) -> Institution | None:
        return self._supervisor


class NewOfficeForm(OfficeForm):
    """An institution the hub does not know yet. What is left empty is made from name, code and region."""

    code = StringField(
        _l("Code"),
        validators=[DataRequired(), Length(max=16)],
        description=_l("Short and for ever, such as 35.13, ORI-15 or KPK."),
    )
    kind = SelectField(_l("Kind"), choices=lambda: choices("institution_kind"))
    head_title = StringField(_l("Title of its head"), validators=[Length(max=200)])
    seat = StringField(_l("Seat"), validators=[Length(max=80)])
    number_template = StringField(
        _l("Pattern of letter numbers"),
        validators=[Length(max=120)],
        description=_l(
            "{n} is the running number, {MM} the month, {YYYY} the year, {class} the security class (B, T, R, SR), "
            "{archive} the archive class."
        ),
    )
    zone = SelectField(
        _l("Time zone"),
        default="",
        choices=lambda: [("", _("As the region")), *((zone, zone) for zone in ZONES)],
    )


class EndForm(Form):
    last_day = DateField(_l("Last day of the term"), validators=[DataRequired(_l("Choose the last day of the term."))])


class CoverageForm(Form):
    """Nothing but the protection of a form: its boxes are drawn by province."""
