"""The forms of the public pages. They have no session: the token in the address is the authority."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import EmailField, Field, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from hub.forwardings.models import Forwarding
from hub.letters.rules import LONGEST_NUMBER
from hub.responses.declining.forms import REASON
from hub.responses.forms import AnswerForm
from hub.responses.underway.forms import Announcement
from hub.upkeep.reach import Successor
from hub.webkit.forms import MAIL_ADDRESS, Form

_LONGEST = 200


class PublicForm(Form):
    class Meta(Form.Meta):
        csrf = False


class AcknowledgeForm(PublicForm):
    """A link proves receipt only with the name and office of whoever has the letter."""

    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Write your full name.")), Length(max=_LONGEST)],
        render_kw={"autocomplete": "name"},
    )
    office = StringField(
        _l("Your position"),
        [DataRequired(_l("Write your position, for example Secretary of the Inspectorate.")), Length(max=_LONGEST)],
        render_kw={"autocomplete": "organization-title"},
    )

    def validate_name(self, field: Field) -> None:
        if sum(sign.isalpha() for sign in field.data) < 2:
            raise ValidationError(_("Write your full name."))

    def validate_office(self, field: Field) -> None:
        if sum(sign.isalpha() for sign in field.data) < 2:
            raise ValidationError(_("Write your position, for example Secretary of the Inspectorate."))


class LinkAnswerForm(AcknowledgeForm, AnswerForm):
    """The answer of whoever opened a link or slip, with name and office like a confirmation."""


class UnderWayForm(Announcement, AcknowledgeForm):
    """An answer that has left already, told by whoever opened the link."""

    def __init__(self, forwarding: Forwarding) -> None:
        super().__init__()
        self.asked_of = forwarding


class DeclineByLinkForm(AcknowledgeForm):
    """The office is not competent, or the letter came to the wrong address: who says so and why. Who is, if known."""

    reason = TextAreaField(_l("Why your office is not competent"), REASON)
    proposed = StringField(
        _l("Which office is"),
        [Length(max=_LONGEST)],
        description=_l("If you know: its full name."),
        render_kw={"autocomplete": "off"},
    )


class VerifyForm(PublicForm):
    code = StringField(
        _l("Verification code"),
        [DataRequired(_l("Write the code printed at the foot of the letter."))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class FileForm(PublicForm):
    file = FileField(
        _l("The letter as a file"),
        [InputRequired(_l("Choose the file that you got."))],
        description=_l("Its bytes are compared; the file is not kept."),
    )


class SlipCodeForm(PublicForm):
    """What stands on a receipt slip, for those who cannot scan it."""

    number = StringField(
        _l("Letter number"),
        [DataRequired(_l("Write the number of the letter as it is printed.")), Length(max=LONGEST_NUMBER)],
        render_kw={"autocomplete": "off"},
    )
    code = StringField(
        _l("Code on the slip"),
        [DataRequired(_l("Write the code printed on the receipt slip.")), Length(max=40)],
        description=_l("Ten letters and digits, for example ACDEF-GHJKM. Capitals and dashes do not matter."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class NoSuccessorForm(PublicForm):
    """An answer that needs no words."""


class SuccessorForm(PublicForm):
    """Who is the PIC now, as far as whoever was asked knows."""

    name = StringField(
        _l("Name of the new PIC"),
        [DataRequired(_l("Write the full name.")), Length(max=_LONGEST)],
        render_kw={"autocomplete": "off"},
    )
    title = StringField(_l("Position"), [Optional(), Length(max=_LONGEST)], render_kw={"autocomplete": "off"})
    email = EmailField(
        _l("Email of the new PIC"),
        [
            DataRequired(_l("Write the email address: the invitation goes there.")),
            MAIL_ADDRESS,
            Length(max=254),
        ],
        render_kw={"autocomplete": "off"},
    )
    phone = TelField(_l("Phone or WhatsApp"), [Optional(), Length(max=40)], render_kw={"autocomplete": "off"})

    def validate_name(self, field: Field) -> None:
        if sum(sign.isalpha() for sign in field.data) < 2:
            raise ValidationError(_("Write the full name."))

    def successor(self) -> Successor:
        return Successor(
            self.name.data or "", self.title.data or "", (self.email.data or "").lower(), self.phone.data or ""
        )
