"""What becomes of mail when the worker dies: SIGKILL, again and again, in the middle of sending."""

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import exists, select, update

from hub import create_app
from hub.bench import ground
from hub.bench.figures import Figure
from hub.bench.mail import Tell
from hub.bench.recorder import Recorder
from hub.database import read_only
from hub.extensions import db
from hub.mail.models import IS_QUEUED, EmailDispatch
from hub.mail.sender import send_due

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])
"""Workers begin with everything imported; a kill costs one second instead of four."""
_PATIENCE_SECONDS = 60
"""For a worker to start and to send what is expected of it."""
_A_MESSAGE_SECONDS = 0.01
"""Longer than one message takes, so that death comes at any point of it."""


class Stuck(Exception):
    """Mail does not leave any more."""


def figures(mails: int, kills: int, tell: Tell) -> dict[str, Figure]:
    """`lost` mails never reached the server, `repeated` ones did again, `other_message_ids` were never queued.

    Raises Stuck.
    """
    with TemporaryDirectory(prefix="hub-bench-") as folder, Recorder() as server, ground.hub(Path(folder), server.port):
        queued = {dispatch.message_id for dispatch in ground.queue_letters(mails)}
        db.session.remove()
        for number, moment in enumerate(_moments(mails, kills), start=1):
            with _worker(folder, server.port):
                _wait_until(partial(server.has_taken, max(moment, len(server.taken) + 1)))
                time.sleep(random.random() * _A_MESSAGE_SECONDS)  # noqa: S311  # chance is the point
            tell(f"Kill {number} of {kills}: {len(server.taken)} mails of {mails} have left.")
        with _worker(folder, server.port):
            _wait_until(_outbox_is_empty)
    arrived = set(server.taken)
    return {
        "kills": Figure(kills, "kills"),
        "lost": Figure(len(queued - arrived), "mails"),
        "repeated": Figure(len(server.taken) - len(arrived), "mails"),
        "other_message_ids": Figure(len(arrived - queued), "mails"),
    }


def is_good(found: dict[str, Figure]) -> bool:
    """Nothing lost, nothing invented, and at most one mail repeated for each kill."""
    faults = found["lost"].value + found["other_message_ids"].value
    return not faults and found["repeated"].value <= found["kills"].value


def work(folder: str, mail_port: int) -> None:
    """What the killed process does: the worker's step that sends mail, for ever."""
    with create_app(ground.settings(Path(folder), mail_port)).app_context():
        while True:
            send_due()
            db.session.remove()
            time.sleep(0.05)


def _moments(mails: int, kills: int) -> list[int]:
    """After how many mails the worker dies, all before the last fifth."""
    return sorted(random.sample(range(1, mails * 4 // 5), kills))


@contextmanager
def _worker(folder: str, mail_port: int) -> Iterator[None]:
    """A worker in a process of its own, killed in the end.

    What it held is free at once, for no other worker lives; otherwise it would be after one to five minutes.
    """
    child = _processes.Process(target=work, args=(folder, mail_port), daemon=True)
    child.start()
    try:
        yield
    finally:
        child.kill()
        child.join()
    db.session.execute(update(EmailDispatch).values(claimed_until=None))
    db.session.commit()


def _outbox_is_empty() -> bool:
    with read_only():
        waiting = db.session.scalar(select(exists().where(IS_QUEUED)))
        db.session.rollback()
    return not waiting


def _wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > deadline:
            raise Stuck(f"Nothing went on for {_PATIENCE_SECONDS} seconds.")
        time.sleep(0.002)
