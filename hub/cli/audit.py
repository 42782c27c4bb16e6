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
    """Check that no event was changed, removed or put in between. Exit code 1 when one was."""
    from sqlalchemy import func, select

    from hub.audit.models import Event
    from hub.audit.queries import broken_links
    from hub.database import read_only
    from hub.extensions import db

    with read_only():
        findings = list(broken_links())
        events = db.session.scalar(select(func.count()).select_from(Event))
        db.session.rollback()
    result = {"ok": not findings, "events": events, "findings": [asdict(finding) for finding in findings]}
    told = [f"{finding.stream}, event {finding.seq}: {finding.problem}" for finding in findings]
    answer(result, as_json, "\n".join([*told, f"{events} events, {len(findings)} findings."]))
    if findings:
        found_wrong()
