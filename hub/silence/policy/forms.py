"""The forms of one limit and of one ladder."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from hub.routing.rules import Purpose
from hub.silence.ladder import ORDER, Approver, Owed, Rung, Step, fits, may_approve, rises
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


class LadderForm(Form):
    """Which steps a ladder has, after how many working days each comes, and who approves it. `rungs()` afterwards."""

    def __init__(self, known: Sequence[Rung], purpose: Purpose, owed: Owed) -> None:
        super().__init__()
        self.steps = [step for step in ORDER if fits(step, purpose, owed)]
        after = {rung.step: rung.after for rung in known}
        self.days: dict[Step, str] = {
            step: request.form.get(step.name, "").strip() if self.is_submitted() else str(after.get(step, ""))
            for step in self.steps
        }
        named = {rung.step: rung.approver for rung in known}
        self.approvers: dict[Step, str] = {
            step: request.form.get(f"{step.name}-approver") or named.get(step) or may_approve(step)[0]
            for step in self.steps
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Empty: the ladder does without this step. The first comes at once, no two on one day, the gravest last."""
        is_good = super().validate(extra_validators)
        if any(chosen not in may_approve(step) for step, chosen in self.approvers.items()):
            self.form_errors.append(_("Choose who approves each step from the list."))
            return False
        given = [days for days in self.days.values() if days]
        if not all(days.isdecimal() and int(days) <= LONGEST for days in given):
            problem = _("Write whole working days, between 0 and %(most)s, or nothing.", most=LONGEST)
        elif not given or min(map(int, given)) != 0:
            problem = _("The first step comes after 0 days: as soon as the date has passed.")
        elif len(set(map(int, given))) != len(given):
            problem = _("Two steps cannot fall on one day. Give each another number.")
        elif not rises(self.rungs()):
            problem = _("A graver step comes after all milder ones: give it a larger number than theirs.")
        else:
            return bool(is_good)
        self.form_errors.append(problem)
        return False

    def rungs(self) -> list[Rung]:
        found = (Rung(step, int(days), Approver(self.approvers[step])) for step, days in self.days.items() if days)
        return sorted(found, key=lambda one: one.after)
