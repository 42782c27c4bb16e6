"""The address of its own that every message has: it is sent from there, and answers are asked to go there.

Answers come to addresses meant for bounces, and bounces to those meant for answers; so one serves for both, and what
comes in is looked at. The address names the message by a token, derived like that of a link, with keys of its own.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from itertools import islice

from flask import current_app
from sqlalchemy import select

from hub.config import Settings
from hub.database import LARGEST_KEY
from hub.extensions import db
from hub.mail.models import EmailDispatch
from hub.webkit import tokens

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that looks like a digit, and servers and people change the case as they like."""
_FROM_BASE32 = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _LETTERS.encode())
_TO_DIGITS = str.maketrans(_LETTERS, "0123456789abcdefghijklmnopqrstuv")
_AS_MEANT = str.maketrans("oil", "011")
_MAC_BYTES = 10
_TOKEN = re.compile(r"(?<![0-9a-z])(r-([0-9a-z]{1,7})-[0-9a-z]{16})@([0-9a-z.-]+)", re.IGNORECASE | re.ASCII)
_MOST = 1000
"""Tokens looked up for one call. No honest mail names more; a hostile one must not make an endless query."""


def of(dispatch: EmailDispatch) -> str:
    """Where what is said about this message comes back to. The newest key signs."""
    settings, token = _settings(), _tokens(dispatch)[0]
    name, _, domain = settings.mail_from.rpartition("@")
    return f"{token}@{settings.reply_domain}" if settings.reply_domain else f"{name}+{token}@{domain}"


def dispatches_behind(addresses: Iterable[str]) -> list[EmailDispatch]:
    """The messages whose return address is among these, each once, in that order, in one query.

    An address may come as a header has it, in any case and with the usual typing errors (o for 0, i or l for 1). What
    this hub did not make, with any of its keys, is passed over.
    """
    return behind_each([addresses])[0]


def behind_each(lists: Sequence[Iterable[str]]) -> list[list[EmailDispatch]]:
    """The same for several lists of addresses, in one query for all."""
    claims = [dict(islice(_claimed(addresses), _MOST)) for addresses in lists]
    wanted = {id for claimed in claims for id in claimed.values()}
    if not wanted:
        return [[] for _ in claims]
    rows = db.session.scalars(select(EmailDispatch).where(EmailDispatch.id.in_(wanted)))
    known = {dispatch.id: dispatch for dispatch in rows}
    return [_genuine(claimed, known) for claimed in claims]


def _genuine(claimed: dict[str, int], known: dict[int, EmailDispatch]) -> list[EmailDispatch]:
    named = ((token, known.get(id)) for token, id in claimed.items())
    return list(dict.fromkeys(dispatch for token, dispatch in named if dispatch and _is_genuine(token, dispatch)))


def _claimed(addresses: Iterable[str]) -> Iterable[tuple[str, int]]:
    """Tokens in these addresses and the rows they speak of, not yet believed."""
    settings = _settings()
    ours = {settings.reply_domain.lower(), settings.mail_from.rpartition("@")[2].lower()}
    for address in addresses:
        for token, id, domain in _TOKEN.findall(address):
            if domain.lower().rstrip(".") in ours:
                meant = token.lower().translate(_AS_MEANT)
                row = int(id.lower().translate(_AS_MEANT).translate(_TO_DIGITS), 32)
                if row <= LARGEST_KEY:
                    yield meant, row


def _is_genuine(token: str, dispatch: EmailDispatch) -> bool:
    return any([hmac.compare_digest(token, one) for one in _tokens(dispatch)])  # noqa: C419  (compare with every key: the time taken tells nothing)


def _tokens(dispatch: EmailDispatch) -> list[str]:
    """`r-<id>-<mac>` by each key, newest first: 26 characters at most."""
    id = _written(dispatch.id.to_bytes(5)).lstrip("0")
    macs = (tokens.mac(key, "return", dispatch.id, dispatch.nonce)[:_MAC_BYTES] for key in _keys())
    return [f"r-{id}-{_written(mac)}" for mac in macs]


def _keys() -> list[str]:
    """One for each key of links, derived, so that no token of one kind says anything about the other."""
    keys = (key.get_secret_value() for key in _settings().link_keys)
    return [hmac.digest(key.encode(), b"return address", hashlib.sha256).hex() for key in keys]


def _written(value: bytes) -> str:
    return base64.b32encode(value).translate(_FROM_BASE32).decode()


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
