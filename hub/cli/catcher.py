"""`hub demo catcher`: catches the demonstration's mail in a process of its own."""

import threading
from pathlib import Path

import click

from hub.cli.context import Misuse, tell


@click.command
@click.option("--port", default=8025, show_default=True, type=click.IntRange(1, 65535), help="Port on 127.0.0.1.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where mails are kept.")
def catcher(port: int, folder: Path | None) -> None:
    """Take every mail, deliver none, keep each as a file, until it is stopped."""
    from hub.demo import catcher as caught
    from hub.demo.gate import DemoOff

    try:
        server = caught.start(port, folder or caught.FOLDER)
    except DemoOff as off:
        raise Misuse(str(off)) from None
    except OSError as taken:
        raise Misuse(f"Port {port} cannot be used: {taken}. Choose another with --port.") from None
    tell(f"Catching mail on 127.0.0.1:{port}.")
    try:
        threading.Event().wait()
    finally:
        server.stop()
