"""The outbox: the only place that writes messages and what became of them."""

import random
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, exists, select

from hub import clock
from hub.audit import service as audit
from hub.audit.rules import CLOCK, SYSTEM, Actor, ActorKind
from hub.config import Settings
from hub.extensions import db
from hub.letters.models import Letter, LetterKind
from hub.mail import rules
from hub.mail.models import AttemptOutcome, EmailAttempt, EmailDispatch, EmailPurpose, EmailState
from hub.webkit import links, tokens

_LONGEST_WORDS = 1000
_ATTEMPTS, _DISPATCHES = cast(Table, EmailAttempt.__table__), cast(Table, EmailDispatch.__table__)
_ATTEMPT = _ATTEMPTS.insert()
_LEAVE = (
    _DISPATCHES.update()
    .where(_DISPATCHES.c.id == bindparam("dispatch"))
    .values(attempts=_DISPATCHES.c.attempts + 1, handed_over_at=bindparam("now"))
)
_TAKE = _LEAVE.where(_DISPATCHES.c.state != EmailState.BOUNCED).values(
    state=EmailState.HANDED_OVER,
    server_reply=bindparam("words"),
    ended_at=bindparam("now"),
    claimed_until=None,
    noticed_at=None,
)


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
    dispatch = written(
        about=about,
        purpose=purpose,
        institution_id=institution_id,
        to_name=to_name,
        to_address=to_address,
        subject=subject,
        paragraphs=paragraphs,
        signature=signature,
        action=action,
        letter=letter,
        link_life=link_life,
    )
    db.session.add(dispatch)
    db.session.flush()
    audit.record(_stream(dispatch), "queued", SYSTEM, _told(dispatch))
    return dispatch


def queue_all(dispatches: Sequence[EmailDispatch]) -> None:
    """Put many messages that were `written` into the outbox: a hundred in a tenth of the time."""
    db.session.add_all(dispatches)
    db.session.flush()
    audit.record_all([(_stream(one), "queued", _told(one)) for one in dispatches], SYSTEM)


def written(
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
    """A message of `queue` that is not in the outbox yet. Raises UnusableAddress."""
    now = clock.now()
    settings: Settings = current_app.extensions["settings"]
    domain = settings.mail_from.rpartition("@")[2]
    address = _usable(to_address)
    return EmailDispatch(
        about=about,
        purpose=purpose,
        state=EmailState.QUEUED,
        message_id=f"<{secrets.token_hex(16)}@{domain}>",
        institution_id=institution_id,
        to_name=rules.one_line(to_name, 300),
        to_address=address,
        to_domain=address.rpartition("@")[2].lower(),
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


def _told(dispatch: EmailDispatch) -> dict[str, str]:
    return {"about": dispatch.about, "purpose": str(dispatch.purpose)}


def cancel_queued(about: str) -> int:
    """Call back what has not left yet. Returns how many messages stay at home.

    A receipt leaves all the same: what it confirms has come in, whatever becomes of the matter.
    """
    waiting = (EmailDispatch.about == about) & (EmailDispatch.state == EmailState.QUEUED)
    is_receipt = exists().where(Letter.id == EmailDispatch.letter_id, Letter.kind == LetterKind.RECEIPT)
    dispatches = db.session.scalars(
        select(EmailDispatch).where(waiting, ~is_receipt).order_by(EmailDispatch.id).with_for_update()
    ).all()
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
    """The recipient's server took the message: nothing more is known.

    `dispatch` may be what was read before the talk with the server. A called back message left all the same; a report
    quicker than this record stays. Straight to the tables: this is done for every mail, and takes a third of the time.
    """
    db.session.flush()
    now, connection = clock.now(), db.session.connection()
    left = {"dispatch": dispatch.id, "now": now}
    _note(dispatch, AttemptOutcome.TAKEN, words, now)
    if connection.execute(_TAKE, {**left, "words": words[:_LONGEST_WORDS]}).rowcount:
        details = {"attempts": dispatch.attempts + 1}
        audit.record(_stream(dispatch), str(EmailState.HANDED_OVER), CLOCK, details, now)
    else:
        connection.execute(_LEAVE, left)
    if dispatch in db.session:
        db.session.expire(dispatch)


def fail(dispatch: EmailDispatch, words: str) -> None:
    """The message cannot be delivered; its owner will notice and turn to another address or track."""
    _tried(dispatch, AttemptOutcome.REFUSED, words)
    if dispatch.state is EmailState.QUEUED:  # not called back while the server was thinking
        dispatch.server_reply = words[:_LONGEST_WORDS]
        _end(dispatch, EmailState.FAILED)


def postpone(dispatch: EmailDispatch, words: str, outcome: AttemptOutcome = AttemptOutcome.POSTPONED) -> None:
    """The attempt failed for now: later again, or never when three days have passed."""
    _tried(dispatch, outcome, words)
    if dispatch.state is not EmailState.QUEUED:
        return
    if clock.now() - dispatch.queued_at >= rules.GIVE_UP_AFTER:
        _note(dispatch, AttemptOutcome.GIVEN_UP, "", clock.now())
        dispatch.server_reply = words[:_LONGEST_WORDS]
        _end(dispatch, EmailState.FAILED)
        return
    dispatch.server_reply = words[:_LONGEST_WORDS]
    dispatch.claimed_until = None
    chance = random.random()  # noqa: S311  # spreads retries, guards nothing
    dispatch.next_attempt_at = clock.now() + rules.pause(dispatch.attempts, chance)


def bounce(dispatch: EmailDispatch, words: str, is_permanent: bool, at: datetime) -> None:
    """A report that came in `at` says that the message will not arrive. One that ended otherwise stays as it is.

    `is_permanent`: the address or the message is condemned for good.
    """
    db.session.flush()
    db.session.refresh(dispatch, with_for_update=True)
    _note(dispatch, AttemptOutcome.BOUNCED, words, at)
    if dispatch.state in (EmailState.QUEUED, EmailState.HANDED_OVER):
        dispatch.server_reply = words[:_LONGEST_WORDS]
        dispatch.bounce_is_permanent = is_permanent
        _end(dispatch, EmailState.BOUNCED, Actor(ActorKind.MAIL, dispatch.id), at)


def delay(dispatch: EmailDispatch, words: str, at: datetime) -> None:
    """A report that came in `at` says that the message is still under way. Only kept."""
    _note(dispatch, AttemptOutcome.DELAYED, words, at)


def _usable(address: str) -> str:
    if found := rules.usable_address(address):
        return found
    shown = rules.one_line(address, 100)
    raise UnusableAddress(
        _("“%(address)s” is no email address that mail can be sent to. Correct it in the directory.", address=shown)
    )


def _tried(dispatch: EmailDispatch, outcome: AttemptOutcome, words: str) -> None:
    dispatch.attempts += 1
    _note(dispatch, outcome, words, clock.now())


def _note(dispatch: EmailDispatch, outcome: AttemptOutcome, words: str, at: datetime) -> None:
    """Keep what was said; it is never written over."""
    attempt = {"dispatch_id": dispatch.id, "at": at, "outcome": outcome, "words": words[:_LONGEST_WORDS]}
    db.session.connection().execute(_ATTEMPT, attempt)


def _end(dispatch: EmailDispatch, state: EmailState, actor: Actor = CLOCK, at: datetime | None = None) -> None:
    dispatch.state = state
    dispatch.claimed_until = None
    dispatch.ended_at = at or clock.now()
    audit.record(_stream(dispatch), str(state), actor, {"attempts": dispatch.attempts}, dispatch.ended_at)


def _stream(dispatch: EmailDispatch) -> str:
    return f"email:{dispatch.id}"
