"""`hub demo`: a hub full of invented letters, to look at and to try."""

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub import config
from hub.cli.context import Misuse, in_app, tell

if TYPE_CHECKING:
    from datetime import date

port_option = click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))


@click.group
def demo() -> None:
    """The demonstration. Works only with HUB_DEMO=1."""
    if os.environ.get("HUB_DEMO", "").lower() not in ("1", "true", "yes", "on"):
        raise Misuse("This is the demonstration; it works only with HUB_DEMO=1. Try: make run")


@demo.command
@in_app
def fill() -> None:
    """Prepare the database, and fill it with half a year of letters when it is empty."""
    _fill()


@demo.command
@port_option
def run(port: int) -> None:
    """Fill the database when it is empty, then serve it with worker and mail catcher until it is stopped."""
    from hub.demo import running

    if running.is_taken(port):
        raise Misuse(f"Port {port} is in use by another program. Choose another one: make run PORT={port + 1}")
    parts = running.Running(port)
    os.environ.setdefault("HUB_BASE_URL", parts.address)
    _fill_in_own_application()
    try:
        parts.run(ready=lambda: _welcome(parts.address))
    except running.CannotRun as problem:
        tell(str(problem))
        raise click.exceptions.Exit(1) from None
    tell("Selesai. The demonstration has ended.")


@demo.command("catcher")
@click.option("--port", "mail_port", default=8025, show_default=True, type=click.IntRange(1, 65535))
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where mails are kept.")
def catch(mail_port: int, folder: Path | None) -> None:
    """Only catch mail: take every one, deliver none, keep each as a file, until it is stopped."""
    from hub.demo import catcher

    try:
        server = catcher.start(mail_port, folder or catcher.default_folder(config.load()))
    except OSError as taken:
        raise Misuse(f"Port {mail_port} cannot be used: {taken}. Choose another with --port.") from None
    tell(f"Catching mail on 127.0.0.1:{mail_port}.")
    try:
        threading.Event().wait()
    finally:
        server.stop()


def _fill_in_own_application() -> None:
    from hub import create_app
    from hub.extensions import db

    app = create_app()
    with app.app_context():
        _fill()
        db.session.remove()
        db.engine.dispose()


def _fill() -> None:
    from hub.cli.init import prepare
    from hub.demo import catcher, world

    prepare()
    if not world.is_empty():
        tell("There is something in the database already; it stays as it is.")
        return
    catcher.forget(catcher.default_folder(config.load()))
    tell("Telling half a year of letters; this takes up to a minute.")
    world.fill(_told)
    tell("")


def _told(day: "date") -> None:
    click.echo(f"\r  {day:%d.%m.%Y}", nl=False, err=True)


def _welcome(address: str) -> None:
    from hub.demo.people import ACCOUNTS, PASSWORD

    width = max(len(one.email) for one in ACCOUNTS)
    accounts = "\n".join(f"  {one.email:<{width}}  {one.what}" for one in ACCOUNTS)
    click.echo(f"""
Hub siap dipakai / The hub is ready:       {address}
Email yang ditangkap / Caught mail:        {address}/demo/mail
Kata sandi semua akun / Every password:    {PASSWORD}

{accounts}

Ctrl-C menghentikan semuanya / stops everything.
""")
