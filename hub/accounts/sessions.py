"""Beginning a session: after a password was typed, or a link was followed that sets one."""

from flask import session
from flask_login import login_user

from hub.accounts.models import Account


def begin(account: Account) -> None:
    """A new session for each sign-in: nothing planted before it survives."""
    session.clear()
    login_user(account)
