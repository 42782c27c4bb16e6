"""Letters: numbered, signed official documents."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, stored
from hub.directory.models import Institution, Person
from hub.files.models import StoredFile


class LetterKind(StrEnum):
    FORWARDING = "forwarding"


class LetterState(StrEnum):
    DRAFT = "draft"
    TO_SIGN = "to_sign"
    SIGNED = "signed"
    VOID = "void"


class NumberSeries(Base):
    """Last running number used by an institution in a year. Locked while a letter is signed: no gaps, no doubles."""

    __tablename__ = "number_series"

    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Letter(Base):
    """An official letter. `content` is everything printed that no other column holds, frozen when it is submitted.

    `number_key` is what the number is looked up by when somebody types it (`rules.number_key`).
    The number is given at signing; the worker then makes the PDF once, and only those bytes ever leave.
    """

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("institution_id", "year", "running"),
        UniqueConstraint("institution_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    kind: Mapped[LetterKind] = mapped_column(stored(LetterKind))
    state: Mapped[LetterState] = mapped_column(stored(LetterState))
    subject: Mapped[str] = mapped_column(String(300))
    content: Mapped[dict[str, Any]]
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    submitted_at: Mapped[datetime | None]
    returned_note: Mapped[str] = mapped_column(String(2000), default="")
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    signed_at: Mapped[datetime | None]
    dated: Mapped[date | None]
    year: Mapped[int | None]
    running: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(String(120))
    number_key: Mapped[str | None] = mapped_column(String(120), index=True)
    verification_code: Mapped[str] = mapped_column(String(24), unique=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    render_attempts: Mapped[int] = mapped_column(default=0)
    render_error: Mapped[str] = mapped_column(String(500), default="")

    institution: Mapped[Institution] = relationship(lazy="joined", innerjoin=True)
    signatory: Mapped[Person | None] = relationship(foreign_keys=[signatory_id])
    file: Mapped[StoredFile | None] = relationship(lazy="joined")


Index(
    "ix_letters_to_render",
    Letter.id,
    sqlite_where=(Letter.state == LetterState.SIGNED) & Letter.file_id.is_(None),
    postgresql_where=(Letter.state == LetterState.SIGNED) & Letter.file_id.is_(None),
)
