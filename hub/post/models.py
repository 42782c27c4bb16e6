"""The paper track: one letter in one envelope to one office."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from hub import clock
from hub.database import Base, stored
from hub.directory.models import Institution
from hub.files.models import StoredFile
from hub.letters.models import Letter
from hub.post.rules import PostState
from hub.webkit import tokens


class PostDispatch(Base):
    """A posted letter with its own receipt slip. The slip's code is derived from `nonce`, never stored.

    `slip_wanted`: the worker has yet to make the slip's PDF. `slip_file` exists from then until it is printed, at most
    a day.
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
    tracking_number: Mapped[str] = mapped_column(String(20), default="")
    delivered_on: Mapped[date | None]
    delivered_to: Mapped[str] = mapped_column(String(200), default="")
    returned_on: Mapped[date | None]
    return_reason: Mapped[str] = mapped_column(String(300), default="")
    noticed_at: Mapped[datetime | None]
    slip_wanted: Mapped[bool] = mapped_column(default=True)
    slip_file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))

    letter: Mapped[Letter] = relationship(innerjoin=True)
    institution: Mapped[Institution] = relationship(innerjoin=True)
    slip_file: Mapped[StoredFile | None] = relationship(foreign_keys=[slip_file_id])

    @property
    def stream(self) -> str:
        return f"post:{self.id}"

    @property
    def link_state(self) -> tokens.LinkState:
        """What the code on the slip is worth at this moment."""
        return tokens.link_state(self.link_expires_at, self.link_revoked_at, clock.now())

    @validates("state")
    def _owner_has_not_seen_it(self, _: str, state: PostState) -> PostState:
        """Whoever the letter is about pulls what is not yet noticed; every change of state is news again."""
        self.noticed_at = None
        return state


_NEWS = PostDispatch.noticed_at.is_(None) & PostDispatch.state.in_(
    (PostState.POSTED, PostState.DELIVERED, PostState.RETURNED)
)
Index("ix_post_dispatches_news", PostDispatch.id, sqlite_where=_NEWS, postgresql_where=_NEWS)
_SLIPS = PostDispatch.slip_file_id.is_not(None)
Index("ix_post_dispatches_slips", PostDispatch.id, sqlite_where=_SLIPS, postgresql_where=_SLIPS)
