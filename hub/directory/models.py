"""Regions, institutions, and the people who speak for them."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, stored


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
    governor it answers to (an addressee, not an institution of the hub).
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
    phone: Mapped[str] = mapped_column(String(40), default="")
    postal_address: Mapped[str] = mapped_column(String(300), default="")
    number_template: Mapped[str] = mapped_column(String(120))

    region: Mapped[Region | None] = relationship(lazy="joined")
    supervisor: Mapped["Institution | None"] = relationship(remote_side="Institution.id")

    @property
    def network(self) -> Network:
        """The network in which this institution sends."""
        ombudsman = self.kind in (InstitutionKind.OMBUDSMAN_HEAD, InstitutionKind.OMBUDSMAN_OFFICE)
        return Network.OMBUDSMAN if ombudsman else Network.KEMENSETNEG


class Person(Base):
    """Someone who works at an institution. May have no account: a PIC can answer by links alone."""

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200), default="")
    employee_number: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str] = mapped_column(String(40), default="")

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

    person: Mapped[Person] = relationship(lazy="joined", back_populates="appointments")
    institution: Mapped[Institution] = relationship()

    def is_in_force(self, day: date) -> bool:
        """True from the first to the last day of the term, both included."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
