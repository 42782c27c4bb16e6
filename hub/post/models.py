"""The paper track: one letter in one envelope to one office."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from hub import clock
from hub.database import Base, stored
from hub.directory.models import Institution, Person
from hub.files.models import StoredFile
from hub.letters.models import Letter
from hub.post.rules import GONE, ON_THE_WAY, Addressing, PostState, ScanKind, Sighting, envelope_code
from hub.webkit import tokens


class PrintJob(Base):
    """Letters, slips and envelopes of one office to be printed together, as one PDF that the worker makes.

    The file holds working codes of slips: it is deleted once printed, and after a day at the latest. `error` names the
    letters that are not in it.
    """

    __tablename__ = "print_jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    addressing: Mapped[Addressing] = mapped_column(stored(Addressing))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    made_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))

    institution: Mapped[Institution] = relationship(innerjoin=True)
    file: Mapped[StoredFile | None] = relationship()

    @property
    def is_waiting(self) -> bool:
        """The worker has yet to make it."""
        return self.made_at is None


class PostDispatch(Base):
    """A posted letter with its own receipt slip. The slip's code is derived from `nonce`, never stored.

    From the posting on, `state` and what is known of the end are the fold of the scans (`rules`); `last_scan_at` is the
    newest of them. `print_job`: the print it is in, or was in last; None while it has yet to be put into one.
    """

    __tablename__ = "post_dispatches"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(64), index=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    state: Mapped[PostState] = mapped_column(stored(PostState), index=True)
    address: Mapped[str] = mapped_column(String(600))
    nonce: Mapped[str] = mapped_column(String(32))
    link_expires_at: Mapped[datetime | None]
    link_revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]
    posted_at: Mapped[datetime | None]
    tracking_number: Mapped[str] = mapped_column(String(20), default="", index=True)
    last_scan_at: Mapped[datetime | None]
    print_job_id: Mapped[int | None] = mapped_column(ForeignKey("print_jobs.id"), index=True)
    delivered_on: Mapped[date | None]
    delivered_to: Mapped[str] = mapped_column(String(200), default="")
    returned_on: Mapped[date | None]
    return_reason: Mapped[str] = mapped_column(String(300), default="")
    presumed_lost_on: Mapped[date | None]
    noticed_at: Mapped[datetime | None]

    letter: Mapped[Letter] = relationship(innerjoin=True)
    institution: Mapped[Institution] = relationship(innerjoin=True)
    print_job: Mapped[PrintJob | None] = relationship()
    scans: Mapped[list["PostScan"]] = relationship(order_by="PostScan.at, PostScan.id", back_populates="dispatch")

    @property
    def has_slip(self) -> bool:
        """A slip goes along: not with a letter to somebody who has nothing to confirm."""
        return bool(self.nonce)

    @property
    def stream(self) -> str:
        return f"post:{self.id}"

    @property
    def code(self) -> str:
        """Printed on the envelope, to find it by when its tracking number is scanned."""
        return envelope_code(self.id)

    @property
    def is_delivered_to_nobody(self) -> bool:
        """Delivered, and nobody knows to whom: no proof of receipt."""
        return self.state is PostState.DELIVERED and not self.delivered_to

    @property
    def link_state(self) -> tokens.LinkState:
        """What the code on the slip is worth at this moment."""
        return tokens.link_state(self.link_expires_at, self.link_revoked_at, clock.now())

    @validates("state")
    def _owner_has_not_seen_it(self, _: str, state: PostState) -> PostState:
        """Whoever the letter is about pulls what is not yet noticed; every change of state is news again."""
        self.noticed_at = None
        return state


class PostScan(Base):
    """What was seen of an envelope at one moment, told by the post's file or by a person, in whatever order it came.

    `receiver`: who signed for it; `words`: the reason of a failure or return, or a note. `proof`: a photo. The same
    scan told again is the same row. `withdrawn_at`: it was entered by mistake.
    """

    __tablename__ = "post_scans"
    __table_args__ = (UniqueConstraint("dispatch_id", "at", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(ForeignKey("post_dispatches.id"))
    at: Mapped[datetime]
    kind: Mapped[ScanKind] = mapped_column(stored(ScanKind))
    place: Mapped[str] = mapped_column(String(200), default="")
    receiver: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    withdrawn_at: Mapped[datetime | None]

    dispatch: Mapped[PostDispatch] = relationship(back_populates="scans")
    proof: Mapped[StoredFile | None] = relationship()
    recorded_by: Mapped[Person | None] = relationship()

    @property
    def sighting(self) -> Sighting:
        return Sighting(self.at, self.kind, self.receiver, self.words)


IS_NEWS = PostDispatch.noticed_at.is_(None) & PostDispatch.state.in_(GONE)
"""What whoever the letter is about has not noticed yet."""
Index("ix_post_dispatches_news", PostDispatch.id, sqlite_where=IS_NEWS, postgresql_where=IS_NEWS)
_TO_MAKE_OR_DELETE = PrintJob.made_at.is_(None) | PrintJob.file_id.is_not(None)
Index("ix_print_jobs_open", PrintJob.id, sqlite_where=_TO_MAKE_OR_DELETE, postgresql_where=_TO_MAKE_OR_DELETE)
_UNDER_WAY = PostDispatch.state.in_(ON_THE_WAY)
Index("ix_post_dispatches_under_way", PostDispatch.last_scan_at, sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY)
