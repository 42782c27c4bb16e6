"""Letters: numbered, signed official documents."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, ForeignKey, Index, String, Text, UniqueConstraint, bindparam
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, stored
from hub.directory.models import Institution, Person
from hub.files.models import StoredFile
from hub.letters.rules import Paper, Security, Urgency


class LetterKind(StrEnum):
    """What a letter is for. A person signs it, unless it is one of those the hub issues (ISSUED_KINDS)."""

    FORWARDING = "forwarding"
    REMINDER = "reminder"
    SECOND_REQUEST = "second_request"
    TO_HEAD = "to_head"
    ESCALATION = "escalation"
    RECEIPT = "receipt"
    HANDOVER = "handover"
    INVENTORY = "inventory"


ISSUED_KINDS = (LetterKind.RECEIPT, LetterKind.HANDOVER, LetterKind.INVENTORY)
"""Documents that the hub makes by itself: without number and signature, and with a title instead of an addressee."""
FOLLOW_UPS = (LetterKind.REMINDER, LetterKind.SECOND_REQUEST, LetterKind.TO_HEAD, LetterKind.ESCALATION)
"""Letters after a forwarding letter that was not answered, the mildest first. Each encloses a copy of that one."""


class LetterState(StrEnum):
    """`issued`: made by the hub in the name of an office, without number and signature, for example a receipt."""

    DRAFT = "draft"
    TO_SIGN = "to_sign"
    SIGNED = "signed"
    VOID = "void"
    ISSUED = "issued"


class SigningMethod(StrEnum):
    """How a letter is signed: in the hub, there with the office's certificate, on paper, or in another system."""

    APPROVAL = "approval"
    CERTIFICATE = "certificate"
    WET = "wet"
    ELSEWHERE = "elsewhere"


class Register(StrEnum):
    """The two running series of an office: letters that leave it, and letters that come in (agenda)."""

    OUT = "out"
    IN = "in"


class NumberSeries(Base):
    """Last running number of an office's register in a year. Locked while it is used: no gaps, no doubles."""

    __tablename__ = "number_series"

    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), primary_key=True)
    register: Mapped[Register] = mapped_column(stored(Register), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Stationery(Base):
    """How an office's letters look and are signed. Never changed: a new version is a new row, the newest one counts.

    `emblem`: an image of the office's own, shown in the head. `archive_classes`: one a line, code first; the first is
    the usual one. `signing_office`: lines above the signature ("a.n. …" included); empty, the title of the office's
    head. `uses_own_register`: numbers are typed from the office's own register, the hub gives none. `texts`: openings
    and closings in the office's own words, by kind of letter.
    """

    __tablename__ = "stationeries"
    __table_args__ = (UniqueConstraint("institution_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    paper: Mapped[Paper] = mapped_column(stored(Paper))
    emblem_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    archive_classes: Mapped[str] = mapped_column(String(1000), default="")
    signing_office: Mapped[str] = mapped_column(String(400), default="")
    signing_method: Mapped[SigningMethod] = mapped_column(stored(SigningMethod))
    uses_own_register: Mapped[bool] = mapped_column(default=False)
    texts: Mapped[dict[str, Any]]

    emblem: Mapped[StoredFile | None] = relationship()
    created_by: Mapped[Person | None] = relationship()


class Letter(Base):
    """An official letter. `content` is everything printed that no other column holds, frozen when it is submitted.

    `about`: the stream of what it was written for ("forwarding:12"). `number_key` is what the number is looked up by
    when somebody types it (`rules.number_key`). The number is given at signing, or reserved when the copy to sign
    (`signing_copy`) is made; the worker makes the PDF once, and only the signed bytes (`file`) ever leave. `capacity`:
    "plt." or "plh." where the signatory stands in. `stationery_id`: the version it is printed with.
    """

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("institution_id", "year", "running"),
        UniqueConstraint("institution_id", "year", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    kind: Mapped[LetterKind] = mapped_column(stored(LetterKind))
    state: Mapped[LetterState] = mapped_column(stored(LetterState))
    about: Mapped[str] = mapped_column(String(64), index=True, default="")
    stationery_id: Mapped[int | None] = mapped_column(ForeignKey("stationeries.id"))
    subject: Mapped[str] = mapped_column(String(300))
    content: Mapped[dict[str, Any]]
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    submitted_at: Mapped[datetime | None]
    returned_note: Mapped[str] = mapped_column(String(2000), default="")
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    signing_method: Mapped[SigningMethod | None] = mapped_column(stored(SigningMethod))
    capacity: Mapped[str] = mapped_column(String(8), default="")
    signed_at: Mapped[datetime | None]
    dated: Mapped[date | None]
    year: Mapped[int | None]
    running: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(String(120))
    number_key: Mapped[str | None] = mapped_column(String(120), index=True)
    verification_code: Mapped[str] = mapped_column(String(24), unique=True)
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(500), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    signing_copy_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    render_attempts: Mapped[int] = mapped_column(default=0)
    render_error: Mapped[str] = mapped_column(String(500), default="")

    institution: Mapped[Institution] = relationship(lazy="joined", innerjoin=True)
    signatory: Mapped[Person | None] = relationship(foreign_keys=[signatory_id])
    file: Mapped[StoredFile | None] = relationship(lazy="joined", foreign_keys=[file_id])
    signing_copy: Mapped[StoredFile | None] = relationship(foreign_keys=[signing_copy_id])
    stationery: Mapped[Stationery | None] = relationship()

    @property
    def stream(self) -> str:
        return f"letter:{self.id}"


class IncomingLetter(Base):
    """A letter on paper that came in, with its number in the agenda of the office that got it.

    `sender`: an office of the directory, where it is one; `sender_name` is what the letterhead says. `about`: the
    stream of the matter it belongs to, "" while nobody has said. `number_key`: as of Letter.
    """

    __tablename__ = "incoming_letters"
    __table_args__ = (UniqueConstraint("institution_id", "year", "running"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    year: Mapped[int]
    running: Mapped[int]
    received_on: Mapped[date]
    number: Mapped[str] = mapped_column(String(120))
    number_key: Mapped[str] = mapped_column(String(120), index=True)
    dated: Mapped[date | None]
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    sender_name: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300))
    security: Mapped[Security] = mapped_column(stored(Security))
    urgency: Mapped[Urgency] = mapped_column(stored(Urgency))
    note: Mapped[str] = mapped_column(Text, default="")
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    about: Mapped[str] = mapped_column(String(64), index=True, default="")
    registered_at: Mapped[datetime]
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    request_key: Mapped[str | None] = mapped_column(String(36), unique=True)

    institution: Mapped[Institution] = relationship(foreign_keys=[institution_id], innerjoin=True)
    sender: Mapped[Institution | None] = relationship(foreign_keys=[sender_id])
    scan: Mapped[StoredFile | None] = relationship()
    dispositions: Mapped[list["Disposition"]] = relationship(order_by="Disposition.id")

    @property
    def stream(self) -> str:
        return f"incoming:{self.id}"

    @property
    def agenda_number(self) -> str:
        """ "12/2026": what the registrar writes on the letter."""
        return f"{self.running}/{self.year}"


class Disposition(Base):
    """Who is to do what about a letter that came in (lembar disposisi). `instructions`: Instruction values."""

    __tablename__ = "dispositions"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("incoming_letters.id"), index=True)
    to: Mapped[str] = mapped_column(String(200))
    instructions: Mapped[list[Any]]
    note: Mapped[str] = mapped_column(String(2000), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]

    by: Mapped[Person] = relationship(innerjoin=True)


IS_TO_SIGN = Letter.state == bindparam("to_sign", LetterState.TO_SIGN, literal_execute=True)
"""Written out, not bound: SQLite uses a partial index only for conditions it can read."""
Index("ix_letters_to_sign", Letter.institution_id, sqlite_where=IS_TO_SIGN, postgresql_where=IS_TO_SIGN)
PRINTED = (LetterState.SIGNED, LetterState.ISSUED)
"""States of a letter that has its PDF, or gets it next."""
_PRINTED: BindParameter[list[LetterState]] = bindparam("printed", PRINTED, expanding=True, literal_execute=True)
IS_TO_RENDER = Letter.state.in_(_PRINTED) & Letter.file_id.is_(None)
Index("ix_letters_to_render", Letter.id, sqlite_where=IS_TO_RENDER, postgresql_where=IS_TO_RENDER)
