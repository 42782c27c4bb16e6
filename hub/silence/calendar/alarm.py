"""The warning on top of pages while the calendar of next year is missing."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_login import current_user

from hub import clock
from hub.accounts.rules import Capability
from hub.workdays import queries as workdays

FROM_MONTH = 10
"""The joint decree of the next year comes in autumn; a date counted in October can reach into January."""


def sentences() -> Iterator[str]:
    """For those who keep the calendar, and for those who watch over the dates."""
    if not (current_user.may(Capability.ADMINISTER) or current_user.may(Capability.MONITOR)):
        return
    today = clock.today(current_user.institution.zone)
    if today.month >= FROM_MONTH and not workdays.is_decreed(today.year + 1):
        yield _(
            "The joint leave of %(year)s is not in the calendar yet: dates that reach into that year are provisional. "
            "An administrator enters it under “Working calendar”.",
            year=today.year + 1,
        )
