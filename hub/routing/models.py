"""Routing rules, tried in the order of their position; the first that fits speaks."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.complaints.rules import ComplainedOf
from hub.database import Base, stored
from hub.directory.models import Institution, Region
from hub.routing.rules import Purpose, Target


class RoutingRule(Base):
    """If all that is given fits the complaint, `recipient` is proposed (or `institution`, where one is named).

    `words`: comma-separated, one of them begins a word of the subject. `region_kind`: a key of rules.REGION_KINDS.
    `region_code`: that region and all within it. `copies`: targets that get a copy, comma-separated. `reason` is the
    sentence shown as "why this recipient".
    """

    __tablename__ = "routing_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    purpose: Mapped[Purpose | None] = mapped_column(stored(Purpose))
    complained_of: Mapped[ComplainedOf | None] = mapped_column(stored(ComplainedOf))
    region_kind: Mapped[str] = mapped_column(String(10), default="")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    words: Mapped[str] = mapped_column(String(300), default="")
    recipient: Mapped[Target] = mapped_column(stored(Target))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    copies: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(String(300))

    region: Mapped[Region | None] = relationship()
    institution: Mapped[Institution | None] = relationship()

    @property
    def copy_targets(self) -> tuple[Target, ...]:
        return tuple(Target(one) for one in self.copies.split(",") if one)
