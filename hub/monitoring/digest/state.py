"""What a monitor should know in the morning, taken from all that is open in the network. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hub.silence.queries import Case
from hub.silence.rules import Grade
from hub.workdays.rules import Calendar, add_working_days

LOOKED_AHEAD = 3
"""Working days."""
LISTED = (
    Grade.UNDELIVERED,
    Grade.NOT_DISPATCHED,
    Grade.REPLY_MISSING,
    Grade.REVIEW_DUE,
    Grade.RECEIPT_UNPROVEN,
)
"""What waits for a person of our own side, the gravest first. A late recipient is reminded without one."""


@dataclass(frozen=True)
class Morning:
    """`silent`: a case of each institution, by its id. Lists hold the most urgent first; `until`: last day of `due`.

    `listed`: cases of each grade that has any. `failed`: letters that the last sweep could not see to, number by id.
    """

    day: date
    opened: int
    grades: Counter[Grade]
    silent: dict[int, Case]
    listed: dict[Grade, list[Case]]
    due: list[Case]
    until: date
    failed: Mapping[int, str]


def morning(
    known: Iterable[Case], office_id: int, day: date, calendar: Calendar, failed: Mapping[int, str] | None = None
) -> Morning:
    """Counts hold everything; lists leave out what other offices than this one pass on among themselves.

    `failed`: as of Morning. What cannot even be judged is among no cases, and open all the same.
    """
    failed = failed or {}
    cases, until = list(known), add_working_days(day, LOOKED_AHEAD, calendar)
    here = sorted((case for case in cases if case.stage_above is None or case.sender_id == office_id), key=_urgency)
    by_grade = {grade: [case for case in here if case.verdict.grade is grade] for grade in LISTED}
    due = [case for case in here if case.verdict.grade is None and case.next_due and day <= case.next_due <= until]
    return Morning(
        day=day,
        opened=len({case.id for case in cases} | failed.keys()),
        grades=Counter(case.verdict.grade for case in cases if case.verdict.grade),
        silent={case.recipient_id: case for case in cases if case.is_silent},
        listed={grade: found for grade, found in by_grade.items() if found},
        due=sorted(due, key=lambda case: (str(case.next_due), case.id)),
        until=until,
        failed=failed,
    )


def _urgency(case: Case) -> tuple[str, int]:
    return (str(case.verdict.since), case.id)
