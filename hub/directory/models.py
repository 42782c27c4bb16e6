"""Regions, institutions, and the people who speak for them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BindParameter, ColumnElement, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, stored
from hub.files.models import StoredFile


class Network(StrEnum):
    """The two webs of focal points. An institution may have a different PIC in each."""

    KEMENSETNEG = "kemensetneg"
    OMBUDSMAN = "ombudsman"


class InstitutionKind(StrEnum):
    KEMENSETNEG = "kemensetneg"
    OMBUDSMAN_HEAD = "ombudsman_head"
    OMBUDSMAN_OFFICE = "ombudsman_office"
    ITJEN = "itjen"
    PROVINCE = "inspectorate_province"
    REGENCY = "inspectorate_regency"
    CITY = "inspectorate_city"
    REGIONAL_OFFICE = "regional_office"
    MINISTRY = "ministry"
    LAW_ENFORCER = "law_enforcer"
    OTHER = "other"


class AppointmentRole(StrEnum):
    PIC = "pic"
    DEPUTY = "deputy"


class Region(Base):
    """A province, regency or city by its Kemendagri code (35, 35.13), with its full name."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    zone: Mapped[str] = mapped_column(String(4))

    @property
    def province_code(self) -> str:
        return self.code[:2]


class Institution(Base):
    """An office that sends or receives letters.

    Superiors are two relations: `supervisor` watches its work; `line_addressee` is the title of the regent, mayor or
    governor it answers to (an addressee, not an institution of the hub). `letterhead`: up to three lines for the head
    of its letters; empty, they are made from the name. `second_email` is a further office mailbox.
    """

    __tablename__ = "institutions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[InstitutionKind] = mapped_column(stored(InstitutionKind))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    line_addressee: Mapped[str] = mapped_column(String(200), default="")
    head_title: Mapped[str] = mapped_column(String(200))
    seat: Mapped[str] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(4))
    email: Mapped[str] = mapped_column(String(254), default="")
    second_email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    whatsapp: Mapped[str] = mapped_column(String(40), default="")
    website: Mapped[str] = mapped_column(String(120), default="")
    letterhead: Mapped[str] = mapped_column(String(300), default="")
    postal_address: Mapped[str] = mapped_column(String(300), default="")
    number_template: Mapped[str] = mapped_column(String(120))

    region: Mapped[Region | None] = relationship(lazy="joined")
    supervisor: Mapped["Institution | None"] = relationship(remote_side="Institution.id")

    @property
    def stream(self) -> str:
        """Where its changes are recorded."""
        return f"institution:{self.code}"

    @property
    def network(self) -> Network:
        """The network in which this institution sends."""
        ombudsman = self.kind in (InstitutionKind.OMBUDSMAN_HEAD, InstitutionKind.OMBUDSMAN_OFFICE)
        return Network.OMBUDSMAN if ombudsman else Network.KEMENSETNEG


class Person(Base):
    """Someone who works at an institution. May have no account: a PIC can answer by links alone.

    `verified_at`: when this person last showed, through a link mailed to the address, that it is read.
    """

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200), default="")
    employee_number: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    invited_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship(lazy="joined")
    appointments: Mapped[list["Appointment"]] = relationship(back_populates="person")


class Appointment(Base):
    """A person as PIC or deputy of an institution in one network, from a date until a date, by a decree."""

    __tablename__ = "appointments"
    __table_args__ = (Index("ix_appointments_office", "institution_id", "network"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    network: Mapped[Network] = mapped_column(stored(Network))
    role: Mapped[AppointmentRole] = mapped_column(stored(AppointmentRole))
    decree_number: Mapped[str] = mapped_column(String(100))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    decree_file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))

    decree_file: Mapped[StoredFile | None] = relationship()
    person: Mapped[Person] = relationship(lazy="joined", back_populates="appointments")
    institution: Mapped[Institution] = relationship()

    def is_in_force(self, day: date) -> bool:
        """True from the first to the last day of the term, both included."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def in_force(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """The same asked of the database: appointments whose term holds `day`, both ends included."""
    return (Appointment.valid_from <= day) & (Appointment.valid_until.is_(None) | (Appointment.valid_until >= day))


class Coverage(Base):
    """A regency or city that an Ombudsman office watches over. Many-to-many."""

    __tablename__ = "coverage"

    office_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), primary_key=True, index=True)


class Absence(Base):
    """Days, both included, on which a person is away: the deputy gets the mail meanwhile."""

    __tablename__ = "absences"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]

    person: Mapped[Person] = relationship()


class FaultKind(StrEnum):
    """Why a contact is not believed any more."""

    BOUNCED = "bounced"
    RETURNED = "returned"
    WRONG_OFFICE = "wrong_office"


class ContactFault(Base):
    """Something sent to `address` (of mail or post) came back, in the words of the server or the postman.

    Open until the address is changed or shown to work. `source` names what found it ("email:12"): each speaks once.
    """

    __tablename__ = "contact_faults"

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[FaultKind] = mapped_column(stored(FaultKind))
    address: Mapped[str] = mapped_column(String(300))
    words: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(40), unique=True)
    found_at: Mapped[datetime]
    mended_at: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship()
    person: Mapped[Person | None] = relationship()


class AddressChange(Base):
    """A mail address that was replaced. Whoever read the old one is told; `told_at` is when."""

    __tablename__ = "address_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    old_address: Mapped[str] = mapped_column(String(254))
    new_address: Mapped[str] = mapped_column(String(254), default="")
    changed_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship()
    person: Mapped[Person | None] = relationship()


class ReachAnswer(StrEnum):
    """The three buttons of a reach check."""

    STILL = "still"
    SUCCESSOR = "successor"
    WRONG_OFFICE = "wrong_office"


class ReachCheck(Base):
    """ "Are you still the PIC?", asked of one appointment. A named successor waits for an administrator's decision."""

    __tablename__ = "reach_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), index=True)
    asked_on: Mapped[date] = mapped_column(index=True)
    answer: Mapped[ReachAnswer | None] = mapped_column(stored(ReachAnswer))
    answered_at: Mapped[datetime | None]
    successor_name: Mapped[str] = mapped_column(String(200), default="")
    successor_title: Mapped[str] = mapped_column(String(200), default="")
    successor_email: Mapped[str] = mapped_column(String(254), default="")
    successor_phone: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None]

    appointment: Mapped[Appointment] = relationship(innerjoin=True)

    @property
    def stream(self) -> str:
        return f"reach:{self.id}"


_OPEN_FAULT = ContactFault.mended_at.is_(None)
Index("ix_contact_faults_open", ContactFault.address, sqlite_where=_OPEN_FAULT, postgresql_where=_OPEN_FAULT)
_UNTOLD = AddressChange.told_at.is_(None)
Index("ix_address_changes_untold", AddressChange.id, sqlite_where=_UNTOLD, postgresql_where=_UNTOLD)
