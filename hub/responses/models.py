"""Answers of the recipient, and what the sender made of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, cast
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from hub.database import Base, stored
from hub.directory.models import Institution, Person
from hub.files.models import StoredFile
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import ProofChannel
from hub.letters.models import IncomingLetter, Letter, LetterKind
from hub.mail.inbox.models import FoundBy, InboundMail
from hub.responses.phrases import says_nothing_yet
from hub.responses.rules import AnnouncementState, AnswerOutcome, ReplyWay

_STREAM = "response:"


class ResponseKind(StrEnum):
    INTERIM = "interim"
    FINAL = "final"


class Review(StrEnum):
    ACCEPTED = "accepted"
    INCOMPLETE = "incomplete"


class Response(Base):
    """An answer to a letter. `channel`: how it came; `author` is None unless it came from somebody signed in.

    `author_name` says who wrote it in any case. `outcome`: what a final answer found, where it says so, and
    `proposed_owner` who should have been asked instead, when the recipient is not competent. `reports`: examination
    reports (LHP), which fewer people may open than other files. `sources`: answers of offices below that it was made
    from. `incoming`: the letter on paper that it is. `receipt`: the letter by which its arrival was confirmed.

    `withdrawn_at`: it belonged to another letter and is kept for the record only.
    """

    __tablename__ = "responses"
    __table_args__ = (UniqueConstraint("forwarding_id", "incoming_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), index=True)
    kind: Mapped[ResponseKind] = mapped_column(stored(ResponseKind))
    channel: Mapped[ProofChannel] = mapped_column(stored(ProofChannel))
    outcome: Mapped[AnswerOutcome | None] = mapped_column(stored(AnswerOutcome))
    proposed_owner_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    letter_number: Mapped[str] = mapped_column(String(120))
    letter_date: Mapped[date]
    summary: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    author_name: Mapped[str] = mapped_column(String(400))
    arrived_at: Mapped[datetime]
    review: Mapped[Review | None] = mapped_column(stored(Review))
    review_note: Mapped[str] = mapped_column(String(2000), default="")
    reviewed_at: Mapped[datetime | None]
    request_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    incoming_id: Mapped[int | None] = mapped_column(ForeignKey("incoming_letters.id"), index=True)
    withdrawn_at: Mapped[datetime | None]

    forwarding: Mapped[Forwarding] = relationship()
    incoming: Mapped[IncomingLetter | None] = relationship()
    author: Mapped[Person | None] = relationship()
    proposed_owner: Mapped[Institution | None] = relationship()
    files: Mapped[list[StoredFile]] = relationship(secondary="response_files", order_by=StoredFile.id)
    reports: Mapped[list[StoredFile]] = relationship(secondary="response_reports", order_by=StoredFile.id)
    sources: Mapped[list["Response"]] = relationship(
        secondary="response_sources",
        primaryjoin=lambda: Response.id == ResponseSource.response_id,
        secondaryjoin=lambda: Response.id == ResponseSource.source_id,
    )
    receipt: Mapped[Letter | None] = relationship(
        primaryjoin=lambda: (
            (foreign(Letter.about) == _STREAM + cast(Response.id, String)) & (Letter.kind == LetterKind.RECEIPT)
        ),
        viewonly=True,
    )

    @property
    def stream(self) -> str:
        return f"{_STREAM}{self.id}"

    @property
    def is_decline(self) -> bool:
        """True when the recipient says that it is not competent."""
        return self.outcome is AnswerOutcome.NOT_COMPETENT

    @property
    def says_nothing_yet(self) -> bool:
        """True when it consists of stock phrases alone. Of a letter on paper only the subject is known here."""
        return self.incoming_id is None and not self.is_decline and says_nothing_yet(self.summary)


class ResponseFile(Base):
    __tablename__ = "response_files"

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)


class ResponseReport(Base):
    """An examination report (LHP) that came with an answer."""

    __tablename__ = "response_reports"

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)


class ResponseSource(Base):
    """An answer from below, and the answer that was made from it."""

    __tablename__ = "response_sources"

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), primary_key=True, index=True)


class AnnouncedReply(Base):
    """An answer that the recipient says has left and that is not here yet. While one is awaited, nobody is silent.

    `tracking_number`: of the post, where there is one. `name`: who says so, with the office. It ends when an answer
    arrives (`response`), when the sender has looked for it in vain (`given_up_at`), or when it was a mistake
    (`withdrawn_at`).
    """

    __tablename__ = "announced_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), index=True)
    letter_number: Mapped[str] = mapped_column(String(120))
    letter_date: Mapped[date]
    way: Mapped[ReplyWay] = mapped_column(stored(ReplyWay))
    sent_on: Mapped[date]
    tracking_number: Mapped[str] = mapped_column(String(40), default="")
    channel: Mapped[ProofChannel] = mapped_column(stored(ProofChannel))
    name: Mapped[str] = mapped_column(String(400))
    announced_at: Mapped[datetime]
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id"), index=True)
    given_up_at: Mapped[datetime | None]
    given_up_note: Mapped[str] = mapped_column(String(2000), default="")
    withdrawn_at: Mapped[datetime | None]
    request_key: Mapped[str | None] = mapped_column(String(36), unique=True)

    forwarding: Mapped[Forwarding] = relationship(innerjoin=True)
    response: Mapped[Response | None] = relationship()

    @property
    def state(self) -> AnnouncementState:
        if self.withdrawn_at is not None:
            return AnnouncementState.MISTAKE
        if self.given_up_at is not None:
            return AnnouncementState.NOT_FOUND
        return AnnouncementState.AWAITED if self.response_id is None else AnnouncementState.ARRIVED

    @property
    def is_awaited(self) -> bool:
        return self.state is AnnouncementState.AWAITED


IS_AWAITED = (
    AnnouncedReply.response_id.is_(None) & AnnouncedReply.given_up_at.is_(None) & AnnouncedReply.withdrawn_at.is_(None)
)
Index(
    "ix_announced_replies_awaited", AnnouncedReply.forwarding_id, sqlite_where=IS_AWAITED, postgresql_where=IS_AWAITED
)


class Decision(StrEnum):
    """What the sender makes of a reply that came by mail, or of a letter on paper."""

    RECEIPT = "receipt"
    MESSAGE = "message"
    INTERIM = "interim"
    FINAL = "final"


NO_ANSWER = (Decision.RECEIPT, Decision.MESSAGE)
"""It says something, yet the answer is still owed."""
ON_PAPER = (Decision.RECEIPT, Decision.INTERIM, Decision.FINAL)
"""A letter is no message of the coordination thread."""


class MailedReply(Base):
    """A mail of a person that was filed with a forwarding. It waits until the sender says what it is.

    `proof` is the acknowledgement that came with it, `response` the answer it was taken for. `withdrawn_at`: it was
    filed here by mistake.
    """

    __tablename__ = "mailed_replies"
    __table_args__ = (UniqueConstraint("forwarding_id", "mail_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    forwarding_id: Mapped[int] = mapped_column(ForeignKey("forwardings.id"), index=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("inbound_mails.id"), index=True)
    found_by: Mapped[FoundBy] = mapped_column(stored(FoundBy))
    filed_at: Mapped[datetime]
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("proofs.id"))
    decision: Mapped[Decision | None] = mapped_column(stored(Decision))
    decided_at: Mapped[datetime | None]
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id"), index=True)
    withdrawn_at: Mapped[datetime | None]

    forwarding: Mapped[Forwarding] = relationship(innerjoin=True)
    mail: Mapped[InboundMail] = relationship(innerjoin=True)
    proof: Mapped[Proof | None] = relationship()
    response: Mapped[Response | None] = relationship()

    @property
    def is_waiting(self) -> bool:
        return self.decision is None and self.withdrawn_at is None

    @property
    def says_nothing_yet(self) -> bool:
        """True when it consists of stock phrases alone."""
        return says_nothing_yet(self.mail.words)


IS_WAITING = MailedReply.decision.is_(None) & MailedReply.withdrawn_at.is_(None)
Index("ix_mailed_replies_waiting", MailedReply.id, sqlite_where=IS_WAITING, postgresql_where=IS_WAITING)
