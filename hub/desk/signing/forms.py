"""Forms of whoever signs, and of whoever brings back what was signed outside the hub."""

from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hub.directory.models import Person
from hub.letters.models import SigningMethod
from hub.letters.rules import LONGEST_NUMBER
from hub.letters.service import LONGEST_REASON, Signature
from hub.webkit.forms import Form

WAYS: dict[SigningMethod, LazyString] = {
    SigningMethod.APPROVAL: _l("Approve it here. It gets its number and leaves within minutes."),
    SigningMethod.CERTIFICATE: _l(
        "Approve it here; the certificate of the office signs the PDF. It gets its number and leaves within minutes."
    ),
    SigningMethod.WET: _l(
        "Sign on paper. It gets its number, you print and sign it, and it leaves once the scan is uploaded."
    ),
    SigningMethod.ELSEWHERE: _l(
        "Sign in another system. It gets its number, you sign the PDF there, and it leaves once that file is uploaded."
    ),
}


class SignForm(Form):
    """`signature()` after validation. The signatory is asked for only where it could be somebody else."""

    read = HiddenField()
    method = RadioField(_l("How is it signed?"), [InputRequired(_l("Choose how the letter is signed."))])
    signatory = SelectField(_l("Who signs"), coerce=int)
    capacity = SelectField(
        _l("Signs as"),
        choices=[
            ("", _l("Holder of the office")),
            ("plt.", _l("plt. (acting, the office is vacant)")),
            ("plh.", _l("plh. (acting for some days)")),
        ],
    )
    number = StringField(
        _l("Letter number"),
        [Length(max=LONGEST_NUMBER)],
        description=_l("From the register of your office."),
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, ways: Sequence[SigningMethod], usual: SigningMethod, signatories: Sequence[Person]) -> None:
        super().__init__(data={"method": usual if usual in ways else next(iter(ways), None)})
        self.method.choices = [(one.value, WAYS[one]) for one in ways]
        self.names = {one.id: one.name for one in signatories}
        self.signatory.choices = list(self.names.items())

    def signature(self) -> Signature:
        return Signature(SigningMethod(self.method.data), self.capacity.data or "", self.number.data or "")


class SignedFileForm(Form):
    file = FileField(
        _l("The signed letter (PDF)"),
        [InputRequired(_l("Choose the signed file: exactly these bytes are sent and kept."))],
        description=_l("At most 10 MB. Exactly this file is sent and kept; the hub makes no other."),
    )


class ReturnForm(Form):
    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Write why, in a sentence.")), Length(min=5, max=2000)])


class VoidForm(Form):
    reason = TextAreaField(
        _l("Reason"), [InputRequired(_l("Write why, in a sentence.")), Length(min=5, max=LONGEST_REASON)]
    )
