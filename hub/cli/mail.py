"""`hub mail`: how a mail is read, and the ways mail comes in from the command line."""

import json
import os
import re
import sys
import time
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from hub.cli import mendable
from hub.cli.context import Misuse, answer, found_wrong, in_app, json_option, tell

if TYPE_CHECKING:
    from flask import Flask

_DRAINED_AT_ONCE = 1024 * 1024


@click.group
def mail() -> None:
    """Mail that comes in."""


@mail.command
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@json_option
def inspect(files: tuple[str, ...], as_json: bool) -> None:
    """What the hub would take each FILE (a mail as it came) for. Nothing is kept; no settings are needed.

    With --json an object a line. A file that is not there is told on stderr; the others are read, then exit code 2.
    """
    missing = False
    for file in files:
        begun = time.perf_counter()
        try:
            found = _inspected(file)
        except OSError as problem:
            tell(f"{_legible(file)} cannot be read: {problem.strerror}.")
            missing = True
            continue
        found["milliseconds"] = round((time.perf_counter() - begun) * 1000, 1)
        click.echo(json.dumps(found) if as_json else _legible(_block(found)))
    if missing:
        raise click.exceptions.Exit(2)


@mail.command
@json_option
def receive(as_json: bool) -> None:
    """Keep the mail on stdin, for a mail server that hands it over by a pipe; the worker reads it.

    Exit code 0 when it is safe, 75 when it is not, whatever the reason: the mail server then tries again.
    """
    if sys.stdin.isatty():
        raise Misuse("The mail is read from stdin: hub mail receive < FILE")
    try:
        result = _received()
    except Exception as problem:  # noqa: BLE001  # with any other code the mail server would return the mail
        tell(
            f"The mail was not stored, please try again. {mendable(problem) or f'{type(problem).__name__}: {problem}'}"
        )
        raise click.exceptions.Exit(os.EX_TEMPFAIL) from None
    answer(result, as_json, f"Stored as mail {result['id']}.")


@mail.command
@json_option
@in_app
def fetch(as_json: bool) -> None:
    """Visit the mailbox of HUB_IMAP_URL now, and read what came. Exit code 1 when the visit failed."""
    from hub.mail.inbox import imap, service

    visit = imap.visit()
    if visit is None:
        raise Misuse("HUB_IMAP_URL is not set, so there is no mailbox to visit. The README says how to set it.")
    read = quarantined = 0
    while (some := service.read_pending()).read:
        read, quarantined = read + some.read, quarantined + some.quarantined
    result = {"fetched": visit.fetched, "read": read, "quarantined": quarantined, "error": visit.error}
    told = f"{visit.fetched} fetched, {read} read, {quarantined} of them quarantined."
    answer(result, as_json, "\n".join(filter(None, (told, visit.error))))
    if visit.error:
        found_wrong()


def _inspected(file: str) -> dict[str, Any]:
    """What is in the file. Raises OSError when it is not there; a mail that cannot be read is one with a reason."""
    from hub.mail.inbox.limits import SECONDS_PER_MAIL, at_most
    from hub.mail.reading.classify import read
    from hub.mail.reading.parsing import LARGEST

    with open(file, "rb") as opened:  # noqa: PTH123  # a Path would change the name, which is told as it was given
        content = opened.read(LARGEST + 1)
    found: dict[str, Any] = {"file": file, "kind": "quarantined", "permanence": None, "recipients": [], "status": None}
    found |= {"reply_text": "", "away_until": None}
    try:
        with at_most(SECONDS_PER_MAIL):
            reading = read(content)
    except Exception as problem:  # noqa: BLE001  # whatever a mail does to its reader, the next file is read
        return {**found, "why": str(problem) or type(problem).__name__}
    found |= {"kind": reading.kind, "reply_text": reading.reply_text}
    if reading.bounce:
        bounce = reading.bounce
        found |= {"permanence": bounce.permanence, "recipients": bounce.recipients, "status": bounce.status or None}
    return {**found, "away_until": reading.away_until.isoformat() if reading.away_until else None}


def _block(found: dict[str, Any]) -> str:
    until = f"away until {found['away_until']}" if found["away_until"] else ""
    facts = [found["kind"], found["permanence"], found["status"], *found["recipients"], until]
    text = found.get("why") or found["reply_text"]
    return "\n".join(filter(None, (f"{found['file']}: {', '.join(filter(None, facts))}", indent(text, "    "))))


_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _legible(text: str) -> str:
    """Without half characters, which no terminal takes, and what a terminal would obey instead of showing it."""
    return _COMMANDS.sub("", text).encode("utf-8", "backslashreplace").decode()


def _received() -> dict[str, Any]:
    from hub.extensions import db
    from hub.mail.inbox import service
    from hub.mail.inbox.models import ArrivedBy
    from hub.mail.reading.parsing import LARGEST

    content = sys.stdin.buffer.read(LARGEST + 1)
    if not content:
        raise ValueError("nothing came in on stdin")
    while sys.stdin.buffer.read(_DRAINED_AT_ONCE):
        pass  # of a mail larger than any the beginning is kept; the mail server must get rid of the rest
    with _ground().app_context():
        try:
            kept = service.keep(content, ArrivedBy.PIPE)
            db.session.commit()
            return {"id": kept.id, "sha256": kept.sha256, "is_cut": kept.is_cut}
        finally:
            db.session.remove()
            db.engine.dispose()


def _ground() -> "Flask":
    """Database and storage without any page: they load in two thirds of the time, and mail may come by the hundred."""
    from flask import Flask

    from hub import config
    from hub.extensions import db

    settings = config.load()
    app = Flask("hub")
    app.extensions["settings"] = settings
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url, SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True}
    )
    db.init_app(app)
    return app
