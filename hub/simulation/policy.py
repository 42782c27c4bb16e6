"""The limits that hold in a rehearsal, told here a second time: the hub's own are not asked when it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.audit.rules import SYSTEM
from hub.workdays import service as workdays
from hub.workdays.rules import Unit, Verification

USUAL: Mapping[str, int] = {
    "acknowledge": 3,
    "response_information": 5,
    "response_ordinary": 14,
    "response_supervisory": 60,
    "ombudsman_first_request": 14,
    "ombudsman_second_request": 14,
    "reply_arrives": 10,
}
"""Working days by clock, those of the Ombudsman calendar days (DOMAIN, clocks)."""
CALENDAR_DAYS = frozenset({"ombudsman_first_request", "ombudsman_second_request"})
LONGEST = 365


class BadPolicy(ValueError):
    """A limit cannot be tried. The sentence says what to mend."""


@dataclass(frozen=True)
class Policy:
    """The usual limits, and what is `changed` in them: days by clock. Raises BadPolicy."""

    changed: Mapping[str, int] = field(default_factory=dict)
    leaves_within: int = 2
    """Working days until a letter that waits here for the post has to be gone."""
    scanned_within: int = 10
    """Working days between two scans of an envelope."""

    def __post_init__(self) -> None:
        for key, days in self.changed.items():
            if key not in USUAL:
                raise BadPolicy(f'There is no limit "{key}" to try. There are: {", ".join(USUAL)}.')
            if not 1 <= days <= LONGEST:
                raise BadPolicy(f'"{key}" cannot be {days} days; it lies between 1 and {LONGEST}.')

    def limit(self, key: str) -> int:
        return self.changed.get(key, USUAL[key])

    @property
    def confirmed_within(self) -> int:
        return self.limit("acknowledge")

    @property
    def arrives_within(self) -> int:
        return self.limit("reply_arrives")

    def put_in_force(self) -> None:
        """Change the limits of the hub, as an administrator does."""
        for key, days in self.changed.items():
            unit = Unit.CALENDAR_DAYS if key in CALENDAR_DAYS else Unit.WORKING_DAYS
            limit = workdays.Limit(days, unit, "Dicoba dalam gladi", Verification.OWN)
            workdays.set_clock(key, "", limit, SYSTEM)
