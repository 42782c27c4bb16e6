"""`hub serve`: the web process."""

import os
import sys

import click

from hub import config


@click.command
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(min=1), help="Processes.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(min=1), help="Threads in each process.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the pages with gunicorn, until it is stopped."""
    config.load()  # wrong settings are told here, once, instead of by each process
    arguments = {
        "--bind": f"{host}:{port}",
        "--worker-class": "gthread",
        "--workers": str(workers),
        "--threads": str(threads),
        "--pythonpath": str(config.ROOT),
    }
    options = [part for pair in arguments.items() for part in pair]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "wsgi:app", "--no-control-socket", *options])  # noqa: S606
