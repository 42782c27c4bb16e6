"""The paper track: one letter in one envelope to one office."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, stored
from hub.directory.models import Institution
from hub.letters.models import Letter


class PostState(StrEnum):
    TO_PRINT = "to_print"
    PRINTED = "printed"
    POSTED = "posted"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class PostDispatch(Base):
    """A posted letter with its own receipt slip. The slip's code is derived from `nonce`, never stored."""

    __tablename__ = "post_dispatches"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(64), index=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    state: Mapped[PostState] = mapped_column(stored(PostState), index=True)
    address: Mapped[str] = mapped_column(String(600))
    nonce: Mapped[str] = mapped_column(String(32))
    link_expires_at: Mapped[datetime | None]
    link_revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]
    posted_at: Mapped[datetime | None]
    tracking_number: Mapped[str] = mapped_column(String(20), default="")
    delivered_on: Mapped[date | None]
    delivered_to: Mapped[str] = mapped_column(String(200), default="")
    returned_on: Mapped[date | None]
    return_reason: Mapped[str] = mapped_column(String(300), default="")

    letter: Mapped[Letter] = relationship()
    institution: Mapped[Institution] = relationship()
