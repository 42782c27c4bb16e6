"""Answers of the recipient, and what the sender made of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, stored
from hub.directory.models import Person
from hub.files.models import StoredFile
from hub.forwardings.models import Forwarding


class ResponseKind(StrEnum):
    INTERIM = "interim"
    FINAL = "final"


class Review(StrEnum):
    ACCEPTED = "accepted"
    INCOMPLETE = "incomplete"


class Response(Base):
    __tablename__ = "responses"

    id: Mapped[int] = mapped_column(primary_key=True)
    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), index=True)
    kind: Mapped[ResponseKind] = mapped_column(stored(ResponseKind))
    letter_number: Mapped[str] = mapped_column(String(120))
    letter_date: Mapped[date]
    summary: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    arrived_at: Mapped[datetime]
    review: Mapped[Review | None] = mapped_column(stored(Review))
    review_note: Mapped[str] = mapped_column(String(2000), default="")
    reviewed_at: Mapped[datetime | None]
    request_key: Mapped[str | None] = mapped_column(String(36), unique=True)

    forwarding: Mapped[Forwarding] = relationship()
    author: Mapped[Person] = relationship()
    files: Mapped[list[StoredFile]] = relationship(secondary="response_files")


class ResponseFile(Base):
    __tablename__ = "response_files"

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
