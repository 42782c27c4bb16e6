"""Who can sign in."""

from collections.abc import Iterable

from sqlalchemy import select

from hub.accounts.models import Account
from hub.extensions import db


def accounts_of(person_ids: Iterable[int]) -> dict[int, Account]:
    """The account of each of these persons, by the person's id; those without one are left out. One query."""
    wanted = select(Account).where(Account.person_id.in_(set(person_ids)))
    return {account.person_id: account for account in db.session.scalars(wanted).unique()}
