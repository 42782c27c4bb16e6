"""`hub audit`: is the record still what was written?"""

from dataclasses import asdict

import click

from hub.cli.context import answer, found_wrong, in_app, json_option


@click.group
def audit() -> None:
    """The record of what happened."""


@audit.command
@json_option
@in_app
def verify(as_json: bool) -> None:
    """Check that no event was changed or removed and each forwarding stands where its events lead. Exit 1: not so."""
    from sqlalchemy import func, select

    from hub.audit.models import Event
    from hub.database import read_only
    from hub.extensions import db
    from hub.monitoring import verification

    with read_only():
        found = list(verification.findings())
        events = db.session.scalar(select(func.count()).select_from(Event))
        db.session.rollback()
    result = {"ok": not found, "events": events, "findings": [asdict(one) for one in found]}
    told = [f"{one.stream}{f', event {one.seq}' if one.seq else ''}: {one.problem}" for one in found]
    answer(result, as_json, "\n".join([*told, f"{events} events, {len(found)} findings."]))
    if found:
        found_wrong()
