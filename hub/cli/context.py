"""What commands share: the application around them, answers for machines and people, and refusals."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click
from flask.cli import with_appcontext

Command = TypeVar("Command", bound=Callable[..., Any])

in_app = with_appcontext
"""Below the options of a command that needs settings and database; one without it starts without either."""

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON; progress goes to stderr.")


class Misuse(click.ClickException):
    """The command was asked for something that does not exist or cannot be. One sentence; exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:  # noqa: ARG002  # the signature is click's
        tell(self.format_message())


def answer(result: Mapping[str, Any], as_json: bool, text: str = "") -> None:
    """The answer of a command on stdout: `result` as JSON, or `text` for people."""
    click.echo(json.dumps(result, ensure_ascii=False, default=str) if as_json else text)


def tell(sentence: str) -> None:
    """Progress and warnings: always on stderr, so that stdout holds the answer alone."""
    click.echo(sentence, err=True)


def found_wrong() -> None:
    """End with exit code 1: the command did its work, and what it looked at is not in order."""
    raise click.exceptions.Exit(1)
