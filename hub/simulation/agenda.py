"""When things happen in a story that is told: one after the other, in office hours, on the clocks of whoever acts."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from hub import clock
from hub.workdays.rules import Calendar, add_working_days, is_working_day

OPENS, CLOSES = time(8, 10), time(15, 50)


@dataclass(frozen=True)
class OfficeHours:
    """Moments at which somebody could have been at a desk."""

    calendar: Calendar
    random: Random

    def on(self, day: date, zone: str) -> datetime:
        """Some time of `day` between opening and closing."""
        minutes = (CLOSES.hour - OPENS.hour) * 60 + CLOSES.minute - OPENS.minute
        opening = datetime.combine(day, OPENS, clock.ZONES[zone])
        return opening + timedelta(minutes=self.random.randrange(minutes), seconds=self.random.randrange(60))

    def after(self, moment: datetime, working_days: int, zone: str) -> datetime:
        """Some time so many working days after `moment`; soon after it for 0, when the office is still open."""
        day = clock.local(moment, zone).date()
        if working_days == 0 and self.is_working_day(day):
            soon = moment + timedelta(minutes=self.random.randint(6, 75))
            if OPENS <= clock.local(soon, zone).time() <= CLOSES:
                return soon
        return self.on(add_working_days(day, max(working_days, 1), self.calendar), zone)

    def days_ago(self, today: date, working_days: int) -> date:
        """The working day that lies so many working days before `today`."""
        day = today
        while working_days:
            day -= timedelta(days=1)
            working_days -= self.is_working_day(day)
        return day

    def is_working_day(self, day: date) -> bool:
        return is_working_day(day, self.calendar)


@dataclass
class Agenda:
    """Acts in the order of their moments; an act may enter further ones."""

    _acts: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def enter(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._acts, (moment, next(self._numbers), act))

    def play(self, until: datetime, begun: Callable[[datetime], None]) -> None:
        """Do every act before `until` at its own moment; `begun` is told each. What is entered for later never is."""
        while self._acts and self._acts[0][0] < until:
            moment, _, act = heapq.heappop(self._acts)
            begun(moment)
            with clock.travelling(moment):
                act()
