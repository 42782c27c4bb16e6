"""Calls about a forwarding, for who may read them, and when its letter left."""

from collections.abc import Collection, Sequence
from datetime import datetime

from flask import abort
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from hub.accounts.models import Account
from hub.accounts.rules import Capability
from hub.audit import queries as audit
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import queries as forwardings
from hub.forwardings.calls.models import Call
from hub.forwardings.calls.rules import CONFIRMED_AT
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening
from hub.mail.models import ON_THE_TRACK, EmailDispatch, EmailState
from hub.post.models import PostDispatch
from hub.post.rules import GONE, PostState

_LEFT = (Happening.DISPATCHED, Happening.DELIVERED, Happening.NOT_SENT)


def of(forwarding: Forwarding) -> Sequence[Call]:
    """All of them, the latest first."""
    mine = select(Call).where(Call.forwarding_id == forwarding.id).order_by(Call.called_at.desc(), Call.id.desc())
    return db.session.scalars(mine.options(joinedload(Call.by), selectinload(Call.files))).all()


def latest(forwarding_ids: Collection[int]) -> dict[int, Call]:
    """The last call about each of these forwardings that still stands. One query."""
    standing = Call.forwarding_id.in_(forwarding_ids) & Call.withdrawn_at.is_(None)
    newest = select(func.max(Call.id)).where(standing).group_by(Call.forwarding_id)
    return {one.forwarding_id: one for one in db.session.scalars(select(Call).where(Call.id.in_(newest)))}


def may_read(account: Account, forwarding: Forwarding) -> bool:
    """The sender's house and who watches the network: what was said on the telephone is not for the recipient."""
    return forwardings.is_sender(account, forwarding) or account.may(Capability.MONITOR)


def get_own(account: Account, id: int) -> Call:
    """A call about a letter of the own office; else 404."""
    found = db.session.get(Call, id) or abort(404)
    forwarding = forwardings.get_visible(account, found.forwarding_id)
    return found if forwardings.is_sender(account, forwarding) else abort(404)


def get_file(account: Account, id: int, file_id: int) -> StoredFile:
    """Evidence of a call, for who may read of it; else 404."""
    found = db.session.get(Call, id) or abort(404)
    if not may_read(account, forwardings.get_visible(account, found.forwarding_id)):
        abort(404)
    return next((one for one in found.files if one.id == file_id), None) or abort(404)


def left_at(forwarding: Forwarding) -> datetime:
    """When this letter first left or was tried; until then nobody there can have been asked about it.

    One of before, that was declared void, says nothing of it.
    """
    signed_at = forwarding.letter.signed_at
    assert signed_at is not None  # LOGGED_AT
    tried = (event.occurred_at for event in audit.of_stream(forwarding.stream) if event.kind in _LEFT)
    return min((moment for moment in tried if moment >= signed_at), default=signed_at)


def may_be_there(forwarding: Forwarding) -> bool:
    """True when this very letter left, by mail or post, and did not come back: somebody there can have it."""
    if forwarding.stage not in CONFIRMED_AT:
        return False
    mails = select(EmailDispatch.id).where(
        EmailDispatch.letter_id == forwarding.letter_id,
        EmailDispatch.institution_id == forwarding.recipient_id,
        EmailDispatch.purpose.in_(ON_THE_TRACK),
        EmailDispatch.state == EmailState.HANDED_OVER,
    )
    envelopes = select(PostDispatch.id).where(
        PostDispatch.about == forwarding.stream,
        PostDispatch.institution_id == forwarding.recipient_id,
        PostDispatch.state.in_(GONE),
        PostDispatch.state != PostState.RETURNED,
    )
    return any(db.session.scalar(one.limit(1)) is not None for one in (mails, envelopes))
