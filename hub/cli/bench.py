"""`hub bench`: how fast the hub is here, beside a plain program. It never touches the configured database."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hub.cli.context import Misuse, answer, found_wrong, json_option, tell

if TYPE_CHECKING:
    from hub.bench.figures import Figure

_MAILS_FOR_A_KILL = 10


@click.group
def bench() -> None:
    """Measure, in a temporary folder, what this machine can do. Exit 1 when a figure is below its floor."""


@bench.command
@click.option("--mails", default=2000, show_default=True, type=click.IntRange(min=10), help="How many.")
@click.option("--kills", default=0, type=click.IntRange(min=0), help="Kill the worker so often; count what is lost.")
@json_option
def mail(mails: int, kills: int, as_json: bool) -> None:
    """Mails a second, beside a plain loop; or, with --kills, what becomes of mail when the worker dies in between."""
    from hub.bench import kills as death
    from hub.bench import mail as speed

    if kills:
        if mails < kills * _MAILS_FOR_A_KILL:
            raise Misuse(f"{kills} kills need {kills * _MAILS_FOR_A_KILL} mails or more.")
        try:
            found = death.figures(mails, kills, tell)
        except death.Stuck as problem:
            tell(str(problem))
            found_wrong()
        _conclude(found, death.is_good(found), as_json)
        return
    try:
        found = speed.figures(mails, tell)
    except speed.NoSink as missing:
        raise Misuse(str(missing)) from None
    _conclude(found, all(figure.is_met for figure in found.values()), as_json)


@bench.command
@click.option("--letters", "count", default=1000, show_default=True, type=click.IntRange(min=1), help="For memory.")
@json_option
def letters(count: int, as_json: bool) -> None:
    """Letters printed a second, beside plain WeasyPrint and Chromium; two processes; memory after many."""
    from hub.bench import letters as speed

    found = speed.figures(count, tell)
    _conclude(found, all(figure.is_met for figure in found.values()), as_json)


@bench.command
@click.option("--forwardings", default=1_200_000, show_default=True, type=click.IntRange(min=100), help="In all.")
@click.option(
    "--open", "opened", default=12_000, show_default=True, type=click.IntRange(min=100), help="Those of them."
)
@click.option("--database", "url", default="", help="An empty database, postgresql://…; else SQLite in a folder.")
@json_option
def sweep(forwardings: int, opened: int, url: str, as_json: bool) -> None:
    """One sweep over everything open: with nothing due, for each reminder, and with a tenth of the history."""
    from hub.bench import sweep as speed

    if opened > forwardings:
        raise Misuse(f"{opened} of {forwardings} cannot be open.")
    if url and not url.startswith(("postgresql:", "sqlite:")):
        raise Misuse(f'"{url}" is no address of a database. Write postgresql://user:password@host/name.')
    try:
        found = speed.figures(forwardings, opened, tell, url)
    except speed.NotEmpty:
        raise Misuse("That database has tables. Give one that is empty: it is filled, and emptied again.") from None
    _conclude(found, all(figure.is_met for figure in found.values()), as_json)


def _conclude(found: "Mapping[str, Figure]", is_good: bool, as_json: bool) -> None:
    text = "\n".join(f"{name}: {figure}" for name, figure in found.items())
    answer({"figures": {name: asdict(figure) for name, figure in found.items()}}, as_json, text)
    if not is_good:
        found_wrong()
