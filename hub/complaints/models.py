"""What citizens wrote. Who they are is encrypted and shown to one person at a time."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.complaints.rules import Classification, ComplainedOf, IdentityMode
from hub.database import Base, stored
from hub.directory.models import Institution, Network, Person, Region

__all__ = ["Classification", "ComplainedOf", "Complaint", "IdentityMode", "ReferenceSeries"]


class ReferenceSeries(Base):
    """Last running number given in a year. Its row is locked while complaints are registered: no gaps, no doubles."""

    __tablename__ = "complaint_reference_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Complaint(Base):
    """One complaint, registered once by one office.

    `is_supervisory` is "berkadar pengawasan" (Permendagri 8/2023 art. 1). `identity` is the encrypted JSON of name and
    contact, None when the citizen is anonymous. `complained_of_id`: the institution complained of, where
    the hub has it.
    """

    __tablename__ = "complaints"
    __table_args__ = (UniqueConstraint("office_id", "channel", "tracking_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    network: Mapped[Network] = mapped_column(stored(Network))
    channel: Mapped[str] = mapped_column(String(60))
    tracking_id: Mapped[str | None] = mapped_column(String(60))
    received_on: Mapped[date]
    registered_at: Mapped[datetime]
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), index=True)
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    classification: Mapped[Classification] = mapped_column(stored(Classification))
    is_supervisory: Mapped[bool]
    complained_of: Mapped[ComplainedOf] = mapped_column(stored(ComplainedOf), server_default=ComplainedOf.OFFICE.value)
    complained_of_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    identity_mode: Mapped[IdentityMode] = mapped_column(stored(IdentityMode))
    identity: Mapped[bytes | None] = mapped_column(LargeBinary)
    request_key: Mapped[str | None] = mapped_column(String(36), unique=True)

    office: Mapped[Institution] = relationship(foreign_keys=[office_id])
    complained_of_office: Mapped[Institution | None] = relationship(foreign_keys=[complained_of_id])
    region: Mapped[Region] = relationship(lazy="joined", innerjoin=True)
    registered_by: Mapped[Person | None] = relationship()

    @property
    def stream(self) -> str:
        return f"complaint:{self.id}"
