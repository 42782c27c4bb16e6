"""Which messages a worker may take up: due, nobody else's, and not too many to one domain.

Taking up is two steps. A claim on some dozens is short, so that those of a worker that died are free again after a
minute. Just before a message is begun its own claim is made to last for the longest talk with a server; what was called
back, or claimed by another worker meanwhile, is not begun.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, joinedload, lazyload, load_only

from hub import clock
from hub.database import read_only
from hub.extensions import db
from hub.letters.models import Letter
from hub.mail import rules
from hub.mail.models import ASKED, IS_QUEUED, EmailAttempt, EmailDispatch

_CLAIM = timedelta(minutes=1)
_BEGUN = timedelta(minutes=5)
"""Ten steps of the talk with the server, each up to its time limit, and room to spare."""
_IF_STILL_OURS = update(cast(Table, EmailDispatch.__table__)).where(
    EmailDispatch.id.in_(bindparam("dispatches", expanding=True)),
    IS_QUEUED,
    EmailDispatch.claimed_until == bindparam("claim"),
)
_BEGIN = _IF_STILL_OURS.values(claimed_until=bindparam("until"))
_GIVE_BACK = _IF_STILL_OURS.values(claimed_until=None)
_CLAIMING = 0x6D61696C
"""Number of the lock that workers on PostgreSQL pass to each other."""


def take(limit: int) -> list[EmailDispatch]:
    """Claim up to `limit` due messages and commit. They come back as they are now, with their letters, detached.

    Of a domain that has had its share of this minute, everything due is put off; other domains go on.
    """
    now = clock.now()
    _one_after_the_other()
    due = db.session.execute(
        select(EmailDispatch.id, EmailDispatch.to_domain)
        .where(*_is_due(now))
        .order_by(EmailDispatch.next_attempt_at, EmailDispatch.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not due:
        db.session.commit()
        return []
    busy = _busy({domain for _id, domain in due}, now)
    mine = []
    for id, domain in due:
        busy[domain] += 1
        if busy[domain] <= rules.A_MINUTE_TO_ONE_DOMAIN:
            mine.append(id)
    db.session.execute(update(EmailDispatch).where(EmailDispatch.id.in_(mine)).values(claimed_until=now + _CLAIM))
    if crowded := {domain for domain, count in busy.items() if count > rules.A_MINUTE_TO_ONE_DOMAIN}:
        put_off(crowded)
    db.session.commit()
    return _loaded(mine) if mine or not crowded else take(limit)


def begin(dispatch: EmailDispatch) -> bool:
    """True when this message, claimed before, may leave now: still queued, still ours. Commits."""
    claim = {"dispatches": [dispatch.id], "claim": dispatch.claimed_until, "until": clock.now() + _BEGUN}
    begun = db.session.connection().execute(_BEGIN, claim)
    db.session.commit()
    return bool(begun.rowcount)


def give_back(dispatches: Sequence[EmailDispatch]) -> None:
    """Those that were not begun are free again, unless another worker has claimed them meanwhile."""
    for claim in {one.claimed_until for one in dispatches}:
        ids = [one.id for one in dispatches if one.claimed_until == claim]
        db.session.connection().execute(_GIVE_BACK, {"dispatches": ids, "claim": claim})


def put_off(domains: Collection[str]) -> None:
    """Everything due to these domains that nobody holds waits its turn: spread out, oldest first, no failed attempt."""
    now = clock.now()
    waiting = db.session.execute(
        select(EmailDispatch.id, EmailDispatch.to_domain)
        .where(*_is_due(now), EmailDispatch.to_domain.in_(domains))
        .order_by(EmailDispatch.id)
        .with_for_update(skip_locked=True)
    )
    places: Counter[str] = Counter()
    turns = []
    for id, domain in waiting:
        turns.append({"id": id, "next_attempt_at": now + rules.turn(places[domain])})
        places[domain] += 1
    if turns:
        db.session.execute(update(EmailDispatch), turns)


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    awaits_its_pdf = exists().where(Letter.id == EmailDispatch.letter_id, Letter.file_id.is_(None))
    unclaimed = or_(EmailDispatch.claimed_until.is_(None), EmailDispatch.claimed_until <= now)
    return IS_QUEUED, EmailDispatch.next_attempt_at <= now, unclaimed, ~awaits_its_pdf


def _busy(domains: Collection[str], now: datetime) -> Counter[str]:
    """Messages that each domain was asked to take within a minute, or will be: those under a claim."""
    messages = func.count().label("messages")
    asked = (
        select(EmailDispatch.to_domain, messages)
        .join(EmailAttempt, EmailAttempt.dispatch_id == EmailDispatch.id)
        .where(EmailAttempt.at > now - timedelta(minutes=1), EmailAttempt.outcome.in_(ASKED))
    )
    claimed = select(EmailDispatch.to_domain, messages).where(IS_QUEUED, EmailDispatch.claimed_until > now)
    busy: Counter[str] = Counter()
    for counted in (asked, claimed):
        of_these = counted.where(EmailDispatch.to_domain.in_(domains)).group_by(EmailDispatch.to_domain)
        busy.update({row.to_domain: row.messages for row in db.session.execute(of_these)})
    return busy


def _loaded(ids: Sequence[int]) -> list[EmailDispatch]:
    """In a session that ends here: no later access reaches the database while a server is spoken to.

    By id, as everybody locks messages: who records one and begins the next never waits in a circle.
    """
    letter = joinedload(EmailDispatch.letter).options(
        load_only(Letter.number, Letter.kind, Letter.about), joinedload(Letter.file), lazyload(Letter.institution)
    )
    wanted = select(EmailDispatch).where(EmailDispatch.id.in_(ids)).options(letter)
    with read_only(), Session(db.engine) as session:
        return list(session.scalars(wanted.order_by(EmailDispatch.id)))


def _one_after_the_other() -> None:
    """Each worker that claims counts what the one before it claimed. Writers on SQLite wait by themselves."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_CLAIMING)))
