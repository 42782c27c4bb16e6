"""`hub user`: accounts from the command line, the first administrator among them."""

import sys
from typing import TYPE_CHECKING

import click

from hub.accounts.rules import SHORTEST_PASSWORD, Role
from hub.cli.context import Misuse, answer, in_app, json_option

if TYPE_CHECKING:
    from hub.accounts.models import Account

_GRANTED = [role.value for role in Role if role not in (Role.PIC, Role.DEPUTY)]
password_option = click.option("--password-stdin", is_flag=True, help="Read the password from stdin, not by a prompt.")


@click.group
def user() -> None:
    """Accounts of people who sign in."""


@user.command
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--title", default="", help="Office the person holds, as letters name it.")
@click.option("--institution", "code", required=True, metavar="CODE", help="For example KSN-DUMAS, ORI-15, 35.13.")
@click.option("--role", "roles", multiple=True, type=click.Choice(_GRANTED), help="May be given several times.")
@password_option
@json_option
@in_app
def add(
    email: str, name: str, title: str, code: str, roles: tuple[str, ...], password_stdin: bool, as_json: bool
) -> None:
    """Give a person an account. PIC and deputy are no roles here: they are appointed in the directory."""
    from hub.accounts.service import WeakPassword, create_account
    from hub.audit.rules import SYSTEM
    from hub.directory.queries import by_code
    from hub.directory.service import Refused, add_person
    from hub.extensions import db

    try:
        person = add_person(by_code(code), name, title, _address(email), "", SYSTEM)
        if _account_of(person.email) is not None:
            raise Misuse(f"{person.email} already has an account. A new password: hub user password --email …")
        account = create_account(person, _password(password_stdin), [Role(role) for role in roles])
    except LookupError as missing:
        raise Misuse(missing.args[0]) from None
    except Refused as refusal:
        raise Misuse(f"{refusal.field}: {refusal.sentence}") from None
    except WeakPassword:
        raise Misuse(_WEAK) from None
    db.session.commit()
    result = {"account": account.id, "email": person.email, "institution": code, "roles": sorted(roles)}
    answer(result, as_json, f"{person.email} can sign in now.")


@user.command
@click.option("--email", required=True)
@password_option
@json_option
@in_app
def password(email: str, password_stdin: bool, as_json: bool) -> None:
    """Give an account another password, which ends its sessions."""
    from hub.accounts.service import WeakPassword, set_password
    from hub.audit.rules import SYSTEM
    from hub.extensions import db

    account = _account_of(_address(email))
    if account is None:
        raise Misuse(f"{email} has no account. Make one: hub user add --email …")
    try:
        set_password(account, _password(password_stdin), SYSTEM)
    except WeakPassword:
        raise Misuse(_WEAK) from None
    db.session.commit()
    answer({"account": account.id, "email": email}, as_json, f"The password of {email} is changed.")


@user.command
@click.option("--email", required=True)
@json_option
@in_app
def invite(email: str, as_json: bool) -> None:
    """Mail a person of the directory the link that sets a password: a first one, or a new one."""
    from sqlalchemy import select

    from hub.audit.rules import SYSTEM
    from hub.directory.models import Person
    from hub.directory.service import Refused
    from hub.extensions import db
    from hub.mail.service import UnusableAddress
    from hub.upkeep.invitations import LIFE
    from hub.upkeep.invitations import invite as send

    person = db.session.scalar(select(Person).where(Person.email == _address(email)))
    if person is None:
        raise Misuse(f"The directory knows nobody with the address {email}. Appoint the person first.")
    try:
        dispatch = send(person, SYSTEM)
    except (Refused, UnusableAddress) as refusal:
        raise Misuse(str(refusal)) from None
    db.session.commit()
    result = {"person": person.id, "email": person.email, "open_until": dispatch.link_expires_at}
    answer(result, as_json, f"The invitation to {person.email} is in the outbox; its link opens for {LIFE.days} days.")


_WEAK = f"The password is too easy to guess. Use at least {SHORTEST_PASSWORD} characters; a short sentence is fine."


def _account_of(email: str) -> "Account | None":
    from sqlalchemy import select

    from hub.accounts.models import Account
    from hub.directory.models import Person
    from hub.extensions import db

    return db.session.scalar(select(Account).join(Account.person).where(Person.email == email))


def _address(text: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized.lower()
    except EmailNotValidError as problem:
        raise Misuse(f'"{text}" is no email address: {problem}') from None


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    prompted: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return prompted
