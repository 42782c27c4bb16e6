"""What monitors are told in the morning."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base


class Digest(Base):
    """The mail of one morning to one monitor. The constraint is what "once a day" rests on.

    `grades` and `silent` are what was counted then: numbers by grade, and ids of silent institutions. The next one
    tells what has changed since. A morning on which nothing is open has a row, and no mail.
    """

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("account_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    day: Mapped[date]
    made_at: Mapped[datetime]
    grades: Mapped[dict[str, Any]]
    silent: Mapped[list[Any]]
