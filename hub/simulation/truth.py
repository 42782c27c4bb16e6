"""What really happened, which the hub never sees: every copy of a letter, every answer, and what became of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from hub.simulation.days import Days


class Track(Enum):
    EMAIL = "email"
    POST = "post"


class Fate(Enum):
    """`HERE`: not handed over yet."""

    HERE = "here"
    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    LOST = "lost"


@dataclass
class Copy:
    """One copy of a letter on its way to a reader. `known_dead_on`: when the hub was told that it will not arrive.

    `last_news`: when it was queued, left, or was seen last on its way, as far as the hub was told.
    """

    track: Track
    fate: Fate
    last_news: date
    known_dead_on: date | None = None


@dataclass
class Answer:
    """`held_at`: when the hub got it; `announced_on`: when it was told to be under way.

    `is_spent`: the sender has looked at it, or for it, and asked again.
    """

    number: str
    by_post: bool
    is_final: bool
    sent_on: date
    is_lost: bool
    held_at: datetime | None = None
    announced_on: date | None = None
    is_spent: bool = False


@dataclass
class Promise:
    """Until when an answer is owed: so many days from a day, or a day that was named."""

    start: date
    amount: int = 0
    in_working_days: bool = True
    named: date | None = None

    def day(self, days: Days) -> date:
        if self.named:
            return self.named
        return days.after(self.start, self.amount) if self.in_working_days else days.later(self.start, self.amount)


@dataclass
class Matter:
    """One forwarding in truth. `limit`: days for an answer, of the kind that `in_working_days` tells.

    `written_on`: when it was drafted. `read_at`: when a person there first had the letter. `proven_at`: when the hub
    first knew. `is_over`: closed or withdrawn.
    """

    id: int
    sender: str
    office: str
    limit: int
    in_working_days: bool
    zone: str
    written_on: date
    copies: list[Copy] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    read_at: datetime | None = None
    proven_at: datetime | None = None
    promise: Promise | None = None
    is_over: bool = False

    def prove(self, at: datetime, day: date) -> None:
        """The hub was told that the letter is there. The first time starts the limit of the answer on that day."""
        if self.proven_at is None:
            self.proven_at = at
            self.promise = Promise(day, self.limit, self.in_working_days)

    @property
    def letter_is_lost(self) -> bool:
        return bool(self.copies) and all(one.fate is Fate.LOST for one in self.copies)

    @property
    def lost_answers(self) -> list[Answer]:
        """Of answers of which no copy came in: when another one did, nothing is lost."""
        if any(one.is_final and (one.held_at or not one.is_lost) and not one.is_spent for one in self.answers):
            return []
        return [one for one in self.answers if one.is_final and one.is_lost and not one.is_spent]
