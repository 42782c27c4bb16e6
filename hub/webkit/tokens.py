"""Link tokens: derived from what the database holds and a key it does not hold, so a stolen copy opens nothing."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum

_MAC_BYTES = 16

LIFE = timedelta(days=180)
"""Longer than any response clock plus its ladder, so that a link never dies under an open letter."""


class LinkState(StrEnum):
    """What a link is worth now."""

    GOOD = "good"
    EXPIRED = "expired"
    REVOKED = "revoked"


def link_state(expires_at: datetime | None, revoked_at: datetime | None, now: datetime) -> LinkState:
    if revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.EXPIRED if expires_at is not None and expires_at <= now else LinkState.GOOD


def derive(keys: tuple[str, ...], purpose: str, id: int, nonce: str) -> str:
    """Token `<id>-<mac>` for one purpose. The newest key signs; HMAC-SHA256 cut to 128 bits (RFC 2104 §5)."""
    return f"{id}-{_mac(keys[0], purpose, id, nonce)}"


def claimed_id(token: str) -> int | None:
    """The row a token speaks of, not yet believed: look the row up, then ask `is_genuine`.

    Nine digits are a thousand million messages, and fit every key of the database.
    """
    id, _, mac = token.partition("-")
    return int(id) if id.isascii() and id.isdigit() and len(id) < 10 and mac else None


def is_genuine(token: str, keys: tuple[str, ...], purpose: str, id: int, nonce: str) -> bool:
    """True when any of `keys` (newest first) made this token for this purpose, row and nonce."""
    expected = [f"{id}-{_mac(key, purpose, id, nonce)}" for key in keys]
    return any([hmac.compare_digest(token.encode(), one.encode()) for one in expected])  # noqa: C419  (compare with every key: the time taken tells nothing)


def _mac(key: str, purpose: str, id: int, nonce: str) -> str:
    return base64.urlsafe_b64encode(mac(key, purpose, id, nonce)[:_MAC_BYTES]).rstrip(b"=").decode()


def mac(key: str, purpose: str, id: int, nonce: str) -> bytes:
    """HMAC-SHA256, 32 bytes, to be cut to what a token has room for."""
    return hmac.digest(key.encode(), f"{purpose}:{id}:{nonce}".encode(), hashlib.sha256)
