"""The only place that asks what time it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONES = {"WIB": ZoneInfo("Asia/Jakarta"), "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}
"""The three Indonesian zones by the name people use (UTC+7, +8, +9; no daylight saving)."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar date in `zone` ("WIB", "WITA" or "WIT") at this moment."""
    return local(now(), zone).date()


def local(moment: datetime, zone: str) -> datetime:
    """The same moment on the clocks of `zone`."""
    return moment.astimezone(ZONES[zone])
