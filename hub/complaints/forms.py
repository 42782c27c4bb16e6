"""Forms of the intake: one complaint, a file of them, and the reason to see who wrote one."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from hub import clock
from hub.complaints import rules
from hub.complaints.importing import day_problem
from hub.complaints.rules import Classification, ComplainedOf, IdentityMode, Intake
from hub.directory.models import Institution, InstitutionKind, Region
from hub.directory.picking import NotPicked, picked, region_named
from hub.directory.queries import regions
from hub.sheets.text import clean_line, clean_text
from hub.webkit import labels
from hub.webkit.forms import Form, OnceForm

MINIMUM_REASON = 10
INSPECTORATES = (InstitutionKind.PROVINCE, InstitutionKind.REGENCY, InstitutionKind.CITY, InstitutionKind.ITJEN)


def _line(text: str | None) -> str:
    return clean_line(text or "")


def _text(text: str | None) -> str:
    return clean_text(text or "")


def _at_most(limit: int) -> Length:
    return Length(max=limit, message=_l("At most %(max)d characters fit here. Shorten the text."))


class BodyForm(Form):
    """The body complained of (terlapor). `answer()` after validation."""

    complained_of = SelectField(
        _l("Complained of"),
        description=_l("Nobody handles a complaint about itself or its own superior: the letter then goes higher."),
        choices=lambda: labels.choices("complained_of"),
        default=ComplainedOf.OFFICE.value,
    )
    complained_of_office = StringField(_l("Which institution"), filters=[_line])
    _named: Institution | None = None

    def validate_complained_of_office(self, field: StringField) -> None:
        """An inspectorate is an inspectorate: what rules say of one must hold for it."""
        self._named = None
        if not field.data:
            return
        try:
            self._named = picked(field.data)
        except NotPicked as problem:
            raise ValidationError(str(problem)) from None
        about = ComplainedOf(self.complained_of.data)
        is_inspectorate = self._named.kind in INSPECTORATES
        if about is ComplainedOf.OFFICE and is_inspectorate:
            raise ValidationError(_("This is an inspectorate. Choose “The inspectorate itself” above."))
        if about is ComplainedOf.INSPECTORATE and not is_inspectorate:
            raise ValidationError(_("This is no inspectorate. Pick one, or leave the field empty."))

    def answer(self) -> tuple[ComplainedOf, Institution | None]:
        """What is complained of, and the institution where one is named. Only after validation."""
        return ComplainedOf(self.complained_of.data), self._named


class ComplaintForm(OnceForm, BodyForm):
    """One complaint as a registrar types it. `intake()` after validation."""

    channel = StringField(
        _l("Channel"),
        filters=[_line],
        validators=[DataRequired(_l("Write how the complaint came in.")), _at_most(rules.MAX_LINE["channel"])],
    )
    tracking_id = StringField(
        _l("Number at the channel"), filters=[_line], validators=[Optional(), _at_most(rules.MAX_LINE["tracking_id"])]
    )
    received_on = DateField(
        _l("Received on"), validators=[InputRequired(_l("Write the day on which the complaint arrived."))]
    )
    region = StringField(
        _l("Region"),
        filters=[_line],
        validators=[DataRequired(_l("Pick the regency, city or province that the complaint is about."))],
    )
    subject = StringField(
        _l("Subject of the complaint"),
        filters=[_line],
        validators=[
            DataRequired(_l("Write in a few words what it is about.")),
            _at_most(rules.MAX_LINE["subject"]),
        ],
    )
    body = TextAreaField(
        _l("What the citizen wrote"),
        filters=[_text],
        validators=[DataRequired(_l("Write or paste the complaint itself.")), _at_most(rules.MAX_BODY)],
    )
    classification = SelectField(
        _l("Classification"), choices=lambda: labels.choices("classification"), default=Classification.COMPLAINT.value
    )
    is_supervisory = BooleanField(_l("Supervisory: abuse of authority or breach of law by officials"))
    identity_mode = RadioField(
        _l("Identity"),
        description=_l(
            "A secret name is taken out of the text and stands in no letter; of an anonymous citizen nothing is kept."
        ),
        choices=lambda: labels.choices("identity"),
        default=IdentityMode.OPEN.value,
        validators=[InputRequired(_l("Choose one."))],
    )
    name = StringField(_l("Name"), filters=[_line], validators=[_at_most(rules.MAX_LINE["name"])])
    contact = StringField(_l("Contact"), filters=[_line], validators=[_at_most(rules.MAX_LINE["contact"])])

    def __init__(self, office: Institution) -> None:
        super().__init__()
        self.office = office
        self.places: list[Region] = regions()
        self.name.flags.required = True  # unless anonymous: validate_name
        self._region: Region | None = None

    def validate_received_on(self, field: DateField) -> None:
        if field.data and (problem := day_problem(field.data, clock.today(self.office.zone))):
            raise ValidationError(problem)

    def validate_region(self, field: StringField) -> None:
        try:
            self._region = region_named(field.data or "", self.places)
        except NotPicked as problem:
            raise ValidationError(str(problem)) from None

    def validate_name(self, field: StringField) -> None:
        if not field.data and self.identity_mode.data != IdentityMode.ANONYMOUS:
            raise ValidationError(_l("Write the name, or choose “Anonymous”."))

    def intake(self) -> Intake:
        """The complaint as typed. Only after validation."""
        assert isinstance(self.received_on.data, date)
        assert self._region is not None
        about, named = self.answer()
        return Intake(
            channel=rules.same_channel(self.channel.data or ""),
            tracking_id=self.tracking_id.data or None,
            received_on=self.received_on.data,
            region_code=self._region.code,
            subject=self.subject.data or "",
            body=self.body.data or "",
            classification=Classification(self.classification.data),
            is_supervisory=bool(self.is_supervisory.data),
            identity_mode=IdentityMode(self.identity_mode.data),
            name=self.name.data or "",
            contact=self.contact.data or "",
            complained_of=about,
            complained_of_id=named.id if named else None,
        )


class ImportForm(Form):
    file = FileField(_l("File (CSV or XLSX)"), validators=[FileRequired(_l("Choose the file first."))])
    partial = BooleanField(_l("Import only the good rows"))


class IdentityForm(Form):
    _REASON = _l("Give a reason of at least 10 characters; it is kept with your name.")

    reason = StringField(
        _l("Why do you need to know?"),
        filters=[_line],
        validators=[InputRequired(_REASON), Length(MINIMUM_REASON, 300, _REASON)],
    )
