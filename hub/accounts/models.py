"""Accounts: how a person signs in, and what they may do."""

from datetime import datetime
from hashlib import sha256

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub import clock
from hub.accounts.rules import Capability, Role, capabilities_of
from hub.database import Base, stored
from hub.directory.models import Institution, Person


class Account(UserMixin, Base):
    """Sign-in of one person. PIC and deputy are not roles here: they follow from appointments in force."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2), default="id")
    is_enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    granted: Mapped[list["AccountRole"]] = relationship(lazy="joined", cascade="all, delete-orphan")

    @property
    def stream(self) -> str:
        return f"account:{self.id}"

    def get_id(self) -> str:
        """What a session keeps. It holds a print of the password hash: a changed password ends every session."""
        return f"{self.id}.{sha256(self.password_hash.encode()).hexdigest()[:16]}"

    @property
    def is_active(self) -> bool:
        return self.is_enabled

    @property
    def institution(self) -> Institution:
        return self.person.institution

    @property
    def roles(self) -> frozenset[Role]:
        day = clock.today(self.institution.zone)
        appointed = (Role(one.role.value) for one in self.person.appointments if one.is_in_force(day))
        return frozenset([*(row.role for row in self.granted), *appointed])

    @property
    def is_staff(self) -> bool:
        """True for whoever holds a role of the office itself; PIC and deputy alone speak for it in one network."""
        return bool(self.granted)

    def may(self, capability: str) -> bool:
        """True when one of this person's roles, or an appointment as PIC, gives `capability`.

        What an appointment gives beyond answering holds for the own office alone: one elsewhere gives no right here.
        """
        if capability == Capability.RESPOND:
            return capability in capabilities_of(self.roles)
        day = clock.today(self.institution.zone)
        here = (one for one in self.person.appointments if one.institution_id == self.person.institution_id)
        appointed = (Role(one.role.value) for one in here if one.is_in_force(day))
        return Capability(capability) in capabilities_of([*(row.role for row in self.granted), *appointed])


class AccountRole(Base):
    __tablename__ = "account_roles"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(stored(Role), primary_key=True)


class SignInAttempt(Base):
    """A failed sign-in, or a failed try at the code of a slip, kept a day: too many close the door for a while."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email_digest: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
