"""`hub init`: everything a new hub needs before its first sign-in."""

from pathlib import Path

import click

from hub.cli.context import answer, in_app, json_option, tell


@click.command
@json_option
@in_app
def init(as_json: bool) -> None:
    """Create or update the tables, and fill in directory, calendar and clocks where they are missing."""
    counts = prepare()
    answer(counts, as_json, "Ready: " + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


def prepare() -> dict[str, int]:
    """Bring the database up to date and commit. Rows of each table that a new hub needs."""
    from flask_migrate import upgrade
    from sqlalchemy import func, select

    from hub.directory.models import Institution, Region
    from hub.extensions import db
    from hub.workdays.models import Clock, DayOff

    _make_folder()
    tell("Bringing the tables up to date.")
    upgrade()
    tell("Filling in directory, calendar and clocks.")
    seed()
    db.session.commit()
    tables = {"regions": Region, "institutions": Institution, "days_off": DayOff, "clocks": Clock}
    return {name: db.session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}


def seed() -> None:
    """What a new hub knows. What people have changed stays as it is."""
    from hub.directory import service as directory
    from hub.routing import service as routing
    from hub.silence import ladders
    from hub.workdays import service as workdays

    directory.seed()
    workdays.seed()
    routing.seed()
    ladders.seed()


def _make_folder() -> None:
    """SQLite creates its file, but not the folder it lies in."""
    from hub.extensions import db

    if db.engine.dialect.name == "sqlite" and db.engine.url.database:
        Path(db.engine.url.database).parent.mkdir(parents=True, exist_ok=True)
