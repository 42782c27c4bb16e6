"""Working days counted without the hub: by the library of holidays, and what was decreed in the rehearsed year."""

from collections.abc import Iterable
from datetime import date, timedelta

import holidays


class Days:
    """The calendar of the rehearsed world."""

    def __init__(self, years: Iterable[int]) -> None:
        self._known = holidays.country_holidays("ID", years=list(years), categories=("public", "government"))

    def decree(self, day: date, name: str) -> None:
        self._known[day] = name

    def is_working(self, day: date) -> bool:
        return bool(self._known.is_working_day(day))

    def after(self, day: date, amount: int) -> date:
        """The `amount`-th working day after `day`."""
        return self._known.get_nth_working_day(day, amount) if amount else day

    def later(self, day: date, amount: int) -> date:
        """So many days of any kind."""
        return day + timedelta(days=amount)

    def between(self, earlier: date, later: date) -> int:
        """Working days strictly between both: 0 for days that follow each other."""
        days = (earlier + timedelta(days=n) for n in range(1, (later - earlier).days))
        return sum(self.is_working(day) for day in days)
