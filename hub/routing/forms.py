"""Forms of the routing page: one rule, and a question to try the rules with."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from hub.complaints.rules import ComplainedOf
from hub.directory.models import Institution, Region
from hub.directory.picking import NotPicked, picked, region_named
from hub.directory.queries import regions
from hub.directory.rules import written
from hub.routing.models import RoutingRule
from hub.routing.queries import Question
from hub.routing.rules import Purpose, Target, Terms
from hub.routing.wording import region_kinds
from hub.webkit import labels
from hub.webkit.forms import Form

LONGEST_WORDS, LONGEST_REASON = 300, 300


class PlacesForm(Form):
    """Region and office as people pick them from a list."""

    region = StringField(_l("Region"))
    office = StringField(_l("Institution"))

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.places: list[Region] = regions()
        self.named_region: Region | None = None
        self.named_office: Institution | None = None

    def validate_region(self, field: StringField) -> None:
        try:
            self.named_region = region_named(field.data, self.places) if field.data else None
        except NotPicked as problem:
            raise ValidationError(str(problem)) from None

    def validate_office(self, field: StringField) -> None:
        try:
            self.named_office = picked(field.data) if field.data else None
        except NotPicked as problem:
            raise ValidationError(str(problem)) from None


class RuleForm(PlacesForm):
    """One rule. `terms()` after validation."""

    purpose = SelectField(_l("Purpose"), choices=lambda: [("", _("any purpose")), *labels.choices("purpose")])
    complained_of = SelectField(
        _l("Complained of"), choices=lambda: [("", _("anybody")), *labels.choices("complained_of")]
    )
    region_kind = SelectField(_l("Kind of region"), choices=region_kinds)
    region = StringField(_l("Region"), description=_l("That region and all within it. Empty: every region."))
    words = StringField(
        _l("Words of the subject"),
        description=_l("One of these begins a word of the subject; separated by commas. Empty: every subject."),
        validators=[Length(max=LONGEST_WORDS)],
    )
    recipient = SelectField(_l("Recipient"), choices=lambda: labels.choices("routing_target"))
    office = StringField(
        _l("Or always this institution"), description=_l("Only when the letter always goes to one and the same office.")
    )
    copies = SelectMultipleField(
        _l("Copies"),
        choices=lambda: labels.choices("routing_target"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = StringField(
        _l("Why this recipient"),
        description=_l("The sentence that the sender reads beside the proposal."),
        validators=[InputRequired(_l("Write why, in a sentence.")), Length(max=LONGEST_REASON)],
    )

    def __init__(self, rule: RoutingRule | None = None) -> None:
        super().__init__(data=_as_typed(rule) if rule else None)

    def terms(self) -> Terms:
        """What the rule says. Only after validation."""
        return Terms(
            purpose=Purpose(self.purpose.data) if self.purpose.data else None,
            complained_of=ComplainedOf(self.complained_of.data) if self.complained_of.data else None,
            region_kind=self.region_kind.data or "",
            region_code=self.named_region.code if self.named_region else None,
            words=", ".join(word for part in (self.words.data or "").split(",") if (word := " ".join(part.split()))),
            recipient=Target(self.recipient.data),
            institution_id=self.named_office.id if self.named_office else None,
            copies=",".join(self.copies.data or []),
            reason=self.reason.data or "",
        )


class QuestionForm(PlacesForm):
    """What the rules would say of such a complaint. Reads the address; changes nothing. `question()` after `asks()`."""

    class Meta(Form.Meta):
        csrf = False

    purpose = SelectField(_l("Purpose"), choices=lambda: labels.choices("purpose"))
    complained_of = SelectField(_l("Complained of"), choices=lambda: labels.choices("complained_of"))
    subject = StringField(_l("Subject of the complaint"), validators=[Length(max=300)])

    def __init__(self) -> None:
        super().__init__(formdata=request.args)
        self.region.flags.required = True

    def asks(self) -> bool:
        """True when the address holds a question that can be answered."""
        return "region" in request.args and self.validate() and self.named_region is not None

    def question(self) -> tuple[Question, Purpose]:
        assert self.named_region is not None
        about = ComplainedOf(self.complained_of.data)
        asked = Question(self.named_region, self.subject.data or "", about, self.named_office)
        return asked, Purpose(self.purpose.data)


def _as_typed(rule: RoutingRule) -> dict[str, object]:
    return {
        "purpose": rule.purpose or "",
        "complained_of": rule.complained_of or "",
        "region_kind": rule.region_kind,
        "region": written(rule.region) if rule.region else "",
        "words": rule.words,
        "recipient": rule.recipient.value,
        "office": written(rule.institution) if rule.institution else "",
        "copies": [one.value for one in rule.copy_targets],
        "reason": rule.reason,
    }
