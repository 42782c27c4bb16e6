"""What is asked about a call."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, MultipleFileField, RadioField, StringField, TextAreaField, TimeField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from hub import clock
from hub.files.models import StoredFile
from hub.files.uploads import chosen_in, refuse_unacceptable, stored_files
from hub.forwardings.calls import queries
from hub.forwardings.calls.rules import LONGEST_AGO, SHORTEST_NOTE, CallOutcome, CallWay, lacking
from hub.forwardings.calls.service import Told
from hub.forwardings.models import Forwarding
from hub.webkit.filters import moment
from hub.webkit.forms import OnceForm
from hub.webkit.labels import choices
from hub.workdays import queries as workdays
from hub.workdays.rules import working_days_between


class CallForm(OnceForm):
    """`told()` after validation. Day and time are those of the sender's office; an empty time is noon."""

    way = RadioField(
        _l("How you asked"),
        choices=lambda: choices("call_way"),
        validators=[InputRequired(_l("Choose how you asked."))],
        default=CallWay.PHONE.value,
    )
    outcome = RadioField(
        _l("What came of it"),
        choices=lambda: choices("call_outcome"),
        validators=[InputRequired(_l("Choose what came of it."))],
    )
    name = StringField(_l("Whom you spoke to"), validators=[Length(max=200)])
    position = StringField(
        _l("Position and office"),
        description=_l("For example: Secretary of the inspectorate."),
        validators=[Length(max=200)],
    )
    on = DateField(_l("Day"), validators=[InputRequired(_l("Write the day."))])
    at = TimeField(_l("Time"), validators=[Optional()])
    note = TextAreaField(_l("What they said"), validators=[Length(max=2000)])
    files = MultipleFileField(
        _l("Evidence"), description=_l("For example a picture of the WhatsApp conversation, or the signed slip.")
    )

    def __init__(self, forwarding: Forwarding, **options: Any) -> None:
        now = clock.local(clock.now(), forwarding.sender.zone)
        self._lacking: dict[str, str] = {}
        super().__init__(**{"on": now.date(), "at": now.time(), **options})
        self._forwarding = forwarding
        self.name.flags.needed_when = _("required once you reached somebody")
        for one in (self.position, self.note, self.files):
            one.flags.needed_when = _("required when they confirm")

    def validate_files(self, field: MultipleFileField) -> None:
        refuse_unacceptable(field)

    def validate_on(self, field: DateField) -> None:
        if not field.data or self.at.process_errors:
            return
        if self._at > clock.now():
            raise ValidationError(_("This moment lies in the future. Log it once you have asked."))
        left_at = queries.left_at(self._forwarding)
        if self._at < left_at.replace(second=0, microsecond=0):
            left = moment(left_at, self._forwarding.sender.zone)
            raise ValidationError(_("The letter left on %(moment)s: nobody can have been asked before.", moment=left))
        if self.outcome.data == CallOutcome.CONFIRMED and self._days_ago > LONGEST_AGO:
            raise ValidationError(
                _(
                    "That is more than %(days)s working days ago: too long for a proof. Ask once more, and log that.",
                    days=LONGEST_AGO,
                )
            )

    def validate_outcome(self, field: RadioField) -> None:
        """A word by phone proves receipt only of what left, with who said it, for which office, how, and evidence."""
        if field.data not in set(CallOutcome):
            return
        if field.data == CallOutcome.CONFIRMED and not queries.may_be_there(self._forwarding):
            raise ValidationError(
                _("The letter has not left yet, or every copy came back: nobody can confirm it. Send it, then ask.")
            )
        told = (self.name.data or "", self.position.data or "", self.note.data or "", bool(chosen_in(self.files)))
        sentences = {
            "name": _("Write the name of whom you spoke to."),
            "position": _("Write for which office they confirm it, and in which position."),
            "note": _("Write in a sentence how they confirmed it (%(least)s characters or more).", least=SHORTEST_NOTE),
            "files": _(
                "Add evidence: a picture of the conversation or of the call in the telephone, or the signed slip."
            ),
        }
        missing = lacking(CallOutcome(field.data), *told)
        self._lacking = {name: sentence for name, sentence in sentences.items() if name in missing}

    def validate(self, extra_validators: Any = None) -> bool:
        self._lacking = {}
        is_good = bool(super().validate(extra_validators))
        for name, sentence in self._lacking.items():
            self[name].errors = [*self[name].errors, sentence]
        is_good = is_good and not self._lacking
        if not is_good and chosen_in(self.files):
            self.form_errors.append(_("Choose the files again as well: they were not kept."))
        return is_good

    def told(self) -> Told:
        """What was said, with the moment it was said. Only after validation."""
        return Told(
            CallWay(self.way.data),
            CallOutcome(self.outcome.data),
            max(self._at, queries.left_at(self._forwarding)),
            self.name.data or "",
            self.position.data or "",
            self.note.data or "",
        )

    def stored(self) -> list[StoredFile]:
        """Its evidence, kept now."""
        return stored_files(self.files)

    @property
    def _days_ago(self) -> int:
        """Working days of the sender's office since the day of the call."""
        office = self._forwarding.sender
        assert self.on.data is not None
        return working_days_between(self.on.data, clock.today(office.zone), workdays.calendar_for(office.region_code))

    @property
    def _at(self) -> datetime:
        zone, day = self._forwarding.sender.zone, self.on.data
        assert day is not None
        if self.at.data is None:
            return clock.noon(day, zone)
        return datetime.combine(day, self.at.data.replace(second=0, microsecond=0), clock.ZONES[zone])
