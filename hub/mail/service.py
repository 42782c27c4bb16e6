"""The outbox: the only place that writes messages and what became of them."""

import random
import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from hub import clock
from hub.audit import service as audit
from hub.audit.rules import CLOCK, SYSTEM
from hub.config import Settings
from hub.extensions import db
from hub.letters.models import Letter
from hub.mail import rules
from hub.mail.models import EmailDispatch, EmailPurpose, EmailState
from hub.webkit import links, tokens


class UnusableAddress(ValueError):
    """No mail could be sent to this address. The message tells a person what to mend."""


def queue(
    *,
    about: str,
    purpose: EmailPurpose,
    institution_id: int | None,
    to_name: str,
    to_address: str,
    subject: str,
    paragraphs: Sequence[str],
    signature: str,
    action: str = "",
    letter: Letter | None = None,
    link_life: timedelta = tokens.LIFE,
) -> EmailDispatch:
    """Put one message to one recipient into the outbox, kept or lost together with its cause.

    The first line of `signature` is the office that writes. `action` labels the button of a message with a link,
    which opens for `link_life`; several buttons have a line each. With
    `letter` the message waits until that letter's PDF exists and carries it. Raises UnusableAddress.
    """
    now = clock.now()
    settings: Settings = current_app.extensions["settings"]
    domain = settings.mail_from.rpartition("@")[2]
    dispatch = EmailDispatch(
        about=about,
        purpose=purpose,
        state=EmailState.QUEUED,
        message_id=f"<{secrets.token_hex(16)}@{domain}>",
        institution_id=institution_id,
        to_name=rules.one_line(to_name, 300),
        to_address=_usable(to_address),
        subject=rules.one_line(subject, 300),
        paragraphs="\n\n".join(paragraphs),
        signature=signature,
        action=action,
        nonce=secrets.token_urlsafe(16),
        link_expires_at=now + link_life if action else None,
        letter_id=letter.id if letter else None,
        queued_at=now,
        next_attempt_at=now,
    )
    db.session.add(dispatch)
    db.session.flush()
    audit.record(_stream(dispatch), "queued", SYSTEM, {"about": about, "purpose": str(purpose)})
    return dispatch


def cancel_queued(about: str) -> int:
    """Call back what has not left yet. Returns how many messages stay at home."""
    waiting = (EmailDispatch.about == about) & (EmailDispatch.state == EmailState.QUEUED)
    dispatches = db.session.scalars(select(EmailDispatch).where(waiting).with_for_update()).all()
    for dispatch in dispatches:
        _end(dispatch, EmailState.CANCELLED)
    return len(dispatches)


def revoke_links(about: str) -> None:
    """Close every link that was sent about this matter; who opens one is told that it was withdrawn."""
    for dispatch in db.session.scalars(select(EmailDispatch).where(EmailDispatch.about == about)):
        dispatch.link_revoked_at = dispatch.link_revoked_at or clock.now()


def take_back(dispatches: Iterable[EmailDispatch]) -> None:
    """Close the links of these messages; those that have not left yet do not leave."""
    ids = [dispatch.id for dispatch in dispatches]
    mine = select(EmailDispatch).where(EmailDispatch.id.in_(ids)).order_by(EmailDispatch.id).with_for_update()
    for dispatch in db.session.scalars(mine.execution_options(populate_existing=True)):
        dispatch.link_revoked_at = dispatch.link_revoked_at or clock.now()
        if dispatch.state is EmailState.QUEUED:
            _end(dispatch, EmailState.CANCELLED)


def link_address(dispatch: EmailDispatch) -> str:
    """The address behind the button. Derived each time; it is in no table and in no log."""
    return links.address(dispatch.link_purpose, dispatch.id, dispatch.nonce)


def hand_over(dispatch: EmailDispatch, words: str) -> None:
    """The recipient's server took the message: nothing more is known."""
    dispatch.attempts += 1
    dispatch.server_reply = words[:1000]
    dispatch.handed_over_at = clock.now()
    _end(dispatch, EmailState.HANDED_OVER)


def fail(dispatch: EmailDispatch, words: str) -> None:
    """The message cannot be delivered; its owner will notice and turn to another address or track."""
    if dispatch.state is not EmailState.QUEUED:
        return  # called back while the server was thinking
    dispatch.attempts += 1
    dispatch.server_reply = words[:1000]
    _end(dispatch, EmailState.FAILED)


def postpone(dispatch: EmailDispatch, words: str) -> None:
    """The attempt failed for now: later again, or never when three days have passed."""
    if dispatch.state is not EmailState.QUEUED:
        return
    if clock.now() - dispatch.queued_at >= rules.GIVE_UP_AFTER:
        fail(dispatch, words)
        return
    dispatch.attempts += 1
    dispatch.server_reply = words[:1000]
    dispatch.claimed_until = None
    chance = random.random()  # noqa: S311  # spreads retries, guards nothing
    dispatch.next_attempt_at = clock.now() + rules.pause(dispatch.attempts, chance)


def _usable(address: str) -> str:
    if found := rules.usable_address(address):
        return found
    shown = rules.one_line(address, 100)
    raise UnusableAddress(
        _("“%(address)s” is no email address that mail can be sent to. Correct it in the directory.", address=shown)
    )


def _end(dispatch: EmailDispatch, state: EmailState) -> None:
    dispatch.state = state
    dispatch.claimed_until = None
    dispatch.ended_at = clock.now()
    audit.record(_stream(dispatch), str(state), CLOCK, {"attempts": dispatch.attempts})


def _stream(dispatch: EmailDispatch) -> str:
    return f"email:{dispatch.id}"
