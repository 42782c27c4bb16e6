"""The forms of answers on their way: told by the recipient or on its behalf, and given up."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, Form, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from hub import clock
from hub.forwardings import deadlines
from hub.forwardings.models import Forwarding
from hub.letters.rules import number_key
from hub.post.rules import NumberFault, number_fault, tidy_number
from hub.responses.announcements import Told
from hub.responses.rules import ReplyWay
from hub.webkit import forms
from hub.webkit.filters import short_day
from hub.webkit.labels import choices
from hub.workdays import queries as workdays
from hub.workdays.rules import add_working_days

DAYS_FOR_A_COPY = 3
"""Working days to send a copy of a letter that exists already, unless the sender names another date."""


class Announcement(Form):
    """What is asked about an answer on its way, at each door: `told()` after validation."""

    letter_number = StringField(
        _l("Number of the answering letter"),
        validators=[InputRequired(_l("Write the number of the letter you answered with.")), Length(max=120)],
        render_kw={"autocomplete": "off"},
    )
    letter_date = DateField(
        _l("Date of the answering letter"), validators=[InputRequired(_l("Write the date of the answering letter."))]
    )
    way = RadioField(
        _l("How it was sent"),
        choices=lambda: choices("reply_way"),
        validators=[InputRequired(_l("Choose how it was sent."))],
    )
    sent_on = DateField(_l("Sent on"), validators=[InputRequired(_l("Write the day on which it was sent."))])
    tracking_number = StringField(
        _l("Tracking number of the post"),
        description=_l("If it went by post: it stands on the receipt of the counter. Leave it empty without one."),
        validators=[Length(max=60)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    asked_of: Forwarding
    """The letter that it answers."""

    def validate_letter_number(self, field: Field) -> None:
        if not number_key(field.data):
            raise ValidationError(_("Write the number of the letter you answered with."))

    def validate_letter_date(self, field: Field) -> None:
        if field.data and field.data > self._today:
            raise ValidationError(_("The date of a letter cannot lie in the future."))

    def validate_sent_on(self, field: Field) -> None:
        day, ours = field.data, self.asked_of.letter.dated
        if not day:
            return
        if day > self._today:
            raise ValidationError(_("This day lies in the future. Tell us once the letter has left."))
        if self.letter_date.data and day < self.letter_date.data:
            raise ValidationError(_("A letter cannot leave before the day it is dated. Check both dates."))
        if ours and day < ours:
            raise ValidationError(
                _("Our letter is dated %(day)s: an answer cannot have left before. Check the day.", day=short_day(ours))
            )

    def validate_tracking_number(self, _field: Field) -> None:
        if self._number and number_fault(self._number) is NumberFault.SHAPE:
            raise ValidationError(
                _("A tracking number has 8 to 20 letters and digits. Copy it from the receipt, or leave it empty.")
            )

    def told(self) -> Told:
        """What is said of the answer. Only after validation."""
        assert isinstance(self.letter_date.data, date)
        assert isinstance(self.sent_on.data, date)
        way = ReplyWay(self.way.data)
        number = self._number if way is ReplyWay.POST else ""
        return Told(self.letter_number.data or "", self.letter_date.data, way, self.sent_on.data, number)

    @property
    def doubt(self) -> str:
        """A sentence about a tracking number that the post would not have given; "" when it looks right."""
        if self._number and number_fault(self._number) is NumberFault.CHECK_DIGIT:
            return _("One sign of the tracking number %(number)s seems mistyped; compare it.", number=self._number)
        return ""

    @property
    def _number(self) -> str:
        return tidy_number(self.tracking_number.data or "")

    @property
    def _today(self) -> date:
        return clock.today(self.asked_of.recipient.zone)


class OwnAnnouncementForm(Announcement, forms.OnceForm):
    """Told by who is signed in for the recipient."""

    def __init__(self, forwarding: Forwarding, **options: Any) -> None:
        super().__init__(**options)
        self.asked_of = forwarding


class NotedAnnouncementForm(OwnAnnouncementForm):
    """Noted by staff of the sender, on behalf of who told them."""

    name = StringField(
        _l("Who said so"), validators=[InputRequired(_l("Write the name of who told you.")), Length(max=200)]
    )
    position = StringField(_l("Position"), validators=[Length(max=200)])
    note = TextAreaField(
        _l("How you learnt of it"),
        description=_l("For example: called on the office phone at 9.15."),
        validators=[InputRequired(_l("Write how you learnt of it, in a sentence.")), Length(min=5, max=2000)],
    )


class CopyForm(forms.Form):
    """The announced answer was not found: until when a copy is asked for, and what the recipient is told."""

    due_on = DateField(_l("A copy until"), validators=[InputRequired(_l("Write until when you ask for a copy."))])
    note = TextAreaField(
        _l("Where you looked"),
        description=_l("The recipient reads this. For example: in the agenda and both mailboxes, until 3 April."),
        validators=[InputRequired(_l("Write where you looked, in a sentence.")), Length(min=5, max=600)],
    )

    def __init__(self, forwarding: Forwarding) -> None:
        office = forwarding.recipient
        calendar = workdays.calendar_for(office.region_code)
        super().__init__(data={"due_on": add_working_days(clock.today(office.zone), DAYS_FOR_A_COPY, calendar)})
        self._forwarding = forwarding

    def validate_due_on(self, field: DateField) -> None:
        if field.data:
            try:
                deadlines.refuse_unfit(field.data, self._forwarding)
            except deadlines.UnfitDate as problem:
                raise ValidationError(str(problem)) from None
