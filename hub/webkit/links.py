"""What a token opens: the same for links in mails and codes on slips."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from hub import clock
from hub.webkit import tokens


class LinkState(StrEnum):
    GOOD = "good"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Linked(Protocol):
    """A row whose link is derived from its nonce. One without an end was never given a link."""

    @property
    def id(self) -> int: ...
    @property
    def nonce(self) -> str: ...
    @property
    def link_expires_at(self) -> datetime | None: ...
    @property
    def link_revoked_at(self) -> datetime | None: ...


Row = TypeVar("Row", bound=Linked)


@dataclass(frozen=True)
class Link(Generic[Row]):
    """What a token opens. `dispatch` is None when the token is unknown, and only then."""

    state: LinkState
    dispatch: Row | None = None


def follow(token: str, keys: tuple[str, ...], purpose: str, find: Callable[[int], Row | None]) -> Link[Row]:
    """The row whose link this is. A tampered token and one that never existed look the same."""
    id = tokens.claimed_id(token)
    row = find(id) if id else None
    if row is None or row.link_expires_at is None:
        return Link(LinkState.UNKNOWN)
    if not tokens.is_genuine(token, keys, purpose, row.id, row.nonce):
        return Link(LinkState.UNKNOWN)
    if row.link_revoked_at is not None:
        return Link(LinkState.REVOKED, row)
    return Link(LinkState.EXPIRED if row.link_expires_at <= clock.now() else LinkState.GOOD, row)
