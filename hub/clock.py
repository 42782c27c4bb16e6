"""The only place that asks what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONES = {"WIB": ZoneInfo("Asia/Jakarta"), "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}
"""The three Indonesian zones by the name people use (UTC+7, +8, +9; no daylight saving)."""


_elsewhere: ContextVar[datetime | None] = ContextVar("elsewhere", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _elsewhere.get() or datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar date in `zone` ("WIB", "WITA" or "WIT") at this moment."""
    return local(now(), zone).date()


def local(moment: datetime, zone: str) -> datetime:
    """The same moment on the clocks of `zone`."""
    return moment.astimezone(ZONES[zone])


def noon(day: date, zone: str) -> datetime:
    """For who knows a day only: noon, or now on the same morning, is that date in every zone of the country."""
    return min(now(), datetime.combine(day, time(12), ZONES[zone]))


@contextmanager
def travelling(moment: datetime) -> Iterator[None]:
    """Within, it is `moment` for this thread. For stories told after the event (demonstration, simulation) only."""
    token = _elsewhere.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _elsewhere.reset(token)
