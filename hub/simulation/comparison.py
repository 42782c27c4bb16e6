"""The truth beside what the hub says, evening by evening. Nothing here knows how the hub comes to its grades."""

from dataclasses import dataclass, field
from datetime import date

from hub.simulation.days import Days
from hub.simulation.policy import Policy
from hub.simulation.truth import Answer, Copy, Fate, Matter, Track

ACCUSING = ("unacknowledged", "unanswered", "lapsed")


@dataclass(frozen=True)
class Said:
    """What the hub says of one matter this evening. `grade` and `cause` are "" where it names none."""

    grade: str
    cause: str = ""


@dataclass
class Findings:
    """Everything found in one world, by matter, so that each counts once.

    `undetected` and `falsely` tell what was wrong, for whoever looks for the reason. `contested`: since when somebody
    whose answer was lost is accused, as long as it lasts. `days_to_grade`: working days from the date that passed to
    the first grade, 0 for the day after it; `days_to_notice`: from the day the letter was written. `excused`: the last
    evening, or the first one, on which nobody had to know of a loss: a date can move when something else comes in.
    """

    lost_letters: set[int] = field(default_factory=set)
    lost_answers: set[int] = field(default_factory=set)
    undetected: dict[int, str] = field(default_factory=dict)
    falsely: dict[int, str] = field(default_factory=dict)
    silent: set[int] = field(default_factory=set)
    contestable: set[int] = field(default_factory=set)
    contested: dict[int, date] = field(default_factory=dict)
    days_to_clear: list[int] = field(default_factory=list)
    days_to_grade: list[int] = field(default_factory=list)
    days_to_notice: list[int] = field(default_factory=list)
    excused: dict[tuple[int, str], date] = field(default_factory=dict)
    noticed: set[tuple[int, str]] = field(default_factory=set)
    causes_right: int = 0
    causes_wrong: dict[str, int] = field(default_factory=dict)


def letter_due(matter: Matter, days: Days, policy: Policy) -> date:
    """The last day on which nobody has to know yet that every copy of the letter is lost.

    A mail that did not come back has to be confirmed, the earliest first, whatever else is under way. Without one, all
    is well as long as any envelope is believed to come.
    """
    mails = [one for one in matter.copies if one.track is Track.EMAIL and one.known_dead_on is None]
    if mails:
        return min(_believed_until(one, days, policy) for one in mails)
    return max(one.known_dead_on or _believed_until(one, days, policy) for one in matter.copies)


def _believed_until(copy: Copy, days: Days, policy: Policy) -> date:
    if copy.fate is Fate.HERE:
        return days.after(copy.last_news, policy.leaves_within)
    within = policy.confirmed_within if copy.track is Track.EMAIL else policy.scanned_within
    return days.after(copy.last_news, within)


def answer_due(matter: Matter, lost: Answer, days: Days, policy: Policy) -> date:
    """The last day on which nobody has to know yet that the answer is lost.

    As long as any answer is believed to be on its way, the next one is not missed.
    """
    if lost.announced_on:
        return _awaited_until(lost, lost.announced_on, days, policy)
    owed = matter.promise.day(days) if matter.promise else letter_due(matter, days, policy)
    awaited = [
        _awaited_until(one, one.announced_on, days, policy)
        for one in matter.answers
        if one.announced_on and not one.held_at and not one.is_spent
    ]
    return max(owed, lost.sent_on, *awaited)


def _awaited_until(answer: Answer, announced_on: date, days: Days, policy: Policy) -> date:
    return max(days.after(answer.sent_on, policy.arrives_within), announced_on)


def compare(found: Findings, matter: Matter, said: Said, day: date, days: Days, policy: Policy) -> None:
    """Take in what is so, and what the hub says of it, on the evening of `day`."""
    _losses(found, matter, said, day, days, policy)
    if said.grade in ACCUSING:
        _accusation(found, matter, said, day)
    elif matter.id in found.contested:
        found.days_to_clear.append((day - found.contested.pop(matter.id)).days)


def _losses(found: Findings, matter: Matter, said: Said, day: date, days: Days, policy: Policy) -> None:
    if matter.letter_is_lost and not matter.answers:
        found.lost_letters.add(matter.id)
        loss, due = "letter", letter_due(matter, days, policy)
    elif lost := matter.lost_answers:
        found.lost_answers.add(matter.id)
        loss, due = f"answer {len(matter.answers)}", min(answer_due(matter, one, days, policy) for one in lost)
    else:
        found.excused.pop((matter.id, "letter"), None)  # lost again, it is a new loss
        return
    key = matter.id, loss
    if day <= due or key not in found.excused:
        found.excused[key] = day
    begun = max(due, found.excused[key])
    if said.grade and key not in found.noticed:
        found.noticed.add(key)
        found.days_to_grade.append(days.between(begun, day))
        found.days_to_notice.append(days.between(matter.written_on, day))
    if day > due and not said.grade:
        found.undetected.setdefault(matter.id, f"{day}: due {due}, {matter}")


def _accusation(found: Findings, matter: Matter, said: Said, day: date) -> None:
    answered = [one for one in matter.answers if not one.is_spent]
    if matter.proven_at is None:
        found.falsely.setdefault(matter.id, f"{day}: {said.grade}, receipt never proven, {matter}")
    elif any(one.held_at for one in answered if one.is_final):
        found.falsely.setdefault(matter.id, f"{day}: {said.grade}, an answer is here, {matter}")
    elif any(one.announced_on for one in answered):
        found.falsely.setdefault(matter.id, f"{day}: {said.grade}, an answer is under way, {matter}")
    elif any(one.is_final and one.is_lost for one in answered):
        found.contestable.add(matter.id)
        found.contested.setdefault(matter.id, day)
    elif not answered:
        found.silent.add(matter.id)


def compare_cause(found: Findings, said: str, true: frozenset[str]) -> None:
    """Take in the likely cause of one silence on one evening, and the causes that there are as far as anybody told."""
    if said in true:
        found.causes_right += 1
    else:
        mistake = f"{said} instead of {' and '.join(sorted(true))}"
        found.causes_wrong[mistake] = found.causes_wrong.get(mistake, 0) + 1
