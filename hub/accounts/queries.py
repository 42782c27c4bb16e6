"""Who can sign in."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from hub.accounts.models import Account, AccountRole
from hub.accounts.rules import KEEPING_MAIL, Role
from hub.directory.models import Person
from hub.extensions import db


def accounts_of(person_ids: Iterable[int]) -> dict[int, Account]:
    """The account of each of these persons, by the person's id; those without one are left out. One query."""
    wanted = select(Account).where(Account.person_id.in_(set(person_ids)))
    return {account.person_id: account for account in db.session.scalars(wanted).unique()}


def keeps_mail(institution_id: int) -> bool:
    """True when somebody there looks through mail that nobody could file."""
    keeps = Account.granted.any(AccountRole.role.in_(KEEPING_MAIL))
    wanted = select(Account.id).join(Account.person).where(keeps, Account.is_enabled)
    return db.session.scalar(wanted.where(Person.institution_id == institution_id).limit(1)) is not None


def signatories(institution_id: int) -> Sequence[Person]:
    """Who may sign for this institution, by name."""
    signs = Account.granted.any(AccountRole.role == Role.SIGNATORY)
    wanted = select(Person).join(Account, Account.person_id == Person.id).where(signs, Account.is_enabled)
    return db.session.scalars(wanted.where(Person.institution_id == institution_id).order_by(Person.name)).all()
