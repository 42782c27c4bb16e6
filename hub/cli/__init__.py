"""The command `hub`. The module `hub/cli/<name>.py` holds the command `<name>`, imported only when it is needed.

Exit codes: 0 good, 1 something was found wrong, 2 misuse, wrong settings or no database.
"""

import sys
from importlib import import_module
from pkgutil import iter_modules

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo

from hub.config import ConfigurationError

_NO_COMMANDS = {"context"}


class Doors(AppGroup):
    """Commands found by the name of their module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        found = {module.name for module in iter_modules(__path__)} - _NO_COMMANDS
        return sorted(found.union(super().list_commands(ctx)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if known := super().get_command(ctx, cmd_name):
            return known
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return command


commands = Doors(
    "hub", help="Letters between Kemensetneg, the Ombudsman and the inspectorates: none is sent and forgotten."
)


def main() -> None:
    """Run one command. What a person can mend is said in a sentence, without a traceback."""
    try:
        commands.main(prog_name="hub", obj=ScriptInfo(create_app=_application))
    except Exception as error:
        sentence = mendable(error)
        if not sentence:
            raise
        click.echo(sentence, err=True)
        sys.exit(2)


def _application() -> Flask:
    from hub import create_app

    return create_app()


def mendable(error: Exception) -> str:
    """A sentence for wrong settings and for a database absent, empty or out of reach. Empty for every other error."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    if isinstance(error, ConfigurationError):
        return str(error)
    if not isinstance(error, OperationalError | ProgrammingError):
        return ""
    cause = str(error.orig).strip()
    if "no such table" in cause or ("relation" in cause and "does not exist" in cause):
        return "The database is empty or too old. Run `hub init` first."
    if isinstance(error, OperationalError):
        return f"The database of HUB_DATABASE_URL cannot be used: {cause}"
    return ""
