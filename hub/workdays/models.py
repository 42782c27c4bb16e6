"""The working calendar and the clocks: rows that people can read and change."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, stored
from hub.workdays.rules import DayKind, Unit, Verification


class CalendarVersion(Base):
    """One state of the calendar. Every change makes a new one, so that a due date can name what it was counted with.

    `source`: the decree or circular that the change rests on. `note`: what changed, in words.
    """

    __tablename__ = "calendar_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(200), default="")


class DayOff(Base):
    """A day that is no working day: nationwide, or in `region_code` only.

    In force from version `added_in` until version `removed_in`.
    """

    __tablename__ = "days_off"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[DayKind] = mapped_column(stored(DayKind))
    region_code: Mapped[str | None] = mapped_column(String(8))
    is_estimated: Mapped[bool] = mapped_column(default=False)
    added_in: Mapped[int] = mapped_column(ForeignKey("calendar_versions.id"))
    removed_in: Mapped[int | None] = mapped_column(ForeignKey("calendar_versions.id"))


class Clock(Base):
    """A limit: how long, from which event, on which legal basis, and whether that basis was verified.

    Purpose and class are part of the key. `network`: "" for the limit that holds everywhere; a row of one network goes
    before it there.
    """

    __tablename__ = "clocks"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    network: Mapped[str] = mapped_column(String(32), primary_key=True, default="")
    amount: Mapped[int]
    unit: Mapped[Unit] = mapped_column(stored(Unit))
    starts_at: Mapped[str] = mapped_column(String(120))
    basis: Mapped[str] = mapped_column(String(200))
    verification: Mapped[Verification] = mapped_column(stored(Verification, 20))
