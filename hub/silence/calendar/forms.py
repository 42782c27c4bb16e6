"""The form that changes the calendar: first it shows what would move, then it saves."""

import hashlib
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from hub.sheets.cells import Fault
from hub.silence.calendar import lines
from hub.webkit.filters import day as long_day
from hub.webkit.forms import Form
from hub.workdays import queries as workdays
from hub.workdays.models import DayOff
from hub.workdays.rules import NamedDay

MOST_FAULTS = 10


class ChangeForm(Form):
    """Days to add and to take out, and the decree that says so. `added` after validation."""

    days = TextAreaField(
        _l("Days to add"),
        description=_l("One a line: date; name; libur or cuti bersama; region, if it is off in one region only."),
        validators=[Length(max=50_000)],
    )
    file = FileField(_l("Or from a file (CSV or XLSX)"))
    without = SelectMultipleField(
        _l("Days to take out"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    source = StringField(
        _l("Decree or circular"),
        description=_l("With number and date, for example SKB 3 Menteri Nomor 933 Tahun 2025."),
        validators=[InputRequired(_l("Write which decree or circular says so.")), Length(max=200)],
    )
    note = StringField(
        _l("What changes, in a sentence"),
        description=_l("Stands in the history of each letter whose date moves."),
        validators=[InputRequired(_l("Write in a sentence what changes.")), Length(max=300)],
    )
    seen = HiddenField()
    checked = HiddenField()

    def __init__(self, standing: list[DayOff]) -> None:
        super().__init__(data={"seen": str(workdays.newest_version())})
        self._standing = standing
        self.without.choices = [(one.id, f"{long_day(one.day)}: {_named(one)}") for one in standing]
        self.added: list[NamedDay] = []

    def validate(self, extra_validators: Any = None) -> bool:
        """What a file holds goes into the field, where it can be read and mended."""
        upload = self.file.data
        if upload and upload.filename:
            found, faults = lines.from_file(upload.read())
            if faults:
                super().validate(extra_validators)
                self.file.errors = [fault_sentence(one) for one in faults[:MOST_FAULTS]]
                return False
            self.days.data = "\n".join(part for part in (self.days.data, lines.written(found)) if part)
        return bool(super().validate(extra_validators))

    def validate_days(self, field: TextAreaField) -> None:
        self.added, faults = lines.from_text(field.data or "")
        if faults:
            example = _("A whole line looks like this: %(line)s", line=lines.EXAMPLE)
            raise ValidationError(" ".join([*map(fault_sentence, faults[:MOST_FAULTS]), example]))
        if not self.added and not self.without.data:
            raise ValidationError(_("Write a day to add, or tick one to take out."))
        gone = set(self.without.data or [])
        known = {(one.day, one.region_code) for one in self._known(gone)}
        if double := next((one for one in self.added if (one.day, one.region_code) in known), None):
            raise ValidationError(
                _("%(day)s is in the calendar already. Take out the old entry, or this line.", day=long_day(double.day))
            )

    def seal(self) -> str:
        """What it would change, in short: only what somebody has seen the consequences of is put into force."""
        told = repr((self.added, sorted(self.without.data or [])))
        return hashlib.sha256(told.encode()).hexdigest()

    def _known(self, gone: set[int]) -> list[DayOff]:
        years = {one.day.year for one in self.added}
        found = [day for year in years for day in (*workdays.days_off(year), *workdays.regional_days_off(year))]
        return [one for one in found if one.id not in gone]


def fault_sentence(fault: Fault) -> str:
    if fault.column:
        told = {"line": fault.line, "column": fault.column, "message": fault.message}
        return _("Line %(line)s, column %(column)s: %(message)s", **told)
    return _("Line %(line)s: %(message)s", line=fault.line, message=fault.message)


def _named(one: DayOff) -> str:
    return f"{one.name} ({one.region_code})" if one.region_code else one.name
