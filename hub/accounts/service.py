"""Signing in, and keeping accounts."""

import hmac
import secrets
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from hub import clock
from hub.accounts import attempts
from hub.accounts.models import Account, AccountRole
from hub.accounts.rules import Role, is_acceptable_password
from hub.audit.rules import SYSTEM, Actor
from hub.audit.rules import person as by_person
from hub.audit.service import record
from hub.directory.models import Appointment, Person
from hub.extensions import db

ATTEMPTS = 5
"""Failures for one address within fifteen minutes that close the door for a while."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's second choice for argon2id: 25 ms a check on this project's machines, where the default takes 190 ms."""


class TooManyAttempts(Exception):
    """The door stays closed for this address for a while, whether or not anybody has it."""


class WeakPassword(ValueError):
    """The password is too short or too long (hub.accounts.rules)."""


def load_account(id: str) -> Account | None:
    """The account behind a session, in one query, or None when it was disabled or its password has changed since."""
    number, _, _ = id.partition(".")
    if not number.isascii() or not number.isdigit():
        return None
    wanted = (
        select(Account)
        .where(Account.id == int(number), Account.is_enabled)
        .options(
            joinedload(Account.granted),
            joinedload(Account.person).joinedload(Person.appointments).lazyload(Appointment.person),
        )
    )
    account = db.session.scalars(wanted).unique().one_or_none()
    return account if account and hmac.compare_digest(account.get_id(), id) else None


def create_account(person: Person, password: str, roles: Iterable[Role], by: Actor = SYSTEM) -> Account:
    """An account for `person`. Raises WeakPassword."""
    account = Account(person=person, password_hash=_hash(password), created_at=clock.now())
    account.granted = [AccountRole(role=role) for role in sorted(set(roles))]
    db.session.add(account)
    db.session.flush()
    details = {"person": person.id, "roles": [row.role for row in account.granted]}
    record(account.stream, "account_created", by, details)
    return account


def open_account(person: Person, password: str) -> Account:
    """Let `person`, who proved to be who they are, sign in with `password`: by a new account, or by the one they had.

    Raises WeakPassword. A new password ends every session of the account.
    """
    account = db.session.scalars(select(Account).where(Account.person_id == person.id)).unique().one_or_none()
    if account is None:
        return create_account(person, password, (), by_person(person.id))
    set_password(account, password, by_person(person.id))
    account.is_enabled = True
    attempts.forgive(person.email)
    return account


def authenticate(email: str, password: str) -> Account | None:
    """The account that `email` and `password` open, or None.

    Raises TooManyAttempts after five failures in fifteen minutes. An unknown address costs as much time as a known
    one. The caller commits in every case: failures count.
    """
    if attempts.are_too_many(email, ATTEMPTS):
        raise TooManyAttempts
    account: Account | None = db.session.scalar(
        select(Account).join(Account.person).where(func.lower(Person.email) == email.strip().lower())
    )
    fits = _verify(account.password_hash if account else _nobodys_hash(), password)
    if account is None or not fits or not account.is_enabled:
        attempts.note(email)
        if account is not None:
            record(account.stream, "sign_in_failed", SYSTEM)
        return None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(password)
    attempts.forgive(email)
    record(account.stream, "signed_in", by_person(account.person_id))
    return account


def sign_out(account: Account) -> None:
    """Record that this person left; the session itself is the browser's."""
    record(account.stream, "signed_out", by_person(account.person_id))


def change_password(account: Account, current: str, new: str) -> bool:
    """Replace one's own password, which ends every other session. False when `current` is wrong.

    Raises WeakPassword.
    """
    if not _verify(account.password_hash, current):
        return False
    set_password(account, new, by_person(account.person_id))
    return True


def set_password(account: Account, new: str, by: Actor) -> None:
    """Give an account another password, without asking for the old one. Raises WeakPassword."""
    account.password_hash = _hash(new)
    record(account.stream, "password_changed", by)


def _hash(password: str) -> str:
    if not is_acceptable_password(password):
        raise WeakPassword
    return _hasher.hash(password)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
