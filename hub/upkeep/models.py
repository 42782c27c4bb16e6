"""What the upkeep of the directory remembers."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base
from hub.directory.models import Appointment


class Handover(Base):
    """The letters of a term that ended on `ended_on` were looked after at `moved_at`.

    Empty `moved_at`: an administrator has planned the handover, and it happens on the day after. A term that is given
    another last day ends anew: its row does not fit any more.
    """

    __tablename__ = "handovers"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), primary_key=True)
    ended_on: Mapped[date] = mapped_column(primary_key=True)
    moved_at: Mapped[datetime | None]

    appointment: Mapped[Appointment] = relationship(innerjoin=True)
